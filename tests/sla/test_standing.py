"""A warning is told only while it holds, once, and leaves the inbox when the promise is kept."""

import time
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from foundation.accounts.models import Team
from foundation.journal.models import Event
from foundation.journal.services import record
from foundation.journal.standing import over
from foundation.notifications.defaults import load_messages
from foundation.notifications.delivery import deliver_due
from foundation.notifications.models import InboxItem, Message
from foundation.notifications.selectors import explain
from foundation.notifications.wording import word_pending
from foundation.sla.models import Clock, Target, Timer
from foundation.sla.scanner import scan
from foundation.sla.tasks import run_round
from tests.accounts.factories import make_user
from tests.crm.factories import make_customer
from tests.sla.conftest import add_target

# "So many minutes ago" is told to the database, whose clock goes on as it is.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_clock")]


@pytest.fixture
def mia():
    return make_user("Mia", email="mia@example.com")


@pytest.fixture
def omar(mia):
    return make_user("Omar", email="omar@example.com", manager=mia)


@pytest.fixture(autouse=True)
def _rules():
    load_messages()


def ago(**delta):
    return (timezone.now() - timedelta(**delta)).replace(microsecond=0)


def about(owner):
    """A record whose owner the messages find."""
    return make_customer(owner=owner)


def warned(owner, *, minutes=40, **fields):
    add_target(**{"escalate_after": [], **fields})
    subject = about(owner)
    record("parcel.arrived", subject, occurred_at=ago(minutes=minutes), facts={"number": "P-1", "owner_id": owner.pk})
    scan()
    word_pending(until=time.monotonic() + 20)
    return subject


def to(address):
    return [one for one in mail.outbox if address in str(one.to)]


def test_a_warning_that_holds_is_sent_to_the_owner_once(omar):
    subject = warned(omar)
    deliver_due()
    deliver_due()
    scan()
    deliver_due()
    assert [one.subject for one in mail.outbox] == [f"Answer: {subject.number} is due soon"]
    assert Message.objects.get().state == "sent"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("stopped", "The clock was stopped before this message left."),
        ("paused", "The clock was paused before this message left."),
        ("moved", "The deadline was moved before this message left."),
        ("missed", "The promise was missed before this message left; that has a message of its own."),
    ],
)
def test_a_warning_that_was_overtaken_is_called_off_with_a_reason_that_people_can_read(omar, change, reason):
    subject = warned(omar)
    if change == "stopped":
        record("parcel.answered", subject)
    elif change == "paused":
        record("parcel.held", subject)
    elif change == "moved":
        add_target("generous", position=1, amount=9, priorities=["low"], escalate_after=[])
        record("parcel.ranked", subject, facts={"priority": "low"})
    else:
        Clock.objects.update(breached_at=timezone.now())
    deliver_due()
    row = Message.objects.get()
    assert (row.state, explain(row)) == ("cancelled", reason)
    assert mail.outbox == []
    with translation.override("de"):
        assert explain(row) != reason


def test_a_breach_is_told_to_owner_and_manager_even_if_it_was_done_late(omar, mia):
    subject = warned(omar, minutes=70)
    record("parcel.answered", subject)
    deliver_due()
    assert len(to("omar@example.com")) == len(to("mia@example.com")) == 1
    assert Event.objects.get(code="sla.breached").occurred_at == Clock.objects.get().due_at


def test_an_escalation_of_what_has_been_done_is_called_off(omar, mia):
    subject = warned(omar, minutes=61, escalate_after=[30])
    Timer.objects.filter(kind="escalate:1").update(due_at=ago(minutes=1))
    scan()
    assert Event.objects.filter(code="sla.escalated").count() == 1
    record("parcel.answered", subject)
    deliver_due()
    assert {row.state for row in Message.objects.filter(event__code="sla.escalated")} == {"cancelled"}
    assert {row.state for row in Message.objects.filter(event__code="sla.breached")} == {"sent"}


def test_the_notice_leaves_the_inbox_when_the_promise_is_kept_unless_it_was_read(omar):
    subject = warned(omar)
    assert InboxItem.objects.filter(user=omar, read_at=None).count() == 1
    record("parcel.answered", subject)
    assert not InboxItem.objects.exists()


def test_what_was_read_and_what_was_missed_stays_in_the_inbox(omar, mia):
    subject = warned(omar)
    InboxItem.objects.update(read_at=timezone.now())
    Clock.objects.update(due_at=ago(minutes=5))
    Timer.objects.filter(kind="breach").update(due_at=ago(minutes=5))
    scan()
    word_pending(until=time.monotonic() + 20)
    record("parcel.answered", subject)
    assert set(InboxItem.objects.values_list("event__code", flat=True)) == {"sla.warned", "sla.breached"}


def test_a_warning_that_is_over_before_it_is_worded_never_reaches_the_inbox(omar):
    add_target(escalate_after=[])
    subject = about(omar)
    record("parcel.arrived", subject, occurred_at=ago(minutes=40), facts={"owner_id": omar.pk})
    scan()
    record("parcel.answered", subject)
    deliver_due()
    assert not InboxItem.objects.exists()
    assert Message.objects.get().state == "cancelled"
    assert mail.outbox == []


def test_a_check_that_fails_sends_rather_than_loses(omar, monkeypatch, caplog):
    from foundation.journal import standing

    def broken(told):
        raise RuntimeError("no idea")

    warned(omar)
    monkeypatch.setitem(standing._checks, "sla.warned", broken)
    deliver_due()
    assert len(mail.outbox) == 1
    assert "no idea" in caplog.text


def test_an_event_that_nobody_checks_holds(omar):
    warned(omar)
    assert over(Event.objects.filter(code="parcel.arrived")) == {}


def test_what_nobody_answers_for_is_told_to_the_lead_of_its_team(mia):
    add_target(escalate_after=[])
    team = Team.objects.create(name="North", lead=mia)
    record("parcel.arrived", about(None), occurred_at=ago(minutes=70), facts={"number": "P-1", "team_id": team.pk})
    scan()
    deliver_due()
    assert len(to("mia@example.com")) == 1


def test_after_a_stop_of_26_hours_each_of_300_clocks_is_told_once_dated_when_it_happened(omar, mia):
    add_target()
    begun = ago(hours=26)
    for n in range(300):
        late = timedelta(minutes=n % 50)
        record("parcel.arrived", about(omar), occurred_at=begun + late, facts={"owner_id": omar.pk})
    assert Timer.objects.filter(fired_at=None, cancelled_at=None, due_at__lt=timezone.now()).count() == 1200
    run_round()
    assert not Timer.objects.filter(fired_at=None, cancelled_at=None, due_at__lt=timezone.now()).exists()
    breaches = Event.objects.filter(code="sla.breached")
    assert breaches.count() == 300
    assert {one.occurred_at for one in breaches} == set(Clock.objects.values_list("breached_at", flat=True))
    assert max(one.occurred_at for one in breaches) < ago(hours=24)
    assert not Event.objects.filter(code="sla.warned").exists(), "who is late need not be warned"
    assert Target.objects.get().problem == ""
