"""Campaigns: whom they mean, what they say, how they leave, and what good manners hold back."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm import services
from crm.campaign_results import counts_of
from crm.models import Campaign, CampaignRecipient, Customer, CustomerTouch
from crm.services import campaign_sending
from crm.services.campaign_sending import send_campaigns, send_next
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.notifications.delivery import deliver_due
from foundation.notifications.manners.defaults import load_manners
from foundation.notifications.models import MarketingLimit, Message, OptOut, QuietHours
from foundation.notifications.services.addresses import mark_bounced
from foundation.notifications.services.wishes import set_wishes
from tests.crm.factories import make_contact, make_customer
from tests.support.defaults import load_defaults

WORDS = {
    "en": {
        "subject": "New: oak",
        "body": "Dear {recipient_name},\n\noak is new.\n\n{owner_name}",
        "sms": "Oak is new.",
    },
    "de": {"subject": "Neu: Eiche", "body": "Guten Tag {recipient_name},\n\nEiche ist neu.", "sms": "Eiche ist neu."},
}


@pytest.fixture(autouse=True)
def manners(db: None) -> None:
    """The kinds, the limit, and no quiet hours: what is sent in a test leaves in the test, on every day of the week."""
    load_manners()
    QuietHours.objects.all().delete()


@pytest.fixture(autouse=True)
def every_day_is_a_working_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foundation.notifications.manners.quiet.is_working_day", lambda day, country: True)


def customers_of(owner: Any, count: int, **values: Any) -> list[Customer]:
    found = [make_customer(owner=owner, language="en", **values) for _number in range(count)]
    for one in found:
        make_contact(one, is_main=True)
    return found


def draft(owner: Any, *, words: Any = None, **values: Any) -> Campaign:
    values = {"name": "Oak", "kind": "news", **values}
    campaign = services.create_campaign(actor=owner, **values)
    return services.word_campaign(campaign.pk, actor=owner, words=words or WORDS)


def due(campaign: Campaign, actor: Any) -> Campaign:
    """Scheduled, and its time has come."""
    services.schedule_campaign(campaign.pk, actor=actor)
    Campaign.objects.filter(pk=campaign.pk).update(scheduled_for=timezone.now() - timedelta(seconds=1))
    campaign.refresh_from_db()
    return campaign


def sent(campaign: Campaign, actor: Any) -> Campaign:
    due(campaign, actor)
    send_campaigns()
    deliver_due()
    campaign.refresh_from_db()
    return campaign


def test_a_campaign_reaches_everybody_in_the_list_in_their_language_and_says_so_on_their_timeline(
    anna: Any, mailoutbox: Any
) -> None:
    english = customers_of(anna, 2)
    german = make_customer("Hafen GmbH", owner=anna, language="de")
    make_contact(german, name="Petra Petersen", email="petra@hafen.example")
    campaign = sent(draft(anna), anna)
    assert campaign.status == "sent"
    assert counts_of(campaign) == {"sent": 3}
    assert {one.subject.partition(" [")[0] for one in mailoutbox} == {"New: oak", "Neu: Eiche"}
    letter = next(one for one in mailoutbox if one.subject.startswith("Neu: Eiche"))
    assert "Guten Tag Petra Petersen" in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    event = Event.objects.get(code="customer.addressed", customer_id=german.pk)
    assert event.facts["campaign_number"] == campaign.number
    assert Message.objects.get(customer_id=german.pk).event_id == event.pk
    touched = CustomerTouch.objects.filter(customer__in=[*english, german]).values_list("way", flat=True)
    assert list(touched) == ["email"] * 3


def test_a_salesperson_writes_to_own_customers_and_a_manager_to_all(anna: Any, wei: Any, maria: Any) -> None:
    customers_of(anna, 1)
    customers_of(wei, 1)
    customers_of(None, 1)
    own, everybody = due(draft(anna), anna), due(draft(maria, words={"en": WORDS["en"]}), maria)
    send_campaigns()
    assert own.recipients.get().customer.owner == anna
    assert everybody.recipients.count() == 3
    assert not Campaign.objects.visible_to(wei).exists()
    assert set(Campaign.objects.visible_to(maria)) == {own, everybody}


def test_the_filter_of_the_list_is_kept_and_counted_when_it_is_sent(anna: Any) -> None:
    customers_of(anna, 1, tier="key")
    customers_of(anna, 1, tier="ordinary")
    campaign = due(draft(anna, asked="tier=key"), anna)
    customers_of(anna, 1, tier="key")
    send_campaigns()
    assert {one.customer.tier for one in campaign.recipients.select_related("customer")} == {"key"}
    assert campaign.recipients.count() == 2


def test_ticked_rows_are_meant_and_no_others_and_never_those_of_others(anna: Any, wei: Any) -> None:
    first, second = customers_of(anna, 2)
    (strange,) = customers_of(wei, 1)
    campaign = due(draft(anna, picked=[first.pk, strange.pk]), anna)
    send_campaigns()
    assert campaign.recipients.get().customer == first
    with pytest.raises(Refused):
        draft(anna, picked=[strange.pk])
    assert second.pk not in campaign.recipients.values_list("customer", flat=True)


def test_nobody_gets_the_same_text_twice_nor_more_than_the_limit_and_everybody_else_is_explained(
    anna: Any, mailoutbox: Any
) -> None:
    MarketingLimit.objects.update(most=1)
    had, declined, refuses, dead, nowhere, fine = customers_of(anna, 6)
    sent(draft(anna, picked=[had.pk]), anna)
    person = declined.contacts.get()
    set_wishes(f"contact:{person.pk}", {("news", "")}, customer_id=declined.pk, how="link", subject=declined)
    refuses.contacts.update(no_email=True)
    mark_bounced("email", dead.contacts.get().email, permanent=True, reason="no such user")
    nowhere.contacts.update(email="")
    again = sent(draft(anna), anna)
    assert counts_of(again) == {
        "sent": 1, "no_address": 1, "no_consent": 2, "dead_address": 1, "same_text": 1,
    }  # fmt: skip
    assert again.recipients.get(customer=had).held_back == "same_text"
    other = sent(draft(anna, words={"en": {"subject": "Other", "body": "Other words"}}), anna)
    assert other.recipients.get(customer=fine).held_back == "too_many"
    assert len(mailoutbox) == 2


def test_who_reads_no_language_of_the_words_gets_none_of_them(anna: Any) -> None:
    (one,) = customers_of(anna, 1)
    campaign = due(draft(anna, words={"zh-hant": {"subject": "新品", "body": "新品"}}), anna)
    send_campaigns()
    assert campaign.recipients.get().held_back == "no_language"
    assert campaign.recipients.get().customer == one


def test_declining_after_a_campaign_shows_in_its_results_and_services_go_on(anna: Any) -> None:
    (one,) = customers_of(anna, 1)
    campaign = sent(draft(anna), anna)
    key = f"contact:{one.contacts.get().pk}"
    set_wishes(key, {("news", "")}, customer_id=one.pk, how="link", subject=one)
    assert counts_of(campaign) == {"declined": 1}
    assert OptOut.objects.get().kind == "news"


def test_bounced_messages_are_results_too(anna: Any) -> None:
    customers_of(anna, 1)
    campaign = sent(draft(anna), anna)
    Message.objects.update(state="failed", last_error="550 no such user")
    assert counts_of(campaign) == {"bounced": 1}


def test_it_waits_for_the_morning_where_the_customer_lives(anna: Any) -> None:
    QuietHours.objects.create(begins="00:00", ends="23:59")
    customers_of(anna, 1)
    campaign = sent(draft(anna), anna)
    message = Message.objects.get()
    assert (message.state, message.waits_for) == ("queued", "quiet hours")
    assert counts_of(campaign) == {"queued": 1}
    assert campaign.status == "sent"


def test_what_has_not_left_is_called_off_and_goes_on_when_that_is_taken_back(anna: Any, mailoutbox: Any) -> None:
    QuietHours.objects.create(begins="00:00", ends="23:59")
    customers_of(anna, 3)
    campaign = due(draft(anna), anna)
    assert campaign_sending.begin_due() == 1
    send_next(campaign.pk, batch=2)
    services.call_off_campaign(campaign.pk, actor=anna, reason="The price is wrong")
    assert set(Message.objects.values_list("state", "last_error")) == {("cancelled", "The price is wrong")}
    assert send_next(campaign.pk) == 0
    QuietHours.objects.all().delete()
    services.resume_campaign(campaign.pk, actor=anna)
    send_campaigns()
    deliver_due()
    campaign.refresh_from_db()
    assert campaign.status == "sent"
    assert counts_of(campaign) == {"sent": 3}
    assert len(mailoutbox) == 3
    with pytest.raises(Refused, match="everything has left"):
        services.call_off_campaign(campaign.pk, actor=anna, reason="Too late")


def test_scheduling_asks_for_words_and_for_every_gap_and_can_be_taken_back(anna: Any) -> None:
    load_defaults()
    customers_of(anna, 1)
    empty = services.create_campaign(actor=anna, name="Empty", kind="news")
    with pytest.raises(Refused, match="at least one language"):
        services.schedule_campaign(empty.pk, actor=anna)
    campaign = services.create_campaign(actor=anna, name="Oak", kind="news", template="campaign.new_product")
    assert campaign.languages == ["en", "zh-hans", "zh-hant", "de"]
    with pytest.raises(Refused, match="product_name"):
        services.schedule_campaign(campaign.pk, actor=anna)
    values = {"product_name": "Oak 55", "product_facts": "5.5 mm"}
    campaign = services.fill_gaps(campaign.pk, actor=anna, values=values)
    services.schedule_campaign(campaign.pk, actor=anna)
    with pytest.raises(Refused, match="Only a draft"):
        services.word_campaign(campaign.pk, actor=anna, words=WORDS)
    assert services.unschedule_campaign(campaign.pk, actor=anna).status == "draft"
    with pytest.raises(Refused, match="passed"):
        services.schedule_campaign(campaign.pk, actor=anna, at=timezone.now() - timedelta(hours=1))
    with pytest.raises(Refused, match="marketing"):
        services.create_campaign(actor=anna, name="Oak", kind="service")


def test_every_shipped_template_stands_in_four_languages_and_its_gaps_can_be_filled(anna: Any) -> None:
    load_defaults()
    customers_of(anna, 1)
    for key in ("new_product", "reference", "market_report", "new_year", "spring_festival"):
        campaign = services.create_campaign(actor=anna, name=key, kind="news", template=f"campaign.{key}")
        assert len(campaign.languages) == 4, key
        values = {gap.strip("{}"): "2027" for gap in campaign.gaps}
        assert not Campaign.objects.get(pk=services.fill_gaps(campaign.pk, actor=anna, values=values).pk).gaps


def test_a_killed_batch_is_written_once_when_it_is_taken_up_again(anna: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    customers_of(anna, 5)
    campaign = due(draft(anna), anna)
    campaign_sending.begin_due()
    send_next(campaign.pk, batch=2)

    def dies(*args: Any, **kwargs: Any) -> int:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(campaign_sending, "record_found", dies)
        with pytest.raises(SystemExit):
            send_next(campaign.pk, batch=2)
    assert (CampaignRecipient.objects.count(), Message.objects.count()) == (2, 2)
    send_campaigns(batch=2)
    campaign.refresh_from_db()
    assert campaign.status == "sent"
    assert Message.objects.values("customer_id").distinct().count() == Message.objects.count() == 5
    assert Event.objects.filter(code="customer.addressed").count() == 5


@pytest.mark.django_db(transaction=True)  # what a transaction has changed is read afresh until it is committed
def test_a_batch_costs_the_same_number_of_queries_for_two_and_for_forty(anna: Any) -> None:
    customers_of(anna, 42)
    campaign = due(draft(anna), anna)
    campaign_sending.begin_due()
    send_next(campaign.pk, batch=1)  # what is kept in the process is read

    def cost(batch: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert send_next(campaign.pk, batch=batch) == batch
        counted = Counter(query["sql"][:60] for query in captured.captured_queries)
        assert not [said for said in counted.most_common(3) if said[1] > 4], counted.most_common(5)
        return len(captured)

    assert cost(2) == cost(39) <= 30


def test_who_may_not_send_any_more_when_the_time_comes_sends_nothing(anna: Any) -> None:
    customers_of(anna, 1)
    campaign = due(draft(anna), anna)
    anna.is_active = False
    anna.save(update_fields=["is_active"])
    send_campaigns()
    campaign.refresh_from_db()
    assert campaign.status == "cancelled"
    assert "Anna Berg" in campaign.cancelled_reason
    assert not Message.objects.exists()


def test_a_trial_goes_to_whoever_asks_and_is_no_marketing(anna: Any, mailoutbox: Any) -> None:
    customers_of(anna, 1)
    campaign = draft(anna)
    services.send_trial(campaign.pk, actor=anna, language="de")
    deliver_due()
    assert [one.to for one in mailoutbox][0][0].endswith(anna.email + ">") or anna.email in mailoutbox[0].to[0]
    assert mailoutbox[0].subject == "Trial: Neu: Eiche"
    assert not campaign.recipients.exists()


def test_text_messages_go_to_mobiles_in_the_words_for_them(anna: Any) -> None:
    with_phone, without = customers_of(anna, 2)
    with_phone.contacts.update(mobile="+491711234567")
    campaign = due(draft(anna, channel="sms"), anna)
    send_campaigns()
    assert Message.objects.get().body == "Oak is new."
    assert campaign.recipients.get(customer=without).held_back == "no_address"
