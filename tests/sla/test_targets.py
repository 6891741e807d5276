"""Default promises, and targets in the administration."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override

from config.schedule import SCHEDULE
from foundation.accounts.models import User
from foundation.calendars import defaults as calendar_defaults
from foundation.journal.registry import all_types
from foundation.sla import defaults
from foundation.sla.models import Target
from foundation.sla.services.following import listening_to
from tests.sla.conftest import add_target

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    calendar_defaults.load()
    return defaults.load()


def test_the_promises_whose_events_exist_are_loaded_once(loaded):
    assert loaded == 25
    Target.objects.filter(code="order-review").update(amount=5)
    assert defaults.load() == 0
    assert Target.objects.get(code="order-review").amount == 5
    hours = {t.code: t.seconds(int(7.5 * 3600)) / 3600 for t in Target.objects.all()}
    assert hours == {
        "visit-punctuality": 0, "reception-prepared": 0, "deposit-due": 0, "balance-due": 0, "document-check": 7.5,
        "inquiry-first-response-urgent": 0.5, "inquiry-first-response": 2, "inquiry-promised-answer": 0, "completion-callback": 7.5,
        "order-review": 5, "order-ready": 22.5, "driver-check-in": 12, "eta-overrun": 48, "pod-return": 168,
        "ticket-solution": 24, "ticket-progress": 8, "ticket-resolution": 22.5,
        "inquiry-first-response-key": 1, "ticket-solution-key": 12, "sample-sent": 22.5, "sample-follow-up": 37.5, "article-review": 0,
        "technical-first-answer": 7.5, "technical-drawings": 37.5, "technical-drawings-urgent": 15,
    }  # fmt: skip


def test_urgent_inquiries_are_matched_before_the_rest(loaded):
    urgent, key, rest = listening_to("inquiry.received")
    assert [urgent.code, key.code, rest.code] == [
        "inquiry-first-response-urgent", "inquiry-first-response-key", "inquiry-first-response"
    ]  # fmt: skip
    assert urgent.fits({"priority": "urgent"})
    assert not urgent.fits({"priority": "normal"})
    assert key.fits({"priority": "normal", "tier": "strategic"})
    assert not key.fits({"priority": "normal", "tier": "standard"})
    assert rest.fits({})


def test_every_promise_has_a_name_in_four_languages(loaded):
    for target in Target.objects.all():
        assert set(target.names) == {"en", "de", "zh-hans", "zh-hant"}
        assert len(set(target.names.values())) >= 3
        with override("de"):
            assert target.label == target.name_de


def test_beat_rings_the_scanner_every_twenty_seconds():
    bells = [bell for bell in SCHEDULE.values() if bell["task"] == "foundation.sla.tasks.scan_due"]
    assert [bell["schedule"] for bell in bells] == [20]


def test_defaults_name_only_events_that_the_house_knows(loaded):
    known = {one.code for one in all_types()}
    nouns = {code.partition(".")[0] for code in known}
    for target in Target.objects.all():
        used = {code for name in Target.EVENT_FIELDS for code in getattr(target, name)}
        unknown = {code for code in used - known if code.partition(".")[0] in nouns}
        assert not unknown, target.code


@pytest.fixture
def root():
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", None, name="Root"))
    return client


def posted(page):
    """What a browser would send for this form of the administration."""
    data = {}
    for field in page.context["adminform"].form:
        value = field.value()
        if value not in (None, False, ""):
            data[field.html_name] = ",".join(map(str, value)) if isinstance(value, list) else value
    return data


def test_a_target_is_edited_in_the_administration(root):
    target = add_target()
    url = f"/admin/sla/target/{target.pk}/change/"
    page = root.get(url)
    assert page.status_code == 200
    answer = root.post(url, {**posted(page), "amount": 3})
    assert answer.status_code == 302, re.findall(r"errorlist.*", answer.content.decode())
    target.refresh_from_db()
    assert (target.amount, target.stop_events) == (3, ["parcel.answered"])
    assert root.get("/admin/sla/target/").status_code == 200
    assert root.get("/admin/sla/clock/").status_code == 200


def test_an_event_that_nobody_knows_is_refused_and_nothing_changes(root):
    target = add_target()
    url = f"/admin/sla/target/{target.pk}/change/"
    answer = root.post(url, {**posted(root.get(url)), "stop_events": "parcel.anwsered"})
    assert answer.status_code == 200
    assert "parcel.anwsered" in answer.content.decode()
    target.refresh_from_db()
    assert target.stop_events == ["parcel.answered"]


def test_a_target_without_its_calendar_is_refused():
    with pytest.raises(ValidationError):
        add_target(unit="working_days")
    assert not Target.objects.exists()
