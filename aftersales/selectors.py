"""The doors to tickets and surveys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from aftersales.models import Solution, Survey, SurveyQuestion, Ticket
from crm.models.customers import owned_within
from foundation.accounts.routing import count_by_owner
from foundation.journal.models import Event


def visible_tickets(user: Any) -> QuerySet[Ticket]:
    """Tickets that this person may see."""
    if not user.has_perm("aftersales.view_ticket"):
        return Ticket.objects.none()
    tickets: QuerySet[Ticket] = Ticket.objects.visible_to(user)
    return tickets


def visible_surveys(user: Any) -> QuerySet[Survey]:
    """Surveys that this person may see."""
    surveys = Survey.objects.all()
    if not user.has_perm("aftersales.view_survey"):
        return surveys.none()
    return surveys if user.has_perm("crm.view_all_customers") else surveys.filter(owned_within(user, "customer__"))


def open_tickets_of(user_ids: list[int]) -> dict[int, int]:
    """How many open tickets each of these people has, up to a hundred."""
    return count_by_owner(Ticket.objects.open().order_by("-received_at"), user_ids)


def attention_count(user: Any) -> tuple[int, bool]:
    """For the rail: one's own open tickets plus those that nobody has; late when some are still unacknowledged by anybody."""
    if not user.has_perm("aftersales.work_ticket"):
        return 0, False
    rows = visible_tickets(user).open().order_by()  # type: ignore[attr-defined]
    mine = rows.filter(owner=user)[:100].count()
    nobodys = rows.filter(owner=None)[:100].count()
    return mine + nobodys, bool(nobodys)


def active_questions() -> list[SurveyQuestion]:
    """The questions of today's survey, in order."""
    return list(SurveyQuestion.objects.filter(is_active=True))


def proposed_to(ticket: Ticket) -> Solution | None:
    """The latest proposal, with what its customer may read of it."""
    rows = Solution.objects.filter(ticket_id=ticket.pk).order_by("-pk")
    return rows.only("text", "ready_on", "cost", "currency", "decision").first()


def replies_of(ticket: Ticket) -> list[tuple[datetime, dict[str, Any]]]:
    """When the customer wrote on the ticket's page, and what; oldest first, without what was erased."""
    rows = Event.objects.filter(
        content_type=ContentType.objects.get_for_model(Ticket), object_id=ticket.pk, code="ticket.customer_replied"
    )
    written = rows.order_by("pk").values_list("occurred_at", "private__data")
    return [(at, said) for at, said in written if said is not None]
