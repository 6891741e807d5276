"""The life of a call: planned, tried, made; its answers become a service record, a consent and, where there is one, an inquiry."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import (
    Call,
    CallAttempt,
    CallCampaign,
    CallPolicy,
    Contact,
    Customer,
    Inquiry,
    Questionnaire,
    QuestionnaireVersion,
    ServiceRecord,
    VisitConsent,
)
from crm.services import changes
from crm.services.answers import keep_answers
from crm.services.inquiries import receive_inquiry
from crm.services.records import add_service_record
from foundation.accounts.work import reassign_owned
from foundation.documents.numbering import next_number, next_numbers
from foundation.journal.machine import Refused, demand, perform
from foundation.journal.services import record

MOST_AT_ONCE = 500
LARGEST_DRAFT = 60_000  # characters
RECORD_TYPES = {
    Questionnaire.Purpose.PRESALES: ServiceRecord.Type.PRESALES_CALLBACK,
    Questionnaire.Purpose.COMPLETION: ServiceRecord.Type.COMPLETION_CALLBACK,
}
DEFAULT_HOUR = time(10)


def local_now(customer: Customer, at: datetime | None = None) -> datetime:
    """What the customer's clock shows; UTC where their zone is unknown."""
    try:
        zone: Any = zoneinfo.ZoneInfo(customer.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = zoneinfo.ZoneInfo("UTC")
    return timezone.localtime(at or timezone.now(), zone)


def civil_time(customer: Customer, at: datetime) -> datetime:
    """This moment, or the end of the customer's quiet hours after it."""
    policy = CallPolicy.current()
    local = local_now(customer, at)
    for _day in range(5):
        if not policy.is_quiet(local):
            break
        end = local.replace(hour=policy.quiet_until.hour, minute=policy.quiet_until.minute, second=0, microsecond=0)
        local = end if end > local else end + timedelta(days=1)
    return local.astimezone(timezone.get_current_timezone())


# ---------------------------------------------------------------- planned


@transaction.atomic
def plan_call(
    customer_id: int,
    *,
    actor: Any,
    questionnaire: Questionnaire,
    owner: Any,
    due_at: datetime,
    reason: str = "",
    contact: Contact | None = None,
    best_from: time | None = None,
    best_until: time | None = None,
    about: models.Model | None = None,
    request_key: str | None = None,
) -> Call:
    """A call to be made by `owner` (None: whoever of those who call takes it).

    A second call with the same `request_key` returns the first one's. Raises Refused for a questionnaire that is not in
    use, and for planning others' work without the right to it.
    """
    if request_key and (earlier := Call.objects.filter(request_key=request_key).first()):
        return earlier
    _refuse_planning(actor, owner, questionnaire)
    customer = changes.lock(Customer, customer_id)
    if contact is not None and contact.customer_id != customer.pk:
        raise Refused(_("This contact belongs to another customer."), reason="input", field="contact")
    call = Call(
        number=next_number("call"),
        customer=customer,
        contact=contact,
        questionnaire=questionnaire,
        reason=reason,
        owner=owner,
        due_at=due_at,
        best_from=best_from,
        best_until=best_until,
        about_type=ContentType.objects.get_for_model(about) if about is not None else None,
        about_id=about.pk if about is not None else None,
        request_key=request_key,
    )
    call.save(force_insert=True)
    record("call.scheduled", call, actor=actor)
    return call


@transaction.atomic
def plan_campaign(
    customers: Iterable[Customer],
    *,
    actor: Any,
    name: str,
    questionnaire: Questionnaire,
    due_at: datetime,
    owner: Any = None,
    reason: str = "",
    chosen_by: str = "",
) -> tuple[CallCampaign, int, int]:
    """Calls to many customers: each by `owner`, or by the customer's own salesperson. Answers campaign, planned, left out.

    Left out are those who have an open call with this questionnaire already. Raises Refused for none and for too many.
    """
    chosen = list(customers)
    if len(chosen) > MOST_AT_ONCE:
        raise Refused(_("At most %(count)s calls can be planned at once.") % {"count": MOST_AT_ONCE}, reason="input")
    if actor is not None and not actor.has_perm("crm.plan_call"):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    _refuse_planning(actor, actor, questionnaire)
    waiting = set(
        Call.objects.open()
        .filter(questionnaire=questionnaire, customer__in=[one.pk for one in chosen])
        .values_list("customer_id", flat=True)
    )
    fresh = [one for one in chosen if one.pk not in waiting]
    if not fresh:
        raise Refused(_("There is nobody in this list who has not such a call already."), reason="input")
    campaign = CallCampaign.objects.create(
        name=name, questionnaire=questionnaire, chosen_by=chosen_by[:1000], created_by=actor
    )
    for customer, number in zip(fresh, next_numbers("call", len(fresh)), strict=True):
        call = Call(
            number=number,
            customer=customer,
            questionnaire=questionnaire,
            reason=reason or name,
            campaign=campaign,
            owner=owner or customer.owner,
            due_at=civil_time(customer, due_at),
        )
        call.save(force_insert=True)
        record("call.scheduled", call, actor=actor)
    return campaign, len(fresh), len(chosen) - len(fresh)


def _refuse_planning(actor: Any, owner: Any, questionnaire: Questionnaire) -> None:
    if actor is not None and owner != actor and not actor.has_perm("crm.plan_call"):
        raise Refused(_("You can plan calls for yourself only."), reason="input", field="owner")
    if owner is not None and not owner.has_perm("crm.make_call"):
        raise Refused(_("%(name)s cannot make calls.") % {"name": owner}, reason="input", field="owner")
    if not questionnaire.is_active or version_in_use(questionnaire) is None:
        raise Refused(_("This questionnaire is not in use."), reason="input", field="questionnaire")


def version_in_use(questionnaire: Questionnaire) -> QuestionnaireVersion | None:
    """The published version, or None."""
    return questionnaire.versions.filter(status=QuestionnaireVersion.Status.PUBLISHED).first()


def hand_over_call(pk: int, *, actor: Any, owner: Any, was_owner: int | None = None) -> Call:
    """Give a call to another colleague. Raises Refused when somebody else has it by now, or it is over."""
    if not owner.has_perm("crm.make_call"):
        raise Refused(_("%(name)s cannot make calls.") % {"name": owner}, reason="input", field="owner")
    if actor is not None and was_owner not in (None, actor.pk) and not actor.has_perm("crm.plan_call"):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    closed = [state for state in Call.Status.values if state not in Call.OPEN]
    call: Call = reassign_owned(
        Call, pk, actor=actor, owner=owner, was_owner=was_owner, event="call.reassigned", closed=closed
    )
    return call


# ---------------------------------------------------------------- tried


@transaction.atomic
def start_call(pk: int, *, actor: Any) -> Call:
    """Take up the telephone. Refused when a colleague has; an interrupted call goes on with the questions it began with."""
    call = changes.lock(Call, pk)
    version = call.version if call.draft and call.version else version_in_use(call.questionnaire)
    if version is None:
        raise Refused(_("This questionnaire is not in use."), reason="condition")
    return perform(Call, pk, "start", actor=actor, by=actor, version=version, at=timezone.now())


@transaction.atomic
def log_attempt(pk: int, *, actor: Any, result: str, call_again_at: datetime | None = None) -> Call:
    """Nobody answered, the line was busy, the number is wrong, or another time was asked for.

    The call is postponed to `call_again_at`, else by the rules for calling and past the customer's quiet hours; after the
    last attempt, and for a wrong number, it counts as not reached.
    """
    call = changes.lock(Call, pk)
    _refuse_other(call, actor)
    now = timezone.now()
    if call_again_at is not None and call_again_at <= now:
        raise Refused(_("This time has passed already."), reason="input", field="call_again_at")
    if result == CallAttempt.Result.CALL_AGAIN and call_again_at is None:
        raise Refused(_("Say when the customer wants to be called."), reason="input", field="call_again_at")
    policy = CallPolicy.current()
    counts = 0 if result == CallAttempt.Result.CALL_AGAIN else 1
    is_last = counts and call_again_at is None and call.attempts + counts >= policy.most_attempts
    facts = {"result": result, "attempts": call.attempts + counts}
    if is_last or result == CallAttempt.Result.WRONG_NUMBER:
        done = perform(Call, pk, "give_up", actor=actor, at=now, attempts=counts, facts=facts)
        until = None
    else:
        until = call_again_at or civil_time(call.customer, policy.next_attempt(now))
        facts["due_at"] = until.isoformat()
        done = perform(Call, pk, "postpone", actor=actor, until=until, attempts=counts, facts=facts)
    CallAttempt.objects.create(call=done, result=result, actor=actor, call_again_at=until)
    return done


def _refuse_other(call: Call, actor: Any) -> None:
    """Whoever is on the telephone is not disturbed by a colleague."""
    if call.status == Call.Status.IN_CALL and actor is not None and call.owner_id != actor.pk:
        raise Refused(_("%(name)s is on the telephone with this customer.") % {"name": call.owner})


@transaction.atomic
def refuse_call(pk: int, *, actor: Any, reason: str) -> Call:
    """The customer does not want to answer; why is kept."""
    _refuse_other(changes.lock(Call, pk), actor)
    done = perform(Call, pk, "refuse", actor=actor, reason=reason, at=timezone.now(), private={"reason": reason})
    CallAttempt.objects.create(call=done, result=CallAttempt.Result.REFUSED, actor=actor)
    return done


def cancel_call(pk: int, *, actor: Any, reason: str) -> Call:
    """It is not needed any more."""
    return perform(Call, pk, "cancel", actor=actor, reason=reason, at=timezone.now(), private={"reason": reason})


def reopen_call(pk: int, *, actor: Any, due_at: datetime) -> Call:
    """Try it again after all."""
    return perform(Call, pk, "reopen", actor=actor, until=due_at, facts={"due_at": due_at.isoformat()})


# ---------------------------------------------------------------- made


def save_draft(pk: int, *, actor: Any, values: Mapping[str, Any]) -> bool:
    """Keep what was typed so far; False when the call is not this person's any more, or it is too much."""
    if len(str(values)) > LARGEST_DRAFT:
        return False
    mine = Call.objects.filter(pk=pk, status=Call.Status.IN_CALL, owner=actor.pk)
    return bool(mine.update(draft=dict(values), draft_at=timezone.now()))


@transaction.atomic
def finish_call(
    pk: int,
    *,
    actor: Any,
    answers: Mapping[str, Any],
    contact: Contact | None = None,
    remark: str = "",
    next_step: str = "",
    next_step_on: Any = None,
) -> Call:
    """Keep the answers, the service record, the consent to a visit, and the end of the call: all of it or nothing.

    Raises Refused, naming the field of the question, for what is missing.
    """
    call = changes.lock(Call, pk)
    _refuse_other(call, actor)
    demand(call, "finish", actor=actor)
    assert call.version is not None
    now = timezone.now()
    person = contact or call.contact
    language = person.spoken_language if person else call.customer.language
    taken = keep_answers(call.version, call.customer, answers, actor=actor, contact=person, language=language)
    row = add_service_record(
        call.customer_id,
        actor=actor,
        subject=" · ".join(part for part in (call.questionnaire.name, call.reason) if part)[:200],
        content=taken.words,
        remark=remark,
        type=RECORD_TYPES.get(Questionnaire.Purpose(call.questionnaire.purpose), ServiceRecord.Type.CALL),
        contact=person,
        started_at=call.started_at,
        ended_at=now,
        next_step=next_step,
        next_step_on=next_step_on,
    )
    CallAttempt.objects.create(call=call, result=CallAttempt.Result.REACHED, actor=actor)
    if "visit" in taken.signals:
        VisitConsent.objects.create(customer=call.customer, contact=person, call=call, agreed_at=now, recorded_by=actor)
    facts = {
        "questionnaire": call.questionnaire.code,
        "response_id": taken.response.pk,
        "visit_agreed": "visit" in taken.signals,
        "has_project": "project" in taken.signals,
        "is_dissatisfied": "satisfaction" in taken.signals,
    }
    return perform(
        Call,
        pk,
        "finish",
        actor=actor,
        response=taken.response,
        service_record=row,
        at=now,
        signals=taken.signals,
        facts=facts,
    )


@transaction.atomic
def make_inquiry(pk: int, *, actor: Any) -> Inquiry:
    """Turn the coming project into an inquiry with what was said. A second time returns the same inquiry."""
    call = changes.lock(Call, pk)
    if call.inquiry is not None:
        return call.inquiry
    if call.response is None:
        raise Refused(_("The call has not been finished yet."), reason="condition")
    contact = call.contact or call.response.contact or call.customer.contacts.filter(left_at=None).first()
    lines = [f"{one.question.text} {one.said}" for one in _said(call)]
    inquiry = receive_inquiry(
        actor=actor,
        contact_name=contact.name if contact else call.customer.name[:120],
        subject=_("Project of %(customer)s") % {"customer": call.customer.name[:150]},
        text="\n".join(lines),
        language=call.response.language,
        channel=Inquiry.Channel.PHONE,
        customer=call.customer,
        contact=contact,
        email=contact.email if contact else "",
        phone=str(contact.phone or contact.mobile or "") if contact else "",
        country=call.customer.country,
        request_key=f"call-{call.pk}",
        may_join=False,  # a person has decided that it is an inquiry of its own
    )
    call.inquiry = inquiry
    call.save(update_fields=["inquiry"])
    return inquiry


def _said(call: Call) -> list[Any]:
    """The answers about the project before all others."""
    assert call.response is not None
    rows = list(call.response.answers.select_related("question", "option").order_by("question__position", "pk"))
    return sorted(rows, key=lambda row: not row.question.meaning.startswith("project"))
