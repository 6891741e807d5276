"""The ledger: what it takes, what it refuses, what is kept along with it."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from catalog import services
from catalog.alternatives import shortage_of
from catalog.days import company_today
from catalog.models import CataloguePolicy, Product, Restock, Stock, StockLevel, StockMovement
from catalog.reservations import _sources, register_reservations
from catalog.selectors import stock_of
from catalog.views.sections import shortage_words
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.notifications.defaults import shipped_messages
from foundation.notifications.models import Message
from tests.accounts.factories import make_user
from tests.catalog.factories import make_floor, make_price, place, prepare, receive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def defaults(db: None) -> None:
    cache.clear()
    prepare()


def _issue(product: Product, quantity: str, at: str = "main", actor: Any = None) -> StockMovement:
    return services.move_stock(product, actor=actor, place=place(at), kind="issue", quantity=Decimal(quantity))


def test_a_restock_that_is_overdue_is_not_promised_for_the_day_that_has_passed() -> None:
    floor = make_floor(stock="5")
    day = company_today() + dt.timedelta(days=4)
    services.expect_restock(floor, actor=None, place=place(), quantity=Decimal(40), expected_on=day)
    found = shortage_of(Product.objects.all(), floor, Decimal(20))
    assert found is not None and "expected on" in shortage_words(found)["restock"]
    Restock.objects.update(expected_on=company_today() - dt.timedelta(days=1))
    found = shortage_of(Product.objects.all(), floor, Decimal(20))
    assert found is not None and shortage_words(found)["restock"].endswith("and is overdue")


def test_levels_follow_the_ledger_place_by_place() -> None:
    floor = make_floor()
    receive(floor, "100")
    receive(floor, "20", at="showroom")
    _issue(floor, "30.5")
    services.count_stock(floor, actor=None, place=place("showroom"), counted=Decimal(18), reason="Two damaged")
    assert {row.place.code: row.on_hand for row in StockLevel.objects.filter(product=floor)} == {
        "main": Decimal("69.5"),
        "showroom": Decimal(18),
    }
    assert Stock.objects.get(product=floor).on_hand == Decimal("87.5")
    rows = StockMovement.objects.filter(product=floor).order_by("pk").values_list("kind", "quantity", "level_after")
    assert [(kind, f"{n.normalize():f}", f"{after.normalize():f}") for kind, n, after in rows] == [
        ("receipt", "100", "100"),
        ("receipt", "20", "20"),
        ("issue", "-30.5", "69.5"),
        ("correction", "-2", "18"),
    ]
    assert services.count_stock(floor, actor=None, place=place(), counted=Decimal("69.5"), reason="again") is None
    codes = Event.objects.about(floor).filter(code__startswith="stock.").values_list("code", flat=True).order_by("id")
    assert list(codes) == ["stock.received", "stock.received", "stock.issued", "stock.corrected"]


@pytest.mark.parametrize(
    ("kind", "quantity", "reason", "field"),
    [
        ("issue", "101", "", "quantity"),
        ("receipt", "0", "", "quantity"),
        ("receipt", "0.0001", "", "quantity"),
        ("receipt", "1e12", "", "quantity"),
        ("correction", "-5", "  ", "reason"),
        ("correction", "-101", "lost", "quantity"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(kind: str, quantity: str, reason: str, field: str) -> None:
    floor = make_floor(stock="100")
    events = Event.objects.count()
    with pytest.raises(Refused) as refused:
        services.move_stock(floor, actor=None, place=place(), kind=kind, quantity=Decimal(quantity), reason=reason)
    assert refused.value.field == field
    assert Stock.objects.get().on_hand == 100 and StockLevel.objects.get().on_hand == 100
    assert StockMovement.objects.count() == 1 and Event.objects.count() == events


def test_stock_falls_below_zero_only_where_the_policy_allows_it() -> None:
    floor = make_floor(stock="5")
    policy = CataloguePolicy.objects.get()
    policy.allows_negative_stock = True
    policy.save()
    assert _issue(floor, "8").level_after == -3
    policy.allows_negative_stock = False
    policy.save()
    receive(floor, "1")  # what mends it is never refused
    with pytest.raises(Refused):
        _issue(floor, "1")


def test_the_ledger_is_append_only_in_the_database() -> None:
    receive(make_floor(), "5")
    for attempt in (
        lambda: StockMovement.objects.update(quantity=50),
        lambda: StockMovement.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert StockMovement.objects.get().quantity == 5


def test_falling_below_the_minimum_is_told_once_to_those_who_order() -> None:
    assert "stock_fell_short" in {one.key for one in shipped_messages()}
    from foundation.notifications.defaults import load_messages

    load_messages()
    desk, mover = make_user("Lin", role="order desk"), make_user("Max", role="logistics")
    floor = make_floor(stock="100")
    services.set_minimum(floor, actor=mover, minimum=Decimal(50))
    assert not Stock.objects.get().is_short
    _issue(floor, "60", actor=mover)
    _issue(floor, "10", actor=mover)
    assert Stock.objects.get().is_short
    event = Event.objects.get(code="stock.fell_short")
    assert (event.facts["on_hand"], event.facts["minimum"]) == ("40", "50")
    told = Message.objects.filter(event=event)
    assert {one.recipient_key for one in told} == {f"user:{desk.pk}"}
    receive(floor, "80")
    _issue(floor, "80")
    assert Event.objects.filter(code="stock.fell_short").count() == 2


def test_a_restock_arrives_once_and_becomes_a_receipt() -> None:
    desk = make_user("Lin", role="order desk")
    floor = make_floor()
    day = company_today() + dt.timedelta(days=12)
    restock = services.expect_restock(
        floor, actor=desk, place=place(), quantity=Decimal(300), expected_on=day, reference="PO-7"
    )
    assert stock_of([floor.pk])[floor.pk].expected == (restock,)
    services.change_restock(
        restock.pk, actor=desk, expected_on=day + dt.timedelta(days=2), quantity=Decimal(280), reference="PO-7"
    )
    services.arrive_restock(restock.pk, actor=desk, quantity=Decimal(275))
    movement = StockMovement.objects.get()
    assert (movement.quantity, movement.restock_id, movement.reference) == (275, restock.pk, restock.number)
    assert Stock.objects.get().on_hand == 275 and not stock_of([floor.pk])[floor.pk].expected
    for again in (
        lambda: services.arrive_restock(restock.pk, actor=desk, quantity=Decimal(275)),
        lambda: services.cancel_restock(restock.pk, actor=desk, reason="late"),
        lambda: services.change_restock(restock.pk, actor=desk, expected_on=day, quantity=Decimal(1)),
    ):
        with pytest.raises(Refused):
            again()
    assert StockMovement.objects.count() == 1 and Stock.objects.get().on_hand == 275
    codes = list(Event.objects.about(restock).order_by("id").values_list("code", flat=True))
    assert codes == ["restock.expected", "restock.changed", "restock.arrived"]


def test_what_is_overdue_is_named() -> None:
    floor = make_floor()
    today = company_today()
    late = services.expect_restock(floor, actor=None, place=place(), quantity=Decimal(9), expected_on=today)
    Restock.objects.filter(pk=late.pk).update(expected_on=today - dt.timedelta(days=3))
    services.expect_restock(floor, actor=None, place=place(), quantity=Decimal(9), expected_on=today)
    assert [one.pk for one in Restock.objects.overdue(today)] == [late.pk]  # type: ignore[attr-defined]


def test_a_later_stage_may_reserve() -> None:
    floor = make_floor(stock="10")
    source = lambda products: {pk: Decimal(4) for pk in products}  # noqa: E731
    register_reservations(source)
    try:
        found = stock_of([floor.pk])[floor.pk]
        assert (found.on_hand, found.available) == (10, 6)
        assert found.lacks(Decimal(7)) and not found.lacks(Decimal(6))
    finally:
        _sources.remove(source)


def test_the_unit_stays_once_stock_is_counted_in_it() -> None:
    from catalog.models import Unit

    floor = make_floor(stock="10")
    floor.unit = Unit.objects.get(code="pcs")
    with pytest.raises(Refused):
        services.save_product(floor, actor=None)
    assert Product.objects.get().unit.code == "m2"


# ---------------------------------------------------------------- pages


def test_stock_is_entered_by_form_in_any_unit_of_the_product(client: Any) -> None:
    floor = make_floor()
    client.force_login(make_user("Max", role="logistics"))
    url = reverse("catalog:stock-move", args=[floor.pk])
    data = {"kind": "receipt", "place": place().pk, "quantity": "10", "unit": "box", "reference": "DN-1"}
    assert client.get(url).status_code == 200
    assert client.post(url, data).status_code == 302
    assert Stock.objects.get().on_hand == 22
    for wrong, field in (
        ({"quantity": "-3"}, "quantity"),
        ({"kind": "correction", "quantity": "-3"}, "reason"),
        ({"kind": "count", "quantity": "-3", "reason": "x"}, "quantity"),
        ({"unit": "kg"}, "unit"),
    ):
        refused = client.post(url, {**data, **wrong})
        assert refused.status_code == 422 and field in refused.context["form"].errors
    too_many = client.post(url, {**data, "kind": "issue", "quantity": "100"})
    assert too_many.status_code == 409 and "quantity" in too_many.context["form"].errors
    assert Stock.objects.get().on_hand == 22
    counted = {**data, "kind": "count", "quantity": "9", "reason": "Year end"}
    assert client.post(url, counted).status_code == 302
    assert Stock.objects.get().on_hand == Decimal("19.8")
    minimum = reverse("catalog:stock-minimum", args=[floor.pk])
    assert client.post(minimum, {"minimum": "30"}).status_code == 302
    assert Stock.objects.get().is_short
    expect = reverse("catalog:restock-new", args=[floor.pk])
    day = company_today() + dt.timedelta(days=5)
    past = {
        "quantity": "5",
        "unit": "box",
        "place": place().pk,
        "expected_on": company_today() - dt.timedelta(days=1),
    }
    assert client.post(expect, past).status_code == 422
    assert client.post(expect, {**past, "expected_on": day}).status_code == 302
    restock = Restock.objects.get()
    assert restock.quantity == 11
    page = client.get(restock.get_absolute_url())
    assert page.status_code == 200 and restock.number in page.content.decode()
    done = client.post(reverse("catalog:restock-do", args=[restock.pk, "arrive"]), {"quantity": "11"})
    assert done.status_code == 302 and Stock.objects.get().on_hand == Decimal("30.8")


def test_who_sells_sees_the_stock_and_moves_none(client: Any) -> None:
    floor = make_floor(stock="10")
    restock = services.expect_restock(
        floor, actor=None, place=place(), quantity=Decimal(9), expected_on=company_today()
    )
    client.force_login(make_user("Emily", role="sales"))
    for name in ("catalog:stock", "catalog:movements", "catalog:restocks", "catalog:prices"):
        assert client.get(reverse(name)).status_code == 200, name
    for name in ("stock-move", "stock-minimum", "restock-new"):
        assert client.get(reverse(f"catalog:{name}", args=[floor.pk])).status_code == 403
    assert client.post(reverse("catalog:restock-do", args=[restock.pk, "arrive"]), {"quantity": "9"}).status_code == 403
    assert Stock.objects.get().on_hand == 10


@pytest.mark.parametrize(
    "name", ["catalog:products", "catalog:stock", "catalog:movements", "catalog:restocks", "catalog:prices"]
)
def test_lists_cost_the_same_with_few_and_with_many_rows(
    client: Any, name: str, django_assert_max_num_queries: Any
) -> None:
    client.force_login(make_user("Max", role="order desk"))
    costs = []
    for count in (2, 9):
        for _n in range(count):
            floor = make_floor(stock="10")
            make_price(floor, "9", price_list="dealer")
            services.expect_restock(floor, actor=None, place=place(), quantity=Decimal(1), expected_on=company_today())
        client.get(reverse(name))
        with django_assert_max_num_queries(10) as counted:
            assert client.get(reverse(name)).status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[1]
    assert client.get(reverse(name), {"format": "csv"}).status_code == 200
    if name != "catalog:movements":
        found = client.get(reverse(name), {"q": "石塑"})
        assert found.status_code == 200 and len(found.context["page"].rows) > 0


def test_a_count_is_imported_from_a_file(tmp_path: Path) -> None:
    first, second = make_floor("C-1", stock="100"), make_floor("C-2", stock="22")
    file, mapping = tmp_path / "count.csv", tmp_path / "count.json"
    file.write_text("No,Where,Qty,Unit\nC-1,main,97.5,\nC-2,main,10,box\nC-9,main,1,\nC-1,moon,1,\nC-1,showroom,3,kg\n")
    fields = {"sku": "No", "place": "Where", "quantity": "Qty", "unit": "Unit"}
    mapping.write_text(
        json.dumps({"kind": "stock_counts", "source": "count-2026", "identify": ["No", "Where"], "fields": fields})
    )

    def run() -> dict[str, Any]:
        out = io.StringIO()
        call_command("import_records", "stock_counts", str(file), "--mapping", str(mapping), "--json", stdout=out)
        found: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
        return found

    done = run()
    assert (done["rows"], done["updated"], done["unchanged"], done["rejected"]) == (5, 1, 1, 3)
    assert {row.product_id: row.on_hand for row in Stock.objects.all()} == {first.pk: Decimal("97.5"), second.pk: 22}
    movement = StockMovement.objects.get(kind="correction")
    assert (movement.quantity, movement.reference) == (Decimal("-2.5"), "count-2026")
    assert run()["unchanged"] == 2 and StockMovement.objects.filter(kind="correction").count() == 1


# ---------------------------------------------------------------- races


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_last_goods_at_once_do_not_both_get_them() -> None:
    cache.clear()
    prepare()
    floor = make_floor(stock="10")
    outcomes = _together(lambda: _issue(floor, "7"), 2)
    assert sorted(outcomes) == ["done", "refused"]
    assert Stock.objects.get().on_hand == 3 and StockLevel.objects.get().on_hand == 3


@pytest.mark.django_db(transaction=True)
def test_first_receipts_at_once_are_all_counted() -> None:
    cache.clear()
    prepare()
    floor = make_floor()
    assert _together(lambda: receive(floor, "1.5"), 4) == ["done"] * 4
    assert Stock.objects.get().on_hand == 6 and StockMovement.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_restock_that_two_people_enter_at_once_arrives_once() -> None:
    cache.clear()
    prepare()
    floor = make_floor()
    desk = make_user("Lin", role="order desk")
    restock = services.expect_restock(
        floor, actor=desk, place=place(), quantity=Decimal(9), expected_on=company_today()
    )
    outcomes = _together(lambda: services.arrive_restock(restock.pk, actor=desk, quantity=Decimal(9)), 2)
    assert sorted(outcomes) == ["done", "refused"] and Stock.objects.get().on_hand == 9


def _together(act: Any, count: int) -> list[str]:
    """Run the same deed in threads that start at once; what became of each."""
    gate, outcomes = threading.Barrier(count), []

    def run() -> None:
        try:
            gate.wait(timeout=60)
            act()
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=120)
    return outcomes
