"""Dates, numbers, money and names as the reader writes them. Times are shown in the active zone.

Call these in selectors and page classes rather than in template loops: a filter per cell is what
makes a list slow.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, pgettext

_LOCALES = {"en": "en_GB", "de": "de_DE", "zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_TW"}
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
MINUTE, HOUR, DAY = 60, 3600, 86400


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, "en_GB"))


def locale() -> Locale:
    """Babel's locale of the active language."""
    return _locale(get_language() or "en")


def exact(when: dt.datetime) -> str:
    """A moment to the minute with its zone, for titles and deadlines: ``24 Nov 2026, 09:14 CST``."""
    here = timezone.localtime(when)
    return f"{format_datetime(here, _minute(locale()), locale=locale())} {here.tzname()}"


@lru_cache(maxsize=16)
def _minute(loc: Locale) -> str:
    """Medium date with hours and minutes, without seconds."""
    glue = str(loc.datetime_formats["medium"])
    return glue.replace("{1}", str(loc.date_formats["medium"].pattern)).replace("{0}", "HH:mm")


def moment(when: dt.datetime) -> str:
    """A moment to the minute in the reader's zone, without the zone's name."""
    return format_datetime(timezone.localtime(when), _minute(locale()), locale=locale())


def day(value: dt.date | dt.datetime) -> str:
    """A date; of a moment, the day in the reader's zone."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    return format_date(value, "medium", locale=locale())


def month(value: dt.date) -> str:
    """A month without its year, short: ``Nov``, ``11月``."""
    return format_date(value, "LLL", locale=locale())


def weekday(value: dt.date | dt.datetime) -> str:
    """A date with its weekday, without the year: ``Tuesday 24 November``."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    patterns = {"en": "EEEE d MMMM", "de": "EEEE, d. MMMM", "zh": "M月d日EEEE"}
    return format_date(value, patterns[locale().language], locale=locale())


def clock_time(when: dt.datetime | dt.time) -> str:
    """Hours and minutes in the reader's zone."""
    if isinstance(when, dt.datetime):
        when = timezone.localtime(when).time()
    return format_time(when, "HH:mm", locale=locale())


def relative(when: dt.datetime, now: dt.datetime | None = None, *, short: bool = False) -> str:
    """How long ago or ahead; beyond a week, the date. ``short`` abbreviates the units."""
    seconds = ((now or timezone.now()) - when).total_seconds()
    if abs(seconds) < MINUTE:
        return gettext("just now")
    if abs(seconds) >= 7 * DAY:
        return day(when)
    length = dt.timedelta(seconds=-seconds)
    width: Literal["short", "long"] = "short" if short else "long"
    return format_timedelta(length, add_direction=True, threshold=1.2, format=width, locale=locale())


def span(seconds: float) -> str:
    """A length of time in the two largest units: ``3 h 10 min``, ``2 days 4 h``, ``25 min``."""
    minutes = int(abs(seconds)) // MINUTE
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(count)s day", "%(count)s days", days) % {"count": days})
    if hours:
        parts.append(pgettext("length of time", "%(hours)s h") % {"hours": hours})
    if (minutes and not days) or not parts:
        parts.append(pgettext("length of time", "%(minutes)s min") % {"minutes": minutes})
    return " ".join(parts)


def number(value: Decimal | float | int | None, places: int | None = None) -> str:
    """A number with the reader's separators; ``places`` fixes the decimals. None gives a dash."""
    if value is None:
        return "–"
    if places is None:
        return str(format_decimal(value, locale=locale()))
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return str(format_decimal(value, pattern, locale=locale()))


def money(value: Decimal | int | None, currency: str, places: int | None = None) -> str:
    """An amount with its currency, never ambiguous between dollars or yuans. None gives a dash."""
    if value is None:
        return "–"
    loc = locale()
    if places is None:
        return str(format_currency(value, currency, locale=loc))
    pattern = loc.currency_formats["standard"].pattern.split(";")[0]
    pattern = re.sub(r"0\.0+", "0" + ("." + "0" * places if places else ""), pattern)
    return str(format_currency(value, currency, pattern, locale=loc, currency_digits=False))


def percent(value: Decimal | float | None, places: int = 1) -> str:
    """A share given as 0–100. None gives a dash: no cases is not zero per cent."""
    if value is None:
        return "–"
    text = locale().percent_formats[None].pattern
    pattern = re.sub(r"#,##0|#,##,##0", "#,##0" + ("." + "0" * places if places else ""), text)
    return str(format_percent(Decimal(str(value)) / 100, pattern, locale=locale()))


def quantity(value: Decimal | None, unit: str = "") -> str:
    """A quantity without superfluous zeros, with its unit."""
    if value is None:
        return "–"
    text = str(format_decimal(value, "#,##0.###", locale=locale()))
    return f"{text}\u00a0{unit}" if unit else text


def person_name(given: str, family: str) -> str:
    """A person's name in its own order: family name first, without a space, for Chinese names."""
    given, family = given.strip(), family.strip()
    if _CJK.search(family + given):
        return f"{family}{given}"
    return f"{given} {family}".strip()


def file_size(size: int) -> str:
    """Bytes in the unit that people use for files."""
    if size < 1000:
        return f"{size}\u00a0B"
    value, unit = size / 1000, "kB"
    for unit in ("kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{number(Decimal(str(round(value, 1))))}\u00a0{unit}"
