"""Fields that ask how those who are heard on a recording have agreed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import LineField, local_time_field
from crm.models import AgreedHow
from crm.services.recordings import Agreed, holds_voice, needs_consent
from foundation.ui.forms import needed_sometimes

ASKED = ("recording_consent", "recording_by", "recording_at")
FILES = ("attachments", "photos")


class AsksConsent(forms.Form):
    """Asked only where the house wants a noted consent. `recording` in the cleaned values is the consent, or None."""

    recording_consent = needed_sometimes(
        forms.ChoiceField(
            label=_("How those who are heard agreed to the recording"),
            choices=[("", "–"), *AgreedHow.choices],
            required=False,
            help_text=_("Needed where a voice is kept."),
        )
    )
    recording_by = LineField(
        label=_("Who agreed to the recording"),
        max_length=120,
        required=False,
        help_text=_("Empty: the contact with whom we spoke."),
    )
    recording_at = local_time_field(
        label=_("When they agreed"), required=False, help_text=_("Empty: when the conversation began.")
    )

    def ask_consent(self, asks: bool | None = None) -> None:
        """Leave out the fields where nobody is to be asked."""
        if not (needs_consent() if asks is None else asks):
            for name in ASKED:
                del self.fields[name]

    def consent_given(self, values: dict[str, Any], *, is_recorded: bool = False) -> Agreed | None:
        """Takes the fields out of the values; an error stands beside the field where a voice is kept without consent."""
        if ASKED[0] not in self.fields:
            return None
        how, by, at = (values.pop(name, None) for name in ASKED)
        if how:
            return Agreed(how, by or "", at)
        files = [one for name in FILES for one in values.get(name) or ()]
        if ASKED[0] not in self.errors and (is_recorded or holds_voice(files)):
            self.add_error(ASKED[0], _("A voice is recorded: say how those who are heard have agreed."))
        return None


class RecordingConsentForm(AsksConsent):
    """The consent to a recording that is kept already."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["recording_consent"].required = True

    def clean(self) -> dict[str, Any]:
        """The consent."""
        values = super().clean() or {}
        return {"recording": self.consent_given(values)}
