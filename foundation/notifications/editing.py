"""The form behind the words of a template, in the application and in the administration alike."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.notifications import validation
from foundation.notifications.models import WORDS, Template


class WordsForm(forms.ModelForm):
    """Subject, email and text message in one language; every placeholder must be known to every rule that sends them."""

    class Meta:
        model = Template
        fields: tuple[str, ...] = WORDS
        widgets = {"body": forms.Textarea(attrs={"rows": 12}), "sms": forms.Textarea(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any]:
        """Name each placeholder that these words must not use, beside its field."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        key = values.get("key") or self.instance.key
        said = {name: _as_stored(values.get(name)) for name in WORDS}
        values.update(said)
        try:
            validation.check_words(said, validation.names_of_template(key))
        except ValidationError as refusal:
            self.add_error(None, refusal)
        return values


def _as_stored(text: Any) -> str:
    """Browsers end lines with two characters; ours end with one, so that untouched words stay untouched."""
    return str(text or "").replace("\r\n", "\n")
