"""What an event writes: in the same transaction, once, in the right words, and never at the cost of the change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.accounts.audiences import register_audience
from foundation.accounts.models import Company
from foundation.journal.models import Event
from foundation.journal.services import record
from foundation.notifications.following import on_event
from foundation.notifications.manners.kinds import kind_of
from foundation.notifications.manners.quiet import hours_for
from foundation.notifications.models import InboxItem, Message, Rule, Template
from tests.accounts.factories import make_user
from tests.notifications.conftest import ANNA, add_template

pytestmark = pytest.mark.django_db


def test_an_event_writes_the_message_in_the_recipients_language(crate: Any, add_rule: Any) -> None:
    add_rule()
    event = record("crate.packed", crate)
    message = Message.objects.get()
    assert (message.channel, message.language, message.state) == ("email", "de", "queued")
    assert message.subject_line == "Kiste Oak floor"
    assert message.body == "Guten Tag Anna Berg,\n\nOak floor ist gepackt."
    assert (message.to_address, message.to_name, message.customer_id) == (
        "anna@example.com",
        "Anna Berg",
        ANNA.customer_id,
    )
    assert (message.event_id, message.template_key, message.template_version) == (event.pk, "crate_packed", 1)
    assert message.subject == crate
    assert message.message_id.startswith("<") and message.message_id.endswith(">")


@pytest.mark.parametrize(("language", "line"), [
    ("en", "Crate Oak floor"),
    ("zh-hans", "货箱 Oak floor"),
    ("zh-hant", "貨箱 Oak floor"),
    ("de", "Kiste Oak floor"),
    ("zh-TW", "貨箱 Oak floor"),
    ("de-at", "Kiste Oak floor"),
])  # fmt: skip
def test_four_languages_and_their_variants_are_rendered(
    crate: Any, add_rule: Any, cast: Any, language: str, line: str
) -> None:
    cast.turn_into(language=language)
    add_rule()
    record("crate.packed", crate)
    assert Message.objects.get().subject_line == line


def test_the_chain_goes_from_recipient_over_customer_and_company_to_english(
    crate: Any, add_rule: Any, cast: Any
) -> None:
    cast.turn_into(language="fr")
    add_rule()
    record("crate.packed", crate, facts={"language": "zh-hant"})
    company = Company.current()
    company.default_language = "zh-hans"
    company.save()
    record("crate.packed", crate, facts={"language": "ru"})
    company.default_language = "en"
    company.save()
    record("crate.packed", crate)
    assert list(Message.objects.order_by("pk").values_list("language", flat=True)) == ["zh-hant", "zh-hans", "en"]


def test_a_language_without_words_for_the_channel_is_passed_over(crate: Any, add_rule: Any, cast: Any) -> None:
    cast.turn_into(email="", language="de")
    add_rule()
    Template.objects.filter(language="de").update(sms="")
    record("crate.packed", crate)
    message = Message.objects.get()
    assert (message.channel, message.language, message.body) == ("sms", "en", "Packed: Oak floor")


def test_the_same_event_announced_again_writes_nothing(crate: Any, add_rule: Any) -> None:
    add_rule(channels=["email", "sms", "inbox"], every_channel=True)
    add_rule("owner_too", audience="owner", channels=["inbox"])
    event = record("crate.packed", crate)
    before = list(Message.objects.values()), list(InboxItem.objects.values())
    assert (len(before[0]), len(before[1])) == (2, 1)
    on_event(event, crate)
    assert (list(Message.objects.values()), list(InboxItem.objects.values())) == before


def test_the_database_refuses_a_second_row_for_the_same_event_person_words_and_channel(
    crate: Any, add_rule: Any
) -> None:
    add_rule()
    record("crate.packed", crate)
    twin = Message.objects.get()
    twin.pk, twin.message_id = None, "<another@example.com>"
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    assert Message.objects.count() == 1


def test_a_change_that_is_rolled_back_leaves_no_message(crate: Any, add_rule: Any) -> None:
    add_rule()
    with pytest.raises(RuntimeError), transaction.atomic():
        record("crate.packed", crate)
        assert Message.objects.count() == 1
        raise RuntimeError
    assert not Message.objects.exists()
    assert not Event.objects.exists()


def test_imported_history_sends_nothing(crate: Any, add_rule: Any) -> None:
    add_rule()
    record("crate.packed", crate, imported=True, occurred_at=timezone.now())
    assert not Message.objects.exists()


def test_an_event_without_rules_costs_no_query_and_one_with_a_rule_one_insert(crate: Any, add_rule: Any) -> None:
    add_rule()
    record("crate.lost", crate)
    record("crate.packed", crate)
    with CaptureQueriesContext(connection) as silent:
        record("crate.lost", crate)
    with CaptureQueriesContext(connection) as told:
        record("crate.packed", crate)
    added = [q["sql"] for q in told.captured_queries if "SAVEPOINT" not in q["sql"]]
    quiet = [q["sql"] for q in silent.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(added) == len(quiet) + 1
    assert "notifications_message" in added[-1]


def test_twenty_rules_are_written_with_as_many_queries_as_two(crate: Any, add_rule: Any) -> None:
    counts = []
    for number in range(20):
        add_rule(f"rule_{number}", channels=["email", "inbox"])
        add_rule(f"owner_{number}", audience="owner", channels=["inbox"])
        if number in (1, 19):
            record("crate.lost", crate)
            # The rows of manners are read once, as the rules are, and not with each message.
            hours_for("", None, "")
            kind_of("")
            with CaptureQueriesContext(connection) as queries:
                record("crate.packed", crate)
            counts.append(len(queries))
    assert counts[0] == counts[1]
    assert InboxItem.objects.count() == 22


def test_a_rule_saved_now_counts_for_the_next_event(crate: Any, add_rule: Any) -> None:
    rule = add_rule()
    record("crate.packed", crate)
    rule.is_active = False
    rule.save()
    record("crate.packed", crate)
    assert Message.objects.count() == 1
    rule.is_active = True
    rule.save()
    Template.objects.get(language="de").delete()
    record("crate.packed", crate)
    assert Message.objects.order_by("-pk")[0].language == "en"


@pytest.mark.parametrize(("condition", "facts", "told"), [
    ({}, {}, True),
    ({"mode": "air"}, {"mode": "air"}, True),
    ({"mode": "air"}, {"mode": "ocean"}, False),
    ({"mode": "air"}, {}, False),
    ({"mode": ["air", "truck"]}, {"mode": "truck"}, True),
    ({"mode": "air", "tier": "gold"}, {"mode": "air", "tier": "silver"}, False),
    ({"mode": None}, {}, True),
])  # fmt: skip
def test_a_condition_is_facts_that_must_hold(
    crate: Any, add_rule: Any, condition: dict[str, Any], facts: dict[str, Any], told: bool
) -> None:
    add_rule(condition=condition)
    record("crate.packed", crate, facts=facts)
    assert Message.objects.exists() is told


def test_the_first_channel_that_reaches_the_recipient_is_used(crate: Any, add_rule: Any, cast: Any) -> None:
    add_rule(channels=["email", "sms"])
    for changes in ({}, {"email": ""}, {"preferred": "sms"}, {"preferred": "sms", "phone": ""}):
        cast.turn_into(**changes)
        record("crate.packed", crate)
    assert list(Message.objects.order_by("pk").values_list("channel", flat=True)) == ["email", "sms", "sms", "email"]


def test_a_recipient_whom_nothing_reaches_shows_on_the_worklist(crate: Any, add_rule: Any, cast: Any) -> None:
    cast.turn_into(email="not an address", phone="")
    add_rule()
    record("crate.packed", crate)
    message = Message.objects.get()
    assert (message.state, message.last_error) == ("failed", "no address")


@pytest.mark.parametrize("wish", ["all", "email", "crate_packed"])
def test_somebody_who_opted_out_gets_nothing_and_the_row_says_so(
    crate: Any, add_rule: Any, cast: Any, wish: str
) -> None:
    cast.turn_into(opted_out=frozenset({wish}))
    add_rule()
    record("crate.packed", crate)
    assert Message.objects.get().state == "suppressed"
    assert not Message.objects.due().exists()


def test_a_delay_keeps_the_message_back(crate: Any, add_rule: Any) -> None:
    add_rule(delay=timedelta(hours=2))
    record("crate.packed", crate)
    message = Message.objects.get()
    assert message.next_attempt_at - message.created_at == pytest.approx(timedelta(hours=2), abs=timedelta(seconds=1))
    assert not Message.objects.due().exists()


def test_a_link_is_made_only_for_words_that_carry_it(crate: Any, add_rule: Any, cast: Any) -> None:
    add_rule()
    record("crate.packed", crate)
    assert cast.asked == []
    cast.turn_into(language="en")
    record("crate.packed", crate)
    assert cast.asked == ["contact:1"]


def test_the_owner_is_told_in_the_inbox_and_by_email_but_not_of_the_own_deed(
    crate: Any, add_rule: Any, cast: Any
) -> None:
    add_rule(audience="owner", channels=["inbox", "email"])
    record("crate.packed", crate, actor=cast.owner)
    assert not InboxItem.objects.exists()
    record("crate.packed", crate, actor=make_user())
    item, message = InboxItem.objects.get(), Message.objects.get()
    assert (item.user, item.text, item.detail) == (cast.owner, "货箱 Oak floor", "已装箱：Oak floor")
    assert (message.channel, message.to_address) == ("email", cast.owner.email)


def test_manager_and_team_lead_are_found_through_the_owner(crate: Any, add_rule: Any, cast: Any) -> None:
    manager, lead = make_user("Mona"), make_user("Lee")
    cast.owner.manager, cast.owner.team = manager, crate
    crate.lead = lead
    crate.save()
    add_rule("to_manager", audience="owner_manager", channels=["inbox"], template_key="crate_packed")
    add_rule("to_lead", audience="team_lead", channels=["inbox"], template_key="crate_packed")
    record("crate.packed", crate)
    assert set(InboxItem.objects.values_list("user__name", flat=True)) == {"Mona", "Lee"}


def fail(event: Any, subject: Any) -> list[Any]:
    raise ZeroDivisionError("a stage's mistake")


def break_the_transaction(event: Any, subject: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    return []


@pytest.mark.parametrize("broken", [
    {"audience": "nobody"},
    {"audience": "failing"},
    {"audience": "breaking"},
    {"condition": "mode = air"},
    {"channels": 7},
    {"words": {"body": "Dear {stranger}"}},
    {"attach": "no_such_papers"},
])  # fmt: skip
def test_a_broken_rule_alerts_the_administrators_and_stops_neither_the_change_nor_the_other_rules(
    crate: Any, add_rule: Any, broken: dict[str, Any]
) -> None:
    register_audience("failing", "Failing", fail)
    register_audience("breaking", "Breaking", break_the_transaction)
    administrator = make_user("Ada", role="administrator")
    add_rule("good")
    add_rule("bad", **{"channels": ["email"], **broken})
    event = record("crate.packed", crate)
    assert Event.objects.filter(pk=event.pk).exists()
    assert list(Message.objects.values_list("template_key", flat=True)) == ["good"]
    alert = InboxItem.objects.get()
    assert (alert.user, alert.topic) == (administrator, "rule:bad")
    assert "bad" in alert.text
    record("crate.packed", crate)
    assert InboxItem.objects.count() == 1
    alert.read_at = timezone.now()
    alert.save()
    record("crate.packed", crate)
    assert InboxItem.objects.count() == 2


def test_a_rule_without_words_in_any_language_is_broken(crate: Any, add_rule: Any) -> None:
    make_user("Ada", role="administrator")
    add_rule()
    Template.objects.all().delete()
    record("crate.packed", crate)
    assert not Message.objects.exists()
    assert InboxItem.objects.get().topic == "rule:crate_packed"


def test_a_thousand_rules_of_other_events_cost_no_time(crate: Any, add_rule: Any) -> None:
    Rule.objects.bulk_create(
        Rule(key=f"rule-{n}", event="crate.lost", audience="owner", template_key="x") for n in range(1000)
    )
    add_template("x", languages=("en",))
    add_rule()
    record("crate.packed", crate)
    with CaptureQueriesContext(connection) as queries:
        record("crate.packed", crate)
    assert not any("notifications_rule" in q["sql"] for q in queries.captured_queries)
