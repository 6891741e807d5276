"""The calendars that an installation starts with."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.calendars.models import Calendar
from foundation.calendars.services import create_calendar

ALWAYS = "24x7"
GUANGZHOU = "guangzhou"
BERLIN = "berlin"

_CHINA_SPANS = [["09:00", "12:00"], ["13:30", "18:00"]]
# The State Council's notice for 2026: (first day, last day, name).
CHINA_CLOSED = {
    2026: [
        ("2026-01-01", "2026-01-03", "元旦"),
        ("2026-02-15", "2026-02-23", "春节"),
        ("2026-04-04", "2026-04-06", "清明节"),
        ("2026-05-01", "2026-05-05", "劳动节"),
        ("2026-06-19", "2026-06-21", "端午节"),
        ("2026-09-25", "2026-09-27", "中秋节"),
        ("2026-10-01", "2026-10-07", "国庆节"),
    ]
}
CHINA_MAKE_UP = {2026: ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]}
BERLIN_CLOSED = {
    "2026-01-01": "Neujahr",
    "2026-03-08": "Frauentag",
    "2026-04-03": "Karfreitag",
    "2026-04-06": "Ostermontag",
    "2026-05-01": "Tag der Arbeit",
    "2026-05-14": "Christi Himmelfahrt",
    "2026-05-25": "Pfingstmontag",
    "2026-10-03": "Tag der Deutschen Einheit",
    "2026-12-25": "Erster Weihnachtstag",
    "2026-12-26": "Zweiter Weihnachtstag",
    "2027-01-01": "Neujahr",
}


def always_plan() -> dict[str, Any]:
    """Every second counts."""
    return {"tz": "UTC", "weekly": {str(day): [["00:00", "24:00"]] for day in range(1, 8)}}


def guangzhou_plan() -> dict[str, Any]:
    """Monday to Friday with a lunch break, China's public holidays and make-up working days."""
    names = {day: name for spans in CHINA_CLOSED.values() for a, b, name in spans for day in _days(a, b)}
    return {
        "tz": "Asia/Shanghai",
        "weekly": {str(day): _CHINA_SPANS for day in range(1, 6)},
        "closed": sorted(names),
        "special": {day: _CHINA_SPANS for days in CHINA_MAKE_UP.values() for day in days},
        "names": names,
        "years": sorted(CHINA_CLOSED),
    }


def berlin_plan() -> dict[str, Any]:
    """Monday to Friday, Berlin's public holidays."""
    return {
        "tz": "Europe/Berlin",
        "weekly": {str(day): [["09:00", "17:00"]] for day in range(1, 6)},
        "closed": sorted(BERLIN_CLOSED),
        "special": {},
        "names": BERLIN_CLOSED,
        "years": [2026],
    }


def load() -> int:
    """Add the calendars that are not there yet."""
    wanted = [
        (ALWAYS, _("Around the clock"), always_plan(), 24 * 3600, False),
        (GUANGZHOU, _("Guangzhou office"), guangzhou_plan(), int(7.5 * 3600), True),
        (BERLIN, _("Berlin office"), berlin_plan(), 8 * 3600, True),
    ]
    known = set(Calendar.objects.values_list("code", flat=True))
    missing = [one for one in wanted if one[0] not in known]
    for code, name, plan, day_seconds, needs_notice in missing:
        create_calendar(
            actor=None, code=code, name=str(name), plan=plan, day_seconds=day_seconds, needs_notice=needs_notice
        )
    return len(missing)


def _days(first: str, last: str) -> list[str]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(begin + timedelta(days=n)).isoformat() for n in range((end - begin).days + 1)]
