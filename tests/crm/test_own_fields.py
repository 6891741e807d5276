"""Fields of the house's own: asked, checked, shown, searched, exported and imported; retired ones keep their values."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from crm import own, services
from crm.imports import CUSTOMERS, load_customers
from crm.models import Customer, OwnChoice, OwnField
from foundation.imports.registry import Rejected, Row
from foundation.journal.machine import Refused
from tests.crm.factories import make_customer

pytestmark = pytest.mark.django_db
SHOWN = {"in_list": True, "in_filter": True}


@pytest.fixture
def fields(roles: None) -> dict[str, OwnField]:
    made = {
        code: OwnField.objects.create(code=code, name=name, kind=kind, position=n, **SHOWN)
        for n, (code, name, kind) in enumerate(
            [
                ("slogan", "Slogan", "text"), ("staff", "Employees", "number"), ("founded", "Founded", "date"),
                ("channel", "Sales channel", "choice"), ("brands", "Brands", "many"), ("credit", "Credit insured", "yes_no"),
                ("shop", "Shop", "link"),
            ]
        )
    }  # fmt: skip
    for code, answers in (("channel", ("online", "store")), ("brands", ("oak", "walnut", "ash"))):
        for n, answer in enumerate(answers):
            OwnChoice.objects.create(field=made[code], code=answer, name=answer.capitalize(), position=n)
    return made


FORM = {
    "own_slogan": "Floors for life", "own_staff": "1,250", "own_founded": "1998-05-01", "own_channel": "store",
    "own_brands": ["walnut", "oak"], "own_credit": "no", "own_shop": "shop.example",
}  # fmt: skip
KEPT = {
    "slogan": "Floors for life", "staff": 1250, "founded": "1998-05-01", "channel": "store", "brands": ["oak", "walnut"],
    "credit": False, "shop": "https://shop.example",
}  # fmt: skip
BASE = {"name": "Bodenwerk", "country": "DE", "kind": "dealer", "tier": "key", "source": "fair", "language": "de"}


@pytest.fixture
def client(anna: Any) -> Client:
    client = Client()
    client.force_login(anna)
    return client


def test_a_new_customer_is_asked_and_each_value_has_its_type(client, anna, fields):
    assert client.post("/customers/new/", {**BASE, **FORM}).status_code == 302
    assert Customer.objects.get().own == KEPT
    page = client.get(Customer.objects.get().get_absolute_url()).content.decode()
    for words in ("Floors for life", "1,250", "Store", "Oak, Walnut", 'href="https://shop.example"'):
        assert words in page


def test_editing_changes_what_differs_and_the_history_says_before_and_after(client, anna, fields):
    customer = services.create_customer(actor=anna, name="Bodenwerk", country="DE", owner=anna, own=KEPT)
    url = f"{customer.get_absolute_url()}edit/"
    changed = {**BASE, **FORM, "own_channel": "online", "own_staff": "", "version": customer.version}
    assert client.post(url, changed).status_code == 302
    customer.refresh_from_db()
    assert customer.own == {code: value for code, value in {**KEPT, "channel": "online"}.items() if code != "staff"}
    page = client.get(customer.get_absolute_url()).content.decode()
    assert "Sales channel: Store → Online" in page
    assert "Employees: 1,250 → " in page


def test_the_history_speaks_the_readers_language_whoever_changed_the_field(client, anna, fields):
    OwnChoice.objects.filter(code="oak").update(name_de="Eiche")
    customer = services.create_customer(actor=anna, name="Bodenwerk", country="DE", owner=anna, own=KEPT)
    asked = {**BASE, **FORM, "own_credit": "yes", "own_brands": ["oak"], "own_founded": "2001-02-03"}
    client.post(f"{customer.get_absolute_url()}edit/", {**asked, "version": customer.version})
    page = client.get(f"{customer.get_absolute_url()}?lang=de", headers={"Accept-Language": "de"}).content.decode()
    for words in ("Credit insured: Nein → Ja", "Brands: Eiche, Walnut → Eiche", "Founded: 01.05.1998 → 03.02.2001"):
        assert words in page


def test_an_obligatory_field_is_asked_for_and_a_wrong_value_is_told(client, anna, fields):
    OwnField.objects.filter(code="slogan").update(is_obligatory=True)
    from foundation.ui.shelf import tell

    tell()
    response = client.post(
        "/customers/new/", {**BASE, **FORM, "own_slogan": "", "own_founded": "soon", "own_channel": "x"}
    )
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"own_slogan", "own_founded", "own_channel"}
    assert not Customer.objects.exists()
    with pytest.raises(Refused):
        services.create_customer(actor=anna, name="X", country="DE", own={"unknown": 1})
    assert not Customer.objects.exists()


def test_a_retired_field_is_not_asked_for_and_keeps_its_values(client, anna, fields):
    customer = services.create_customer(actor=anna, name="Bodenwerk", country="DE", owner=anna, own=KEPT)
    one = fields["channel"]
    one.is_active = False
    one.save()
    asked = {key: value for key, value in FORM.items() if key != "own_channel"}
    assert (
        client.post(f"{customer.get_absolute_url()}edit/", {**BASE, **asked, "version": customer.version}).status_code
        == 302
    )
    customer.refresh_from_db()
    assert customer.own["channel"] == "store"
    assert "Sales channel" not in client.get(customer.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"own_channel": "store"}, {"own_brands": "oak"}, {"own_credit": "no"}, {"own_staff_min": "1000", "own_staff_max": "2000"},
        {"own_founded_after": "1998-01-01", "own_founded_before": "1999-01-01"}, {"own_slogan": "for life"}, {"q": "floors"},
    ],
)  # fmt: skip
def test_the_list_narrows_by_each_kind_and_the_search_knows_the_words(client, anna, fields, asked):
    services.create_customer(actor=anna, name="Found", country="DE", owner=anna, own=KEPT)
    other = {
        "channel": "online",
        "brands": ["ash"],
        "credit": True,
        "staff": 5,
        "founded": "2020-01-01",
        "slogan": "Other",
    }
    services.create_customer(actor=anna, name="Hidden", country="DE", owner=anna, own=other)
    page = client.get("/customers/", asked).content.decode()
    assert "Found" in page and "Hidden" not in page


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_costs_the_same_with_own_columns(client, anna, fields, rows, django_assert_max_num_queries):
    for _ in range(rows):
        services.create_customer(actor=anna, name="Firm", country="DE", owner=anna, own=KEPT)
    client.get("/customers/?q=warm")
    with django_assert_max_num_queries(8):
        page = client.get("/customers/", {"own_channel": "store"}).content.decode()
    assert page.count('<tr role="row"') >= min(rows, 20)


def test_the_export_says_what_the_import_reads(client, anna, fields):
    services.create_customer(actor=anna, name="Bodenwerk", country="DE", owner=anna, own=KEPT)
    text = b"".join(client.get("/customers/?format=csv").streaming_content).decode()
    row = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert (row["Employees"], row["Brands"], row["Credit insured"], row["Founded"]) == (
        "1250",
        "oak; walnut",
        "no",
        "1998-05-01",
    )
    assert CUSTOMERS.find("customer", "own_staff") is not None
    values = {
        "name": "Imported",
        "own_brands": row["Brands"],
        "own_credit": row["Credit insured"],
        "own_channel": "Store",
    }
    told = load_customers([Row(1, {}, {"customer": values}, {"customer": "1"})], "file")
    assert told == ["created"]
    assert Customer.objects.get(name="Imported").own == {
        "brands": ["oak", "walnut"],
        "credit": False,
        "channel": "store",
    }
    again = Row(1, {}, {"customer": {"name": "Imported", "own_staff": "7"}}, {"customer": "1"})
    assert load_customers([again], "file") == ["updated"]
    assert Customer.objects.get(name="Imported").own["channel"] == "store"
    (refused,) = load_customers(
        [Row(1, {}, {"customer": {"name": "Y", "own_channel": "moon"}}, {"customer": "2"})], "file"
    )
    assert isinstance(refused, Rejected)


def test_numbers_are_kept_as_json_keeps_them(fields):
    assert own.checked({"staff": "12.50"}) == {"staff": 12.5}
    assert own.plain(fields["staff"], 12.5) == "12.5"
    assert make_customer().own == {}
