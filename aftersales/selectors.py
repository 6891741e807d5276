"""The doors to tickets and surveys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from aftersales.models import Solution, Survey, SurveyQuestion, Ticket
from crm.models.customers import owned_within
from foundation.journal.models import Event
from foundation.ui.prepared import prepared


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


def open_tickets() -> QuerySet[Ticket]:
    """All open tickets, along the index by owner: the load of those who may get the next one."""
    tickets: QuerySet[Ticket] = Ticket.objects.open().order_by("-received_at")
    return tickets


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
    return next(iter(_proposed(ticket.pk)), None)


@prepared
def _proposed(ticket_id: int) -> QuerySet[Solution]:
    rows = Solution.objects.filter(ticket=ticket_id).order_by("-pk")
    return rows.only("text", "ready_on", "cost", "currency", "decision")[:1]


def replies_of(ticket: Ticket) -> list[tuple[datetime, dict[str, Any]]]:
    """When the customer wrote on the ticket's page, and what; oldest first, without what was erased."""
    written = _replies(ContentType.objects.get_for_model(Ticket).pk, ticket.pk)
    return [(event.occurred_at, event.private.data) for event in written if hasattr(event, "private")]


@prepared
def _replies(type_id: int, ticket_id: int) -> QuerySet[Event]:
    rows = Event.objects.filter(content_type=type_id, object_id=ticket_id, code="ticket.customer_replied")
    return rows.select_related("private").only("occurred_at", "private__data").order_by("pk")
