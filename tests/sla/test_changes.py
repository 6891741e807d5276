"""Changing a promise: what counts for whom, from when, and who is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.accounts.models import User
from foundation.calendars.models import Calendar
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.journal.services import record
from foundation.sla.escalation import Step, minutes_of, set_steps
from foundation.sla.ledger import drift
from foundation.sla.models import Clock, Entry, Target, Timer
from foundation.sla.scanner import scan
from foundation.sla.services.previewing import preview_of
from foundation.sla.services.targets import save_target, spread_targets
from tests.sla.conftest import add_target, tell

# "So many minutes ago" is told to the database, whose clock goes on as it is.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_clock")]
HOUR = timedelta(hours=1)


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root@example.com", None, name="Root")


def begun(code, minutes=10, **facts):
    """A clock that started so many minutes ago."""
    subject = Calendar.objects.create(code=code, name=code)
    when = (timezone.now() - timedelta(minutes=minutes)).replace(microsecond=0)
    record("parcel.arrived", subject, occurred_at=when, facts=facts)
    return subject, Clock.objects.about(subject).order_by("-cycle").first()


def edited(target, **fields):
    found = Target.objects.get(pk=target.pk)
    for name, value in fields.items():
        setattr(found, name, value)
    return found


def spread_all():
    moved = 0
    while done := spread_targets(2):
        moved += done
    return moved


def timers(clock):
    rows = Timer.objects.filter(clock=clock, cancelled_at=None, fired_at=None)
    return {timer.kind: timer.due_at for timer in rows}


def sound(clock):
    clock.refresh_from_db()
    return drift(clock, list(Entry.objects.filter(clock=clock))) == []


def test_a_change_counts_for_clocks_that_start_afterwards_and_for_no_other(root):
    target = add_target()
    _one, running = begun("old")
    before = Clock.objects.values().get(pk=running.pk)
    save_target(edited(target, amount=4, warning_percent=[75], escalate_after=[]), actor=root)
    assert spread_all() == 0
    assert Clock.objects.values().get(pk=running.pk) == before
    _two, new = begun("new")
    assert (new.target_s, new.target_revision, set(new.levels)) == (4 * 3600, 2, {"75"})
    assert set(timers(new)) == {"breach", "warn:75"}


def test_nothing_that_happens_later_lets_a_change_leak_into_a_running_clock(root):
    target = add_target()
    subject, running = begun("old")
    due, steps = running.due_at, timers(running)["escalate:1"]
    save_target(
        edited(
            target,
            amount=9,
            warning_percent=[10],
            escalate_after=[5],
            stop_events=["parcel.assigned"],
            pause_events=[],
            resume_events=[],
        ),
        actor=root,
    )
    record("parcel.ranked", subject)
    record("parcel.assigned", subject)
    running.refresh_from_db()
    assert (running.state, running.due_at, running.target_s) == ("running", due, 3600)
    assert timers(running) == {
        "breach": due, "warn:50": due - HOUR / 2, "warn:90": due - HOUR / 10, "escalate:1": steps,
    }  # fmt: skip
    record("parcel.held", subject)
    running.refresh_from_db()
    assert running.state == "paused"
    record("parcel.released", subject)
    record("parcel.answered", subject)
    running.refresh_from_db()
    assert running.state == "stopped"
    assert sound(running)


def test_a_clock_that_began_after_the_change_follows_the_new_events_alone(root):
    target = add_target()
    begun("old")
    save_target(edited(target, stop_events=["parcel.assigned"]), actor=root)
    subject, clock = begun("new")
    record("parcel.answered", subject)
    clock.refresh_from_db()
    assert clock.state == "running"
    record("parcel.assigned", subject)
    clock.refresh_from_db()
    assert clock.state == "stopped"


def test_running_clocks_are_held_to_a_change_from_the_moment_at_which_each_is_reached(root):
    target = add_target()
    clocks = [begun(f"c-{n}", minutes=30)[1] for n in range(5)]
    changed = edited(target, amount=2, warning_percent=[50, 75])
    set_steps(changed, [Step(15, ("team_lead",), ("inbox",)), Step(45, ("owner_manager",), ("email",))])
    save_target(changed, actor=root, spread=True)
    assert spread_all() == 5
    assert spread_all() == 0
    event = Event.objects.get(code="target.changed")
    assert (event.actor, event.facts["changes"]["amount"], event.facts["is_spread"]) == (root, [1, 2], True)
    for clock in clocks:
        start = clock.started_at
        clock.refresh_from_db()
        assert clock.due_at == start + 2 * HOUR
        assert clock.target_revision == 2
        assert minutes_of(clock) == [15, 45]
        open_timers = timers(clock)
        assert open_timers["warn:75"] == start + HOUR * 3 / 2
        assert open_timers["escalate:2"] == clock.due_at + timedelta(minutes=45)
        assert "warn:90" not in open_timers
        entry = Entry.objects.filter(clock=clock, kind="target").get()
        assert (entry.code, entry.event_id, entry.target_s) == ("target.changed", event.pk, 7200)
        assert entry.at > start
        assert sound(clock)


def test_a_shorter_time_that_is_used_up_is_due_at_the_change_and_never_before(root):
    target = add_target(amount=4)
    _subject, clock = begun("c", minutes=120)
    before = timezone.now().replace(microsecond=0)
    save_target(edited(target, amount=1), actor=root, spread=True)
    spread_all()
    clock.refresh_from_db()
    assert before <= clock.due_at <= timezone.now()
    assert clock.breached_at is None
    assert sound(clock)


def test_a_breach_and_what_was_told_stay_as_they_are(root):
    target = add_target()
    _subject, clock = begun("c", minutes=90)
    while scan():
        pass
    clock.refresh_from_db()
    due = clock.due_at
    save_target(edited(target, amount=9, warning_percent=[20]), actor=root, spread=True)
    spread_all()
    clock.refresh_from_db()
    assert (clock.due_at, clock.breached_at, clock.target_s) == (due, due, 3600)
    assert not [kind for kind in timers(clock) if kind.startswith("warn")]
    told = Event.objects.filter(code__startswith="sla.").count()
    while scan():
        pass
    assert Event.objects.filter(code__startswith="sla.").count() == told
    assert sound(clock)


def test_a_paused_clock_takes_the_new_target_and_goes_on_waiting(root):
    target = add_target()
    subject, clock = begun("c", minutes=10)
    record("parcel.held", subject)
    save_target(edited(target, amount=3), actor=root, spread=True)
    spread_all()
    clock.refresh_from_db()
    assert (clock.state, clock.due_at, clock.target_s) == ("paused", None, 3 * 3600)
    record("parcel.released", subject)
    assert sound(clock)


def test_another_calendar_counts_for_running_clocks_from_the_change_on(root, office):
    target = add_target(amount=4)
    _subject, clock = begun("c", minutes=30)
    save_target(edited(target, calendar=office), actor=root, spread=True)
    spread_all()
    clock.refresh_from_db()
    assert clock.calendar_version_id == office.current_id
    assert sound(clock)


def test_a_clock_that_cannot_be_held_to_the_change_keeps_what_it_has_and_nobody_waits(root):
    target = add_target()
    _subject, clock = begun("c")
    other, _clock = begun("d")
    save_target(edited(target, amount=2), actor=root, spread=True)
    Clock.objects.filter(pk=clock.pk).update(facts={"anchor": {"broken": True}})
    assert spread_all() == 2
    assert spread_all() == 0
    clock.refresh_from_db()
    assert clock.target_s == 3600
    assert Clock.objects.about(other).get().target_s == 7200
    target.refresh_from_db()
    assert target.problem


def test_two_people_at_once_the_later_is_told_and_nothing_changes(root):
    target = add_target()
    first, second = edited(target, amount=2), edited(target, amount=3)
    save_target(first, actor=root)
    with pytest.raises(Refused):
        save_target(second, actor=root)
    target.refresh_from_db()
    assert (target.amount, target.revision) == (2, 2)
    assert Event.objects.filter(code="target.changed").count() == 1


def test_while_a_change_is_still_on_its_way_the_next_one_waits(root):
    target = add_target()
    begun("c")
    save_target(edited(target, amount=2), actor=root, spread=True)
    with pytest.raises(Refused):
        save_target(edited(target, amount=3), actor=root)
    spread_all()
    save_target(edited(target, amount=3), actor=root)
    assert Target.objects.get().amount == 3


def test_saving_what_is_there_already_is_no_change(root):
    target = add_target()
    save_target(edited(target), actor=root)
    target.refresh_from_db()
    assert target.revision == 1
    assert not Event.objects.filter(code="target.changed").exists()


def test_who_may_not_change_promises_changes_none(anna):
    target = add_target()
    with pytest.raises(Refused):
        save_target(edited(target, amount=2), actor=anna)
    with pytest.raises(Refused):
        save_target(Target(code="x"), actor=anna)
    assert Target.objects.get().amount == 1


def test_a_broken_edit_is_refused_and_nothing_changes(root):
    target = add_target()
    with pytest.raises(ValidationError):
        save_target(edited(target, stop_events=[]), actor=root)
    target.refresh_from_db()
    assert (target.stop_events, target.revision) == (["parcel.answered"], 1)


def test_former_events_are_let_go_when_their_clocks_have_ended(root):
    target = add_target()
    subject, _clock = begun("old")
    save_target(edited(target, stop_events=["parcel.assigned"]), actor=root)
    assert len(Target.objects.get().former_events) == 1
    record("parcel.answered", subject)
    save_target(edited(target, amount=2), actor=root)
    assert Target.objects.get().former_events == []


# ------------------------------------------------------------ preview


def test_the_preview_tries_the_change_with_the_engine_and_writes_nothing(root, django_assert_num_queries):
    target = add_target(amount=4)
    for n in range(3):
        begun(f"c-{n}", minutes=30 + n)
    paused, _clock = begun("p")
    record("parcel.held", paused)
    before = list(Clock.objects.order_by("pk").values())
    preview = preview_of(edited(target, amount=1))
    assert (preview.open, preview.tried, preview.moving, preview.earlier, preview.later) == (4, 4, 3, 3, 0)
    assert [one.clock.number for one in preview.cases] == ["c-2", "c-1", "c-0"]
    assert all(one.was - one.becomes == 3 * HOUR for one in preview.cases)
    assert preview.cases[0].is_later is False
    assert list(Clock.objects.order_by("pk").values()) == before


def test_the_preview_says_what_the_change_then_does(root):
    target = add_target(amount=4)
    for n in range(4):
        begun(f"c-{n}", minutes=10 * n + 5)
    changed = edited(target, amount=6)
    foretold = {one.clock.pk: one.becomes for one in preview_of(edited(target, amount=6)).cases}
    save_target(changed, actor=root, spread=True)
    spread_all()
    assert foretold == dict(Clock.objects.values_list("pk", "due_at"))


def test_the_preview_costs_the_same_for_2_and_for_20_cases():
    target = add_target()
    counts = []
    for size in (2, 20):
        for n in range(size):
            begun(f"q-{size}-{n}")
        with CaptureQueriesContext(connection) as queries:
            preview_of(edited(target, amount=5))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


# ------------------------------------------------------------ at once


@pytest.mark.django_db(transaction=True)
def test_spreading_while_events_and_scanners_are_at_it_holds_every_open_clock_once(root):
    target = add_target(warning_percent=[50])
    subjects = [begun(f"r-{n}", minutes=40)[0] for n in range(24)]
    save_target(edited(target, amount=2), actor=root, spread=True)

    def apart(work, *args):
        try:
            return work(*args)
        finally:
            close_old_connections()
            connection.close()

    def stir(subject):
        record("parcel.held", subject)
        record("parcel.released", subject)
        if subject.pk % 3 == 0:
            record("parcel.answered", subject)

    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(apart, stir, subject) for subject in subjects]
        jobs += [pool.submit(apart, spread_all) for _n in range(3)] + [pool.submit(apart, scan) for _n in range(2)]
        for job in jobs:
            job.result()
    spread_all()
    assert not Clock.objects.open().filter(target_revision__lt=2).exists()
    assert set(Clock.objects.open().values_list("target_s", flat=True)) == {7200}
    for clock in Clock.objects.all():
        assert sound(clock)
        assert Entry.objects.filter(clock=clock, kind="target").count() <= 1


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_something_holds_is_taken_in_the_next_round(root):
    target = add_target()
    _subject, clock = begun("held")
    begun("free")
    save_target(edited(target, amount=2), actor=root, spread=True)

    def elsewhere():
        try:
            return spread_targets()
        finally:
            connection.close()

    with transaction.atomic():
        Clock.objects.select_for_update().get(pk=clock.pk)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(elsewhere).result() == 1
    assert spread_targets() == 1
    assert Clock.objects.filter(target_s=7200).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_pieces_of_news_at_once_leave_one_open_clock():
    add_target(restart_events=["parcel.ranked"], retarget_events=[])
    subject, _clock = begun("news")

    def tell_apart():
        try:
            tell(subject, "ranked")
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        for job in [pool.submit(tell_apart) for _n in range(5)]:
            job.result()
    assert Clock.objects.open().count() == 1
    clocks = list(Clock.objects.order_by("cycle"))
    assert all(a.stopped_at == b.started_at for a, b in zip(clocks, clocks[1:], strict=False))
    assert all(sound(clock) for clock in clocks)
