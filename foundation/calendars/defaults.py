"""The calendars that an installation starts with."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.calendars.models import Calendar, HolidayDay, HolidayYear
from foundation.calendars.public_days import HALF, PublicDay, public_days, source
from foundation.calendars.services import create_calendar
from foundation.calendars.services.holidays import usual, with_days

ALWAYS = "24x7"
GUANGZHOU = "guangzhou"
BERLIN = "berlin"

YEAR = 2026
_CHINA_SPANS = [["09:00", "12:00"], ["13:30", "18:00"]]


def always_plan() -> dict[str, Any]:
    """Every second counts."""
    return {"tz": "UTC", "weekly": {str(day): [["00:00", "24:00"]] for day in range(1, 8)}}


def guangzhou_plan() -> dict[str, Any]:
    """Monday to Friday with a lunch break, China's public holidays and make-up working days."""
    return _office("Asia/Shanghai", _CHINA_SPANS, "CN", "")


def berlin_plan() -> dict[str, Any]:
    """Monday to Friday, Berlin's public holidays."""
    return _office("Europe/Berlin", [["09:00", "17:00"]], "DE", "BE")


def _office(zone: str, hours: list[list[str]], country: str, region: str) -> dict[str, Any]:
    weekly = {str(day): hours for day in range(1, 6)}
    plan = {"tz": zone, "weekly": weekly, "closed": [], "special": {}, "names": {}, "years": [YEAR]}
    days = _settled_days(country, region)
    return with_days(plan, [(0, one.day.isoformat(), one.name, one.kind, usual(one, weekly)) for one in days])


def _settled_days(country: str, region: str) -> list[PublicDay]:
    """What a notice settles; whether half days are given is each company's own decision."""
    return [one for one in public_days(country, region, YEAR) if one.kind != HALF]


@transaction.atomic
def load() -> int:
    """Add the calendars that are not there yet, with the public holidays of 2026 as confirmed by the system."""
    wanted = [
        (ALWAYS, _("Around the clock"), always_plan, 24 * 3600, {}),
        (GUANGZHOU, _("Guangzhou office"), guangzhou_plan, int(7.5 * 3600), {"needs_notice": True, "country": "CN"}),
        (BERLIN, _("Berlin office"), berlin_plan, 8 * 3600, {"needs_notice": True, "country": "DE", "region": "BE"}),
    ]
    known = set(Calendar.objects.values_list("code", flat=True))
    missing = [one for one in wanted if one[0] not in known]
    for code, name, plan, day_seconds, fields in missing:
        calendar = create_calendar(
            actor=None, code=code, name=str(name), plan=plan(), day_seconds=day_seconds, **fields
        )
        if calendar.country:
            _keep_decisions(calendar)
    return len(missing)


def _keep_decisions(calendar: Calendar) -> None:
    """The rows behind the first version: who asks where a holiday comes from finds them."""
    proposal = HolidayYear.objects.create(
        calendar=calendar, year=YEAR, country=calendar.country, region=calendar.region, source=source()
    )
    now, weekly = timezone.now(), calendar.plan["weekly"]
    HolidayDay.objects.bulk_create(
        HolidayDay(
            holiday_year=proposal,
            day=one.day,
            name=one.name,
            kind=one.kind,
            spans=usual(one, weekly),
            decision=HolidayDay.Decision.TAKEN,
            decided_at=now,
        )
        for one in _settled_days(calendar.country, calendar.region)
    )
