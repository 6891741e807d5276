"""The team board: who is about to miss what, for a wall or a manager."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.models import Team
from foundation.sla.badges import badge, script
from foundation.sla.models import Clock
from foundation.sla.selectors import deadlines as selectors
from foundation.sla.selectors.deadlines import NOTHING, Asked, Standing
from foundation.sla.views import live
from foundation.ui import formats, html, parts
from foundation.ui.days import end_of_day


@dataclass(frozen=True)
class Number:
    """A count that links to exactly the promises behind it."""

    text: str
    url: str
    state: str


@dataclass(frozen=True)
class Line:
    """One person's line; `urgent` is what the title of the window counts."""

    key: str
    name: SafeString
    numbers: list[Number]
    badge: SafeString | str
    record: SafeString | str
    urgent: int
    is_nobody: bool


@require_safe
@permission_required("sla.view_clock", raise_exception=True)
def board(request: HttpRequest) -> HttpResponse:
    """Per person what is overdue, soon, and due later today; promises of nobody come first."""
    if not request.GET.get("team"):
        selectors.ask_for_board(request.user)
    teams = selectors.teams_under(request.user)
    asked = _asked(request, teams)
    now = timezone.now()
    found = selectors.standings(asked, now=now, until=end_of_day())
    people = sorted(
        (one for one in asked.people if found.get(one.pk, NOTHING)),
        key=lambda one: (-found[one.pk].late, -found[one.pk].soon, -found[one.pk].later, str(one)),
    )
    nobody = found.get(None, NOTHING)
    tag = live.tag_of(request.get_full_path(), nobody, [(one.pk, str(one), found[one.pk]) for one in people])
    try:
        live.stop_if_unchanged(request, tag)
    except live.Unchanged as same:
        return same.answer()
    first = _first([nobody, *(found[one.pk] for one in people)])
    lines = [_line(request, None, nobody, first)] if nobody else []
    lines += [_line(request, one, found[one.pk], first) for one in people]
    context = {
        "title": _("Team board"),
        "lines": lines,
        "calm": len(asked.people) - len(people),
        "teams": _choices(request, "team", [(str(team.pk), str(team)) for team in teams]),
        "promises": _choices(request, "promise", [(str(one.pk), one.label) for one in selectors.all_targets()]),
        "is_narrowed": bool(request.GET.get("team") or request.GET.get("promise")),
        "crumbs": [parts.Crumb(_("My deadlines"), reverse("sla:deadlines"))],
        "empty": parts.Empty(
            "nothing", _("Nothing is late, soon or due today"), _("The board fills as promises come due.")
        ),
        "live": live.frame(tag, "#board"),
        "script": script(),
    }
    response = render(request, "sla/board.html", context)
    response["ETag"] = tag
    return response


def _asked(request: HttpRequest, mine: list[Team]) -> Asked:
    """Which part of the board the address names. Raises Http404 for teams of others."""
    team, promise = request.GET.get("team", ""), request.GET.get("promise", "")
    try:
        teams, with_strays = selectors.teams_asked(request.user, team, mine)
    except LookupError as foreign:
        raise Http404 from foreign
    target = int(promise) if promise.isascii() and promise.isdigit() and len(promise) < 18 else None
    shown = selectors.people_shown(request.user, teams[0] if team and teams else None)
    return Asked(teams, with_strays, shown, target)


def _first(standings: list[Standing]) -> dict[int, Clock]:
    """The promises that are due next, with their badges' needs. One query."""
    wanted = [one.first for one in standings if one.first]
    return {clock.pk: clock for clock in selectors.clocks_at(wanted)} if wanted else {}


def _line(request: HttpRequest, person: Any, standing: Standing, first: dict[int, Clock]) -> Line:
    clock = first.get(standing.first or 0)
    counts = [("overdue", standing.late, "late"), ("soon", standing.soon, "soon"), ("later", standing.later, "plain")]
    return Line(
        key=str(person.pk) if person else selectors.NOBODY,
        name=html.link(person, _list_url(request, person))
        if person
        else html.link(_("Unassigned"), _list_url(request, None)),
        numbers=[
            Number(_shown(count), _list_url(request, person, view), state if count else "none")
            for view, count, state in counts
        ],
        badge=badge(clock).html(with_label=False) if clock else "",
        record=html.link(clock.number or clock.target.label, clock.path or clock.get_absolute_url()) if clock else "",
        urgent=standing.late + standing.soon,
        is_nobody=person is None,
    )


def _shown(count: int) -> str:
    most = selectors.MOST_COUNTED
    return f"{formats.number(most)}+" if count > most else formats.number(count)


def _list_url(request: HttpRequest, person: Any, view: str = "") -> str:
    """The list behind a number, with the filters of the board."""
    values = {"view": view, "owner": str(person.pk) if person else selectors.NOBODY}
    values |= {key: request.GET.get(key, "") for key in ("promise",)}
    if person is None:
        values["team"] = request.GET.get("team", "")
    return f"{reverse('sla:deadlines')}?{urlencode({key: value for key, value in values.items() if value})}"


def _choices(request: HttpRequest, name: str, pairs: list[tuple[str, str]]) -> list[tuple[str, str, bool]]:
    chosen = request.GET.get(name, "")
    return [(value, label, value == chosen) for value, label in sorted(pairs, key=lambda pair: pair[1])]
