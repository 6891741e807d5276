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
from babel.dates import format_date, format_timedelta
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
    return exact_in(when, timezone.get_current_timezone(), get_language() or "en")


@lru_cache(maxsize=8192)
def exact_in(when: dt.datetime, zone: dt.tzinfo, language: str) -> str:
    """As `exact`, for whoever writes many and knows the reader's zone and language."""
    here = timezone.localtime(when, zone)
    return f"{_to_the_minute(here, language)} {here.tzname()}"


def _to_the_minute(here: dt.datetime, language: str) -> str:
    """Medium date with hours and minutes, without seconds."""
    before, between, after, day_comes_first = _glue(language)
    date, time = _date(here.date(), language), f"{here.hour:02}:{here.minute:02}"
    return f"{before}{date}{between}{time}{after}" if day_comes_first else f"{before}{time}{between}{date}{after}"


@lru_cache(maxsize=16)
def _glue(language: str) -> tuple[str, str, str, bool]:
    """What stands before, between and after day and time, and whether the day comes first."""
    text = str(_locale(language).datetime_formats["medium"]).replace("'", "")
    first, second = sorted((text.index("{1}"), text.index("{0}")))
    return text[:first], text[first + 3 : second], text[second + 3 :], text.index("{1}") == first


@lru_cache(maxsize=4096)
def _date(value: dt.date, language: str) -> str:
    return format_date(value, "medium", locale=_locale(language))


def moment(when: dt.datetime) -> str:
    """A moment to the minute in the reader's zone, without the zone's name."""
    return _to_the_minute(timezone.localtime(when), get_language() or "en")


def day(value: dt.date | dt.datetime) -> str:
    """A date; of a moment, the day in the reader's zone."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    return _date(value, get_language() or "en")


@lru_cache(maxsize=8192)
def day_in(when: dt.datetime, zone: dt.tzinfo, language: str) -> str:
    """The day of a moment, for whoever writes many and knows the reader's zone and language."""
    return _date(timezone.localtime(when, zone).date(), language)


def month(value: dt.date) -> str:
    """A month without its year, short: ``Nov``, ``11月``."""
    return format_date(value, "LLL", locale=locale())


def month_and_year(value: dt.date) -> str:
    """A month with its year: ``November 2026``, ``2026年11月``."""
    return format_date(value, "yyyy年M月" if locale().language == "zh" else "LLLL yyyy", locale=locale())


def weekday_short(value: dt.date) -> str:
    """The day of the week in two letters or characters: ``Mo``, ``周一``."""
    return format_date(value, "EEEEEE", locale=locale())


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
    return f"{when.hour:02}:{when.minute:02}"


def relative(when: dt.datetime, now: dt.datetime | None = None, *, short: bool = False) -> str:
    """How long ago or ahead; beyond a week, the date. ``short`` abbreviates the units."""
    zone, language = timezone.get_current_timezone(), get_language() or "en"
    return ago_in(when, now or timezone.now(), zone, language, short=short)


def ago_in(when: dt.datetime, now: dt.datetime, zone: dt.tzinfo, language: str, *, short: bool = True) -> str:
    """As `relative`, for whoever writes many and knows the reader's zone and active language."""
    seconds = (now - when).total_seconds()
    if abs(seconds) < MINUTE:
        return gettext("just now")
    if abs(seconds) >= 7 * DAY:
        return day_in(when, zone, language)
    minutes = int(seconds / MINUTE)  # whole ones are enough to say "3 hours ago", and come again in the next row
    return _ago(minutes, "short" if short else "long", language)


@lru_cache(maxsize=8192)
def _ago(minutes: int, width: Literal["short", "long"], language: str) -> str:
    length = dt.timedelta(minutes=-minutes)
    return format_timedelta(
        length, add_direction=True, threshold=1, granularity="minute", format=width, locale=_locale(language)
    )


def span(seconds: float) -> str:
    """A length of time in the two largest units: ``3 h 10 min``, ``2 days 4 h``, ``25 min``."""
    return _span(int(abs(seconds)) // MINUTE, get_language())


@lru_cache(maxsize=8192)
def _span(minutes: int, _language: str | None) -> str:
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
    if isinstance(value, (Decimal, int)):
        return _grouped(value, places, get_language() or "en")
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return str(format_decimal(value, pattern, locale=locale()))


@lru_cache(maxsize=16)
def _separators(language: str) -> dict[int, str]:
    """What stands for Python's comma and point in a number; all our languages group by three."""
    symbols = _locale(language).number_symbols["latn"]
    return str.maketrans({",": symbols["group"], ".": symbols["decimal"], "-": symbols["minusSign"]})


def _grouped(value: Decimal | int, places: int, language: str) -> str:
    """The number with so many decimals, rounded half to even as Babel does, at a tenth of Babel's time."""
    text = format(Decimal(value), f",.{places}f").translate(_separators(language))
    return text if any(char in text for char in "123456789") else text.lstrip("-")


@lru_cache(maxsize=1024)
def _amount(currency: str, places: int | None, is_negative: bool, language: str) -> tuple[str, str, int]:
    """What stands before and after an amount, and its decimals: learnt from Babel by example."""
    loc = _locale(language)
    pattern = loc.currency_formats["standard"].pattern.split(";")[0]
    if places is not None:
        pattern = re.sub(r"0\.0+", "0" + ("." + "0" * places if places else ""), pattern)
    example = str(
        format_currency(-1 if is_negative else 1, currency, pattern, locale=loc, currency_digits=places is None)
    )
    found = re.search(r"1(?:[.,](0+))?", example)
    assert found is not None
    return example[: found.start()], example[found.end() :], len(found[1] or "")


def money(value: Decimal | int | None, currency: str, places: int | None = None) -> str:
    """An amount with its currency, never ambiguous between dollars or yuans. None gives a dash."""
    if value is None:
        return "–"
    language, exact_value = get_language() or "en", Decimal(value)
    before, after, decimals = _amount(currency, places, exact_value < 0, language)
    return f"{before}{_grouped(abs(exact_value), decimals, language)}{after}"


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
    language = get_language() or "en"
    text = _grouped(value, 3, language)
    text = text.rstrip("0").rstrip(_separators(language)[ord(".")])
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
