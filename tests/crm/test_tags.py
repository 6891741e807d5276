"""Tags: who may set them, one by one and in bulk with a way back, and the list by tag."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.models import CustomerTag, Tag
from crm.services import set_tags, tag_customers
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from tests.crm.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair(roles: None) -> Tag:
    return Tag.objects.create(code="fair", name="Met at the fair", name_de="Auf der Messe", colour="accent")


@pytest.fixture
def risk(roles: None) -> Tag:
    return Tag.objects.create(code="risk", name="Credit risk", colour="late", who="leaders")


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_tag_is_one_event_and_nothing_happens_twice(anna, fair):
    customer = make_customer(owner=anna)
    set_tags(customer.pk, actor=anna, tags=[fair])
    set_tags(customer.pk, actor=anna, tags=[fair])
    assert CustomerTag.objects.get().set_by == anna
    event = Event.objects.get(code="customer.tagged")
    assert event.facts["tags"]["de"] == "Auf der Messe"
    set_tags(customer.pk, actor=anna, tags=[])
    assert not CustomerTag.objects.exists()
    assert Event.objects.filter(code="customer.untagged").count() == 1


def test_a_tag_of_leaders_is_refused_and_stays_when_others_save(anna, maria, fair, risk):
    customer = make_customer(owner=anna)
    with pytest.raises(Refused):
        set_tags(customer.pk, actor=anna, tags=[risk])
    with pytest.raises(Refused):
        tag_customers([customer.pk], actor=anna, tag=risk, on=True)
    assert not CustomerTag.objects.exists()
    tag_customers([customer.pk], actor=maria, tag=risk, on=True)
    client_of(anna).post(reverse("crm:customer-tags", args=[customer.pk]), {"tags": [fair.pk]})
    assert set(CustomerTag.objects.values_list("tag__code", flat=True)) == {"fair", "risk"}


def test_the_page_and_the_list_show_tags_and_the_list_narrows_by_them(anna, fair):
    tagged, other = make_customer("Tagged", owner=anna), make_customer("Other", owner=anna)
    set_tags(tagged.pk, actor=anna, tags=[fair])
    page = client_of(anna).get(tagged.get_absolute_url()).content.decode()
    assert '<span class="tag accent">Met at the fair</span>' in page
    listed = client_of(anna).get("/customers/", {"tag": fair.pk}).content.decode()
    assert "Tagged" in listed and other.number not in listed
    assert "Tag: Met at the fair" in listed


def test_many_are_tagged_from_the_list_and_taken_back(anna, wei, fair):
    mine = [make_customer(owner=anna) for _ in range(3)]
    foreign = make_customer(owner=wei)
    set_tags(mine[0].pk, actor=anna, tags=[fair])
    client = client_of(anna)
    keys = [one.pk for one in (*mine, foreign)]
    chosen = client.post(reverse("crm:tag-choose") + "?view=mine", {"pk": keys})
    done = client.post(chosen["Location"], {"tag": fair.pk, "on": "on"}, follow=True)
    assert CustomerTag.objects.count() == 3
    assert not foreign.tag_rows.exists()
    undo = re.search(r'hx-post="([^"]+)"', done.content.decode())
    assert undo is not None and done.redirect_chain[-1][0] == "/customers/?view=mine"
    client.post(undo[1].replace("&amp;", "&"))
    assert list(CustomerTag.objects.values_list("customer_id", flat=True)) == [mine[0].pk]  # it had it before
    assert client.post(reverse("crm:tag-undo") + "?t=forged").status_code == 302
    assert CustomerTag.objects.count() == 1


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_costs_the_same_with_tags(anna, fair, rows, django_assert_max_num_queries):
    for _ in range(rows):
        set_tags(make_customer(owner=anna).pk, actor=anna, tags=[fair])
    client = client_of(anna)
    client.get("/customers/?q=warm")
    with django_assert_max_num_queries(8):
        assert client.get("/customers/").content.decode().count("Met at the fair") >= rows
