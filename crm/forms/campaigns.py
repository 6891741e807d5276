"""Forms for campaigns: what it is, its words in all languages, when it leaves."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from crm.campaign_words import PREFIX
from crm.forms.fields import LineField
from crm.models import Campaign, CampaignText, Customer
from foundation.accounts.models import Company
from foundation.notifications.defaults import shipped_words
from foundation.notifications.manners.kinds import MARKETING, all_kinds
from foundation.notifications.models import Template
from foundation.notifications.placeholders import names_about
from foundation.notifications.texts import strangers_in
from foundation.ui.forms import MomentField, SubjectForm, text_area
from foundation.ui.places import language_name


def company_zone() -> zoneinfo.ZoneInfo:
    """The zone in which the company plans."""
    return zoneinfo.ZoneInfo(Company.current().time_zone)


class CompanyMomentField(MomentField):
    """A moment on the company's clock, whoever reads it and wherever."""

    def to_python(self, value: Any) -> Any:
        with timezone.override(company_zone()):
            return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if timezone.is_aware(value) if hasattr(value, "tzinfo") else False:
            return timezone.localtime(value, company_zone()).replace(tzinfo=None)
        return super().prepare_value(value)


def marketing_kinds() -> list[tuple[str, str]]:
    """Kinds of marketing, in the reader's language."""
    return [(one.code, one.label) for one in all_kinds() if one.nature == MARKETING]


def templates() -> list[tuple[str, str]]:
    """The templates of campaigns by their subject in the reader's language, English where that is missing."""
    rows = Template.objects.filter(key__startswith=PREFIX).order_by("key")
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row.key, {})[row.language] = row.subject
    here = get_language() or "en"
    named = [(key, by.get(here) or by.get("en") or key) for key, by in found.items()]
    return [("", _("own words"))] + named


class CampaignForm(SubjectForm):
    """What it is, and by which way it goes."""

    name = LineField(
        label=gettext_lazy("Name of the campaign"), max_length=120, help_text=gettext_lazy("For colleagues.")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=marketing_kinds,
        help_text=gettext_lazy("Customers decline it by kind; service messages are never affected."),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=Campaign.Channel.choices, widget=forms.RadioSelect, initial="email"
    )
    not_after = CompanyMomentField(
        label=gettext_lazy("Not after"),
        required=False,
        help_text=gettext_lazy("What has not left by then is called off: a New Year's greeting is wrong in March."),
    )


class NewCampaignForm(CampaignForm):
    """With the words to begin with."""

    template = forms.ChoiceField(
        label=gettext_lazy("Begin with the words of"), choices=templates, required=False, widget=forms.Select
    )
    field_order = ["name", "kind", "channel", "template", "not_after"]


class ScheduleForm(SubjectForm):
    """When it leaves."""

    at = CompanyMomentField(label=gettext_lazy("To be sent"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].help_text = _(
            "On the company's clock (%(zone)s). Empty: in a minute. Nobody gets it in their quiet hours or on a day off:"
            " it waits for their next working morning."
        ) % {"zone": Company.current().time_zone}

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class CallOffForm(SubjectForm):
    """Why."""

    reason = LineField(label=gettext_lazy("Reason"), max_length=300)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class TrialForm(SubjectForm):
    """In which language one wants to see it."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["language"]
        there = self.instance.languages
        choice.choices = [(code, language_name(code)) for code in there]
        if there:
            here = get_language()
            choice.initial = here if here in there else there[0]

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class GapsForm(SubjectForm):
    """What the template leaves open, asked once for all languages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shipped = shipped_words(self.instance.template_key)
        labels = shipped.names if shipped else {}
        for gap in self.instance.gaps:
            name = gap.strip("{}")
            if gap == f"{{{name}}}":
                field = LineField(label=labels.get(name, gap), max_length=300, required=False)
                field.help_text = _("Takes the place of %(name)s in every language.") % {"name": gap}
                self.fields[name] = field

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        """All of it as one value, as the service takes it."""
        values = super().clean() or {}
        return {"values": {name: value for name, value in values.items() if value}}


class LanguageForm(forms.Form):
    """The words in one language; gaps of a template are allowed until the campaign is scheduled."""

    subject = LineField(label=pgettext_lazy("of an email", "Subject"), max_length=200, required=False)
    body = text_area(gettext_lazy("Text of the email"), rows=12, required=False, most=20_000)
    sms = text_area(gettext_lazy("Text message"), rows=3, required=False, most=1_000)

    def __init__(self, data: Any = None, *, row: CampaignText, channel: str) -> None:
        initial = {name: getattr(row, name) for name in ("subject", "body", "sms")}
        super().__init__(data, prefix=row.language, initial=initial)
        if channel == Campaign.Channel.SMS:
            del self.fields["subject"], self.fields["body"]
        else:
            del self.fields["sms"]
        self.row = row

    def said(self) -> dict[str, str]:
        """What was typed, beside what the other channel says."""
        kept = {name: getattr(self.row, name) for name in ("subject", "body", "sms")}
        return {**kept, **{name: str(value or "").replace("\r\n", "\n") for name, value in self.cleaned_data.items()}}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "subject" in self.fields and bool(values.get("subject")) != bool(values.get("body")):
            self.add_error(
                "subject" if not values.get("subject") else "body", _("An email needs a subject and a text.")
            )
        return values


def language_forms(campaign: Campaign, data: Any = None) -> list[LanguageForm]:
    """One form for each language of the house, in its order."""
    words = campaign.words
    return [
        LanguageForm(
            data, row=words.get(code) or CampaignText(campaign=campaign, language=code), channel=campaign.channel
        )
        for code, _name in settings.LANGUAGES
    ]


def gaps_in(row: CampaignText, channel: str) -> list[str]:
    """What nobody fills in these words."""
    return strangers_in(row.said(channel), names_about(Customer, staff=False))
