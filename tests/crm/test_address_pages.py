"""The form of an address follows its country, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.crm.factories import make_address, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(anna: Any) -> Client:
    client = Client()
    client.force_login(anna)
    return client


def labels(response: Any) -> list[str]:
    return [
        str(field.label)
        for field in response.context["form"]
        if field.name in ("region", "city", "district", "street", "postal_code")
    ]


def test_the_form_has_the_parts_of_its_country_in_their_order(client, anna):
    for country, expected in (
        ("CN", ["Province", "City", "District or county", "Street and number", "Postal code"]),
        ("DE", ["Street and number", "Postal code", "City"]),
        ("US", ["Street and number", "Second line (suite, building)", "City", "State", "ZIP code"]),
    ):
        customer = make_customer(owner=anna, country=country)
        assert labels(client.get(f"/customers/{customer.pk}/addresses/new/")) == expected


def test_another_country_gives_another_form_and_keeps_what_was_typed(client, anna):
    customer = make_customer(owner=anna, country="US")
    typed = {
        "kind": "delivery",
        "country": "DE",
        "street": "Am Kai 1",
        "city": "Hamburg",
        "region": "GA",
        "reshape": "1",
    }
    response = client.post(f"/customers/{customer.pk}/addresses/new/", typed)
    assert response.status_code == 200
    assert labels(response) == ["Street and number", "Postal code", "City"]
    assert response.context["form"]["street"].value() == "Am Kai 1"
    assert not customer.addresses.exists()


@pytest.mark.parametrize(
    ("country", "code", "kept"),
    [
        ("DE", "2045", ""),
        ("DE", "20457", "20457"),
        ("CA", "k1a 0b1", "K1A 0B1"),
        ("CN", "51062", ""),
        ("GB", "se1 9sg", "SE1 9SG"),
    ],
)
def test_a_postal_code_is_checked_by_the_country(client, anna, country, code, kept):
    customer = make_customer(owner=anna, country=country)
    place = {"kind": "office", "country": country, "street": "1", "city": "X", "region": "ON", "postal_code": code}
    response = client.post(f"/customers/{customer.pk}/addresses/new/", place)
    if kept:
        assert response.status_code == 302
        assert customer.addresses.get().postal_code == kept
    else:
        assert response.status_code == 422
        assert "postal_code" in response.context["form"].errors
        assert not customer.addresses.exists()


def test_what_the_country_does_not_write_is_shown_while_it_is_there_and_gone_once_the_country_changes(client, anna):
    address = make_address(make_customer(owner=anna), region="Hansestadt")
    page = client.get(f"/addresses/{address.pk}/edit/")
    assert "Province or state" in labels(page)
    asked = {
        "kind": "office",
        "country": "US",
        "street": "1 Main St",
        "city": "Austin",
        "region": "TX",
        "postal_code": "78701",
    }
    assert client.post(f"/addresses/{address.pk}/edit/", asked).status_code == 302
    client.post(
        f"/addresses/{address.pk}/edit/",
        {"kind": "office", "country": "DE", "street": "Am Kai 1", "city": "Hamburg", "postal_code": "20457"},
    )
    address.refresh_from_db()
    assert (address.region, address.country) == ("", "DE")


def test_the_customers_page_leads_to_a_map_and_says_what_time_it_is_there(client, anna):
    address = make_address(make_customer(owner=anna))
    page = client.get(address.customer.get_absolute_url()).content.decode()
    assert "openstreetmap.org/search?query=Am%20Kai%201" in page
    chinese = make_address(
        make_customer(owner=anna, country="CN"), country="CN", city="佛山市", street="桂城路1号", postal_code="528200"
    )
    assert chinese.map_url.startswith("https://uri.amap.com/search?keyword=%E4%BD%9B")
