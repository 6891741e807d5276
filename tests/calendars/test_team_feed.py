"""Feeds: which kinds stand in one's own, and the team's; read with another library than wrote them would be, where one is at hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from icalendar import Calendar

from crm import services
from foundation.accounts import feeds
from foundation.accounts.leaves import enter_leave
from foundation.accounts.models import User
from foundation.accounts.roles import load_roles
from foundation.calendars.diary.team_feed import PURPOSE
from tests.accounts.factories import make_team, make_user
from tests.crm.factories import make_customer, planned_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(db: None) -> tuple[User, User]:
    """Somebody who sells, and whoever leads the team."""
    load_roles()
    europe = make_team("Europe")
    lead = make_user("Maria Roth", role="sales", team=europe)
    europe.lead = lead
    europe.save()
    return make_user("Anna Berg", role="sales", team=europe), lead


def entries(text: bytes) -> dict[str, Any]:
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    return {str(one["uid"]).split("@")[0].rsplit("-", 1)[0]: one for one in Calendar.from_ical(text).walk("VEVENT")}


@pytest.mark.usefixtures("one_clock")
def test_a_feed_holds_the_kinds_that_were_chosen_with_ends_and_revisions(client, team):
    anna, lead = team
    start = (timezone.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    visit = planned_visit(
        anna, make_customer("Secret GmbH", owner=anna), start, purpose="Eiche; Nuss, größer — 地板" * 6
    )
    enter_leave(
        anna.pk, actor=anna, first_day=start.date() + timedelta(days=4), last_day=start.date() + timedelta(days=5)
    )
    client.force_login(anna)
    page = client.post("/profile/calendar/", {"kinds": ["visits", "absences"]}).content.decode()
    assert "?kinds=visits,absences" in page
    raw = feeds.open_feed(anna)
    body = client.get(f"/feed/{raw}.ics").content
    found = entries(body)
    assert set(found) == {"visit", "absence"}
    assert found["visit"]["dtend"].dt == start + timedelta(hours=1) and found["visit"]["transp"] == "OPAQUE"
    assert found["visit"]["summary"] == f"{visit.number} · {visit.purpose}"
    assert found["absence"]["dtend"].dt == start.date() + timedelta(days=6)
    before = found["visit"]["sequence"]
    services.reschedule_visit(visit.pk, actor=anna, start=start + timedelta(hours=2), end=start + timedelta(hours=3))
    moved = entries(client.get(f"/feed/{raw}.ics?kinds=visits").content)
    assert set(moved) == {"visit"} and moved["visit"]["sequence"] > before
    assert moved["visit"]["uid"] == found["visit"]["uid"]
    assert abs(moved["visit"]["last-modified"].dt - datetime.now(UTC)) < timedelta(hours=1)
    assert b"Secret" not in body


def test_a_teams_feed_is_for_who_leads_and_closes_with_that(client, team):
    anna, lead = team
    planned_visit(anna, make_customer("Secret GmbH", owner=anna), purpose="Show oak")
    client.force_login(anna)
    assert client.post("/calendar/team-feed/").status_code == 403
    client.force_login(lead)
    assert "/feed/team/" in client.post("/calendar/team-feed/").content.decode()
    raw = feeds.open_feed(lead, PURPOSE)
    client.logout()
    body = client.get(f"/feed/team/{raw}.ics").content
    assert entries(body)["team-visits"]["summary"] == "Anna Berg: Show oak" and b"Secret" not in body
    assert client.get(f"/feed/{raw}.ics").status_code == 404
    lead.team.lead = None
    lead.team.save()
    assert client.get(f"/feed/team/{raw}.ics").status_code == 404
    anna.team.lead = lead
    anna.team.save()
    client.force_login(lead)
    assert client.post("/calendar/team-feed/close/").status_code == 302
    assert client.get(f"/feed/team/{raw}.ics").status_code == 404
