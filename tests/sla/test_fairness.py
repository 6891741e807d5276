"""Changes of priority, tier and owner, due times set by hand, and promises begun afresh: nobody is blamed for time they never had."""

import threading

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.accounts.models import User
from foundation.calendars.models import Calendar
from foundation.calendars.services import revise_calendar
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.sla.models import Clock, Entry, FairnessPolicy, Holder, Timer
from foundation.sla.scanner import scan
from foundation.sla.selectors.clocks import drifting
from foundation.sla.services.by_hand import reset_clock, set_due
from foundation.sla.services.following import follow_calendars
from tests.calendars.plans import ROUND_THE_CLOCK
from tests.sla.conftest import add_target, berlin, tell

HOUR = timezone.timedelta(hours=1)


def kinds():
    return list(Entry.objects.values_list("kind", flat=True))


@pytest.fixture
def bert(db):
    return User.objects.create_user("bert@example.com", None, name="Bert", time_zone="Europe/Berlin")


@pytest.fixture
def boss(db):
    boss = User.objects.create_user("boss@example.com", None, name="Boss", time_zone="Asia/Shanghai")
    boss.user_permissions.add(*Permission.objects.filter(codename__in=["set_due", "reset_clock", "view_clock"]))
    return User.objects.get(pk=boss.pk)


# ---------------------------------------------------------------- tightened


def test_a_shorter_target_leaves_a_mark_with_the_due_time_of_before(parcel, office, anna):
    add_target("urgent", position=1, priorities=["urgent"], amount=30, unit="minutes", calendar=office)
    add_target(amount=4, calendar=office)
    tell(parcel, "arrived", "2T09:00", priority="normal", owner_id=anna.pk)
    event = tell(parcel, "ranked", "2T10:00", priority="urgent", owner_id=anna.pk)
    clock = Clock.objects.get()
    assert (clock.due_at, clock.tightened_at, clock.tightened_from) == (
        berlin("2T10:00"),
        berlin("2T10:00"),
        berlin("2T13:00"),
    )
    mark = Entry.objects.get(kind="tighten")
    assert (mark.at, mark.due_at, mark.event_id) == (berlin("2T10:00"), berlin("2T13:00"), event.pk)
    assert drifting() == ([], clock.pk)


def test_a_miss_that_was_in_time_before_the_change_blames_nobody(parcel, office, anna):
    add_target("urgent", position=1, priorities=["urgent"], amount=30, unit="minutes", calendar=office)
    add_target(amount=4, calendar=office)
    tell(parcel, "arrived", "2T09:00", priority="normal", owner_id=anna.pk)
    tell(parcel, "ranked", "2T10:00", priority="urgent")
    tell(parcel, "answered", "2T12:00")
    clock = Clock.objects.get()
    assert clock.breached_at == berlin("2T10:00")
    assert list(Clock.objects.all().blame_free()) == [clock]


def test_a_miss_of_both_due_times_is_no_excuse(parcel, office):
    add_target("urgent", position=1, priorities=["urgent"], amount=30, unit="minutes", calendar=office)
    add_target(amount=4, calendar=office)
    tell(parcel, "arrived", "2T09:00", priority="normal")
    tell(parcel, "ranked", "2T10:00", priority="urgent")
    tell(parcel, "answered", "2T13:01")
    assert Clock.objects.get().breached_at is not None
    assert not Clock.objects.all().blame_free().exists()


def test_a_pause_between_does_not_eat_the_time_that_somebody_had(parcel, office):
    add_target("urgent", position=1, priorities=["urgent"], amount=2, calendar=office)
    add_target(amount=4, calendar=office)
    tell(parcel, "arrived", "2T09:00", priority="normal")
    tell(parcel, "ranked", "2T10:00", priority="urgent")
    tell(parcel, "held", "2T10:30")
    tell(parcel, "released", "3T09:00")
    tell(parcel, "answered", "3T11:00")  # 3 h 30 min of work: late by the new target, in time by the old one
    assert Clock.objects.get().breached_at == berlin("3T09:30")
    assert Clock.objects.all().blame_free().count() == 1


def test_giving_the_time_back_takes_the_mark_away(parcel, office):
    add_target("urgent", position=1, priorities=["urgent"], amount=2, calendar=office)
    add_target(amount=4, calendar=office)
    tell(parcel, "arrived", "2T09:00", priority="normal")
    tell(parcel, "ranked", "2T10:00", priority="urgent")
    assert Clock.objects.get().tightened_at is not None
    tell(parcel, "ranked", "2T10:30", priority="normal")
    clock = Clock.objects.get()
    assert (clock.due_at, clock.tightened_at, clock.fair_s) == (berlin("2T13:00"), None, None)
    assert kinds().count("tighten") == 1


def test_a_longer_target_leaves_no_mark(parcel, office):
    add_target("urgent", position=1, priorities=["urgent"], amount=2, calendar=office)
    add_target(amount=4, calendar=office)
    tell(parcel, "arrived", "2T09:00", priority="urgent")
    tell(parcel, "ranked", "2T10:00", priority="normal")
    assert Clock.objects.get().tightened_at is None
    assert "tighten" not in kinds()


def test_longer_opening_hours_that_bring_the_due_time_forward_are_a_tightening(parcel, office):
    add_target(amount=20, calendar=office)
    tell(parcel, "arrived")
    before = Clock.objects.get().due_at
    revise_calendar(office.pk, actor=None, plan=ROUND_THE_CLOCK)
    follow_calendars()
    clock = Clock.objects.get()
    assert clock.due_at < before
    assert (clock.tightened_from, clock.tightened_at is not None) == (before, True)
    assert drifting() == ([], clock.pk)


# ---------------------------------------------------------------- tier


def test_a_new_tier_reaches_the_open_clocks_of_the_customers_records(office, anna):
    from crm.services import receive_inquiry, update_customer
    from tests.crm.factories import make_customer

    customer = make_customer(tier="ordinary")
    add_target("for-keys", position=1, tiers=["key"], amount=1, start_events=["inquiry.received"], calendar=None)
    ordinary = add_target("for-all", amount=5, start_events=["inquiry.received"], calendar=None)
    receive_inquiry(
        actor=None, contact_name="A", subject="s", text="t", language="en", customer=customer, email="a@example.com"
    )
    clock = Clock.objects.get(metric="answer")
    assert clock.target == ordinary
    update_customer(customer.pk, actor=anna, tier="key")
    again = Clock.objects.get(metric="answer")
    assert (again.target.code, again.facts["tier"]) == ("for-keys", "key")
    assert again.due_at == clock.started_at + HOUR
    assert again.tightened_from == clock.due_at
    update_customer(customer.pk, actor=anna, remark="Nothing to do with deadlines")
    assert Entry.objects.filter(clock=again, kind="target").count() == 1


# ---------------------------------------------------------------- another owner


def test_a_clock_says_since_when_each_owner_holds_it(parcel, office, anna, bert):
    add_target(amount=4, calendar=office)
    tell(parcel, "arrived", "2T09:00", owner_id=anna.pk, team_id=5)
    event = tell(parcel, "assigned", "2T10:00", owner_id=bert.pk, team_id=6)
    held = list(Holder.objects.values_list("owner_id", "team_id", "since"))
    assert held == [(anna.pk, 5, berlin("2T09:00")), (bert.pk, 6, berlin("2T10:00"))]
    assert Holder.objects.last().event_id == event.pk
    clock = Clock.objects.get()
    assert (clock.owner_id, clock.facts["team_id"], clock.tightened_at) == (bert.pk, 6, None)
    tell(parcel, "assigned", "2T10:30", owner_id=bert.pk, team_id=6)
    assert Holder.objects.count() == 2


def test_who_gets_a_clock_in_its_last_minutes_is_not_blamed_within_a_fair_share(parcel, office, anna, bert):
    add_target(amount=4, calendar=office)
    tell(parcel, "arrived", "2T09:00", owner_id=anna.pk)
    tell(parcel, "assigned", "2T12:50", owner_id=bert.pk)
    clock = Clock.objects.get()
    assert (clock.tightened_at, clock.fair_s) == (berlin("2T12:50"), (3 * 60 + 50) * 60 + 3600)
    tell(parcel, "answered", "2T13:50")
    assert list(Clock.objects.all().blame_free()) == [clock]


def test_the_fair_share_is_the_houses_to_choose(parcel, office, anna, bert):
    FairnessPolicy(fair_share_percent=0).save()
    add_target(amount=4, calendar=office)
    tell(parcel, "arrived", "2T09:00", owner_id=anna.pk)
    tell(parcel, "assigned", "2T12:50", owner_id=bert.pk)
    assert Clock.objects.get().tightened_at is None


def test_the_next_owner_with_time_enough_inherits_no_excuse(parcel, office, anna, bert):
    add_target("urgent", position=1, priorities=["urgent"], amount=2, calendar=office)
    add_target(amount=4, calendar=office)
    tell(parcel, "arrived", "2T09:00", priority="normal", owner_id=anna.pk)
    tell(parcel, "ranked", "2T09:10", priority="urgent", owner_id=anna.pk)
    tell(parcel, "assigned", "2T09:20", priority="urgent", owner_id=bert.pk)
    tell(parcel, "answered", "2T12:00", owner_id=bert.pk)
    assert Clock.objects.get().breached_at is not None
    assert not Clock.objects.all().blame_free().exists()


@pytest.mark.parametrize("clocks", [1, 5])
@pytest.mark.usefixtures("one_clock")
def test_handing_over_costs_one_statement_a_clock(parcel, office, anna, bert, clocks):
    for n in range(clocks):
        add_target(f"t-{n}", metric=f"m-{n}", amount=4, calendar=office)
    tell(parcel, "arrived", owner_id=anna.pk)
    with CaptureQueriesContext(connection) as queries:
        tell(parcel, "assigned", owner_id=bert.pk)
    ours = [q for q in queries if "sla_" in q["sql"]]
    assert len(ours) <= 4 + clocks
    assert set(Clock.objects.values_list("owner_id", flat=True)) == {bert.pk}


# ---------------------------------------------------------------- due times set by hand


@pytest.mark.usefixtures("one_clock")
def test_a_due_time_set_by_hand_stays_whatever_follows(parcel, office, boss):
    add_target("urgent", position=1, priorities=["urgent"], amount=1, calendar=office)
    add_target(amount=4, calendar=office)
    tell(parcel, "arrived", priority="normal")
    clock = Clock.objects.get()
    due = timezone.now().replace(microsecond=0) + 400 * HOUR
    set_due(clock.pk, actor=boss, due_at=due, reason="Agreed with the customer")
    tell(parcel, "ranked", priority="urgent")
    revise_calendar(office.pk, actor=None, plan=ROUND_THE_CLOCK)
    follow_calendars()
    tell(parcel, "held")
    tell(parcel, "released")
    clock.refresh_from_db()
    assert (clock.due_at, clock.is_due_fixed) == (due, True)
    assert Timer.objects.get(clock=clock, kind="breach").due_at == due
    assert drifting() == ([], clock.pk)
    event = Event.objects.get(code="sla.due_set")
    assert (event.actor_id, event.private.data["reason"]) == (boss.pk, "Agreed with the customer")
    assert event.content_type_id == clock.content_type_id


@pytest.mark.usefixtures("one_clock")
def test_a_pause_does_not_move_a_due_time_set_by_hand(parcel, office, boss):
    add_target(amount=4, calendar=office)
    tell(parcel, "arrived")
    clock = Clock.objects.get()
    due = timezone.now().replace(microsecond=0) + HOUR
    set_due(clock.pk, actor=boss, due_at=due, reason="x")
    tell(parcel, "held")
    clock.refresh_from_db()
    assert (clock.state, clock.due_at) == ("paused", due)
    assert Timer.objects.get(clock=clock, kind="breach").due_at == due
    assert Timer.objects.get(clock=clock, kind="warn:50").due_at is None


def test_the_levels_lie_between_now_and_the_new_due_time(parcel, boss):
    add_target(amount=10)
    tell(parcel, "arrived")
    clock = Clock.objects.get()
    due = clock.started_at + 2 * HOUR
    set_due(clock.pk, actor=boss, due_at=due, reason="x")
    timers = {t.kind: t.due_at for t in Timer.objects.filter(clock=clock)}
    assert abs(timers["warn:50"] - (clock.started_at + HOUR)).total_seconds() <= 5
    assert timers["warn:50"] < timers["warn:90"] < timers["breach"] == due
    clock.refresh_from_db()
    assert clock.tightened_from == clock.started_at + 10 * HOUR


@pytest.mark.usefixtures("one_clock")
def test_a_due_time_in_the_past_is_refused_and_nothing_changes(parcel, boss):
    add_target(amount=4)
    tell(parcel, "arrived")
    before = Clock.objects.values().get()
    with pytest.raises(Refused) as refused:
        set_due(before["id"], actor=boss, due_at=timezone.now() - HOUR, reason="x")
    assert refused.value.field == "due_at"
    for wrong in ("", "  "):
        with pytest.raises(Refused):
            set_due(before["id"], actor=boss, due_at=timezone.now() + HOUR, reason=wrong)
    assert Clock.objects.values().get() == before
    assert kinds() == ["start"]
    assert not Event.objects.filter(code="sla.due_set").exists()


def test_without_the_permission_nobody_sets_or_resets(parcel, anna):
    add_target(amount=4)
    tell(parcel, "arrived")
    before = Clock.objects.values().get()
    with pytest.raises(Refused):
        set_due(before["id"], actor=anna, due_at=timezone.now() + HOUR, reason="x")
    with pytest.raises(Refused):
        reset_clock(before["id"], actor=anna, reason="x")
    assert list(Clock.objects.values()) == [before]


def test_a_missed_promise_keeps_its_time(parcel, boss):
    add_target(amount=1)
    tell(parcel, "arrived", "2T09:00")
    clock = Clock.objects.get()
    with pytest.raises(Refused):
        set_due(clock.pk, actor=boss, due_at=timezone.now() + HOUR, reason="x")
    assert Clock.objects.get().due_at == berlin("2T10:00")


# ---------------------------------------------------------------- begun afresh


def test_a_reset_begins_the_next_cycle_and_the_old_one_is_neither_kept_nor_missed(parcel, boss, anna):
    add_target(amount=4)
    tell(parcel, "arrived", owner_id=anna.pk)
    old = Clock.objects.get()
    new = reset_clock(old.pk, actor=boss, reason="The customer sent another question")
    old.refresh_from_db()
    assert (old.state, old.is_reset, old.met_at, old.breached_at) == ("stopped", True, None, None)
    assert (new.cycle, new.state, new.owner_id, new.target_s) == (2, "running", anna.pk, 4 * 3600)
    assert not Clock.objects.all().counted().exists()
    assert Event.objects.get(code="sla.reset").private.data == {"reason": "The customer sent another question"}
    assert kinds() == ["start", "reset", "start"]
    assert not Timer.objects.filter(clock=old, cancelled_at=None, fired_at=None).exists()
    tell(parcel, "answered")
    assert list(Clock.objects.all().counted()) == [new]


def test_a_reset_does_not_take_back_a_miss(parcel, boss):
    add_target(amount=1)
    tell(parcel, "arrived", "2T09:00")
    scan()
    old = Clock.objects.get()
    reset_clock(old.pk, actor=boss, reason="x")
    old.refresh_from_db()
    assert (old.is_reset, old.breached_at) == (True, berlin("2T10:00"))
    assert list(Clock.objects.all().counted()) == [old]


def test_a_reset_without_a_reason_is_refused(parcel, boss):
    add_target(amount=4)
    tell(parcel, "arrived")
    clock = Clock.objects.get()
    with pytest.raises(Refused):
        reset_clock(clock.pk, actor=boss, reason=" ")
    assert (Clock.objects.get().state, kinds()) == ("running", ["start"])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_reset_at_once_one_is_refused():
    parcel = Calendar.objects.create(code="p-1", name="Parcel")
    boss = User.objects.create_superuser("boss@example.com", None, name="Boss")
    add_target(amount=4)
    tell(parcel, "arrived")
    clock, results = Clock.objects.get(), []
    gate = threading.Barrier(2)

    def press():
        gate.wait()
        try:
            results.append(reset_clock(clock.pk, actor=boss, reason="x").cycle)
        except Refused:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(results, key=str) == [2, "refused"]
    assert Clock.objects.count() == 2


def test_a_second_reset_finds_the_cycle_closed(parcel, boss):
    add_target(amount=4, calendar=None)
    tell(parcel, "arrived")
    clock = Clock.objects.get()
    reset_clock(clock.pk, actor=boss, reason="x")
    with pytest.raises(Refused):
        reset_clock(clock.pk, actor=boss, reason="x")
    assert Clock.objects.count() == 2
