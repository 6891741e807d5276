"""Invariant 21 and 14 on PostgreSQL: scanners, pauses, resumes and stops at once, each clock and kind told at most once."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from foundation.calendars.models import Calendar
from foundation.journal.models import Event
from foundation.journal.services import record
from foundation.sla.ledger import drift
from foundation.sla.models import Clock, Entry, Timer
from foundation.sla.scanner import scan
from foundation.sla.store import database_now
from tests.sla.conftest import add_target

pytestmark = pytest.mark.django_db(transaction=True)

PARCELS = 40


def in_thread(work, *args):
    try:
        return work(*args)
    finally:
        connection.close()


def scan_until_quiet():
    settled = 0
    for _round in range(60):
        settled += scan(7)
    return settled


def disturb(ids, seed):
    """Pause, resume and stop in random order, as people do."""
    chance = random.Random(seed)
    for _step in range(60):
        parcel = Calendar.objects.get(pk=chance.choice(ids))
        record(f"parcel.{chance.choice(['held', 'released', 'released', 'answered'])}", parcel)


def due_parcels():
    """Clocks of which all have run out: some long ago, some this very second."""
    parcels = [Calendar.objects.create(code=f"race-{n}", name="x") for n in range(PARCELS)]
    now = database_now()
    for n, parcel in enumerate(parcels):
        record("parcel.arrived", parcel, occurred_at=now - timedelta(minutes=60, seconds=30 * (n % 4)))
    return [parcel.pk for parcel in parcels]


def test_each_clock_and_kind_is_told_at_most_once_under_any_interleaving():
    add_target()
    ids = due_parcels()
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(in_thread, scan_until_quiet) for _n in range(4)]
        jobs += [pool.submit(in_thread, disturb, ids, seed) for seed in range(4)]
        for job in jobs:
            job.result()
    while scan():
        pass
    told = Counter(
        (e.facts["clock_id"], e.code, e.facts["level"]) for e in Event.objects.filter(code__startswith="sla.")
    )
    assert set(told.values()) <= {1}
    assert Timer.objects.filter(fired_at__isnull=False).count() == sum(told.values())
    breached = set(Clock.objects.filter(breached_at__isnull=False).values_list("pk", flat=True))
    assert {clock for clock, code, _level in told if code == "sla.breached"} == breached
    for clock in Clock.objects.all():
        assert drift(clock, list(Entry.objects.filter(clock=clock))) == []
        assert not (clock.met_at and clock.breached_at)


def test_four_scanners_at_once_miss_nothing_and_double_nothing():
    add_target(escalate_after=[], warning_percent=[])
    ids = due_parcels()
    Calendar.objects.filter(pk__in=ids)
    with ThreadPoolExecutor(4) as pool:
        settled = sum(job.result() for job in [pool.submit(in_thread, scan_until_quiet) for _n in range(4)])
    settled += scan()
    assert settled == Event.objects.filter(code="sla.breached").count()
    assert settled == Clock.objects.filter(breached_at__isnull=False).count() >= PARCELS * 3 // 4


def test_two_starts_at_once_leave_one_clock():
    add_target()
    parcel = Calendar.objects.create(code="twice", name="x")
    with ThreadPoolExecutor(6) as pool:
        for job in [pool.submit(in_thread, record, "parcel.arrived", parcel) for _n in range(6)]:
            job.result()
    assert Clock.objects.count() == 1
    assert Event.objects.filter(code="parcel.arrived").count() == 6
    assert Entry.objects.count() == 1
