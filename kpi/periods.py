"""Periods of whole days in the company's zone."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from foundation.accounts.models import Company


def company_zone() -> zoneinfo.ZoneInfo:
    """The zone in which the company's days begin."""
    return zoneinfo.ZoneInfo(Company.current().time_zone)


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both days included; None is open."""

    first: date | None = None
    last: date | None = None

    def moments(self) -> tuple[datetime | None, datetime | None]:
        """The half-open interval [start, end) of moments in the company's zone."""
        zone = company_zone()
        start = datetime.combine(self.first, time(), zone) if self.first else None
        end = datetime.combine(self.last + timedelta(days=1), time(), zone) if self.last else None
        return start, end

    def lies_in(self, other: Period) -> bool:
        """Whether every day of this period is one of the other."""
        if self.first is None or self.last is None or other.first is None or other.last is None:
            return False
        return other.first <= self.first and self.last <= other.last

    def filters(self, field: str, *, is_date: bool) -> dict[str, object]:
        """Keyword filters for a date or a moment."""
        if is_date:
            pairs: dict[str, object] = {f"{field}__gte": self.first, f"{field}__lte": self.last}
        else:
            start, end = self.moments()
            pairs = {f"{field}__gte": start, f"{field}__lt": end}
        return {key: value for key, value in pairs.items() if value is not None}


def today(zone: zoneinfo.ZoneInfo | None = None) -> date:
    """Today, where the company is; `zone` is the company's, where the caller has looked it up."""
    return timezone.localdate(timezone=zone or company_zone())


def last_days(days: int, zone: zoneinfo.ZoneInfo | None = None) -> Period:
    """The last so many days, today included."""
    end = today(zone)
    return Period(end - timedelta(days=days - 1), end)
