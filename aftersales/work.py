"""What somebody of service has in hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.models import Ticket
from aftersales.models.tickets import CLOSED
from aftersales.services.tickets import reassign_ticket
from crm.pool import register_protection
from foundation.accounts.work import WorkKind, register_work


def register() -> None:
    """Offer open complaints for handing over."""
    register_work(
        WorkKind(
            "tickets",
            _("Complaints"),
            lambda: Ticket.objects.exclude(status__in=CLOSED),
            reassign_ticket,
            needs="aftersales.work_ticket",
            order=50,
            title=lambda one: f"{one.number} · {one.subject}",
        )
    )
    register_protection("complaint", _("open complaint"), _complaining)


def _complaining(customers: Sequence[int]) -> QuerySet[Any]:
    return Ticket.objects.open().filter(customer__in=customers).values_list("customer", flat=True).distinct()
