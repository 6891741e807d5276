"""Forms for calls: planning one or many, what became of an attempt, and the end of a call."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.best_hours import best_hour_of
from crm.forms.fields import LineField, date_field, local_time_field
from crm.models import Call, CallAttempt, CallPolicy, Contact, Questionnaire
from crm.selectors import callers
from foundation.accounts.picking import ColleagueField
from foundation.ui.forms import SubjectForm, text_area


def _usable() -> Any:
    return Questionnaire.objects.filter(is_active=True, versions__status="published").order_by("name_en", "pk")


def _in_own_zone(moment: Any) -> Any:
    return timezone.localtime(moment).replace(second=0, microsecond=0, tzinfo=None)


def _hour(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class _Planned(SubjectForm):
    """What every plan of calls asks for."""

    questionnaire = forms.ModelChoiceField(Questionnaire.objects.none(), label=_("Questionnaire"), empty_label=None)
    owner = ColleagueField(label=_("Caller"), required=False)
    due_at = local_time_field(label=_("To be made at"), help_text=_("In your own time zone."))
    reason = LineField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, instance: Any = None, actor: Any = None) -> None:
        super().__init__(data, files, instance=instance, actor=actor)
        questionnaires: Any = self.fields["questionnaire"]
        questionnaires.queryset = _usable()
        owner: Any = self.fields["owner"]
        owner.queryset = callers()
        if actor is not None and not actor.has_perm("crm.plan_call"):
            owner.queryset = owner.queryset.filter(pk=actor.pk)
            owner.required, owner.empty_label = True, None
        self.initial.setdefault("due_at", _in_own_zone(timezone.now()))

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class PlanCallForm(_Planned):
    """One call to the customer whose page it is opened on."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=pgettext_lazy("person", "With"), required=False, empty_label="–"
    )
    best_from = _hour(_("Best from"))
    best_until = _hour(_("Best until"))

    field_order = ["questionnaire", "contact", "owner", "due_at", "best_from", "best_until", "reason"]

    def __init__(self, data: Any = None, files: Any = None, *, instance: Any = None, actor: Any = None) -> None:
        super().__init__(data, files, instance=instance, actor=actor)
        people: Any = self.fields["contact"]
        people.queryset = Contact.objects.filter(customer=instance, left_at=None)
        self.fields["best_from"].help_text = _("By the customer's clock.")
        if (known := best_hour_of(instance)) is not None:
            words = gettext("By the customer's clock. So far: %(hour)s.") % {"hour": known}
            self.fields["best_from"].help_text = words
        if actor is not None:
            self.initial.setdefault("owner", actor.pk)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        begin, end = values.get("best_from"), values.get("best_until")
        if begin and end and end <= begin:
            self.add_error("best_until", _("It cannot end before it begins."))
        return values


class CampaignForm(_Planned):
    """Calls to everybody in a list."""

    name = LineField(label=_("Name of the campaign"), max_length=120)

    field_order = ["name", "questionnaire", "owner", "due_at", "reason"]

    def __init__(self, data: Any = None, files: Any = None, *, actor: Any = None) -> None:
        super().__init__(data, files, actor=actor)
        owner: Any = self.fields["owner"]
        owner.empty_label = str(_("each customer's own salesperson"))


class AttemptForm(SubjectForm):
    """What became of it."""

    RESULTS = [one for one in CallAttempt.Result.choices if one[0] not in ("reached", "refused")]
    result = forms.ChoiceField(
        label=pgettext_lazy("call", "What happened?"), choices=RESULTS, widget=forms.RadioSelect, initial="no_answer"
    )
    call_again_at = local_time_field(
        label=_("Call again at"), required=False, help_text=_("In your own time zone. Empty: by the rules for calling.")
    )

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class RefusedForm(SubjectForm):
    """Why a call ends without answers: the customer does not want to give any, or nobody needs them any more."""

    reason = LineField(label=_("Reason"), max_length=300)

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {}


class ReopenForm(SubjectForm):
    """When to try again."""

    due_at = local_time_field(label=_("To be made at"), help_text=_("In your own time zone."))

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"due_at": _in_own_zone(timezone.now() + timedelta(hours=CallPolicy.current().retry_hours))}


class HandOverCallForm(SubjectForm):
    """Who calls instead."""

    owner = ColleagueField(label=_("Caller"))
    was_owner = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = callers()

    def first_values(self, subject: Any) -> dict[str, Any]:
        return {"was_owner": subject.owner_id}


class ClosingForm(forms.Form):
    """Below the questions: with whom, a remark, and what comes next."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=pgettext_lazy("person", "With"), required=False, empty_label="–"
    )
    remark = text_area(_("Remark"), rows=2, required=False)
    next_step = LineField(label=_("Next step"), max_length=200, required=False)
    next_step_on = date_field(label=pgettext_lazy("date", "On"), required=False)

    def __init__(self, data: Any = None, *, call: Call, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"contact": call.contact_id, **(initial or {})})
        people: Any = self.fields["contact"]
        people.queryset = Contact.objects.filter(customer=call.customer_id, left_at=None)

    def clean_next_step_on(self) -> Any:
        day = self.cleaned_data["next_step_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("The next step lies in the past."))
        return day
