"""The services behind the buttons of customers and inquiries."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm import services
from crm.forms.calls import AttemptForm, HandOverCallForm, PlanCallForm, RefusedForm, ReopenForm
from crm.forms.inquiries import (
    AnsweredForm,
    AssignForm,
    CloseForm,
    ConvertForm,
    HandOverForm,
    PromiseForm,
    WritingForm,
)
from crm.forms.records import CallForm, NextStepForm, ServiceRecordForm
from crm.forms.visits import AgreeForm, CancelForm, ChangeForm, CheckInForm, MissForm, OutcomeForm, PlanForm, TimesForm
from crm.models import Call, Customer, Inquiry, Visit
from foundation.journal.machine import actions
from foundation.notifications import composer_pages, drafting


def is_new(inquiry: Inquiry, user: Any) -> bool:
    """Nobody's yet."""
    return inquiry.status == Inquiry.Status.NEW


def is_unanswered(inquiry: Inquiry, user: Any) -> bool:
    """The first answer is still owed."""
    return inquiry.status in Inquiry.UNANSWERED


def can_hand_over(inquiry: Inquiry, user: Any) -> bool:
    """One's own open inquiry, or anybody's for those who assign."""
    is_open = inquiry.status in Inquiry.OPEN and inquiry.owner_id is not None
    return is_open and (inquiry.owner_id == user.pk or user.has_perm("crm.assign_inquiry"))


def can_write(inquiry: Inquiry, user: Any) -> bool:
    """After the first answer, to whoever left an address."""
    return inquiry.answered_at is not None and bool(inquiry.email)


def write_again(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """The composer of every record, once the first answer is given: until then only the answer itself stops the clock."""
    if can_write(inquiry, request.user):
        return composer_pages.compose(request, inquiry)
    messages.error(
        request, gettext("%(number)s has no first answer yet: give that first.") % {"number": inquiry.number}
    )
    return redirect(inquiry.get_absolute_url())


def make_urgent(pk: int, *, actor: Any) -> Inquiry:
    """Put it before the others."""
    return services.set_priority(pk, actor=actor, priority=Inquiry.Priority.URGENT)


def make_normal(pk: int, *, actor: Any) -> Inquiry:
    """Not urgent after all."""
    return services.set_priority(pk, actor=actor, priority=Inquiry.Priority.NORMAL)


def is_open_call(call: Call, user: Any) -> bool:
    """Still to be made, or being made by this person."""
    return call.status in Call.OPEN and (call.status != Call.Status.IN_CALL or call.owner_id == user.pk)


def can_hand_over_call(call: Call, user: Any) -> bool:
    """One's own, nobody's, or anybody's for those who plan."""
    mine = call.owner_id in (None, user.pk) or user.has_perm("crm.plan_call")
    return mine and call.status in (Call.Status.OPEN, Call.Status.POSTPONED)


def has_project(call: Call, user: Any) -> bool:
    """A project was heard of, and no inquiry has been made of it."""
    return call.has_project and call.inquiry_id is None


def register() -> None:
    """Called once, when the apps are ready."""
    _register_customer()
    _register_inquiry()
    _register_call()


def _register_call() -> None:
    actions.register(Call, "start", service=services.start_call, done=_("The call has begun."))
    actions.add(
        Call,
        "inquiry",
        label=_("Make an inquiry of the project"),
        service=services.make_inquiry,
        permission="crm.add_inquiry",
        available=has_project,
        primary=True,
        done=_("The project is an inquiry now."),
    )
    actions.add(
        Call,
        "attempt",
        label=_("Not reached"),
        service=services.log_attempt,
        permission="crm.make_call",
        form=AttemptForm,
        wants_context=True,
        available=is_open_call,
        done=_("The attempt is noted."),
    )
    actions.register(
        Call,
        "refuse",
        service=services.refuse_call,
        form=RefusedForm,
        wants_context=True,
        done=_("The refusal is noted."),
    )
    actions.add(
        Call,
        "hand-over",
        label=_("Hand over"),
        service=services.hand_over_call,
        permission="crm.make_call",
        form=HandOverCallForm,
        wants_context=True,
        available=can_hand_over_call,
        done=_("The call is handed over."),
    )
    actions.register(
        Call,
        "reopen",
        service=services.reopen_call,
        form=ReopenForm,
        wants_context=True,
        done=_("The call is planned again."),
    )
    actions.register(
        Call,
        "cancel",
        service=services.cancel_call,
        form=RefusedForm,
        wants_context=True,
        done=_("The call is cancelled."),
    )
    _register_visit()


def _register_customer() -> None:
    actions.add(
        Customer,
        "call",
        label=_("Log a call"),
        service=services.add_service_record,
        permission="crm.add_servicerecord",
        form=CallForm,
        wants_context=True,
        primary=True,
        done=_("The call is recorded."),
    )
    actions.add(
        Customer,
        "record",
        label=_("Add a service record"),
        service=services.add_service_record,
        permission="crm.add_servicerecord",
        form=ServiceRecordForm,
        wants_context=True,
        done=_("The service record is kept."),
    )
    actions.add(
        Customer,
        "next-step",
        label=_("Plan the next step"),
        service=services.plan_next_step,
        permission="crm.change_customer",
        form=NextStepForm,
        wants_context=True,
        done=_("The next step is planned."),
        usual=True,
    )
    actions.add(
        Customer,
        "plan-call",
        label=_("Plan a call"),
        service=services.plan_call,
        permission="crm.make_call",
        form=PlanCallForm,
        wants_context=True,
        done=_("The call is planned."),
    )


def _register_inquiry() -> None:
    actions.add(
        Inquiry,
        "take",
        label=_("Take it"),
        service=services.take_inquiry,
        permission="crm.take_inquiry",
        available=is_new,
        done=_("The inquiry is yours."),
    )
    actions.register(
        Inquiry,
        "answer",
        service=services.answer_inquiry,
        form=WritingForm,
        wants_context=True,
        done=_("The answer is on its way."),
    )
    actions.add(
        Inquiry,
        "answered",
        label=_("Note an answer given otherwise"),
        service=services.note_answer,
        permission="crm.answer_inquiry",
        form=AnsweredForm,
        wants_context=True,
        available=is_unanswered,
        done=_("The answer is noted."),
    )
    actions.register(Inquiry, "convert", service=services.convert_inquiry, form=ConvertForm, wants_context=True)
    _register_inquiry_in_hand()


def _register_inquiry_in_hand() -> None:
    actions.add(
        Inquiry,
        "write",
        label=_("Write again"),
        service=drafting.send,
        permission="crm.answer_inquiry",
        available=can_write,
        page=write_again,
    )
    actions.add(
        Inquiry,
        "promise",
        label=_("Promise an answer"),
        service=services.promise_answer,
        permission="crm.answer_inquiry",
        form=PromiseForm,
        wants_context=True,
        available=is_unanswered,
        done=_("The sender is told when the answer comes."),
    )
    actions.add(
        Inquiry,
        "assign",
        label=_("Assign"),
        service=services.assign_inquiry,
        permission="crm.assign_inquiry",
        form=AssignForm,
        wants_context=True,
        available=is_new,
        done=_("The inquiry is assigned."),
    )
    actions.add(
        Inquiry,
        "hand-over",
        label=_("Hand over"),
        service=services.hand_over_inquiry,
        permission="crm.take_inquiry",
        form=HandOverForm,
        wants_context=True,
        available=can_hand_over,
        done=_("The inquiry is handed over."),
    )
    _register_priority()
    actions.register(
        Inquiry,
        "close",
        service=services.close_inquiry,
        form=CloseForm,
        wants_context=True,
        done=_("The inquiry is closed."),
    )
    actions.register(Inquiry, "reopen", service=services.reopen_inquiry, done=_("The inquiry is open again."))


def _register_priority() -> None:
    actions.add(
        Inquiry,
        "urgent",
        label=_("Mark as urgent"),
        service=make_urgent,
        permission="crm.change_inquiry",
        available=lambda one, user: is_unanswered(one, user) and one.priority != Inquiry.Priority.URGENT,
        done=_("The inquiry is urgent now."),
    )
    actions.add(
        Inquiry,
        "normal",
        label=_("Not urgent"),
        service=make_normal,
        permission="crm.change_inquiry",
        available=lambda one, user: is_unanswered(one, user) and one.priority == Inquiry.Priority.URGENT,
        done=_("The inquiry is no longer urgent."),
    )


def _register_visit() -> None:
    for name, service, form, done in (
        ("agree", services.agree_visit, AgreeForm, _("The consent is recorded.")),
        ("plan", services.plan_visit, PlanForm, _("The visit is planned.")),
        ("depart", services.depart, None, _("Have a good journey.")),
        ("arrive", services.check_in, CheckInForm, _("You are checked in.")),
        ("finish", services.finish_visit, OutcomeForm, _("The outcome is kept.")),
    ):
        actions.register(Visit, name, service=service, form=form, wants_context=form is not None, done=done)
    actions.add(
        Visit,
        "reschedule",
        label=_("Move to another time"),
        service=services.reschedule_visit,
        permission="crm.plan_visit",
        form=TimesForm,
        wants_context=True,
        available=lambda visit, user: visit.status == Visit.Status.PLANNED and may_lead(visit, user),
        done=_("The visit is moved."),
    )
    actions.add(
        Visit,
        "change",
        label=_("Change purpose and checklist"),
        service=services.change_visit,
        permission="crm.plan_visit",
        form=ChangeForm,
        wants_context=True,
        available=lambda visit, user: visit.status in Visit.BEFORE and may_lead(visit, user),
        done=_("Saved."),
    )
    actions.register(
        Visit, "miss", service=services.miss_visit, form=MissForm, wants_context=True, done=_("Noted as missed.")
    )
    actions.register(
        Visit,
        "cancel",
        service=services.cancel_visit,
        form=CancelForm,
        wants_context=True,
        done=_("The visit is cancelled."),
    )


def may_lead(visit: Visit, user: Any) -> bool:
    """One's own visit, or anybody's for those who plan for colleagues."""
    return visit.owner_id in (None, user.pk) or user.has_perm("crm.plan_visits_of_others")
