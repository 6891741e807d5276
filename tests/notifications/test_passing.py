"""News of a promise go where their record goes: what has not left is told to whoever has the record then, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from aftersales.services.tickets import reassign_ticket
from foundation.accounts.models import Team, User
from foundation.journal import standing
from foundation.journal.models import Event
from foundation.journal.registry import event_type
from foundation.journal.services import record
from foundation.notifications import passing
from foundation.notifications.defaults import load_messages
from foundation.notifications.delivery import deliver_due
from foundation.notifications.digests import wishes
from foundation.notifications.digests.policy import DIGEST
from foundation.notifications.models import DigestLine, InboxItem, Message
from foundation.notifications.selectors import explain
from foundation.sla.models import Clock
from foundation.sla.scanner import scan
from tests.accounts.factories import make_user
from tests.aftersales.factories import make_ticket
from tests.calendars.plans import ROUND_THE_CLOCK
from tests.notifications.sinks import MailSink
from tests.sla.conftest import add_calendar, add_target

event_type("ticket.reviewed", "Complaint reviewed")
pytestmark = pytest.mark.django_db
STAFF = {"audience": "owner", "channels": ["inbox", "email"]}


@pytest.fixture(autouse=True)
def follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "_of_hands", {"crate.packed"})


@pytest.fixture
def boss(db: None) -> User:
    return make_user("Boss", language="en")


@pytest.fixture
def anna(cast: Any, boss: User) -> User:
    """She has the crate, and wants one email an hour."""
    cast.owner = make_user("Anna", language="en", manager=boss)
    wishes.choose(cast.owner, "hourly", time(8))
    return cast.owner


@pytest.fixture
def bert(boss: User) -> User:
    return make_user("Bert", language="de", manager=boss)


@pytest.fixture
def packed(crate: Team, anna: User, add_rule: Any) -> Event:
    """Both rules speak, to the owner and to their manager, in the same words."""
    add_rule(**STAFF)
    add_rule("crate_packed_boss", template_key="crate_packed", **{**STAFF, "audience": "owner_manager"})
    return record("crate.packed", crate)


@pytest.fixture
def hand(cast: Any) -> Callable[..., None]:
    """Give the crate to somebody."""

    def give(person: User | None, *events: Event) -> None:
        cast.owner = person
        standing.pass_on([event.pk for event in events])

    return give


def is_time() -> None:
    Message.objects.filter(template_key=DIGEST, state="queued").update(next_attempt_at=timezone.now())


def letters(mail: MailSink) -> list[tuple[str, str]]:
    return [(str(one["To"]).split(" <")[0], str(one["Subject"])) for one in mail.mails]


def lines() -> list[tuple[str, str]]:
    return sorted(InboxItem.objects.values_list("user__name", "text"))


def test_a_line_of_a_digest_is_told_to_the_new_owner_at_once_and_left_out_there(
    packed: Event, hand: Any, bert: User, mail: MailSink
) -> None:
    deliver_due()
    assert letters(mail) == [("Boss", "Crate Oak floor")]
    hand(bert, packed)
    deliver_due()
    assert letters(mail)[1:] == [("Bert", "Kiste Oak floor")]
    is_time()
    deliver_due()
    assert len(mail.mails) == 2
    assert Message.objects.get(template_key=DIGEST).state == "cancelled"
    assert DigestLine.objects.get().left_out == passing.SAID


def test_the_other_lines_of_the_digest_stay(
    packed: Event, hand: Any, bert: User, mail: MailSink, crate: Team, add_rule: Any
) -> None:
    add_rule("crate_lost", event="crate.lost", **STAFF)
    record("crate.lost", crate)
    deliver_due()
    hand(bert, packed)
    is_time()
    deliver_due()
    assert ("Anna", "1 notification: Crate Oak floor") in letters(mail)
    assert ("Bert", "Kiste Oak floor") in letters(mail)


def test_without_a_word_of_the_hand_over_the_digest_itself_notices(
    packed: Event, cast: Any, bert: User, mail: MailSink
) -> None:
    deliver_due()
    cast.owner = bert
    is_time()
    deliver_due()
    deliver_due()
    assert letters(mail) == [("Boss", "Crate Oak floor"), ("Bert", "Kiste Oak floor")]


def test_whoever_gets_it_back_reads_it_in_the_digest_after_all(
    packed: Event, hand: Any, anna: User, bert: User, mail: MailSink
) -> None:
    deliver_due()
    hand(bert, packed)
    hand(anna, packed)
    deliver_due()
    is_time()
    deliver_due()
    assert letters(mail)[1:] == [("Anna", "1 notification: Crate Oak floor")]
    assert lines() == [("Anna", "Crate Oak floor"), ("Boss", "Crate Oak floor")]


def test_a_single_message_that_waits_is_set_aside_and_says_why(
    packed: Event, hand: Any, anna: User, bert: User, mail: MailSink
) -> None:
    hand(bert, packed)
    row = Message.objects.get(user=anna)
    assert (row.state, row.last_error) == ("suppressed", "passed on")
    for language in ("de", "zh-hans", "zh-hant"):
        with translation.override(language):
            assert explain(row) not in (passing.SAID, "passed on")
    deliver_due()
    assert letters(mail) == [("Boss", "Crate Oak floor"), ("Bert", "Kiste Oak floor")]


def test_a_single_message_that_comes_back_leaves_after_all(
    packed: Event, hand: Any, anna: User, bert: User, mail: MailSink
) -> None:
    hand(bert, packed)
    hand(anna, packed)
    assert dict(Message.objects.values_list("user__name", "state")) == {
        "Anna": "queued", "Bert": "suppressed", "Boss": "queued"
    }  # fmt: skip


def test_what_has_left_is_not_told_again(packed: Event, hand: Any, anna: User, bert: User, mail: MailSink) -> None:
    wishes.choose(anna, "at once", time(8))
    deliver_due()
    InboxItem.objects.update(read_at=timezone.now())
    hand(bert, packed)
    deliver_due()
    assert sorted(letters(mail)) == [("Anna", "Crate Oak floor"), ("Boss", "Crate Oak floor")]
    assert lines() == [("Anna", "Crate Oak floor"), ("Boss", "Crate Oak floor")]


def test_unread_lines_of_the_inbox_move(packed: Event, hand: Any, bert: User) -> None:
    assert lines() == [("Anna", "Crate Oak floor"), ("Boss", "Crate Oak floor")]
    hand(bert, packed)
    assert lines() == [("Bert", "Kiste Oak floor"), ("Boss", "Crate Oak floor")]


def test_where_nobody_takes_it_whoever_was_told_keeps_it(packed: Event, hand: Any, mail: MailSink) -> None:
    hand(None, packed)
    deliver_due()
    is_time()
    deliver_due()
    assert letters(mail) == [("Boss", "Crate Oak floor"), ("Anna", "1 notification: Crate Oak floor")]


def test_a_manager_who_takes_it_is_not_told_twice_and_loses_nothing(
    packed: Event, hand: Any, boss: User, mail: MailSink
) -> None:
    deliver_due()
    hand(boss, packed)
    deliver_due()
    is_time()
    deliver_due()
    assert letters(mail) == [("Boss", "Crate Oak floor")]
    assert lines() == [("Boss", "Crate Oak floor")]


def test_what_is_over_is_passed_to_nobody(
    packed: Event, hand: Any, bert: User, mail: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_due()
    monkeypatch.setitem(standing._checks, "crate.packed", lambda events: {one.pk: "Found." for one in events})
    hand(bert, packed)
    is_time()
    deliver_due()
    assert letters(mail) == [("Boss", "Crate Oak floor")]
    assert not InboxItem.objects.filter(user=bert).exists()


def test_a_fault_never_stops_the_hand_over(packed: Event, hand: Any, anna: User, bert: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(passing, "with_subjects", lambda events: 1 / 0)
    hand(bert, packed)
    assert Message.objects.get(user=anna).state == "queued"


def test_news_that_belong_to_one_person_stay_with_them(
    crate: Team, cast: Any, anna: User, bert: User, add_rule: Any, mail: MailSink
) -> None:
    add_rule("crate_lost", event="crate.lost", **STAFF)
    record("crate.lost", crate)
    deliver_due()
    cast.owner = bert
    is_time()
    deliver_due()
    assert letters(mail) == [("Anna", "1 notification: Crate Oak floor")]


def test_the_page_of_the_message_says_it(
    packed: Event, hand: Any, anna: User, bert: User, client: Any, mail: Any
) -> None:
    deliver_due()
    hand(bert, packed)
    is_time()
    deliver_due()
    client.force_login(anna)
    page = client.get(reverse("notifications:message", args=[Message.objects.get(user=anna, event=packed).pk]))
    assert "its new owner is told instead" in page.content.decode()


# ---------------------------------------------------------------- promises


@pytest.fixture
def promise(anna: User) -> Event:
    """A complaint of hers whose promise is about to be broken; the follower of the journal speaks of promises as shipped."""
    load_messages()
    add_target(
        start_events=["ticket.reviewed"], stop_events=["ticket.closed"], calendar=add_calendar(plan=ROUND_THE_CLOCK)
    )
    ticket = make_ticket(owner=anna)
    begun = timezone.now() - timedelta(minutes=55)
    record("ticket.reviewed", ticket, facts={"owner_id": anna.pk}, occurred_at=begun)
    assert scan() == 1
    deliver_due()
    return Event.objects.get(code="sla.warned")


def test_a_warning_follows_its_record_when_it_is_handed_over(
    promise: Event, anna: User, bert: User, mail: MailSink
) -> None:
    assert set(Message.objects.filter(event=promise).values_list("user", flat=True)) == {anna.pk}
    reassign_ticket(promise.object_id, actor=None, owner=bert)
    told = InboxItem.objects.filter(event=promise)
    assert [(line.user, line.detail.startswith("Fällig")) for line in told] == [(bert, True)]


def test_before_anybody_was_told_a_hand_over_asks_nothing(
    anna: User, bert: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_target(
        start_events=["ticket.received"], stop_events=["ticket.closed"], calendar=add_calendar(plan=ROUND_THE_CLOCK)
    )
    ticket = make_ticket(owner=anna)
    monkeypatch.setitem(standing._passers, "notifications", lambda keys: 1 / 0)
    reassign_ticket(ticket.pk, actor=None, owner=bert)
    assert Clock.objects.filter(metric="answer").get().owner == bert
