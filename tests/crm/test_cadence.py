"""The touch cadence: what counts, when the next touch is due, and what is kept on the customer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from crm import services
from crm.cadence import Due, Rule, next_due, owed_by, rules_for
from crm.models import CadenceRule, Customer, CustomerTouch
from crm.models.cadence import company_today
from crm.services.cadence import apply_rules, is_touch, rebuild_touches
from foundation.journal.machine import Refused
from foundation.notifications.delivery import deliver_due
from tests.crm.factories import make_contact, make_customer

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CALL, MAIL = Rule("", ("phone", "visit"), 30), Rule("", ("email",), 14)


def rule(*ways: str, **values) -> CadenceRule:
    return CadenceRule.objects.create(ways=list(ways), is_applied=True, **{"every_days": 30, **values})


def kept(customer: Customer) -> Customer:
    return Customer.objects.select_related("last_touch").get(pk=customer.pk)


def today() -> date:
    return company_today()


def test_the_soonest_of_all_rules_is_due_and_each_way_of_a_rule_is_enough():
    assert next_due([CALL, MAIL], NOON, {}, UTC) == Due(date(2026, 3, 16), "email")
    seen = {"email": NOON + timedelta(days=10), "visit": NOON + timedelta(days=20)}
    assert next_due([CALL], NOON, seen, UTC) == Due(date(2026, 4, 21), "phone")
    assert next_due([CALL, MAIL], NOON, seen, UTC) == Due(date(2026, 3, 26), "email")
    assert next_due([], NOON, {}, UTC) is None
    assert owed_by([CALL, MAIL], "visit", NOON, {}, UTC) == date(2026, 4, 1)
    assert owed_by([CALL, MAIL], "sms", NOON, {}, UTC) is None


def test_a_rule_of_the_tier_takes_the_place_of_that_of_all_and_kinds_can_be_exempt():
    key = Rule("key", ("phone",), 7)
    agents = Rule("", ("sms",), 15, frozenset({"agent"}))
    assert rules_for([CALL, MAIL, key], "key", "dealer") == [MAIL, key]
    assert rules_for([CALL, key], "ordinary", "dealer") == [CALL]
    assert rules_for([agents], "ordinary", "agent") == []


def test_a_conversation_moves_the_day_and_is_judged_by_the_day_before(anna):
    rule("phone", "visit")
    customer = make_customer(owner=anna)
    assert (customer.touch_due_on, customer.touch_due_way) == (today() + timedelta(days=30), "phone")
    row = services.add_service_record(customer.pk, actor=anna, subject="Oak", content="Wants samples")
    found = kept(customer)
    assert found.last_touch == row.touch
    assert (row.touch.way, row.touch.by, row.touch.due_on) == ("phone", anna, customer.touch_due_on)
    assert found.touch_due_on == today() + timedelta(days=30)
    assert row.touch.said == "Oak: Wants samples"


def test_who_was_not_reached_who_is_corrected_and_letters_are_no_touch(anna):
    rule("phone")
    customer = make_customer(owner=anna)
    services.add_service_record(customer.pk, actor=anna, subject="Called", result="not_reached")
    services.add_service_record(customer.pk, actor=anna, subject="Calendar", channel="letter")
    assert not CustomerTouch.objects.exists()
    first = services.add_service_record(customer.pk, actor=anna, subject="Oka", content="x")
    services.correct_service_record(first.pk, actor=anna, subject="Oak")
    assert CustomerTouch.objects.get().record == first


def test_an_old_conversation_does_not_take_the_place_of_a_newer_one(anna):
    rule("phone")
    customer = make_customer(owner=anna)
    new = services.add_service_record(customer.pk, actor=anna, subject="New")
    services.add_service_record(
        customer.pk, actor=anna, subject="Old", started_at=timezone.now() - timedelta(days=9), imported=True
    )
    found = kept(customer)
    assert found.last_touch == new.touch
    assert found.touch_due_on == today() + timedelta(days=30)


def test_a_colleagues_message_counts_once_it_has_left_and_a_notice_of_the_house_never(anna):
    from foundation.notifications import drafting, writing
    from foundation.notifications.models import Message

    rule("email", every_days=14)
    contact = make_contact(make_customer(owner=anna))
    drafting.send(
        contact.customer, actor=anna, recipient=writing.people_of(contact.customer)[0], channel="email",
        subject_line="New oak", body="We have something new.", language="en",
    )  # fmt: skip
    assert not CustomerTouch.objects.exists()
    Message.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    deliver_due()
    touch = CustomerTouch.objects.get()
    assert (touch.way, touch.by, touch.said) == ("email", anna, "New oak")
    assert kept(contact.customer).last_touch == touch
    Message.objects.update(actor=None)
    assert not is_touch(Message.objects.get())


def test_undo_makes_the_customer_due_again_and_leaves_a_correction(anna, wei):
    rule("phone")
    customer = make_customer(owner=anna)
    row = services.add_service_record(customer.pk, actor=anna, subject="Called")
    with pytest.raises(Refused):
        services.undo_touch(row.touch.pk, actor=wei)
    assert kept(customer).last_touch == row.touch
    services.undo_touch(row.touch.pk, actor=anna)
    found = kept(customer)
    assert (found.last_touch, found.touch_due_on) == (None, customer.touch_due_on)
    assert row.corrections.get().text.subject == "Noted by mistake"
    with pytest.raises(Refused):
        services.undo_touch(row.touch.pk, actor=anna)


def test_a_change_of_the_tier_is_followed_at_once_and_one_of_the_rules_by_the_round(anna):
    rule("phone")
    strict = rule("phone", tier="key", every_days=7)
    customer = make_customer(owner=anna)
    services.update_customer(customer.pk, actor=anna, tier="key")
    assert kept(customer).touch_due_on == today() + timedelta(days=7)
    strict.is_active, strict.is_applied = False, False
    strict.save()
    assert (apply_rules(), apply_rules()) == (1, 0)
    assert kept(customer).touch_due_on == today() + timedelta(days=30)
    CadenceRule.objects.update(is_active=False, is_applied=False)
    apply_rules()
    assert kept(customer).touch_due_on is None


def test_what_was_before_the_cadence_is_made_up_for_once(anna, capsys):
    rule("phone")
    customer = make_customer(owner=anna)
    row = services.add_service_record(customer.pk, actor=anna, subject="Called")
    before = kept(customer)
    Customer.objects.update(last_touch=None, touch_due_on=None, touch_due_way="")
    CustomerTouch.objects.all().delete()
    assert (rebuild_touches(), rebuild_touches()) == (1, 0)
    after = kept(customer)
    assert after.last_touch.record == row
    assert (after.touch_due_on, after.touch_due_way) == (before.touch_due_on, before.touch_due_way)
    call_command("rebuild_touches")
    assert "0 touches" in capsys.readouterr().out


def test_defaults_are_a_call_an_email_and_two_text_messages_a_month_and_stay_as_they_were_changed(roles):
    call_command("load_defaults", verbosity=0)
    assert [(one.ways, one.per_month) for one in CadenceRule.objects.order_by("pk")] == [
        (["phone", "visit"], 1),
        (["email"], 1),
        (["sms"], 2),
    ]
    CadenceRule.objects.update(is_active=False)
    call_command("load_defaults", verbosity=0)
    assert CadenceRule.objects.filter(is_active=True).count() == 0
