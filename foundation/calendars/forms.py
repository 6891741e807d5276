"""A calendar as an administrator writes it: one line a weekday, one line a date."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Company, Team
from foundation.calendars.engine import (
    BusinessCalendar,
    CalendarError,
    days_between,
    format_time,
    parse_date,
    parse_spans,
)
from foundation.calendars.models import EIGHT_HOURS, Calendar, HolidayDay
from foundation.calendars.public_days import regions
from foundation.calendars.reasons import explain
from foundation.calendars.services.versions import overtaken
from foundation.calendars.zones import UnknownZone, load_zone, to_second
from foundation.ui import formats
from foundation.ui.forms import FIRST_YEAR, LAST_YEAR, SubjectForm
from foundation.ui.places import countries

WEEKDAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
SPANS_HINT = _("Such as 09:00-12:00, 13:30-18:00; empty when closed; 24:00 is the end of the day")
# The week first, then what departs from it.
ORDER = ("code", "name", "country", "region", "needs_notice", "zone", "day_hours", *(f"day_{n}" for n in range(1, 8)))
# A Chinese keyboard has wide digits, colons and dashes.
_SPAN = re.compile(r"\s*([\d:：]+)\s*[-–—－~～至]\s*([\d:：]+)\s*")
_SPANS = re.compile(r"(?:\s*[\d:：]+\s*[-–—－~～至]\s*[\d:：]+\s*[,;，；、]?)+")
_DATES = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*\.\.\s*(\d{4}-\d{2}-\d{2}))?\s*(.*)")
Spans = list[list[str]]


def known_countries() -> list[tuple[str, str]]:
    """Countries whose public holidays we can propose, by name; none first."""
    return [("", "–"), *((code, name) for code, name in countries() if code in regions())]


def check_region(country: str, region: str) -> None:
    """Refuse a region that the country does not have; raises ValidationError with those that it has."""
    known = regions().get(country, ())
    if region and region not in known:
        values = {"country": country or "–", "known": ", ".join(known) or "–"}
        raise forms.ValidationError(gettext("the regions of %(country)s are: %(known)s") % values, code="region")


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
        help_text=_(
            "Half days and make-up working days, one a line: 2026-10-10 09:00-12:00, 13:30-18:00, then a name if you like"
        ),
    )
    years = forms.CharField(
        label=_("Years with holidays entered"),
        required=False,
        help_text=_("Years, separated by commas, whose public holidays are complete"),
    )
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Calendar
        fields = ("code", "name", "country", "region", "needs_notice")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = self.instance.current if self.instance.pk else None
        self._old: dict[str, Any] = version.plan if version else {"tz": "Asia/Shanghai", "weekly": {}}
        for number, name in enumerate(WEEKDAYS, start=1):
            self.fields[f"day_{number}"] = forms.CharField(
                label=name,
                required=False,
                initial=write_spans(self._old.get("weekly", {}).get(str(number), [])),
                help_text=SPANS_HINT if number == 1 else "",
            )
        self.order_fields(ORDER)
        self.fields["country"] = forms.ChoiceField(
            label=self.fields["country"].label,
            required=False,
            choices=known_countries,
            help_text=self.fields["country"].help_text,
        )
        names = self._old.get("names", {})
        special = sorted(self._old.get("special", {}).items())
        self.initial.setdefault("zone", self._old["tz"])
        self.initial.setdefault("day_hours", f"{(version.day_seconds if version else EIGHT_HOURS) / 3600:g}")
        self.initial.setdefault("closed", "\n".join(_line(d, "", names) for d in self._old.get("closed", [])))
        self.initial.setdefault("special", "\n".join(_line(d, write_spans(spans), names) for d, spans in special))
        self.initial.setdefault("years", ", ".join(str(year) for year in self._old.get("years", [])))
        self.initial.setdefault("based_on", version.number if version else "")

    @property
    def day_seconds(self) -> int:
        """The stated length of a working day."""
        return int(self.cleaned_data["day_hours"] * 3600)

    def plan(self) -> dict[str, Any]:
        """The plan in its stored form; own closures stay as they are."""
        data = self.cleaned_data
        closed, closed_names = data["closed"]
        special, special_names = data["special"]
        return {
            **({"closures": self._old["closures"]} if self._old.get("closures") else {}),
            "tz": data["zone"],
            "weekly": {str(n): data[f"day_{n}"] for n in range(1, 8) if data[f"day_{n}"]},
            "closed": closed,
            "special": special,
            "names": dict(sorted({**special_names, **closed_names}.items())),
            "years": data["years"],
        }

    def clean_zone(self) -> str:
        """A zone that we know."""
        zone: str = self.cleaned_data["zone"]
        try:
            load_zone(zone)
        except UnknownZone as error:
            reason = CalendarError("unknown time zone %(value)r", value=zone)
            raise forms.ValidationError(explain(reason)) from error
        return zone

    def clean(self) -> dict[str, Any]:
        """Refuse a plan that contradicts itself, with the reason beside the field that says so."""
        super().clean()
        data = self.cleaned_data
        for number in range(1, 8):
            self._read(f"day_{number}", read_spans)
        for name, reader in (("closed", read_closed), ("special", read_special), ("years", read_years)):
            self._read(name, reader)
        try:
            check_region(data.get("country", ""), data.get("region", ""))
        except forms.ValidationError as error:
            self.add_error("region", error)
        current = self.instance.current if self.instance.pk else None
        if current is not None and data.get("based_on") not in (None, current.number):
            self.add_error(None, overtaken(current))
        if not self.errors:
            self._check_plan()
        return data

    def _read(self, name: str, reader: Callable[[str], Any]) -> None:
        if name not in self.cleaned_data:
            return
        try:
            self.cleaned_data[name] = reader(self.cleaned_data[name])
        except CalendarError as error:
            self.add_error(name, explain(error))

    def _check_plan(self) -> None:
        plan = self.plan()
        try:
            BusinessCalendar.from_plan(plan).check_working_time(to_second(timezone.now()))
        except CalendarError as error:
            at = "special" if error.params.get("date") in plan["special"] else "day_1" if not error.params else None
            self.add_error(
                at, gettext("This calendar cannot be used: %(reason)s") % {"reason": explain(error, within=True)}
            )


class EditForm(CalendarForm):
    """The same for a calendar that exists: its code stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"]


class ProposeForm(SubjectForm):
    """Which country's public holidays, of which year."""

    country = forms.ChoiceField(label=_("Country"), choices=known_countries)
    region = forms.CharField(
        label=_("Region"),
        required=False,
        max_length=12,
        help_text=_("Code of the state or province, such as BE for Berlin."),
    )
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)

    def first_values(self, subject: Calendar) -> dict[str, Any]:
        """The calendar's own country, and the first year that is not confirmed."""
        today = subject.today()
        years = subject.plan.get("years", [])
        year = next(one for one in range(today.year, today.year + 100) if one not in years)
        return {"country": subject.country or Company.current().country, "region": subject.region, "year": year}

    def clean_region(self) -> str:
        """Codes are in capitals."""
        return str(self.cleaned_data["region"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        """The region must belong to the country."""
        data = super().clean() or self.cleaned_data
        try:
            check_region(data.get("country", ""), data.get("region", ""))
        except forms.ValidationError as error:
            self.add_error("region", error)
        return data


class DayInput(forms.DateInput):
    """The browser's own field for a date."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClosureForm(SubjectForm):
    """From when to when the company is shut, or works shorter."""

    first = forms.DateField(label=_("First day"), widget=DayInput)
    last = forms.DateField(label=_("Last day"), widget=DayInput)
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Such as Factory shutdown"))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    spans = forms.CharField(
        label=_("Hours that are worked all the same"),
        required=False,
        max_length=200,
        help_text=_("Such as 09:00-12:00; empty: closed all day"),
    )

    def first_values(self, subject: Any) -> dict[str, Any]:
        """Empty: the view gives those of a closure that is changed."""
        return {}

    def clean_spans(self) -> Spans:
        """Spans as they are stored."""
        try:
            return read_spans(self.cleaned_data["spans"])
        except CalendarError as error:
            raise forms.ValidationError(explain(error)) from error

    def clean(self) -> dict[str, Any]:
        """The last day follows the first."""
        data = super().clean() or self.cleaned_data
        if "first" in data and "last" in data:
            try:
                days_between(data["first"], data["last"])
            except CalendarError as error:
                self.add_error("last", explain(error))
        return data


class TeamForm(SubjectForm):
    """A team that goes by this calendar."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.all())

    def first_values(self, subject: Any) -> dict[str, Any]:
        """Nobody is chosen beforehand."""
        return {}


class DecisionForm(forms.Form):
    """One tick a day, and the hours of those that are worked. Half days are each company's own choice: not ticked."""

    def __init__(self, data: Any = None, *, rows: list[HolidayDay]) -> None:
        super().__init__(data)
        self.rows = rows
        for row in rows:
            label = f"{formats.day(row.day)} {row.name}"
            ticked = row.kind != HolidayDay.Kind.HALF
            self.fields[f"day_{row.pk}"] = forms.BooleanField(label=label, required=False, initial=ticked)
            if row.kind != HolidayDay.Kind.CLOSED:
                self.fields[f"hours_{row.pk}"] = forms.CharField(
                    label=gettext("Hours on %(date)s") % {"date": formats.day(row.day)},
                    required=False,
                    max_length=200,
                    initial=write_spans(row.spans),
                )

    def lines(self) -> list[tuple[HolidayDay, Any, Any]]:
        """Each row with its tick and its hours, as the page draws them."""
        return [
            (row, self[f"day_{row.pk}"], self[f"hours_{row.pk}"] if f"hours_{row.pk}" in self.fields else None)
            for row in self.rows
        ]

    def clean(self) -> dict[str, Any]:
        """Hours as they are stored."""
        data = super().clean() or self.cleaned_data
        for row in self.rows:
            name = f"hours_{row.pk}"
            if name in data and data.get(f"day_{row.pk}"):
                try:
                    data[name] = read_spans(data[name])
                except CalendarError as error:
                    self.add_error(name, explain(error))
        return data

    def taken(self) -> dict[int, Spans]:
        """The ticked rows with their hours."""
        data = self.cleaned_data
        return {row.pk: data.get(f"hours_{row.pk}", []) for row in self.rows if data.get(f"day_{row.pk}")}


def _line(day: str, spans: str, names: dict[str, str]) -> str:
    return " ".join(part for part in (day, spans, names.get(day, "")) if part)


def write_spans(spans: Spans) -> str:
    """`09:00-12:00, 13:30-18:00`."""
    return ", ".join(f"{begin}-{end}" for begin, end in spans)


def read_spans(text: str) -> Spans:
    """Spans in their stored form; raises CalendarError."""
    spans = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;，；、]", text))):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise CalendarError(gettext_noop("%(value)r is no span such as 09:00-17:00"), value=part)
        spans.append([_time(match[1]), _time(match[2])])
    return [[format_time(a), format_time(b)] for a, b in parse_spans(spans, text)]


def _time(text: str) -> str:
    """A time with narrow digits; a mere hour is a full one."""
    plain = unicodedata.normalize("NFKC", text)
    return plain if ":" in plain or len(plain) > 2 else f"{plain}:00"


def read_closed(text: str) -> tuple[list[str], dict[str, str]]:
    """Closed dates in order and the names that some carry; raises CalendarError."""
    names: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match = _DATES.fullmatch(line)
        if match is None:
            raise CalendarError(gettext_noop("%(value)r is no date such as 2026-10-01"), value=line)
        first = parse_date(match[1])
        last = parse_date(match[2]) if match[2] else first
        for day in days_between(first, last):
            names[day.isoformat()] = match[3].strip()
    return sorted(names), {day: name for day, name in sorted(names.items()) if name}


def read_special(text: str) -> tuple[dict[str, Spans], dict[str, str]]:
    """Special dates with their spans, and the names that some carry; raises CalendarError."""
    special: dict[str, Spans] = {}
    names: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        day, _space, rest = line.partition(" ")
        key = parse_date(day).isoformat()
        if key in special:
            raise CalendarError(gettext_noop("%(date)s stands there twice"), date=key)
        match = _SPANS.match(rest)
        special[key] = read_spans(match[0] if match else rest)
        if match and (name := rest[match.end() :].strip()):
            if name[0].isdigit():  # half a span is no name
                raise CalendarError(gettext_noop("%(value)r is no span such as 09:00-17:00"), value=name)
            names[key] = name
    return dict(sorted(special.items())), names


def read_years(text: str) -> list[int]:
    """Years; raises CalendarError."""
    years = [part.strip() for part in re.split(r"[,\s]+", text) if part.strip()]
    if not all(re.fullmatch(r"\d{4}", year, re.ASCII) and int(year) for year in years):
        raise CalendarError(gettext_noop("years are written as 2026, 2027"))
    return sorted({int(year) for year in years})
