"""Kinds, quiet hours, limits and the second way, from the rule to the mail server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from foundation.accounts.models import Team
from foundation.journal.services import record
from foundation.notifications import selectors
from foundation.notifications.delivery import deliver_due
from foundation.notifications.manners import door, fallback, quiet
from foundation.notifications.manners.defaults import load_manners
from foundation.notifications.manners.drafting import settle
from foundation.notifications.manners.frequency import take_turn, text_digest
from foundation.notifications.models import (
    MarketingLimit,
    MarketingText,
    Message,
    MessageKind,
    OptOut,
    QuietHours,
    Rule,
)
from foundation.notifications.rules import Plan
from foundation.notifications.services.addresses import mark_bounced
from foundation.ui import shelf
from tests.notifications.conftest import Cast
from tests.notifications.sinks import MailSink, SmsSink

MIDNIGHT = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
AddRule = Callable[..., Rule]


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is half past midnight in Berlin, a Friday; the company's quiet hours are the usual ones."""
    load_manners()
    monkeypatch.setattr(timezone, "now", lambda: MIDNIGHT)


def all_day_quiet(**whose: Any) -> QuietHours:
    """Quiet at any time but one minute from now on, so that tests need no clock."""
    now = timezone.localtime(timezone.now(), quiet.zone_for("Europe/Berlin"))
    later = (now + timedelta(hours=3)).time().replace(second=0, microsecond=0)
    return QuietHours.objects.create(begins=time(now.hour, now.minute), ends=later, **whose)


def test_a_message_at_night_waits_for_the_recipients_morning(crate: Team, add_rule: AddRule, night: None) -> None:
    add_rule()
    record("crate.packed", crate, facts={"weight": 1})
    message = Message.objects.get()
    assert message.next_attempt_at == datetime(2026, 11, 27, 7, tzinfo=UTC)
    assert (message.kind, message.waits_for, message.time_zone) == ("service", "quiet hours", "Europe/Berlin")
    with translation.override("en"):
        assert selectors.explain(message) == "Waits until 08:00 (recipient's morning)."


def test_an_urgent_rule_does_not_wait(crate: Team, add_rule: AddRule, night: None) -> None:
    add_rule(is_urgent=True)
    record("crate.packed", crate, facts={"weight": 1})
    assert Message.objects.get().waits_for == ""


def test_an_urgent_kind_does_not_wait(crate: Team, add_rule: AddRule, night: None) -> None:
    MessageKind.objects.filter(code="service").update(is_urgent=True)
    add_rule()
    record("crate.packed", crate, facts={"weight": 1})
    assert Message.objects.get().waits_for == ""


def test_an_unknown_zone_means_the_companys(crate: Team, cast: Cast, add_rule: AddRule, night: None) -> None:
    cast.turn_into(time_zone="Mars/Olympus")
    add_rule()
    record("crate.packed", crate, facts={"weight": 1})
    assert Message.objects.get().body  # and no error


@pytest.mark.parametrize("whose", [{"country": "DE"}, {"customer_id": 710071}, {"person_key": "contact:1"}])
def test_an_exception_for_a_country_a_customer_or_a_person_counts(
    crate: Team, cast: Cast, add_rule: AddRule, night: None, whose: dict[str, Any]
) -> None:
    cast.turn_into(country="DE")
    QuietHours.objects.create(is_off=True, **whose)
    add_rule()
    record("crate.packed", crate, facts={"weight": 1})
    assert Message.objects.get().waits_for == ""


def test_marketing_waits_for_a_working_day(crate: Team, add_rule: AddRule, monkeypatch: pytest.MonkeyPatch) -> None:
    load_manners()
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 28, 11, tzinfo=UTC))  # Saturday noon
    add_rule(kind=MessageKind.objects.get(code="news"))
    record("crate.packed", crate, facts={"weight": 1})
    message = Message.objects.get()
    assert message.next_attempt_at == datetime(2026, 11, 30, 7, tzinfo=UTC) and message.waits_for == "working day"


def test_drafting_costs_no_query(
    waiting: Callable[..., Message], django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "_changing", list)  # as in a process that has read its rows
    message, plan = waiting(), Plan("k", "a", "t", [], False, {}, timedelta(0), None, "", {})
    settle(message, plan, "crate.packed", delay=timedelta(0))
    with django_assert_num_queries(0):
        settle(message, plan, "crate.packed", delay=timedelta(0))


def test_the_door_asks_twice_for_two_rows_and_for_twenty(
    waiting: Callable[..., Message], django_assert_max_num_queries: Any
) -> None:
    rows = [waiting(f"p{number}@example.com") for number in range(20)]
    door.look(rows[:1])
    for some in (rows[:2], rows):
        with django_assert_max_num_queries(2):
            leaving, staying = door.look(some)
        assert len(leaving) == len(some) and not staying


def test_what_became_quiet_meanwhile_waits_and_loses_no_attempt(crate: Team, add_rule: AddRule, mail: MailSink) -> None:
    add_rule()
    record("crate.packed", crate, facts={"weight": 1})
    all_day_quiet()
    assert deliver_due(seconds=5) == 0
    message = Message.objects.get()
    assert (message.state, message.attempts, message.waits_for) == ("queued", 0, "quiet hours")


# ---------------------------------------------------------------- marketing


@pytest.fixture
def news(crate: Team) -> Callable[..., Message]:
    """A marketing message that waits."""
    from foundation.notifications import compose

    load_manners()
    MessageKind.objects.filter(code="news").update(is_urgent=True)  # whatever the hour of the test
    numbers = iter(range(1000))

    def make(**fields: Any) -> Message:
        values = {
            **compose.about(crate, 710071), "kind": "news", "channel": "email", "body": f"Text {next(numbers)}",
            "recipient_key": "contact:1", "to_address": "anna@example.com", "to_name": "Anna Berg",
        }  # fmt: skip
        return Message.objects.create(**{**values, **fields})

    return make


def test_the_third_marketing_message_of_a_week_is_suppressed(news: Callable[..., Message]) -> None:
    assert [take_turn(news()) for _time in range(3)] == ["", "", "too many"]
    MarketingText.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert take_turn(news()) == ""


def test_another_person_has_a_week_of_their_own(news: Callable[..., Message]) -> None:
    MarketingLimit.objects.update(most=1)
    assert take_turn(news()) == ""
    assert take_turn(news(recipient_key="contact:2")) == ""


def test_what_failed_takes_nobodys_place(news: Callable[..., Message]) -> None:
    MarketingLimit.objects.update(most=1)
    first = news(body="Oak")
    assert take_turn(first) == ""
    Message.objects.filter(pk=first.pk).update(state="failed")
    assert take_turn(news(body="Oak")) == ""


def test_the_same_text_goes_to_a_customer_once_whatever_template_and_channel(news: Callable[..., Message]) -> None:
    first = news(body="Dear Anna Berg,\n\nNEW: oak floors! https://kontor.example/a")
    again = news(body="dear Zoe Lin, new oak floors https://kontor.example/b", to_name="Zoe Lin", channel="sms",
                 recipient_key="contact:2", template_key="other")  # fmt: skip
    assert take_turn(first) == ""
    assert take_turn(again) == "same text"
    assert take_turn(first) == ""  # a retry is no second time
    assert take_turn(news(body=first.body, customer_id=5, recipient_key="contact:3")) == ""


def test_texts_that_differ_in_a_word_differ() -> None:
    assert text_digest("New oak floors") != text_digest("New elm floors")


def test_a_service_message_is_never_counted(waiting: Callable[..., Message]) -> None:
    load_manners()
    MarketingLimit.objects.update(most=0)
    leaving, _staying = door.look([waiting()])
    assert leaving and not MarketingText.objects.exists()


def test_declined_marketing_is_suppressed_and_service_is_not(news: Callable[..., Message]) -> None:
    OptOut.objects.create(person_key="contact:1", how="link")
    _leaving, staying = door.look([news()])
    assert staying[0].columns["last_error"] == "unwanted"
    leaving, _staying = door.look([news(kind="service", is_urgent=True)])
    assert leaving


# ---------------------------------------------------------------- the second way


def test_a_dead_address_is_answered_by_another_channel(
    crate: Team, add_rule: AddRule, mail: MailSink, sms: SmsSink
) -> None:
    add_rule()
    record("crate.packed", crate, facts={"weight": 1})
    mark_bounced("email", "anna@example.com", permanent=True, reason="550")
    deliver_due(seconds=5)
    first, second = Message.objects.order_by("pk")
    assert (first.state, first.last_error) == ("suppressed", "dead address")
    assert (second.channel, second.state, second.fallback_of) == ("sms", "sent", first)


def test_a_second_email_address_is_tried_first(crate: Team, cast: Cast, add_rule: AddRule, mail: MailSink) -> None:
    cast.turn_into(other_email="berg@example.com")
    add_rule()
    record("crate.packed", crate, facts={"weight": 1})
    mark_bounced("email", "anna@example.com", permanent=True, reason="550")
    deliver_due(seconds=5)
    message = Message.objects.get()
    assert (message.state, message.to_address) == ("sent", "berg@example.com")


def test_where_nothing_reaches_the_person_somebody_must_look(
    crate: Team, cast: Cast, add_rule: AddRule, mail: MailSink
) -> None:
    cast.turn_into(phone="")
    add_rule()
    record("crate.packed", crate, facts={"weight": 1})
    mark_bounced("email", "anna@example.com", permanent=True, reason="550")
    deliver_due(seconds=5)
    assert Message.objects.get().state == "failed"


@pytest.fixture
def unanswered(crate: Team, cast: Cast, add_rule: AddRule, settings: Any) -> Message:
    """A text message sent three hours ago, without a receipt; its rule says email after two."""
    settings.SMS_RECEIPT_KEYS = ["a-key"]
    add_rule(channels=["sms", "email"], fallback_after=timedelta(hours=2), fallback_to="email")
    cast.turn_into(preferred="sms")
    record("crate.packed", crate, facts={"weight": 1})
    message = Message.objects.get()
    rows = Message.objects.filter(pk=message.pk)
    rows.update(state="sending", lease_until=timezone.now())
    rows.update(state="sent", lease_until=None, sent_at=timezone.now() - timedelta(hours=3))
    return message


def test_without_a_receipt_exactly_one_email_follows(unanswered: Message) -> None:
    assert fallback.look_for_receipts() == 1
    assert fallback.look_for_receipts() == 0
    second = Message.objects.get(fallback_of=unanswered)
    assert (second.channel, second.state) == ("email", "queued") and "gepackt" in second.body


def test_without_an_answer_of_the_gateway_it_is_the_same(unanswered: Message) -> None:
    Message.objects.filter(pk=unanswered.pk).update(state="unknown")
    assert (fallback.look_for_receipts(), fallback.look_for_receipts()) == (1, 0)


def test_where_nobody_gives_receipts_none_is_waited_for(unanswered: Message, settings: Any) -> None:
    settings.SMS_RECEIPT_KEYS = []
    assert fallback.look_for_receipts() == 0


def test_a_receipt_or_a_young_message_needs_no_second_way(unanswered: Message) -> None:
    Message.objects.filter(pk=unanswered.pk).update(sent_at=timezone.now() - timedelta(hours=1))
    assert fallback.look_for_receipts() == 0
    Message.objects.filter(pk=unanswered.pk).update(state="delivered", sent_at=timezone.now() - timedelta(hours=9))
    assert fallback.look_for_receipts() == 0


def test_what_is_settled_meanwhile_goes_no_second_way(unanswered: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fallback, "reasons", lambda events: {event.pk: "over" for event in events})
    assert fallback.look_for_receipts() == 0
    assert Message.objects.count() == 1
