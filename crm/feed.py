"""What this stage adds to a person's calendar feed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Reception, Visit
from crm.selectors import visible_receptions, visible_visits
from foundation.accounts.feeds import register_feed
from foundation.ui.ics import Appointment

MOST = 300
LOOK_BACK = timedelta(days=14)


def journeys(user: Any) -> Iterator[Appointment]:
    """Planned visits of the last two weeks and of all days to come, the ones that this person comes along to among them.

    Number and purpose are said, and whether the customer has yet to agree; nothing of the customer's.
    """
    host = urlsplit(settings.ORIGIN).hostname or "kontor"
    since = timezone.now() - LOOK_BACK
    rows = visible_visits(user).of(user.pk).filter(planned_start__gte=since)
    rows = rows.exclude(status__in=[Visit.Status.CANCELLED, Visit.Status.MISSED])
    for visit in rows.only("number", "purpose", "status", "planned_start").order_by("planned_start", "pk")[:MOST]:
        assert visit.planned_start is not None
        summary = f"{visit.number} · {visit.purpose}"
        if visit.status in (Visit.Status.PROPOSED, Visit.Status.AGREED):
            summary = _("Not planned yet: %(what)s") % {"what": summary}
        yield Appointment(
            f"visit-{visit.pk}@{host}", visit.planned_start, summary, f"{settings.ORIGIN}{visit.get_absolute_url()}"
        )


def receptions(user: Any) -> Iterator[Appointment]:
    """Receptions that this person hosts or prepares: number and purpose, nothing of the customer's."""
    host = urlsplit(settings.ORIGIN).hostname or "kontor"
    rows = visible_receptions(user).of(user.pk).filter(planned_start__gte=timezone.now() - LOOK_BACK)
    rows = rows.exclude(status__in=[Reception.Status.CANCELLED, Reception.Status.NO_SHOW])
    for one in rows.only("number", "purpose", "status", "planned_start").order_by("planned_start", "pk")[:MOST]:
        summary = _("In the showroom: %(what)s") % {"what": f"{one.number} · {one.purpose}"}
        yield Appointment(
            f"reception-{one.pk}@{host}", one.planned_start, summary, f"{settings.ORIGIN}{one.get_absolute_url()}"
        )


def register() -> None:
    """Join the feed."""
    register_feed("visits", journeys)
    register_feed("receptions", receptions)
