"""The list of working calendars, and the page of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.selectors import absences_seen_by
from foundation.calendars import months
from foundation.calendars.forms import WEEKDAYS
from foundation.calendars.models import Calendar, HolidayYear
from foundation.calendars.panels import missing_text
from foundation.calendars.selectors import proposals_of, uses_of
from foundation.lists.pages import Column, ListPage, RecordPage
from foundation.ui import formats, html, parts
from foundation.ui.places import country_name

MOST_VERSIONS = 20
MOST_ABSENCES = 200
NAMES_A_DAY = 2
KINDS = {
    "open": gettext_lazy("open"),
    "free": gettext_lazy("no working day"),
    "holiday": gettext_lazy("public holiday"),
    "closure": gettext_lazy("own closure"),
    "short": gettext_lazy("shorter hours"),
    "make_up": gettext_lazy("make-up working day"),
    "special": gettext_lazy("special hours"),
}


def visible_calendars() -> QuerySet[Calendar]:
    """Everybody who may see calendars sees all of them."""
    return Calendar.objects.select_related("current")


def country_text(country: str, region: str) -> str:
    """Country and region, as people read them."""
    return " · ".join(part for part in (country_name(country), region) if part)


def _state(calendar: Calendar, page: ListPage) -> object:
    year = calendar.missing_notice(calendar.today())
    if year is not None:
        return html.badge(_("%(year)s is missing") % {"year": year}, "late")
    years = calendar.plan.get("years", [])
    return html.badge(_("confirmed until %(year)s") % {"year": max(years)}, "in-time", quiet=True) if years else ""


class CalendarList(ListPage):
    """All working calendars."""

    model = Calendar
    title = gettext_lazy("Working calendars")
    permission = "calendars.view_calendar"
    has_search = False
    ordering = ("name", "pk")
    columns = (
        Column("name", gettext_lazy("Name"), lambda row, page: html.link(row.label, row.get_absolute_url()), place="title",
               plain=lambda row, page: row.label),
        Column("holidays", gettext_lazy("Public holidays"), _state, place="end"),
        Column("country", gettext_lazy("Country"), lambda row, page: country_text(row.country, row.region), place="fact"),
        Column("zone", gettext_lazy("Time zone"), lambda row, page: row.plan.get("tz", ""), place="fact"),
        Column("version", gettext_lazy("Version"), lambda row, page: row.current.number if row.current else "", is_number=True),
        Column("uses", gettext_lazy("Teams and customers"), lambda row, page: row.use_count, is_number=True),
    )  # fmt: skip

    def visible(self, user: Any) -> QuerySet[Calendar]:
        return visible_calendars().annotate(use_count=Count("uses"))

    def row_state(self, obj: Calendar) -> str:
        return "late" if obj.missing_notice(obj.today()) is not None else ""

    def actions(self) -> list[parts.Action]:
        if not self.request.user.has_perm("calendars.add_calendar"):
            return []
        return [parts.Action(_("New calendar"), reverse("calendars:new"), "plus", "primary")]


class CalendarPage(RecordPage):
    """One calendar: a month of it, its week, its holidays and closures, who goes by it, and all its versions."""

    model = Calendar
    namespace = "calendars"
    name = "calendar"
    type_label = gettext_lazy("Working calendar")
    list_label = gettext_lazy("Working calendars")
    list_name = "calendars"
    permission = "calendars.view_calendar"
    takes_notes = False

    def visible(self, user: Any) -> QuerySet[Calendar]:
        return visible_calendars()

    def title(self, obj: Calendar) -> str:
        return obj.label

    def edit_url(self, obj: Calendar, user: Any) -> str:
        return reverse("calendars:edit", args=[obj.pk]) if user.has_perm("calendars.change_calendar") else ""

    def after(self, obj: Calendar, action: str, result: Any) -> str:
        return result.get_absolute_url() if isinstance(result, HolidayYear) else obj.get_absolute_url()

    def timeline_filters(self, request: HttpRequest) -> list[parts.Tab]:
        return []

    def facts(self, obj: Calendar, request: HttpRequest) -> list[parts.Fact]:
        today = obj.today()
        days = [
            day for week in months.month_of(obj.plan, _business(obj), today.year, today.month, today) for day in week
        ]
        now = next(day for day in days if day.is_today)
        return [
            parts.Fact(_("Today"), html.two_lines(formats.weekday(today), said(now))),
            parts.Fact(_("Time zone"), obj.plan.get("tz", "")),
            parts.Fact(_("Country"), country_text(obj.country, obj.region)),
            parts.Fact(_("Length of a working day"), hours_text(obj.current.day_seconds if obj.current else 0)),
            parts.Fact(_("Version"), obj.current.number if obj.current else ""),
        ]

    def sections(self, obj: Calendar, request: HttpRequest) -> list[object]:
        may_change = request.user.has_perm("calendars.change_calendar")
        proposals = proposals_of(obj)
        today = obj.today()
        year, month = months.month_asked(request.GET.get("month", ""), today)
        return [
            *_warnings(obj, proposals, may_change),
            _month_section(obj, year, month, today, request.user),
            _week_section(obj),
            _year_section(obj, year, today),
            _closures_section(obj, today, may_change),
            _proposals_section(proposals),
            _uses_section(obj, request.user.has_perm("calendars.change_calendaruse")),
            _versions_section(obj),
        ]


def hours_text(seconds: int) -> str:
    """`7.5 h` as the reader writes numbers."""
    return _("%(hours)s h") % {"hours": formats.number(round(seconds / 3600, 2))}


def said(day: months.Day) -> str:
    """What a day is, in words: for the list below the month and for screen readers."""
    words = [str(KINDS[day.kind]), day.name, day.hours if day.kind != "free" else ""]
    return " · ".join(word for word in words if word)


def range_text(first: date, last: date) -> str:
    """One day, or from when to when."""
    return formats.day(first) if first == last else f"{formats.day(first)} – {formats.day(last)}"


def _business(calendar: Calendar) -> Any:
    assert calendar.current is not None
    return calendar.current.business()


def _warnings(calendar: Calendar, proposals: Sequence[HolidayYear], may_change: bool) -> list[object]:
    year = calendar.missing_notice(calendar.today())
    if year is None:
        return []
    proposal = next((one for one in proposals if one.year == year), None)
    if proposal is not None:
        text, url = (
            _("The public holidays of %(year)s are proposed, but not confirmed.") % {"year": year},
            proposal.get_absolute_url(),
        )
    else:
        text = missing_text(calendar, year)
        url = reverse("calendars:calendar-do", args=[calendar.pk, "holidays"])
    context = {"text": text, "url": url if may_change else ""}
    return [render_to_string("calendars/warning.html", context)]


def _month_section(calendar: Calendar, year: int, month: int, today: date, reader: Any) -> parts.Section:
    weeks = months.month_of(calendar.plan, _business(calendar), year, month, today)
    inside = [day for week in weeks for day in week if not day.is_outside]
    leaves = list(absences_seen_by(reader, weeks[0][0].day, weeks[-1][-1].day)[:MOST_ABSENCES])
    away = months.away_by_day((one.first_day, one.last_day, str(one.person)) for one in leaves)
    shown = [[_cell(one, away.get(one.day, [])) for one in week] for week in weeks]
    context = {
        "calendar": calendar,
        "weeks": shown,
        "heads": [(formats.weekday_short(one.day), name) for one, name in zip(weeks[0], WEEKDAYS, strict=True)],
        "title": formats.month_and_year(date(year, month, 1)),
        "previous": months.shifted(year, month, -1),
        "following": months.shifted(year, month, 1),
        "is_now": (year, month) == (today.year, today.month),
        "total": hours_text(sum(one.seconds for one in inside)),
        "days": sum(1 for one in inside if one.seconds),
        "told": [
            (range_text(first.day, last), said(first))
            for first, last in months.stretches(d for d in inside if d.is_told)
        ],
        "away": [(one.person, range_text(one.first_day, one.last_day)) for one in leaves],
    }
    return parts.Section(_("What is open"), render_to_string("calendars/month.html", context), "month")


def _cell(one: months.Day, away: Sequence[str]) -> dict[str, Any]:
    """A day of the month, with the names of those who are away."""
    heard = f"{formats.weekday(one.day)}: {said(one)}"
    if away:
        heard = f"{heard} · {_('away: %(names)s') % {'names': ', '.join(away)}}"
    return {
        "day": one,
        "number": one.day.day,
        "hours": hours_text(one.seconds) if one.seconds else "",
        "word": KINDS[one.kind],
        "said": heard,
        "away": len(away),
        "names": away[:NAMES_A_DAY],
        "more": max(0, len(away) - NAMES_A_DAY),
    }


def _week_section(calendar: Calendar) -> parts.Section:
    weekly = calendar.plan.get("weekly", {})
    rows = [
        (name, ", ".join(f"{begin}–{end}" for begin, end in weekly.get(str(number), [])))
        for number, name in enumerate(WEEKDAYS, start=1)
    ]
    return parts.Section(_("Week"), render_to_string("calendars/week.html", {"rows": rows}), "week")


def _year_section(calendar: Calendar, year: int, today: date) -> parts.Section:
    found = months.told_days(calendar.plan, _business(calendar), year, today)
    rows = [
        (range_text(first.day, last), first.name, KINDS[first.kind], first.hours)
        for first, last in months.stretches(found)
    ]
    context = {"rows": rows, "year": year, "is_confirmed": year in calendar.plan.get("years", [])}
    title = _("Holidays and special days of %(year)s") % {"year": year}
    return parts.Section(title, render_to_string("calendars/year.html", context), "year")


def _closures_section(calendar: Calendar, today: date, may_change: bool) -> parts.Section:
    rows = []
    for one in reversed(calendar.plan.get("closures", [])):
        first, last = date.fromisoformat(one["first"]), date.fromisoformat(one["last"])
        rows.append(
            {
                "name": one["name"],
                "reason": one["reason"],
                "dates": range_text(first, last),
                "hours": ", ".join(f"{a}–{b}" for a, b in one["spans"]),
                "edit_url": reverse("calendars:closure", args=[calendar.pk, one["id"]])
                if may_change and first > today
                else "",
                "back_url": reverse("calendars:take-back", args=[calendar.pk, one["id"]])
                if may_change and last >= today
                else "",
            }
        )
    return parts.Section(_("Own closures"), render_to_string("calendars/closures.html", {"rows": rows}), "closures")


def _proposals_section(proposals: Sequence[HolidayYear]) -> parts.Section:
    rows = []
    for one in proposals:
        days = list(one.days.all())
        waiting = sum(1 for day in days if day.is_open)
        rows.append(
            {
                "year": one.year,
                "url": one.get_absolute_url(),
                "country": country_text(one.country, one.region),
                "source": one.source,
                "waiting": waiting,
                "taken": sum(1 for day in days if day.decision == "taken"),
                "left": sum(1 for day in days if day.decision == "left"),
            }
        )
    return parts.Section(
        _("Public holidays by year"), render_to_string("calendars/years.html", {"rows": rows}), "years"
    )


def _uses_section(calendar: Calendar, may_change: bool) -> parts.Section:
    teams, customers = uses_of(calendar)
    context = {
        "teams": [
            {
                "name": str(use.team),
                "since": use.set_at,
                "by": use.set_by,
                "end_url": reverse("calendars:end-team", args=[calendar.pk, use.pk]) if may_change else "",
            }
            for use in teams
        ],
        "customers": customers,
    }
    return parts.Section(_("Who goes by it"), render_to_string("calendars/uses.html", context), "uses")


def _versions_section(calendar: Calendar) -> parts.Section:
    rows = list(calendar.versions.select_related("created_by")[:MOST_VERSIONS])
    return parts.Section(_("Versions"), render_to_string("calendars/versions.html", {"rows": rows}), "versions")
