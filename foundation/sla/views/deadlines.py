"""My deadlines, or those of somebody I look after: soonest first, what is overdue on top, what waits last."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from foundation.lists.pages import Column, ListPage, Tab
from foundation.lists.pages.listing import MOST_COUNTED
from foundation.lists.pages.naming import records_of, title_of
from foundation.sla.badges import badges, script
from foundation.sla.models import Clock, ClockQuerySet, Target
from foundation.sla.rows import load_versions
from foundation.sla.selectors import deadlines as selectors
from foundation.sla.selectors.clocks import key_of
from foundation.sla.views import live
from foundation.sla.wording import event_label
from foundation.ui import formats, html, parts
from foundation.ui.days import end_of_day
from foundation.ui.panels import panels_for


def _week(rows: Any, request: HttpRequest) -> Any:
    monday = end_of_day() + timedelta(days=6 - timezone.localtime().weekday())
    return rows.due_between(timezone.now(), monday)


def _overdue(rows: Any, request: HttpRequest) -> Any:
    return rows.overdue(timezone.now())


def _soon(rows: Any, request: HttpRequest) -> Any:
    return rows.due_soon(timezone.now())


def _later(rows: Any, request: HttpRequest) -> Any:
    return rows.due_later(timezone.now(), end_of_day())


def _today(rows: Any, request: HttpRequest) -> Any:
    return rows.due_between(timezone.now(), end_of_day())


# The board's third column; a tab only where somebody comes from there.
LATER = "later"
TABS = (
    Tab("all", _lazy("All open")),
    Tab("overdue", _lazy("Overdue"), _overdue),
    Tab("soon", _lazy("Soon"), _soon),
    Tab(LATER, _lazy("Later today"), _later),
    Tab("today", _lazy("Today"), _today),
    Tab("week", _lazy("This week"), _week),
    Tab("paused", _lazy("Paused"), lambda rows, request: rows.filter(state=Clock.State.PAUSED)),
)


def _kinds() -> list[tuple[str, str]]:
    """Kinds of records that promises are made about."""
    kinds = ContentType.objects.filter(pk__in=Clock.objects.values("content_type").distinct())
    return sorted(((str(kind.pk), capfirst(kind.name)) for kind in kinds), key=lambda pair: pair[1])


def _promises() -> list[tuple[str, str]]:
    return sorted(((str(target.pk), target.label) for target in Target.objects.all()), key=lambda pair: pair[1])


class DeadlineFilter(django_filters.FilterSet):
    """Which promise, about what kind of record."""

    promise = django_filters.ChoiceFilter(field_name="target", label=_lazy("Promise"), choices=_promises)
    kind = django_filters.ChoiceFilter(field_name="content_type", label=_lazy("About"), choices=_kinds)

    class Meta:
        model = Clock
        fields: list[str] = []


def _due(clock: Clock, page: Any) -> object:
    return page.extra["badges"][clock.pk].html(with_label=False)


def _due_plain(clock: Clock, page: Any) -> object:
    return timezone.localtime(clock.due_at).isoformat() if clock.due_at else ""


def _record(clock: Clock, page: Any) -> object:
    title = page.title_of(clock)
    return html.link(title, clock.path or clock.get_absolute_url())


def _customer(clock: Clock, page: Any) -> object:
    record = page.record_of(clock)
    return getattr(getattr(record, "customer", None), "name", "")


def _next(clock: Clock, page: Any) -> str:
    """What keeps the promise, in words: where it begins anew with something, that."""
    codes = [*clock.target.restart_events, *clock.target.stop_events]
    return next((said for code in codes if (said := event_label(code, otherwise=""))), "")


COLUMNS = (
    Column("due", _lazy("Due"), _due, sort="due_at", place="end", plain=_due_plain),
    Column("record", _lazy("Record"), _record, place="title"),
    Column("promise", _lazy("Promise"), lambda clock, page: clock.target.label, place="fact"),
    Column("customer", _lazy("Customer"), _customer, place="fact"),
    Column("next", _lazy("Kept by"), _next),
)


class DeadlineList(ListPage):
    """Open promises, a page at a time; `?owner=` shows a colleague's, `?owner=none` those of nobody.

    Asked with the tag of what the reader has, it answers 304 after one look at the rows of the page.
    """

    model = Clock
    title = _lazy("My deadlines")
    template_name = "sla/deadlines.html"
    columns = COLUMNS
    tabs = TABS
    fixed_tabs = ("all", "paused")
    filterset_class = DeadlineFilter
    ordering = ("due_at", "pk")  # without a due time comes last
    has_search = False
    page_size = 50

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or 304 for an open one that is up to date."""
        self.owner = self._asked_owner()
        self.tag = ""
        try:
            response = super().get(request, *args, **kwargs)
        except live.Unchanged as same:
            return same.answer()
        if self.tag:
            response["ETag"] = self.tag
        return response

    def _asked_owner(self) -> Any:
        """The colleague whose list is asked for, `none` for nobody's, oneself otherwise. Raises Http404 for others."""
        asked = self.request.GET.get("owner", "")
        if not asked or asked == str(self.request.user.pk):
            return self.request.user
        if not selectors.looks_after_others(self.request.user):
            raise Http404
        if asked == selectors.NOBODY:
            return None
        if not (asked.isascii() and asked.isdigit()) or len(asked) > 18:
            raise Http404
        found = selectors.people_under(self.request.user).filter(pk=int(asked)).first()
        if found is None:
            raise Http404
        return found

    def visible(self, user: Any) -> ClockQuerySet:
        """The promises of whoever is asked for."""
        owner = getattr(self, "owner", user)
        if owner is not None:
            return selectors.deadlines_of(owner.pk)
        teams, with_strays = self._asked_teams(user)
        return selectors.unassigned(teams, with_strays=with_strays)

    def _asked_teams(self, user: Any) -> tuple[Any, bool]:
        try:
            return selectors.teams_asked(user, self.request.GET.get("team", ""))
        except LookupError as foreign:
            raise Http404 from foreign

    def _is_fixed(self) -> bool:
        return super()._is_fixed() and self.owner is not None and self.owner.pk == self.request.user.pk

    def _open_tabs(self) -> list[Tab]:
        return [tab for tab in super()._open_tabs() if tab.code != LATER or self.request.GET.get("view") == LATER]

    def prepare(self, rows: list[Any]) -> None:
        """Badges and records of the page, unless the reader has seen exactly these rows."""
        now = timezone.now()
        self.tag = live.tag_of(
            self.request.get_full_path(), [(one.pk, one.due_at, one.state, one.target_id, one.path) for one in rows]
        )
        live.stop_if_unchanged(self.request, self.tag)
        load_versions(one.calendar_version_id for one in rows)
        self.extra = {
            "badges": {one.pk: made for one, made in zip(rows, badges(rows, now), strict=True)},
            "records": records_of(map(key_of, rows)),
        }

    def record_of(self, clock: Clock) -> Any:
        """What the promise is about, or None when it is gone."""
        return self.extra["records"].get(key_of(clock))

    def title_of(self, clock: Clock) -> str:
        """Number and name of the record."""
        record = self.record_of(clock)
        title = title_of(record) if record is not None else ""
        return title if clock.number in title else f"{clock.number} · {title}".rstrip(" ·")

    def row_state(self, obj: Clock) -> str:
        state = self.extra["badges"][obj.pk].state
        return state if state in ("late", "soon") else ""

    def total_text(self, total: int) -> str:
        if total > MOST_COUNTED:
            return _("%(count)s+ promises") % {"count": formats.number(MOST_COUNTED)}
        return ngettext("%(count)s promise", "%(count)s promises", total) % {"count": formats.number(total)}

    def actions(self) -> list[parts.Action]:
        found = [parts.Action(_("Calendar feed"), reverse("accounts:feed"), "calendar-days")]
        if selectors.looks_after_others(self.request.user):
            found.insert(0, parts.Action(_("Team board"), reverse("sla:board"), "view-columns", name="board"))
        return found

    def _context(self, queryset: Any, filterset: Any) -> dict[str, Any]:
        context = super()._context(queryset, filterset)
        page = context["page"]
        if self.owner is None:
            page.title = _("Unassigned deadlines")
        elif self.owner.pk != self.request.user.pk:
            page.title = _("Deadlines of %(name)s") % {"name": self.owner}
        if self.owner is None or self.owner.pk != self.request.user.pk:
            page.crumbs = [parts.Crumb(_("Team board"), reverse("sla:board"))]
        page.hidden += [(key, self.request.GET[key]) for key in ("owner", "team") if self.request.GET.get(key)]
        page.clear_url = self._url(keep=("view", "sort", "owner", "team"))
        page.caption = page.title
        return {
            **context,
            "title": page.title,
            "live": live.frame(self.tag, "#list"),
            "script": script(),
            "tasks": self._tasks() if self.owner is not None else [],
        }

    def _tasks(self) -> list[dict[str, Any]]:
        """What else the reader has to do by a certain time: it stands above the promises, whatever tab is open."""
        groups = panels_for("deadlines.tasks", request=self.request, owner=self.owner)
        return [task for group in groups for task in group]

    def _empty(self, is_narrowed: bool) -> parts.Empty:
        if is_narrowed:
            return super()._empty(is_narrowed)
        titles = {
            "overdue": _("Nothing is overdue"),
            "soon": _("Nothing is due soon"),
            "paused": _("Nothing is paused"),
            "all": _("No promise is open"),
        }
        assert self.tab is not None
        title = titles.get(self.tab.code, _("Nothing is due in this time"))
        return parts.Empty("nothing", title, _("A promise appears here as soon as its clock starts."))
