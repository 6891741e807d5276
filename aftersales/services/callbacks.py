"""Callbacks after completion (AFT-10): planned when an order is completed; a dissatisfied answer becomes a ticket."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.models import AfterSalesPolicy, Ticket
from aftersales.services.tickets import Complaint, receive_ticket
from crm.models import Call, Questionnaire
from crm.services.calls import DEFAULT_HOUR, civil_time, local_now, plan_call, version_in_use
from foundation.accounts.routing import staff_speaking
from foundation.journal.machine import Refused
from orders.models import Order


def _open_calls() -> QuerySet[Call]:
    return Call.objects.filter(status__in=Call.OPEN).order_by("due_at")


@transaction.atomic
def plan_callback(order: Order) -> Call | None:
    """A call to the order's customer some days after its completion, by somebody of service who speaks their language.

    None where the policy wants none, or no questionnaire for it is in use. A second call returns the first one's.
    """
    policy = AfterSalesPolicy.current()
    if not policy.callback_after_completion:
        return None
    questionnaire = (
        Questionnaire.objects.filter(
            purpose=Questionnaire.Purpose.COMPLETION, is_active=True, versions__status="published"
        )
        .order_by("pk")
        .first()
    )
    if questionnaire is None or version_in_use(questionnaire) is None:
        return None
    customer = order.customer
    day = local_now(customer, timezone.now() + timedelta(days=policy.callback_after_days))
    morning = day.replace(hour=DEFAULT_HOUR.hour, minute=DEFAULT_HOUR.minute, second=0, microsecond=0)
    return plan_call(
        customer.pk,
        actor=None,
        questionnaire=questionnaire,
        owner=staff_speaking(customer.language, "service", load=_open_calls),
        due_at=civil_time(customer, max(morning, timezone.now())),
        reason=_("Order %(number)s is completed") % {"number": order.number},
        contact=order.contact,
        about=order,
        request_key=f"completion-{order.pk}",
    )


def is_ticket_wanted(call: Call, user: Any) -> bool:
    """The customer was dissatisfied, and no ticket has been opened of it."""
    return call.is_dissatisfied and not Ticket.objects.filter(call=call.pk).exists()


@transaction.atomic
def ticket_of_call(pk: int, *, actor: Any) -> Ticket:
    """Open a ticket with what was said in the call. A second time returns the same ticket."""
    call = Call.objects.select_for_update(of=("self",)).get(pk=pk)
    if (known := Ticket.objects.filter(call=call).first()) is not None:
        return known
    if call.response is None:
        raise Refused(_("The call has not been finished yet."), reason="condition")
    rows = call.response.answers.select_related("question", "option").order_by("question__position", "pk")
    about = call.about_type.model_class() if call.about_type else None
    order = Order.objects.filter(pk=call.about_id).first() if about is Order else None
    return receive_ticket(
        Complaint(
            subject=_("Dissatisfied: call %(number)s") % {"number": call.number},
            description="\n".join(f"{row.question.text} {row.said}" for row in rows),
            channel=Ticket.Channel.PHONE,
            kind=Ticket.Kind.SERVICE,
            language=call.response.language,
            customer=call.customer,
            contact=call.contact or call.response.contact,
            order=order,
            call=call,
        ),
        actor=actor,
    )
