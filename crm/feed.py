"""What this stage adds to a person's calendar feed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from crm.models import Reception, Visit
from crm.selectors import visible_receptions, visible_visits
from foundation.accounts.feeds import register_feed
from foundation.journal.revisions import Revision, revisions_of
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
    found = list(rows.select_related("address").order_by("planned_start", "pk")[:MOST])
    known = revisions_of(Visit, [one.pk for one in found])
    for visit in found:
        assert visit.planned_start is not None
        summary = f"{visit.number} · {visit.purpose}"
        if visit.status in (Visit.Status.PROPOSED, Visit.Status.AGREED):
            summary = _("Not planned yet: %(what)s") % {"what": summary}
        yield Appointment(
            f"visit-{visit.pk}@{host}",
            visit.planned_start,
            summary,
            f"{settings.ORIGIN}{visit.get_absolute_url()}",
            end=visit.planned_end,
            is_busy=visit.status not in (Visit.Status.PROPOSED, Visit.Status.AGREED),
            place=visit.address.city if visit.address else "",
            **_revision(known.get(visit.pk)),
        )


def _revision(found: Revision | None) -> dict[str, Any]:
    return {"revision": found.number, "changed_at": found.at} if found is not None else {}


def receptions(user: Any) -> Iterator[Appointment]:
    """Receptions that this person hosts or prepares: number and purpose, nothing of the customer's."""
    host = urlsplit(settings.ORIGIN).hostname or "kontor"
    rows = visible_receptions(user).of(user.pk).filter(planned_start__gte=timezone.now() - LOOK_BACK)
    rows = rows.exclude(status__in=[Reception.Status.CANCELLED, Reception.Status.NO_SHOW])
    found = list(rows.order_by("planned_start", "pk")[:MOST])
    known = revisions_of(Reception, [one.pk for one in found])
    for one in found:
        summary = _("In the showroom: %(what)s") % {"what": f"{one.number} · {one.purpose}"}
        yield Appointment(
            f"reception-{one.pk}@{host}",
            one.planned_start,
            summary,
            f"{settings.ORIGIN}{one.get_absolute_url()}",
            end=one.planned_end,
            is_busy=True,
            **_revision(known.get(one.pk)),
        )


def register() -> None:
    """Join the feed."""
    register_feed("visits", journeys, lazy("Visits"))
    register_feed("receptions", receptions, lazy("Receptions"))
