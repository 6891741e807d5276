"""Writing to a customer, and mending the address of a message."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from foundation.accounts.audiences import Recipient
from foundation.accounts.middleware import supported
from foundation.accounts.models import Company
from foundation.notifications import channels, writing
from foundation.notifications.compose import is_address
from foundation.notifications.models import Message
from foundation.ui.forms import ManyFilesField, SubjectForm
from foundation.ui.phones import parse_phone


class WriteForm(SubjectForm):
    """A colleague's own words to somebody at the customer: to whom, how, in which language, what."""

    recipient = forms.ChoiceField(label=_("To"))
    channel = forms.ChoiceField(label=_("By"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language of the message"), choices=settings.LANGUAGES)
    subject_line = forms.CharField(label=_("Subject"), max_length=200, required=False, help_text=_("For an email."))
    body = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}))
    uploads = ManyFilesField(label=_("Files"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, instance: Any = None, actor: Any = None) -> None:
        self.people = {one.key: one for one in writing.people_of(instance)}
        super().__init__(data, files, instance=instance, actor=actor)
        self.fields["recipient"].choices = [(one.key, _described(one)) for one in self.people.values()]  # type: ignore[attr-defined]
        self.fields["channel"].choices = [(one.code, one.label) for one in channels.transports()]  # type: ignore[attr-defined]

    def first_values(self, subject: Any) -> dict[str, Any]:
        """The person whom the record's messages go to, in their language."""
        first = next(iter(self.people.values()), None)
        language = supported(first.language) if first else None
        return {
            "channel": writing.best_channel(first) if first else "email",
            "language": language or Company.current().default_language,
            "subject_line": writing.first_subject_line(subject),
        }

    def clean_recipient(self) -> Recipient:
        """The person behind the choice."""
        return self.people[self.cleaned_data["recipient"]]

    def clean(self) -> dict[str, Any]:
        """An email needs a subject."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("channel") == "email" and not values.get("subject_line", "").strip() and "subject_line" in values:
            self.add_error("subject_line", _t("An email needs a subject."))
        return values


def _described(person: Recipient) -> str:
    """Name, and how they can be reached."""
    ways = [way for way in (person.email, person.phone) if way]
    return f"{person.name} ({', '.join(ways)})" if ways else person.name


class AddressForm(SubjectForm):
    """Where a failed message goes instead."""

    to_address = forms.CharField(label=_("Address or number"), max_length=254)

    def clean_to_address(self) -> str:
        """An address or number that fits the message's channel."""
        value = str(self.cleaned_data["to_address"]).strip()
        message: Message = self.instance
        if message.channel == "sms":
            return parse_phone(value)
        if not is_address(value):
            raise ValidationError(_t("Write one email address, such as name@example.com."))
        return value
