"""Prices by form: what is refused, what ends, what is worked out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from catalog import services
from catalog.days import company_today
from catalog.models import Price, PriceList, Unit
from catalog.selectors import unit_price
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from tests.accounts.factories import make_user
from tests.catalog.factories import make_floor, make_price, prepare

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def defaults(db: None) -> None:
    cache.clear()
    prepare()


def test_two_prices_for_the_same_thing_on_the_same_day_are_refused() -> None:
    floor = make_floor(price=None)
    today = company_today()
    first = make_price(floor, "9", since=today, valid_until=today + 10 * DAY)
    for since, until in (
        (today, None),
        (today - DAY, today),
        (today + 10 * DAY, today + 20 * DAY),
        (today - DAY, None),
    ):
        with pytest.raises(Refused) as refused:
            make_price(floor, "8", since=since, valid_until=until)
        assert refused.value.field == "valid_from" and "9.00" in refused.value.message
    assert Price.objects.get() == first and Event.objects.filter(code="price.added").count() == 1
    make_price(floor, "8", since=today + 11 * DAY)
    make_price(floor, "7", since=today, min_quantity=Decimal(1000))
    make_price(floor, "8", since=today, currency="EUR")
    make_price(floor, "8", since=today, price_list="dealer")
    make_price(floor, "20", since=today, unit=Unit.objects.get(code="box"))
    with pytest.raises(Refused) as refused:
        make_price(floor, "20", since=today, unit=Unit.objects.get(code="roll"))
    assert refused.value.field == "unit"
    with pytest.raises(Refused) as refused:
        make_price(floor, "5", since=today, valid_until=today - DAY, currency="GBP")
    assert refused.value.field == "valid_until"


def test_a_new_price_ends_the_one_before_it_when_asked_to() -> None:
    floor = make_floor(price=None)
    today = company_today()
    old = make_price(floor, "9", since=today - 30 * DAY)
    make_price(floor, "9.5", since=today + 7 * DAY, ends_earlier=True)
    old.refresh_from_db()
    assert old.valid_until == today + 6 * DAY
    box = {"price_list": "list", "currency": "USD", "quantity": None}
    assert unit_price(floor, unit=floor.unit, on=today, **box) == 9
    assert unit_price(floor, unit=floor.unit, on=today + 7 * DAY, **box) == Decimal("9.5")


def test_what_was_in_force_is_never_rewritten() -> None:
    floor = make_floor(price=None)
    today = company_today()
    price = make_price(floor, "9", since=today - 3 * DAY)
    with pytest.raises(Refused):
        services.change_price(price.pk, actor=None, amount=Decimal(1))
    for on in (today - 5 * DAY, today - 2 * DAY):
        with pytest.raises(Refused) as refused:
            services.end_price(price.pk, actor=None, on=on)
        assert refused.value.field == "on"
    price.refresh_from_db()
    assert (price.amount, price.valid_until) == (9, None)
    services.end_price(price.pk, actor=None, on=today)
    coming = make_price(floor, "10", since=today + 5 * DAY)
    services.change_price(coming.pk, actor=None, amount=Decimal(11))
    services.end_price(coming.pk, actor=None, on=today)
    assert not Price.objects.filter(pk=coming.pk).exists()
    codes = list(
        Event.objects.about(floor).filter(code__startswith="price.").order_by("id").values_list("code", flat=True)
    )
    assert codes == ["price.added", "price.ended", "price.added", "price.changed", "price.withdrawn"]


def test_a_price_per_pack_is_worked_out_and_an_own_one_comes_first() -> None:
    floor = make_floor(price="10")
    box = Unit.objects.get(code="box")
    asked: dict[str, Any] = {"price_list": "list", "currency": "USD", "on": company_today()}
    make_price(floor, "9", min_quantity=Decimal(100))
    assert unit_price(floor, unit=box, quantity=Decimal(1), **asked) == 22
    assert unit_price(floor, unit=box, quantity=Decimal(50), **asked) == Decimal("19.8")
    make_price(floor, "21", unit=box)
    assert unit_price(floor, unit=box, quantity=Decimal(1), **asked) == 21
    assert unit_price(floor, unit=Unit.objects.get(code="kg"), quantity=Decimal(1), **asked) is None


def test_prices_are_entered_changed_and_ended_on_the_products_page(client: Any) -> None:
    client.force_login(make_user("Max", role="order desk"))
    floor = make_floor(price=None)
    today = company_today()
    dealer = PriceList.objects.get(code="dealer")
    url = reverse("catalog:price-new", args=[floor.pk])
    data = {"price_list": dealer.pk, "currency": "EUR", "amount": "7.25", "unit": "m2", "valid_from": today + DAY}
    assert client.get(url).status_code == 200
    assert client.post(url, {**data, "amount": "cheap"}).status_code == 422
    assert client.post(url, data).status_code == 302
    clash = client.post(url, data)
    assert clash.status_code == 409 and "valid_from" in clash.context["form"].errors
    price = Price.objects.get()
    page = client.get(floor.get_absolute_url()).content.decode()
    assert "7.25" in page and "15.95" in page  # per square metre and worked out per box of 2.2
    edit = reverse("catalog:price-edit", args=[price.pk])
    assert client.get(edit).status_code == 200
    changed = client.post(edit, {**data, "amount": "7.5"})
    assert changed.status_code == 302, changed.context["form"].errors
    end = reverse("catalog:price-end", args=[price.pk])
    assert client.get(end).status_code == 200
    assert client.post(end, {"on": today + 30 * DAY}).status_code == 302
    price.refresh_from_db()
    assert (price.amount, price.valid_until) == (Decimal("7.5"), today + 30 * DAY)
    rows = client.get(reverse("catalog:prices"), {"view": "coming", "currency": "EUR", "price_list": dealer.pk})
    assert floor.sku in rows.content.decode()
    export = client.get(reverse("catalog:prices"), {"view": "coming", "format": "csv"})
    assert floor.sku in b"".join(export.streaming_content).decode()


def test_who_sells_enters_no_price(client: Any) -> None:
    client.force_login(make_user("Emily", role="sales"))
    floor = make_floor(price="9")
    price = Price.objects.get()
    for name, pk in (("price-new", floor.pk), ("price-edit", price.pk), ("price-end", price.pk)):
        assert client.post(reverse(f"catalog:{name}", args=[pk]), {"on": company_today()}).status_code == 403
    price.refresh_from_db()
    assert price.valid_until is None
