"""What the clocks add to a person's calendar feed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.feeds import register_feed
from foundation.sla.models import Clock
from foundation.ui.ics import Appointment

MOST = 500


def deadlines(user: Any) -> Iterator[Appointment]:
    """Open promises with a due time, overdue ones among them: the promise and the record's number, nothing of the customer's."""
    host = urlsplit(settings.ORIGIN).hostname or "kontor"
    clocks = (
        Clock.objects.open().of(user).filter(due_at__isnull=False).select_related("target").order_by("due_at", "pk")
    )
    for clock in clocks[:MOST]:
        assert clock.due_at is not None
        summary = " · ".join(part for part in (clock.target.label, clock.number) if part)
        if clock.breached_at is not None:
            summary = _("Overdue: %(what)s") % {"what": summary}
        address = f"{settings.ORIGIN}{clock.path or clock.get_absolute_url()}"
        yield Appointment(f"clock-{clock.pk}@{host}", clock.due_at, summary, address)


def register() -> None:
    """Join the feed."""
    register_feed("deadlines", deadlines, gettext_lazy("Deadlines"))
