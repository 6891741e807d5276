"""What time it is where the customer is, and whether somebody may be rung there now."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from foundation.calendars.engine import CalendarError
from foundation.calendars.public_days import CLOSED, is_known, public_days
from foundation.ui import formats, html
from foundation.ui.escape import esc
from foundation.ui.places import zone_name

OPENS, CLOSES = 9, 18  # what is usual in offices nearly everywhere
WAKES, SLEEPS = 7, 21  # nobody is rung in the night


@dataclass(frozen=True)
class There:
    """The customer's clock: the moment there, and what kind of time it is (work, early, late, quiet, weekend, holiday)."""

    at: datetime
    zone: str
    kind: str
    holiday: str = ""

    @property
    def is_decent(self) -> bool:
        """Whether somebody will be at work."""
        return self.kind == "work"

    @property
    def word(self) -> str:
        """What kind of time it is."""
        if self.kind == "holiday":
            return _("public holiday: %(name)s") % {"name": self.holiday}
        return {
            "work": _("working hours"),
            "early": _("before work"),
            "late": _("after work"),
            "quiet": _("night"),
            "weekend": _("weekend"),
        }[self.kind]


def there(zone: str, country: str, *, now: datetime | None = None) -> There | None:
    """The time at the customer's; None for a zone that nobody knows."""
    try:
        at = timezone.localtime(now or timezone.now(), zoneinfo.ZoneInfo(zone))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return There(at, zone_name(zone), *_kind(at, country))


def _kind(at: datetime, country: str) -> tuple[str, str]:
    if holiday := _holidays(country, at.year).get(at.date(), ""):
        return "holiday", holiday
    if at.weekday() >= 5:
        return "weekend", ""
    if OPENS <= at.hour < CLOSES:
        return "work", ""
    if at.hour < WAKES or at.hour >= SLEEPS:
        return "quiet", ""
    return ("early" if at.hour < OPENS else "late"), ""


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> dict[date, str]:
    """The days of a year on which the whole country is closed; empty where nobody has listed them."""
    try:
        if not is_known(country, year):
            return {}
        return {one.day: one.name for one in public_days(country, "", year) if one.kind == CLOSED}
    except CalendarError:
        return {}


def time_badge(zone: str, country: str) -> SafeString:
    """“21:40 · Asia/Shanghai” and what kind of time that is: beside the numbers that dial."""
    found = there(zone, country)
    if found is None:
        return SafeString(esc(zone))
    time = f"{formats.clock_time(found.at.time())} · {found.zone}"
    state = "in-time" if found.is_decent else "paused" if found.kind in ("early", "late") else "late"
    return mark_safe(f"{esc(time)} {html.badge(found.word, state, quiet=True)}")
