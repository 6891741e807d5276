"""Trouble is seen within two minutes, told once, and taken back when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery.signals import before_task_publish, heartbeat_sent
from django.test import Client
from django.utils import timezone

from config import health, signs, watching
from config.models import Sign, Trouble
from config.tasks import note_heartbeat
from foundation.journal.sealing import seal
from foundation.journal.services import record
from foundation.notifications.models import InboxItem, Message
from foundation.sla.models import Clock, Timer
from tests.accounts.factories import make_user
from tests.sla.conftest import add_target

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive():
    for name in (signs.BEAT, signs.WORKER, signs.ROUND):
        signs.leave(name)


@pytest.fixture
def patient(monkeypatch):
    """A process that has been there for a while, and may look again at once."""
    monkeypatch.setattr(watching, "_born", -1e9)
    monkeypatch.setattr(watching, "LOOK_EVERY_S", 0.0)


def silent(name, **since):
    Sign.objects.filter(name=name).update(seen_at=timezone.now() - timedelta(**since))


def strict():
    answer = Client().get("/health?strict")
    return answer.status_code, {code: one["well"] for code, one in answer.json()["checks"].items()}, answer.json()


def test_the_health_page_is_green_while_database_and_redis_answer(client):
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "redis": True, "clock": False}
    assert "no-store" in answer["Cache-Control"]
    assert client.get("/health?strict").status_code == 503


def test_the_health_page_is_red_when_the_database_is_away(client, monkeypatch):
    def away():
        raise ConnectionError("connection refused")

    monkeypatch.setitem(health.CHECKS, "database", ("Database", away))
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["database"] is False


def test_everything_well_is_200_with_every_check_named(alive):
    status, checks, body = strict()
    assert (status, body["well"]) == (200, True), body
    assert set(checks) == set(health.CHECKS)


@pytest.mark.parametrize("name", [signs.WORKER, signs.BEAT])
def test_two_minutes_without_a_sign_are_red_with_the_reason_and_green_after_repair(alive, name):
    silent(name, seconds=80)
    assert strict()[0] == 200, "the next sign may be late"
    silent(name, minutes=2)
    status, checks, body = strict()
    assert status == 503
    assert [code for code, well in checks.items() if not well] == [name]
    assert body["checks"][name]["text"] == "last sign of life 2 min ago"
    assert Client().get("/health").json()["clock"] is False
    signs.leave(name)
    assert strict()[0] == 200


def test_a_worker_that_executes_nothing_is_red_although_it_lives(alive):
    silent(signs.ROUND, seconds=280)
    assert strict()[0] == 200, "a long task is no death"
    silent(signs.ROUND, seconds=310)
    assert not strict()[1]["round"]
    note_heartbeat()
    assert strict()[0] == 200


def test_a_dead_redis_is_told_although_the_cache_cannot_be_asked(alive, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    status, checks, _body = strict()
    assert status == 503
    assert [code for code, well in checks.items() if not well] == ["redis"]
    assert Client().get("/health").status_code == 503


def _message(**columns):
    person = make_user("Chen Wei")
    from foundation.notifications.compose import about

    return Message.objects.create(channel="email", recipient_key="x", body="x", **about(person, None), **columns)


def test_a_message_that_nobody_sends_is_red(alive):
    row = _message()
    assert strict()[0] == 200
    Message.objects.filter(pk=row.pk).update(next_attempt_at=timezone.now() - timedelta(minutes=2))
    assert not strict()[1]["messages"]


def test_a_mail_server_that_takes_nothing_is_red_until_something_goes_out(alive):
    later = timezone.now() + timedelta(minutes=5)
    _message(attempts=3, next_attempt_at=later)
    status, checks, body = strict()
    assert (status, checks["providers"]) == (503, False)
    assert body["checks"]["providers"]["text"] == "nothing goes out by email"
    _message(state="sent", sent_at=timezone.now())
    assert strict()[0] == 200


def test_a_deadline_that_nobody_told_is_red(alive):
    add_target()
    record("parcel.arrived", make_user("Chen Wei"), facts={})
    Timer.objects.filter(clock=Clock.objects.get(), kind="breach").update(due_at=timezone.now() - timedelta(minutes=2))
    seal()
    assert [code for code, well in strict()[1].items() if not well] == ["timers"]


def test_an_event_that_is_not_sealed_is_red_after_ten_minutes(alive, monkeypatch):
    record("parcel.arrived", make_user("Chen Wei"), facts={})
    assert strict()[0] == 200
    monkeypatch.setattr(health, "SEAL_ALLOWED_S", -1)
    assert not strict()[1]["seal"]


def test_administrators_are_told_once_and_the_notice_goes_when_it_is_over(alive, patient):
    boss, clerk = make_user("Root", role="administrator"), make_user("Sam", role="sales")
    silent(signs.WORKER, minutes=3)
    watching.look()
    watching.look()
    item = InboxItem.objects.get()
    assert (item.user, item.text, item.link) == (boss, "Kontor is not well: Worker", "/system/")
    InboxItem.objects.update(read_at=timezone.now())
    watching.look()
    assert InboxItem.objects.count() == 1, "who has read it is not told again of the same trouble"
    InboxItem.objects.update(read_at=None)
    signs.leave(signs.WORKER)
    watching.look()
    assert not InboxItem.objects.exists()
    assert not Trouble.objects.exists()
    silent(signs.WORKER, minutes=3)
    watching.look()
    assert InboxItem.objects.filter(user=boss).count() == 1, "the next trouble is told again"
    assert not InboxItem.objects.filter(user=clerk).exists()


def test_a_house_that_has_just_begun_accuses_nobody(alive, monkeypatch):
    make_user("Root", role="administrator")
    silent(signs.WORKER, hours=9)
    monkeypatch.setattr(watching, "_born", watching.time.monotonic() - 10)
    watching.look()
    assert not InboxItem.objects.exists()


def test_the_worker_leaves_its_sign_with_its_heartbeat_and_looks_after_beat(patient, monkeypatch):
    looked = []
    pulse = signs.Pulse(signs.WORKER, lambda: looked.append(1))
    pulse()
    pulse()
    assert Sign.objects.get().name == signs.WORKER
    assert looked == [1], "every twenty seconds at the most"
    assert heartbeat_sent.receivers, "the house is connected"


def test_a_sign_that_cannot_be_left_harms_nobody(monkeypatch, caplog):
    def away(name):
        raise ConnectionError("no database")

    monkeypatch.setattr(signs, "leave", away)
    signs.Pulse(signs.BEAT, lambda: None)()
    assert "no database" in caplog.text


def test_only_beat_leaves_a_sign_for_the_bells_that_it_rings():
    assert not any(lookup[0] == "signs-beat" for lookup, *_rest in before_task_publish.receivers)


def test_the_page_is_for_administrators_and_names_what_is_wrong(alive, client):
    client.force_login(make_user("Sam", role="manager"))
    assert client.get("/system/").status_code == 403
    client.force_login(make_user("Root", role="administrator", language="de"))
    page = client.get("/system/")
    assert page.status_code == 200
    silent(signs.WORKER, minutes=3)
    page = client.get("/system/")
    assert page.status_code == 503
    assert "3 Min." in page.content.decode()
