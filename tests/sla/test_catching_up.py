"""After a long stop: each person hears once of each clock, and the words cost the same for few and for many."""

from datetime import timedelta
from time import monotonic

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from foundation.calendars import defaults as calendars
from foundation.calendars.models import Calendar
from foundation.journal.services import record
from foundation.notifications import subjects
from foundation.notifications.defaults import load_messages
from foundation.notifications.models import Message
from foundation.notifications.wording import word_pending
from foundation.sla import defaults
from foundation.sla.models import Clock, Timer
from foundation.sla.scanner import scan
from foundation.sla.store import database_now
from tests.accounts.factories import make_user
from tests.aftersales.factories import make_ticket
from tests.sla.conftest import add_target

pytestmark = pytest.mark.django_db
WORDING_S = 60


def test_after_a_long_stop_each_person_hears_once_of_each_clock(monkeypatch):
    owner = make_user("Chen Wei", manager=make_user("Frau Vogt"))
    monkeypatch.setitem(subjects._types, Calendar, subjects.SubjectType(Calendar, owner=lambda parcel: owner))
    load_messages()
    add_target(escalate_after=[60])
    for number in range(3):
        parcel = Calendar.objects.create(code=f"late-{number}", name="Parcel")
        record("parcel.arrived", parcel, occurred_at=database_now() - timedelta(hours=26))
    while scan():
        pass
    word_pending(until=monotonic() + WORDING_S)
    heard = Message.objects.values("object_id", "recipient_key", "channel").annotate(times=Count("pk"))
    assert len(heard) == 6
    assert {one["times"] for one in heard} == {1}


def test_words_for_managers_cost_the_same_for_2_and_for_20_records():
    load_messages()
    calendars.load()
    defaults.load()
    counts = []
    for size in (2, 20):
        for _ticket in range(size):
            make_ticket(owner=make_user(manager=make_user()))
        past = database_now() - timedelta(seconds=9)
        Timer.objects.filter(kind="breach", fired_at=None).update(due_at=past)
        Clock.objects.filter(breached_at=None).update(due_at=past)
        while scan():
            pass
        with CaptureQueriesContext(connection) as queries:
            assert word_pending(until=monotonic() + WORDING_S) >= size
        counts.append(len(queries))
    assert counts[0] == counts[1]
