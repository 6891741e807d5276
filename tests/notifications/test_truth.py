"""What is no longer true when it would leave: too old, its rule switched off, its record moved on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone, translation

from foundation.accounts.models import Team
from foundation.journal import standing
from foundation.journal.services import record
from foundation.notifications.defaults import load_messages, shipped_messages
from foundation.notifications.delivery import deliver_due
from foundation.notifications.ends import let_expire
from foundation.notifications.models import Message, Rule
from foundation.notifications.overtaken import EXPIRED, SWITCHED_OFF
from foundation.notifications.rules import save_rule
from foundation.notifications.selectors import explain
from foundation.notifications.services import resend
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db


def packed(crate):
    record("crate.packed", crate, facts={"weight": 12})
    return Message.objects.get()


def test_a_rule_says_how_long_its_words_stay_true(add_rule, crate, mail):
    add_rule(lasts=timedelta(hours=6))
    row = packed(crate)
    assert row.event is not None and row.expires_at == row.event.occurred_at + timedelta(hours=6)
    deliver_due()
    row.refresh_from_db()
    assert row.state == "sent" and len(mail.mails) == 1


def test_what_came_too_late_is_called_off_and_says_why_in_every_language(add_rule, crate, mail):
    add_rule(lasts=timedelta(hours=6))
    row = packed(crate)
    Message.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    deliver_due()
    row.refresh_from_db()
    assert (row.state, row.last_error, mail.mails) == ("cancelled", EXPIRED, [])
    for language in ("de", "zh-hans", "zh-hant"):
        with translation.override(language):
            assert explain(row) != EXPIRED


def test_it_is_called_off_while_its_provider_is_down_too(add_rule, crate, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    add_rule(lasts=timedelta(hours=6))
    row = packed(crate)
    deliver_due()
    row.refresh_from_db()
    assert row.state == "queued" and row.next_attempt_at > timezone.now()
    Message.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    deliver_due()
    row.refresh_from_db()
    assert row.state == "cancelled"


def test_a_person_who_sends_again_decides_that_it_is_true(add_rule, crate, mail):
    add_rule(lasts=timedelta(hours=6))
    row = packed(crate)
    Message.objects.update(expires_at=timezone.now() - timedelta(seconds=1), state="failed")
    resend(row.pk, actor=None)
    deliver_due()
    row.refresh_from_db()
    assert row.state == "sent" and row.expires_at is None


@pytest.mark.parametrize("change", [{"is_active": False}, {"condition": {"weight": 13}}])
def test_a_rule_that_was_changed_meanwhile_counts(add_rule, crate, mail, change):
    rule = add_rule(condition={"weight": 12})
    row = packed(crate)
    for name, value in change.items():
        setattr(rule, name, value)
    rule.save()
    deliver_due()
    row.refresh_from_db()
    assert (row.state, row.last_error, mail.mails) == ("cancelled", SWITCHED_OFF, [])


@pytest.fixture
def watched(monkeypatch):
    """Crates are packed as long as their name says so."""
    monkeypatch.setattr(standing, "_checks", dict(standing._checks))
    standing.holds_while(["crate.packed"], Team, {"Oak floor"}, field="name", why="The crate was opened again.")


@pytest.mark.parametrize(("name", "state"), [("Oak floor", "sent"), ("Opened", "cancelled")])
def test_the_state_of_the_record_counts_at_the_moment_of_sending(add_rule, crate, mail, watched, name, state):
    add_rule()
    row = packed(crate)
    Team.objects.update(name=name)
    deliver_due()
    row.refresh_from_db()
    assert row.state == state
    assert explain(row) == ("" if state == "sent" else "The crate was opened again.")


def test_a_rule_must_stay_true_for_longer_than_it_waits(add_rule):
    rule = add_rule()
    rule.delay, rule.lasts = timedelta(days=2), timedelta(days=1)
    with pytest.raises(ValidationError, match="longer than it waits"):
        rule.full_clean()


def test_checking_twenty_costs_what_checking_one_costs(add_rule, crate, watched, django_assert_num_queries):
    add_rule()
    for weight in range(20):
        record("crate.packed", crate, facts={"weight": weight})
    events = [row.event for row in Message.objects.select_related("event")]
    with django_assert_num_queries(1):
        assert standing.over(events) == {}
    assert Rule.objects.filter(lasts__lte=F("delay")).count() == 0


# ---------------------------------------------------------------- rules of older releases


@pytest.fixture
def old_house(db: None) -> Rule:
    """An installation whose rules were made before they said how long messages stay true."""
    load_messages()
    Rule.objects.update(lasts=None, shipped_lasts=None)
    return Rule.objects.get(key=next(one.key for one in shipped_messages() if one.lasts and one.event))


def lasts_of(rule: Rule) -> timedelta | None:
    return Rule.objects.values_list("lasts", flat=True).get(pk=rule.pk)


def test_rules_of_an_older_release_learn_how_long_their_messages_stay_true(old_house: Rule) -> None:
    let_expire()
    wanted = {one.key: one.lasts for one in shipped_messages() if one.event}
    assert dict(Rule.objects.values_list("key", "lasts")) == wanted
    assert lasts_of(old_house) is not None


def test_a_rule_that_somebody_saved_keeps_what_it_says(old_house: Rule) -> None:
    save_rule(old_house, actor=make_user("Admin"))
    let_expire()
    assert lasts_of(old_house) is None


def test_an_end_of_ones_own_is_kept_and_one_that_was_taken_away_does_not_come_back(old_house: Rule) -> None:
    Rule.objects.filter(pk=old_house.pk).update(lasts=timedelta(days=9))
    let_expire()
    assert lasts_of(old_house) == timedelta(days=9)
    Rule.objects.filter(pk=old_house.pk).update(lasts=None)
    let_expire()
    assert lasts_of(old_house) is None
