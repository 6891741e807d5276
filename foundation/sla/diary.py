"""Due times of promises in the calendar: shown, never dragged, since a due time follows its target."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.calendars.diary.entries import MOST, Asked, Entry, Source, register_source
from foundation.sla.models import Clock
from foundation.sla.selectors.deadlines import LISTED, people_under


def deadlines(asked: Asked) -> Iterator[Entry]:
    """Open promises of these people that are due then, as far as the reader looks after them. One query."""
    clocks = Clock.objects.open().filter(due_at__gte=asked.start, due_at__lt=asked.end, owner__in=asked.people)
    if asked.people != (asked.reader.pk,):
        clocks = clocks.filter(owner__in=people_under(asked.reader).values("pk"))
    now = timezone.now()
    for clock in clocks.select_related("target").only(*LISTED).order_by("due_at", "pk")[:MOST]:
        assert clock.due_at is not None
        tone, state = "plain", ""
        if clock.due_at < now:
            tone, state = "late", str(_("overdue"))
        elif clock.soon_at is not None and clock.soon_at <= now:
            tone, state = "soon", str(pgettext_lazy("promise", "due soon"))
        title = " · ".join(part for part in (clock.target.label, clock.number) if part)
        url = clock.path or clock.get_absolute_url()
        people = (clock.owner_id,) if clock.owner_id is not None else ()
        yield Entry("deadlines", clock.pk, clock.due_at, None, title, people, url=url, state=state, tone=tone)


def register() -> None:
    """Join the calendar."""
    register_source(Source("deadlines", _("Deadlines"), _("Deadline"), "clock", 50, between=deadlines, is_point=True))
