"""The customer's tracking page: one glance, one answer to every wrong key, nothing that is not listed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation

from foundation.accounts import tokens
from foundation.accounts.models import AccessToken, Company
from logistics import services
from logistics.models import Shipment
from logistics.services.sharing import PURPOSE
from portal.views.tracking import shown
from tests.logistics.factories import bring_to, dispatch, make_carrier, make_customer, make_order, plan

pytestmark = pytest.mark.django_db
LISTED = {
    "number",
    "orders",
    "headline",
    "expected",
    "delay",
    "path",
    "destination",
    "carrier",
    "waybill",
    "carrier_url",
    "goods",
    "events",
    "zone",
}


@pytest.fixture
def shipment() -> Shipment:
    """Goods on the way to Hamburg with everything filled in, canaries included."""
    order = make_order(make_customer(name="CanaryCustomer GmbH", remark="CanaryRemark"), quantities=(100,))
    made = plan(order, destination="Hamburg")
    dispatch(
        made,
        carrier=make_carrier(name="Hanse Spedition", contact_name="CanaryCarrierContact", phone="+4940999999"),
        driver_name="CanaryDriver",
        driver_phone="+8613912345678",
        vehicle="CanaryVehicle",
        container_number="CanaryContainer",
        eta=timezone.now() + timedelta(days=3),
    )
    services.add_tracking_event(
        made.pk, actor=None, at=timezone.now(), kind="customs", place="Suez", text="Convoy formed"
    )
    services.change_eta(
        made.pk, actor=None, eta=timezone.now() + timedelta(days=4), reason="weather", details="CanaryDetails"
    )
    made.lines.update(freight_amount=Decimal("4711.11"), insurance_amount=Decimal("815.15"), currency="EUR")
    made.refresh_from_db()
    return made


def look(shipment: Shipment, **query: str) -> str:
    """The page as the customer gets it."""
    answer = Client().get(f"/p/track/{tokens.issue(PURPOSE, shipment)}/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(html: str) -> str:
    """What a reader reads."""
    body = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_the_page_says_only_what_is_listed(shipment: Shipment) -> None:
    with translation.override("en"):
        assert set(shown(shipment)) == LISTED
        assert set(shown(shipment)["events"][0]) == {"at", "iso", "what", "place", "text"}
    html = look(shipment)
    assert "Canary" not in html
    for secret in ("4711", "815.15", "EUR", "4940999999", "13912345678", shipment.customer.number, f'"{shipment.pk}"'):
        assert secret not in html
    for said in (shipment.number, "Hamburg", "Hanse Spedition", "HAM-778899", "Suez", "Convoy formed", "SPC Oak 6.5"):
        assert said in html


def test_it_costs_at_most_six_queries(shipment: Shipment, django_assert_max_num_queries: Any) -> None:
    Company.current()
    for number in range(20):
        services.add_tracking_event(shipment.pk, actor=None, at=timezone.now(), place=f"Port {number}")
    raw = tokens.issue(PURPOSE, shipment)
    client = Client()
    client.get(f"/p/track/{raw}/")
    with django_assert_max_num_queries(6):
        page = client.get(f"/p/track/{raw}/")
    assert page.content.decode().count("Port ") == 10


def test_it_speaks_the_customers_language_unless_asked_for_another(shipment: Shipment) -> None:
    assert '<html lang="de">' in look(shipment)
    for code, word in (("en", "Your goods"), ("zh-hans", "您的货物"), ("zh-hant", "您的貨物"), ("de", "Ihre Ware")):
        assert word in look(shipment, lang=code), code


def test_the_arrival_is_told_in_the_customers_zone() -> None:
    shipment = dispatch(plan(), eta=datetime(2099, 1, 10, 23, 30, tzinfo=UTC))
    assert "11 Jan 2099, 00:30 CET" in look(shipment, lang="en")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("planned", "Your goods are being prepared."),
        ("picked", "Your goods are packed and wait for the carrier."),
        ("dispatched", "Your goods have left our house."),
        ("in_transit", "Your goods are on their way."),
        ("arrived", "Your goods have arrived."),
        ("signed", "Your goods have been delivered."),
        ("archived", "Your goods have been delivered."),
        ("cancelled", "This delivery was cancelled."),
    ],
)
def test_each_state_answers_in_one_sentence(state: str, sentence: str) -> None:
    assert sentence in look(bring_to(state), lang="en")


def test_late_goods_say_so_instead_of_promising_the_past(shipment: Shipment) -> None:
    Shipment.objects.filter(pk=shipment.pk).update(eta=timezone.now() - timedelta(hours=3))
    assert "we are asking the carrier for a new time" in text_of(look(shipment, lang="en"))


# ---------------------------------------------------------------- keys


def test_unknown_expired_revoked_and_foreign_keys_get_the_same_answer(shipment: Shipment) -> None:
    other = dispatch(plan())
    revoked = tokens.issue(PURPOSE, other)
    services.revoke_tracking_links(other.pk, actor=None)
    expired = tokens.issue(PURPOSE, shipment, days=1)
    wrong_purpose = tokens.issue("survey", shipment)
    wrong_record = tokens.issue(PURPOSE, shipment.customer)
    good = tokens.issue(PURPOSE, shipment)
    wrong = [
        revoked,
        wrong_purpose,
        wrong_record,
        "A" * 43,
        good[:-1],
        good + "A",
        good.swapcase(),
        "x",
        "é" * 43,
        "%00",
    ]
    answers = {Client().get(f"/p/track/{raw}/").content for raw in wrong}
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        answers.add(Client().get(f"/p/track/{expired}/").content)
    assert len(answers) == 1
    assert shipment.number not in answers.pop().decode()
    assert Client().get(f"/p/track/{good}/").status_code == 200


def test_a_thousand_mutated_keys_open_nothing(shipment: Shipment) -> None:
    good = tokens.issue(PURPOSE, shipment)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    tried = 0
    for position in range(len(good)):
        for letter in alphabet:
            mutated = good[:position] + letter + good[position + 1 :]
            if mutated == good:
                continue
            # The last letter of 256 bits in base64 carries two unused bits; the digest is over the text, so they count.
            assert tokens.resolve(PURPOSE, mutated) is None
            tried += 1
    assert tried > 1000


def test_the_answer_is_kept_by_nobody(shipment: Shipment) -> None:
    answer = Client().get(f"/p/track/{tokens.issue(PURPOSE, shipment)}/")
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    assert 'rel="noreferrer noopener"' in answer.content.decode()


def test_looking_uses_nothing_up_and_posting_is_refused(shipment: Shipment) -> None:
    raw = tokens.issue(PURPOSE, shipment)
    for _look in range(3):
        assert Client().get(f"/p/track/{raw}/").status_code == 200
    assert AccessToken.objects.get().used_at is None
    assert Client().post(f"/p/track/{raw}/").status_code == 405


@pytest.mark.usefixtures("still_clock")
def test_guessing_is_slowed_down(shipment: Shipment) -> None:
    answers = [Client().get(f"/p/track/{'A' * 43}/").status_code for _try in range(70)]
    assert answers.count(404) <= 60
    assert answers[-1] == 429
