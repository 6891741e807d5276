"""Pages of campaigns: from the list of customers to the rows behind each number."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.models import Campaign, CampaignRecipient
from crm.services.campaign_sending import send_campaigns
from foundation.notifications.delivery import deliver_due
from tests.crm.factories import make_contact, make_customer
from tests.support.defaults import load_defaults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def defaults(roles: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from foundation.notifications.models import QuietHours

    load_defaults()
    QuietHours.objects.all().delete()
    monkeypatch.setattr("foundation.notifications.manners.quiet.is_working_day", lambda day, country: True)


def customers_of(owner: Any, *names: str, **values: Any) -> list[Any]:
    found = [make_customer(name, owner=owner, language="en", **values) for name in names]
    for one in found:
        make_contact(one, name=f"Contact of {one.name}", is_main=True)
    return found


def filled(text: str) -> dict[str, str]:
    return {
        f"{code}-{part}": f"{text} {code}"
        for code in ("en", "de", "zh-hans", "zh-hant")
        for part in ("subject", "body")
    }


def test_from_the_list_of_customers_to_the_rows_behind_each_number(client, anna):
    first, second = customers_of(anna, "Hafen GmbH", "Kai GmbH", tier="key")
    customers_of(anna, "Elbe GmbH", tier="ordinary")
    second.contacts.update(email="")
    client.force_login(anna)
    listed = client.get("/customers/?tier=key&sort=name").content.decode()
    assert 'href="/campaigns/new/?tier=key"' in listed
    form = client.get("/campaigns/new/?tier=key").content.decode()
    assert "2 customers are in the list." in form and "Only your own customers are counted." in form
    asked = {"name": "Oak", "kind": "news", "channel": "email", "template": "campaign.new_product"}
    shown = client.post("/campaigns/new/?tier=key", asked, follow=True)
    campaign = Campaign.objects.get()
    assert campaign.asked == "tier=key"
    assert shown.request["PATH_INFO"] == f"/campaigns/{campaign.pk}/words/"
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert "2 customers at the moment" in page and "Tier: Key account" in page and "{product_name}" in page
    blocked = client.post(f"/campaigns/{campaign.pk}/do/schedule/", {"at": ""})
    assert blocked.status_code == 409 and "Still to be filled in" in blocked.content.decode()
    gaps = {"product_name": "Oak 55", "product_facts": "5.5 mm"}
    client.post(f"/campaigns/{campaign.pk}/do/fill/", gaps)
    preview = client.get(f"/campaigns/{campaign.pk}/preview/?language=de").content.decode()
    assert "Neu im Programm: Oak 55" in preview and "Guten Tag Contact of Hafen GmbH" in preview
    sample = client.get(f"/campaigns/{campaign.pk}/sample/").content.decode()
    assert "Of the first 2 customers of the list 1 would get it." in sample and "No address" in sample
    client.post(f"/campaigns/{campaign.pk}/do/schedule/", {"at": ""})
    Campaign.objects.update(scheduled_for=timezone.now() - timedelta(seconds=1))
    send_campaigns()
    deliver_due()
    _results(client, campaign, first, second)


def _results(client: Any, campaign: Campaign, first: Any, second: Any) -> None:
    page = client.get(campaign.get_absolute_url()).content.decode()
    base = f"/campaigns/{campaign.pk}/recipients/"
    assert "1 of 2 customers have been written to." in page
    assert f'href="{base}?result=sent"' in page and f'href="{base}?result=no_address"' in page
    rows = client.get(f"{base}?result=sent").content.decode()
    assert first.name in rows and second.name not in rows and "1 record" in rows
    csv = b"".join(client.get(f"{base}?result=no_address&format=csv").streaming_content).decode()
    assert second.name in csv and "No address" in csv and first.name not in csv
    timeline = client.get(first.get_absolute_url()).content.decode()
    assert "New in our range: Oak 55" in timeline
    assert CampaignRecipient.objects.count() == 2


def test_ticked_customers_are_carried_over_and_none_is_told(client, anna):
    first, _second = customers_of(anna, "Hafen GmbH", "Kai GmbH")
    client.force_login(anna)
    assert 'formaction="/campaigns/choose/?"' in client.get("/customers/").content.decode()
    answer = client.post("/campaigns/choose/", {"pk": [first.pk]})
    assert answer["Location"] == f"/campaigns/new/?pk={first.pk}"
    assert "1 customer is in the list." in client.get(answer["Location"]).content.decode()
    asked = {"name": "Oak", "kind": "news", "channel": "email", "template": ""}
    client.post(answer["Location"], asked)
    assert Campaign.objects.get().picked == [first.pk]
    told = client.post("/campaigns/choose/?tier=key", {}, follow=True).content.decode()
    assert "Select customers first." in told


def test_words_are_saved_in_all_languages_or_refused_with_what_was_typed(client, anna):
    customers_of(anna, "Hafen GmbH")
    client.force_login(anna)
    client.post("/campaigns/new/", {"name": "Oak", "kind": "news", "channel": "email"})
    campaign = Campaign.objects.get()
    half = {**filled("Oak"), "de-body": ""}
    refused = client.post(f"/campaigns/{campaign.pk}/words/", half)
    assert refused.status_code == 422 and "An email needs a subject and a text." in refused.content.decode()
    assert not campaign.texts.exists()
    client.post(f"/campaigns/{campaign.pk}/words/", filled("Oak"))
    assert campaign.languages == ["en", "zh-hans", "zh-hant", "de"]
    client.post(f"/campaigns/{campaign.pk}/do/schedule/", {"at": ""})
    assert client.get(f"/campaigns/{campaign.pk}/words/").status_code == 302
    client.post(f"/campaigns/{campaign.pk}/do/unschedule/")
    campaign.refresh_from_db()
    assert campaign.status == "draft"


def test_the_schedule_is_typed_on_the_companys_clock(client, anna):
    from zoneinfo import ZoneInfo

    from foundation.accounts.models import Company

    Company.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Shanghai"})
    customers_of(anna, "Hafen GmbH")
    client.force_login(anna)
    client.post("/campaigns/new/", {"name": "Oak", "kind": "news", "channel": "email"})
    campaign = Campaign.objects.get()
    client.post(f"/campaigns/{campaign.pk}/words/", filled("Oak"))
    day = timezone.localdate() + timedelta(days=3)
    client.post(f"/campaigns/{campaign.pk}/do/schedule/", {"at": f"{day}T09:30"})
    campaign.refresh_from_db()
    assert f"{campaign.scheduled_for.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}" == f"{day} 09:30"


def test_whose_campaign_it_is_decides_who_finds_it(client, anna, wei, maria, sven):
    customers_of(anna, "Hafen GmbH")
    client.force_login(anna)
    client.post("/campaigns/new/", {"name": "Oak", "kind": "news", "channel": "email"})
    campaign = Campaign.objects.get()
    pages = ("", "preview/?language=en", "recipients/", "sample/", "words/", "edit/")
    for person, status in ((wei, 404), (sven, 403)):
        client.force_login(person)
        assert {client.get(f"/campaigns/{campaign.pk}/{one}").status_code for one in pages} == {status}
    client.force_login(sven)
    assert "/campaigns/" not in client.get("/customers/").content.decode()
    client.force_login(maria)
    assert client.get(campaign.get_absolute_url()).status_code == 200


@pytest.mark.django_db(transaction=True)  # what a transaction has changed is read afresh until it is committed
def test_the_list_costs_the_same_for_two_and_for_twenty(client, maria, django_assert_max_num_queries):
    customers_of(maria, "Hafen GmbH")
    client.force_login(maria)
    for number in range(20):
        client.post("/campaigns/new/", {"name": f"Oak {number}", "kind": "news", "channel": "email"})
    client.get("/campaigns/")
    with django_assert_max_num_queries(8):
        assert b"Oak 19" in client.get("/campaigns/").content
