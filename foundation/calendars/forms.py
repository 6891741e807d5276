"""A calendar as an administrator writes it: one line a weekday, one line a date."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from foundation.calendars.engine import BusinessCalendar, CalendarError, format_time, parse_date, parse_spans
from foundation.calendars.models import EIGHT_HOURS, Calendar
from foundation.calendars.zones import to_second

WEEKDAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
_SPAN = re.compile(r"\s*([\d:]+)\s*[-–]\s*([\d:]+)\s*")
_DATES = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*\.\.\s*(\d{4}-\d{2}-\d{2}))?\s*(.*)")
LONGEST_RANGE = 400
# What the engine says, for the catalogues; it needs no Django itself.
REASONS = [
    gettext_noop("unknown time zone %(value)r"),
    gettext_noop("%(date)s is both closed and special"),
    gettext_noop("%(where)s: a span must end after it begins, within the day"),
    gettext_noop("%(where)s: spans overlap"),
    gettext_noop("%(value)r is no time of the day"),
    gettext_noop("%(value)r is no date"),
    gettext_noop("no working time within 400 days"),
]


class CalendarForm(forms.ModelForm):
    """Name and plan of a calendar; `plan()` gives what the form says once it is valid."""

    zone = forms.CharField(label=_("Time zone"), max_length=64, help_text=_("Such as Asia/Shanghai"))
    day_hours = forms.DecimalField(
        label=_("Length of a working day in hours"), min_value=1, max_value=24, max_digits=5, decimal_places=3
    )
    closed = forms.CharField(
        label=_("Closed dates"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One a line: 2026-10-01 or 2026-10-01..2026-10-07, then a name if you like"),
    )
    special = forms.CharField(
        label=_("Special dates"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Half days and make-up working days, one a line: 2026-10-10 09:00-12:00, 13:30-18:00"),
    )
    years = forms.CharField(
        label=_("Years with holidays entered"),
        required=False,
        help_text=_("Years, separated by commas, whose public holidays are complete"),
    )

    class Meta:
        model = Calendar
        fields = ("code", "name", "needs_notice")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = self.instance.current if self.instance.pk else None
        plan: dict[str, Any] = version.plan if version else {"tz": "Asia/Shanghai", "weekly": {}}
        for number, name in enumerate(WEEKDAYS, start=1):
            self.fields[f"day_{number}"] = forms.CharField(
                label=name,
                required=False,
                initial=write_spans(plan.get("weekly", {}).get(str(number), [])),
                help_text=_("Such as 09:00-12:00, 13:30-18:00; empty when closed; 24:00 is the end of the day"),
            )
        names = plan.get("names", {})
        self.initial.setdefault("zone", plan["tz"])
        self.initial.setdefault("day_hours", f"{(version.day_seconds if version else EIGHT_HOURS) / 3600:g}")
        self.initial.setdefault("closed", "\n".join(f"{d} {names.get(d, '')}".strip() for d in plan.get("closed", [])))
        lines = [f"{d} {write_spans(spans)}" for d, spans in sorted(plan.get("special", {}).items())]
        self.initial.setdefault("special", "\n".join(lines))
        self.initial.setdefault("years", ", ".join(str(year) for year in plan.get("years", [])))

    @property
    def day_seconds(self) -> int:
        """The stated length of a working day."""
        return int(self.cleaned_data["day_hours"] * 3600)

    def plan(self) -> dict[str, Any]:
        """The plan in its stored form; raises CalendarError."""
        data = self.cleaned_data
        closed, names = read_closed(data.get("closed", ""))
        return {
            "tz": data.get("zone", ""),
            "weekly": {str(n): spans for n in range(1, 8) if (spans := read_spans(data.get(f"day_{n}", "")))},
            "closed": closed,
            "special": read_special(data.get("special", "")),
            "names": names,
            "years": read_years(data.get("years", "")),
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a plan that contradicts itself, with the reason."""
        cleaned = super().clean() or self.cleaned_data
        if "zone" in cleaned:
            try:
                plan = BusinessCalendar.from_plan(self.plan())
                plan.check_working_time(to_second(timezone.now()))
            except CalendarError as error:
                raise ValidationError(
                    _("This calendar cannot be used: %(reason)s"), params={"reason": explain(error)}
                ) from error
        return cleaned


def explain(error: CalendarError) -> str:
    """The reason in the active language."""
    return gettext(error.message) % error.params if error.params else gettext(error.message)


def write_spans(spans: list[list[str]]) -> str:
    """`09:00-12:00, 13:30-18:00`."""
    return ", ".join(f"{begin}-{end}" for begin, end in spans)


def read_spans(text: str) -> list[list[str]]:
    """Spans in their stored form; raises CalendarError."""
    spans = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;，、]", text))):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise CalendarError(gettext_noop("%(value)r is no span such as 09:00-17:00"), value=part)
        spans.append([match[1], match[2]])
    return [[format_time(a), format_time(b)] for a, b in parse_spans(spans, text)]


def read_closed(text: str) -> tuple[list[str], dict[str, str]]:
    """Closed dates in order and the names that some carry; raises CalendarError."""
    names: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match = _DATES.fullmatch(line)
        if match is None:
            raise CalendarError(gettext_noop("%(value)r is no date such as 2026-10-01"), value=line)
        first = parse_date(match[1])
        last = parse_date(match[2]) if match[2] else first
        if not 0 <= (last - first).days < LONGEST_RANGE:
            raise CalendarError(gettext_noop("%(value)r: the last day must follow the first"), value=line)
        for n in range((last - first).days + 1):
            names[(first + timedelta(days=n)).isoformat()] = match[3].strip()
    return sorted(names), {day: name for day, name in sorted(names.items()) if name}


def read_special(text: str) -> dict[str, list[list[str]]]:
    """Special dates with their spans; raises CalendarError."""
    special: dict[str, list[list[str]]] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        day, _space, spans = line.partition(" ")
        key = parse_date(day).isoformat()
        if key in special:
            raise CalendarError(gettext_noop("%(date)s stands there twice"), date=key)
        special[key] = read_spans(spans)
    return dict(sorted(special.items()))


def read_years(text: str) -> list[int]:
    """Years; raises CalendarError."""
    years = [part.strip() for part in re.split(r"[,\s]+", text) if part.strip()]
    if not all(re.fullmatch(r"\d{4}", year, re.ASCII) and date.min.year <= int(year) for year in years):
        raise CalendarError(gettext_noop("years are written as 2026, 2027"))
    return sorted({int(year) for year in years})
