"""What somebody of service has in hand."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales.models import Ticket
from aftersales.models.tickets import CLOSED
from aftersales.services.tickets import reassign_ticket
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
