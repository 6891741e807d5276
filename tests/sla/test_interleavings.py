"""Invariant 21: per clock and kind at most one row in the outbox, whatever scanners, wording, pauses and stops do at once."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic, sleep

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from foundation.accounts.models import User
from foundation.calendars.models import Calendar
from foundation.journal import subscribers
from foundation.journal.models import Event
from foundation.journal.services import record
from foundation.notifications import subjects
from foundation.notifications.models import Message, Rule, Template
from foundation.notifications.wording import word_pending
from foundation.sla import events
from foundation.sla.ledger import drift
from foundation.sla.models import Clock, Entry, Timer
from foundation.sla.scanner import scan
from foundation.sla.store import database_now
from tests.accounts.factories import make_user
from tests.sla.conftest import add_target

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4
WORDING_S = 30
CODES = (events.WARNED, events.BREACHED, events.ESCALATED)
_numbers = itertools.count(1)
# Minutes since the parcels arrived: before, at and after each of the instants at which a clock has something to say.
AGES = st.lists(st.sampled_from([10, 31, 55, 60, 61, 89, 95]), min_size=1, max_size=3)


class Interleavings(RuleBasedStateMachine):
    """Parcels with a promise of an hour, warned at 50 and 90 %, escalated half an hour after the breach."""

    def __init__(self) -> None:
        super().__init__()
        self.parcels: list[Calendar] = []
        self.pool = ThreadPoolExecutor(AT_ONCE)

    @initialize(ages=AGES)
    def start_some(self, ages: list[int]) -> None:
        self.start(ages)

    @rule(ages=AGES)
    def start(self, ages: list[int]) -> None:
        for minutes in ages:
            parcel = Calendar.objects.create(code=f"i-{next(_numbers)}", name="Parcel")
            record("parcel.arrived", parcel, occurred_at=database_now() - timedelta(minutes=minutes))
            self.parcels.append(parcel)

    @rule(data=st.data())
    def at_once(self, data: st.DataObject) -> None:
        verbs = st.sampled_from(["scan", "word", "held", "released", "answered"])
        which = st.integers(0, len(self.parcels) - 1)
        jobs = [("scan", 0), ("scan", 0), *data.draw(st.lists(st.tuples(verbs, which), max_size=AT_ONCE - 2))]
        barrier = threading.Barrier(len(jobs))
        running = [self.pool.submit(_do, barrier, verb, self.parcels[index]) for verb, index in jobs]
        for one in running:
            one.result(60)

    @rule()
    def scan_alone(self) -> None:
        scan()

    @invariant()
    def every_kind_was_told_at_most_once(self) -> None:
        word_pending(until=monotonic() + WORDING_S)
        clocks = list(Clock.objects.filter(object_id__in=[parcel.pk for parcel in self.parcels]))
        told = {
            event.pk: (event.facts["clock_id"], event.code, event.facts["level"])
            for event in Event.objects.filter(code__in=CODES, object_id__in=[parcel.pk for parcel in self.parcels])
        }
        assert set(Counter(told.values()).values()) <= {1}
        outbox = Counter(Message.objects.filter(event_id__in=told).values_list("event_id", flat=True))
        assert outbox == dict.fromkeys(told, 1)
        assert Timer.objects.filter(clock__in=clocks, fired_at__isnull=False).count() == len(told)
        breached = {clock.pk for clock in clocks if clock.breached_at}
        assert {clock for clock, code, _level in told.values() if code == events.BREACHED} <= breached
        assert not [clock for clock in clocks if clock.met_at and clock.breached_at]

    def teardown(self) -> None:
        closing = threading.Barrier(AT_ONCE)
        for one in [self.pool.submit(_hang_up, closing) for _thread in range(AT_ONCE)]:
            one.result(60)
        self.pool.shutdown()
        while scan():
            pass
        for clock in Clock.objects.filter(object_id__in=[parcel.pk for parcel in self.parcels]):
            assert drift(clock, list(Entry.objects.filter(clock=clock))) == []
            breach = clock.timers.get(kind="breach")
            assert (breach.fired_at is not None) == (clock.breached_at is not None)


def _do(barrier: threading.Barrier, verb: str, parcel: Calendar) -> None:
    barrier.wait(30)
    if verb == "scan":
        scan()
    elif verb == "word":
        word_pending(until=monotonic() + WORDING_S)
    else:
        record(f"parcel.{verb}", parcel)


def _hang_up(barrier: threading.Barrier) -> None:
    barrier.wait(30)
    connection.close()


@pytest.fixture
def slow_rounds() -> Iterator[None]:
    """What a round has told is kept open for a moment, so that another one meets it half done."""
    nothing = "SELECT event_id FROM told WHERE code = ANY({codes})"
    slowly = subscribers.Beside(nothing, after=lambda: sleep(0.02))
    subscribers.subscribe(lambda event, subject: None, name="slow", order=600, beside=slowly, wants=CODES.__contains__)
    yield
    subscribers._subscribers.pop("slow")


@pytest.fixture
def told_to_the_owner(monkeypatch: pytest.MonkeyPatch) -> User:
    """One message for each thing that a clock says, to the colleague in charge of the parcel."""
    owner = make_user("Chen Wei")
    monkeypatch.setitem(subjects._types, Calendar, subjects.SubjectType(Calendar, owner=lambda parcel: owner))
    for code in CODES:
        key = code.replace(".", "-")
        Rule.objects.create(key=key, event=code, audience="owner", template_key=key, channels=["email"])
        Template.objects.create(key=key, language="en", subject="{promise}", body="{promise}", sms="{promise}")
    return owner


@pytest.mark.usefixtures("told_to_the_owner", "slow_rounds")
def test_per_clock_and_kind_one_message_under_any_interleaving() -> None:
    add_target(escalate_after=[30])
    few = settings(
        max_examples=max(8, settings.default.max_examples // 30), stateful_step_count=8, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Interleavings, settings=few)
