"""Public holidays of a country and year, as the `holidays` library knows them: reading only, nothing is decided here."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.util import find_spec, module_from_spec
from threading import Lock
from typing import Any

from django.utils.translation import gettext_noop

from foundation.calendars.engine import CalendarError

# Countries whose notice moves working days each year: without make-up days, the notice is not out yet.
MOVES_WORKING_DAYS = ("CN",)
CLOSED, WORKING, HALF = "closed", "working", "half"
ONE_DAY = timedelta(days=1)
_loading = Lock()


@dataclass(frozen=True)
class PublicDay:
    """One date with its name in the country's own language."""

    day: date
    name: str
    kind: str


@lru_cache(maxsize=1)
def source() -> str:
    """The library and its version, as a proposal keeps it."""
    import holidays

    return f"holidays {holidays.__version__}"


@lru_cache(maxsize=1)
def known_countries() -> frozenset[str]:
    """The codes of the countries that the library knows."""
    from holidays.registry import EntityLoader

    return frozenset(EntityLoader.get_country_codes(include_aliases=False))


def _spare_the_others() -> None:
    """Let a country be loaded alone: its package imports all others, which take ten megabytes in each process.

    The package is made and not run; the library reads each country from a module of its own anyway.
    """
    name = "holidays.countries"
    with _loading:
        if name in sys.modules:
            return
        spec = find_spec(name)
        assert spec is not None
        sys.modules[name] = module_from_spec(spec)


def _regions_of(country: str) -> tuple[str, ...]:
    import holidays

    _spare_the_others()
    return tuple(getattr(holidays, country).subdivisions)


@lru_cache(maxsize=1)
def regions() -> dict[str, tuple[str, ...]]:
    """Countries that the library knows, each with the codes of its regions; loads all of them."""
    import holidays

    return {code: tuple(found) for code, found in holidays.list_supported_countries(include_aliases=False).items()}


def is_known(country: str, year: int) -> bool:
    """Whether the year's public holidays can be proposed now."""
    if country not in known_countries():
        return False
    return country not in MOVES_WORKING_DAYS or bool(_worked_weekends(_library(country, "", year), year))


def public_days(country: str, region: str, year: int) -> list[PublicDay]:
    """Closed dates, make-up working days and half days of one year, in order; no date twice. Raises CalendarError."""
    if country not in known_countries():
        raise CalendarError(gettext_noop("no public holidays are known for %(country)s"), country=country)
    if region and region not in _regions_of(country):
        known = ", ".join(_regions_of(country)) or "–"
        raise CalendarError(gettext_noop("the regions of %(country)s are: %(known)s"), country=country, known=known)
    listed = _library(country, region, year)
    worked = _worked_weekends(listed, year)
    if country in MOVES_WORKING_DAYS and not worked:
        raise CalendarError(
            gettext_noop(
                "The official notice for %(year)s is not known yet. Update Kontor once it is out, or write the days down."
            ),
            year=year,
        )
    closed = {day: name for day, name in listed.items() if day.year == year}
    if not closed:
        raise CalendarError(
            gettext_noop("no public holidays are known for %(country)s in %(year)s"), country=country, year=year
        )
    if worked:
        closed, names = _with_weekends(listed, closed, worked)
    else:
        names = {}
    halves = {day: name for day, name in _halves(country, region, year).items() if day not in closed | names}
    found = [
        *(PublicDay(day, name, CLOSED) for day, name in closed.items()),
        *(PublicDay(day, name, WORKING) for day, name in names.items()),
        *(PublicDay(day, name, HALF) for day, name in halves.items()),
    ]
    return sorted(found, key=lambda one: one.day)


@lru_cache(maxsize=64)
def _library(country: str, region: str, year: int, category: str = "public") -> Any:
    import holidays

    _spare_the_others()
    # With both neighbours: New Year's compensation may lie in the old year. In the country's own language.
    return holidays.country_holidays(
        country,
        subdiv=region or None,
        years=(year - 1, year, year + 1),
        categories=category,
        expand=False,
        language=getattr(holidays, country).default_language,
    )


def _worked_weekends(listed: Any, year: int) -> list[date]:
    return sorted(day for day in listed.weekend_workdays if day.year == year)


def _halves(country: str, region: str, year: int) -> dict[date, str]:
    import holidays

    if "half_day" not in getattr(holidays, country).supported_categories:
        return {}
    found = _library(country, region, year, "half_day")
    return {day: name for day, name in found.items() if day.year == year}


def _with_weekends(listed: Any, closed: dict[date, str], worked: list[date]) -> tuple[dict[date, str], dict[date, str]]:
    """A notice that moves days closes whole stretches: the weekends that touch them, and days off worked elsewhere, by name.

    Returns the closed dates and the make-up working days, each with the holiday that it belongs to.
    """
    prefix = listed.tr(getattr(listed, "substituted_label", "") or "").partition("%s")[0]
    plain = {day: name for day, name in closed.items() if not prefix or not name.startswith(prefix)}
    full = set(closed)
    for day in closed:
        for step in (-ONE_DAY, ONE_DAY):
            beside = day + step
            while beside.weekday() >= 5 and beside not in worked and beside.year == day.year and beside not in full:
                full.add(beside)
                beside += step
    names = {day: plain.get(day) or _nearest(day, plain) for day in full}
    reasons = {date.fromisoformat(found[0]): day for day, name in closed.items() if (found := _DATE.search(name))}
    return names, {day: _nearest(reasons.get(day, day), plain) for day in worked}


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _nearest(day: date, names: dict[date, str]) -> str:
    return names[min(names, key=lambda one: (abs(one - day), one))]
