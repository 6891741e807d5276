"""Whether somebody is in the office to read an inquiry."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from foundation.accounts.models import Company
from foundation.calendars.models import Calendar
from foundation.calendars.zones import to_second

AROUND_THE_CLOCK = "24x7"


def is_working_time(at: datetime | None = None) -> bool:
    """By the working calendar of the company's own zone; always, where it has none."""
    calendars = Calendar.objects.exclude(code=AROUND_THE_CLOCK).filter(current__plan__tz=Company.current().time_zone)
    calendar = calendars.select_related("current").order_by("pk").first()
    if calendar is None or calendar.current is None:
        return True
    return calendar.current.business().is_open(to_second(at or timezone.now()))
