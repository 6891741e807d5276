"""Writing to a customer, and mending the address of a message."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.accounts.audiences import Recipient
from foundation.accounts.models import User
from foundation.journal.attachments import attachments_of
from foundation.notifications import channels, filling, rerouting, saved_words, writing
from foundation.notifications.compose import is_address
from foundation.notifications.models import Message
from foundation.ui.forms import ManyFilesField, MomentField, SubjectForm
from foundation.ui.phones import parse_phone

MOST_PAPERS = 20


# The choice of an address that is in nobody's file.
OTHER = "other"


class WriteForm(SubjectForm):
    """A colleague's own words to somebody at the customer: to whom, how, in which language, what, with which files, when."""

    recipient = forms.ChoiceField(label=pgettext_lazy("recipient of a message", "To"))
    other_address = forms.CharField(
        label=_("Another address or number"),
        max_length=254,
        required=False,
        help_text=_("It is in nobody's file: please look twice. It is used for this message only."),
    )
    channel = forms.ChoiceField(label=pgettext_lazy("channel of a message", "By"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language of the message"), required=False)
    template_key = forms.ChoiceField(label=_("Begin with"), required=False)
    subject_line = forms.CharField(label=_("Subject"), max_length=200, required=False, help_text=_("For an email."))
    body = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12}))
    papers = forms.TypedMultipleChoiceField(
        label=_("Files of this record"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    uploads = ManyFilesField(label=_("Files"), required=False)
    send_at = MomentField(
        label=_("Send later"),
        required=False,
        help_text=_("In your own time zone. Empty: now, with ten seconds to undo."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, instance: Any = None, actor: Any = None) -> None:
        self.people = {one.key: one for one in writing.people_of(instance)}
        super().__init__(data, files, instance=instance, actor=actor)
        self._offer(
            "recipient", [*((one.key, _described(one)) for one in self.people.values()), (OTHER, _t("Another address"))]
        )
        self._offer("channel", [(one.code, one.label) for one in channels.transports() if one.for_customers])
        self._offer("language", [("", _t("As the recipient reads")), *settings.LANGUAGES])
        self._offer("template_key", _words_for(type(instance)))
        self._offer("papers", [(one.pk, one.title) for one in attachments_of(instance)[:MOST_PAPERS]])

    @classmethod
    def shown(cls, subject: Any, values: dict[str, Any], actor: Any) -> WriteForm:
        """The form with these values, not judged yet."""
        form = cls(instance=subject, actor=actor)
        form.initial.update(values)
        return form

    def _offer(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def first_values(self, subject: Any) -> dict[str, Any]:
        """The person whom the record's messages go to, in their language."""
        first = next(iter(self.people.values()), None)
        return {
            "recipient": first.key if first else OTHER,
            "channel": writing.best_channel(first) if first else "email",
            "subject_line": writing.first_subject_line(subject),
            **writing.beginning(subject, self.actor),
        }

    def person(self) -> Recipient | None:
        """Whom the fields name as they stand, valid or not; an address typed by hand is a person without a file."""
        chosen = str(self["recipient"].value() or "")
        if chosen != OTHER:
            return self.people.get(chosen)
        address = str(self["other_address"].value() or "").strip()
        first = next(iter(self.people.values()), None)
        return writing.by_hand(address, str(self["channel"].value() or ""), like=first) if address else None

    def clean(self) -> dict[str, Any]:
        """An email needs a subject, an address typed by hand must fit its channel, and no gap of a template may stay."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("channel") == "email" and not values.get("subject_line", "").strip() and "subject_line" in values:
            self.add_error("subject_line", _t("An email needs a subject."))
        if values.get("recipient") == OTHER:
            self._check_address(values)
        first = writing.beginning(self.instance, self.actor).get("body", "") if values.get("body") else ""
        if first and values["body"].split() == first.split():
            self.add_error("body", _t("There is nothing between the salutation and the closing yet."))
        if values.get("channel") != "email" and filling.gaps_in(values.get("subject_line") or ""):
            values["subject_line"] = ""  # a text message has none: what a template left there keeps nobody from sending
        for name in ("subject_line", "body"):
            if gaps := filling.gaps_in(values.get(name) or ""):
                self.add_error(name, _t("Still to be filled in: %(gaps)s.") % {"gaps": ", ".join(gaps)})
        return values

    def _check_address(self, values: dict[str, Any]) -> None:
        address = (values.get("other_address") or "").strip()
        try:
            values["other_address"] = fitting_address(str(values.get("channel") or ""), address)
        except ValidationError as refusal:
            self.add_error("other_address", refusal)


def _words_for(model: type[Any]) -> list[tuple[str, Any]]:
    """What a letter may begin with: nothing, a template that fits the record, words that a stage keeps for usual answers."""
    free, templates, saved = ("", _t("Free words")), filling.fitting(model), saved_words.groups()
    if not saved:
        return [free, *templates]
    return [free, *([(_t("Templates"), templates)] if templates else []), *saved]


def _described(person: Recipient) -> str:
    """Name, and how they can be reached."""
    ways = [way for way in (person.email, person.phone) if way]
    return f"{person.name} ({', '.join(ways)})" if ways else person.name


class AddressForm(SubjectForm):
    """Where a failed message goes instead."""

    to_address = forms.CharField(label=_("Address or number"), max_length=254)

    def clean_to_address(self) -> str:
        """An address or number that fits the message's channel."""
        message: Message = self.instance
        return fitting_address(message.channel, str(self.cleaned_data["to_address"]).strip())


class OtherwiseForm(SubjectForm):
    """A message that failed, by the other channel: its words there, to be looked at and changed before they go."""

    to_address = forms.CharField(label=_("Address or number"), max_length=254)
    subject_line = forms.CharField(label=_("Subject"), max_length=200, required=False, help_text=_("For an email."))
    body = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, data: Any = None, files: Any = None, *, instance: Any = None, actor: Any = None) -> None:
        self.channel = rerouting.other_channel(instance.channel)
        super().__init__(data, files, instance=instance, actor=actor)
        if self.channel != "email":
            del self.fields["subject_line"]

    def first_values(self, subject: Any) -> dict[str, Any]:
        """The person's address there, and the template's words for that channel where there is one."""
        return rerouting.proposal(subject)

    def clean_to_address(self) -> str:
        """An address or number that fits the new channel."""
        return fitting_address(self.channel, str(self.cleaned_data["to_address"]).strip())

    def clean(self) -> dict[str, Any]:
        """An email needs a subject; the service is told by which channel."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.channel == "email" and not values.get("subject_line", "").strip() and "subject_line" in values:
            self.add_error("subject_line", _t("An email needs a subject."))
        return {**values, "channel": self.channel}


def fitting_address(channel: str, value: str) -> str:
    """The address or number, if the channel can use it. Raises ValidationError."""
    if channel == "sms":
        return parse_phone(value)
    if channel == "wecom":
        User._meta.get_field("wecom_id").run_validators(value)
        return value
    if not is_address(value):
        raise ValidationError(_t("Write one email address, such as name@example.com."))
    return value
