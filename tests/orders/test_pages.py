"""Pages of quotes and orders: what they show, what they cost, and what they refuse."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from foundation.journal.models import Event
from orders import services
from orders.models import Order, Quote
from tests.accounts.factories import make_team
from tests.crm.factories import inquiry_in, make_address, make_contact, make_customer
from tests.orders.factories import make_lines, make_order, make_product, make_quote, order_in, quote_in, staff

pytestmark = pytest.mark.django_db
LIST_QUERIES = 8
RECORD_QUERIES = 24
EDIT_QUERIES = 18


def lines_of(*rows: dict[str, Any], prefix: str = "lines") -> dict[str, str]:
    data = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for index, row in enumerate(rows):
        data |= {f"{prefix}-{index}-{name}": str(value) for name, value in row.items()}
    return data


def quote_data(customer: Any, **changes: Any) -> dict[str, Any]:
    product = make_product()
    rows = [
        {"sku": product.sku, "quantity": "1200.5", "unit": "m2", "unit_price": "7.85"},
        {"sku": product.sku, "quantity": "10", "unit": "box", "unit_price": "3.5", "specification": "Skirting"},
    ]
    return {
        "contact": make_contact(customer).pk,
        "language": "de",
        "currency": "EUR",
        "incoterm": "CIF",
        "incoterm_place": "Hamburg",
        "payment_term": "",
        "valid_until": "2030-01-31",
        "inland_haulage": "350",
        "export_clearance": "80",
        "main_carriage": "1850",
        "insurance_rate": "0.3",
        "insured_percent": "110",
        **lines_of(*rows),
        "save": "1",
        **changes,
    }


# ---------------------------------------------------------------- what pages cost


@pytest.mark.parametrize("url_name", ["orders:quotes", "orders:orders"])
def test_a_list_costs_the_same_with_2_and_with_20_rows(
    url_name: str, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(staff("sales"))
    make = make_quote if "quote" in url_name else make_order
    costs = []
    for count in (2, 18):
        for _n in range(count):
            make(lines=make_lines(1))
        client.get(reverse(url_name))
        with django_assert_max_num_queries(LIST_QUERIES) as counted:
            assert client.get(reverse(url_name)).status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[1]


def test_a_search_or_filter_without_a_view_looks_through_everything(signed_in: Any) -> None:
    order = order_in("cancelled")
    client, address = signed_in(staff("sales")), reverse("orders:orders")
    assert order.number not in client.get(address).content.decode()
    for query in ({"q": order.number}, {"status": "cancelled"}):
        assert order.get_absolute_url() in client.get(address, query).content.decode()
        assert order.get_absolute_url() not in client.get(address, {**query, "view": "open"}).content.decode()


@pytest.mark.parametrize("kind", ["quote", "order"])
def test_a_record_costs_the_same_with_2_and_with_20_lines(
    kind: str, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(staff("order desk"))
    costs = []
    for count in (2, 20):
        make = make_quote if kind == "quote" else make_order
        url = make(lines=make_lines(count)).get_absolute_url()
        client.get(url)
        with django_assert_max_num_queries(RECORD_QUERIES) as counted:
            assert client.get(url).status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("kind", ["quote", "order"])
def test_an_edit_page_costs_the_same_with_2_and_with_20_lines(
    kind: str, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(staff("sales"))
    costs = []
    for count in (2, 20):
        make = make_quote if kind == "quote" else make_order
        url = reverse(f"orders:{kind}-edit", args=[make(lines=make_lines(count)).pk])
        client.get(url)
        with django_assert_max_num_queries(EDIT_QUERIES) as counted:
            assert client.get(url).status_code == 200
        costs.append(len(counted))
    assert costs[0] == costs[1]


# ---------------------------------------------------------------- entering


def test_a_quote_is_entered_for_a_customer_and_comes_back_as_it_was(signed_in: Any) -> None:
    seller, customer = staff("sales"), make_customer()
    client = signed_in(seller)
    url = f"{reverse('orders:quote-new')}?customer={customer.pk}"
    assert client.get(url).status_code == 200
    answer = client.post(url, quote_data(customer))
    quote = Quote.objects.get()
    assert answer.status_code == 302 and answer["Location"] == quote.get_absolute_url()
    assert (quote.customer, quote.created_by, quote.currency) == (customer, seller, "EUR")
    assert quote.goods_total == Decimal("9423.93") + Decimal("35.00")
    page = client.get(reverse("orders:quote-edit", args=[quote.pk])).content.decode()
    assert 'value="1200.5"' in page and 'value="7.85"' in page and 'value="1850"' in page


def test_a_quote_for_an_inquiry_belongs_to_its_customer(signed_in: Any) -> None:
    customer = make_customer()
    inquiry = inquiry_in("answered", customer=customer)
    client = signed_in(staff("sales"))
    client.post(f"{reverse('orders:quote-new')}?inquiry={inquiry.pk}", quote_data(customer))
    assert Quote.objects.get().inquiry == inquiry


def test_without_a_customer_the_page_asks_for_one(signed_in: Any) -> None:
    make_customer("Parkett Müller GmbH")
    client = signed_in(staff("sales"))
    page = client.get(reverse("orders:quote-new"), {"q": "müller"}).content.decode()
    assert "Parkett Müller GmbH" in page and "?customer=" in page
    assert "No customer matches" in client.get(reverse("orders:order-new"), {"q": "nobody"}).content.decode()


def test_a_line_is_added_without_scripts_and_keeps_what_was_typed(signed_in: Any) -> None:
    customer = make_customer()
    client = signed_in(staff("sales"))
    data = quote_data(customer, incoterm_place="Bremer", add_line="1")
    del data["save"]
    answer = client.post(f"{reverse('orders:quote-new')}?customer={customer.pk}", data)
    page = answer.content.decode()
    assert answer.status_code == 200 and 'name="lines-2-sku"' in page and "Bremer" in page
    assert "needs your attention" not in page
    assert not Quote.objects.exists()


def test_the_breakdown_is_recalculated_from_what_is_typed(signed_in: Any) -> None:
    customer = make_customer()
    client = signed_in(staff("sales"))
    url = f"{reverse('orders:quote-new')}?customer={customer.pk}"
    data = quote_data(customer, recalculate="1")
    whole = client.post(url, data).content.decode()
    part = client.post(url, data, headers={"HX-Request": "true"}).content.decode()
    assert "€11,777.80" in whole and "€11,777.80" in part
    assert "<html" not in part and "Buyer" in part
    hint = client.post(url, {**data, "incoterm": "FOB"}).content.decode()
    assert "comes with a later version" in hint
    assert "Complete the numbers" in client.post(url, {**data, "insurance_rate": "x"}).content.decode()
    for count in ("", "x", "²", "-1", "9" * 14):
        assert client.post(url, {**data, "lines-TOTAL_FORMS": count}).status_code == 200
    assert not Quote.objects.exists()


def test_german_colleagues_type_german_numbers(signed_in: Any) -> None:
    seller, customer = staff("sales"), make_customer()
    seller.language = "de"
    seller.save()
    data = quote_data(customer, main_carriage="1.850,50", insurance_rate="0,3")
    data |= {"lines-0-quantity": "1.200,5", "lines-0-unit_price": "7,85", "lines-1-unit_price": "3,5"}
    signed_in(seller).post(f"{reverse('orders:quote-new')}?customer={customer.pk}", data)
    quote = Quote.objects.get()
    assert quote.lines.all()[0].quantity == Decimal("1200.5")
    assert quote.costs.get(kind="main_carriage").amount == Decimal("1850.50")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"incoterm": "FOB"}, "comes with a later version"),
        ({"incoterm": "XXX"}, "Select a valid choice"),
        ({"insured_percent": "100"}, "greater than or equal to 110"),
        ({"lines-0-quantity": "-3"}, "greater than or equal to"),
        ({"lines-0-quantity": "many"}, "Enter a number"),
        ({"lines-0-quantity": "NaN"}, "Enter a number"),
        ({"lines-0-sku": "SPC-999999"}, "No article has this number"),
        ({"lines-0-unit": "parsec"}, "Select a valid choice"),
        ({"valid_until": "soon"}, "Enter a valid date"),
        ({"lines-TOTAL_FORMS": "9999"}, ""),
        ({"lines-TOTAL_FORMS": "x"}, ""),
    ],
)
def test_wrong_input_gets_a_sentence_keeps_the_rest_and_writes_nothing(
    changes: dict[str, Any], sentence: str, signed_in: Any
) -> None:
    customer = make_customer()
    data = quote_data(customer, intro="Kept words") | changes
    answer = signed_in(staff("sales")).post(f"{reverse('orders:quote-new')}?customer={customer.pk}", data)
    page = answer.content.decode()
    assert answer.status_code in (409, 422)
    assert sentence in page and "Kept words" in page
    assert not Quote.objects.exists()


def test_somebody_elses_contact_cannot_be_chosen(signed_in: Any) -> None:
    customer = make_customer()
    data = quote_data(customer, contact=make_contact().pk)
    assert (
        signed_in(staff("sales")).post(f"{reverse('orders:quote-new')}?customer={customer.pk}", data).status_code == 422
    )
    assert not Quote.objects.exists()


def test_every_other_field_of_the_model_is_ignored_in_a_request(signed_in: Any) -> None:
    seller, stranger, customer = staff("sales"), staff("manager"), make_customer()
    quote = make_quote(seller, customer=customer)
    names = {field.attname for field in Quote._meta.concrete_fields} | {
        field.name for field in Quote._meta.concrete_fields
    }
    hostile = {name: stranger.pk if name.endswith("_id") else "99" for name in names}
    data = hostile | quote_data(customer, seen=str(quote.row_version))
    signed_in(seller).post(reverse("orders:quote-edit", args=[quote.pk]), data)
    changed = Quote.objects.get(pk=quote.pk)
    assert changed.currency == "EUR"
    for name in ("number", "version", "status", "customer_id", "created_by_id", "owner_id", "sent_at", "decided_at", "inquiry_id", "replaces_id"):  # fmt: skip
        assert getattr(changed, name) == getattr(quote, name)
    assert changed.row_version == quote.row_version + 1
    order = make_order(seller, customer=customer)
    names = {field.attname for field in Order._meta.concrete_fields} | {
        field.name for field in Order._meta.concrete_fields
    }
    hostile = {name: stranger.pk if name.endswith("_id") else "99" for name in names}
    data = hostile | {"contact": "", "payment_term": "", "consignee_address": "", "destination_country": "", "currency": "EUR", "incoterm": "", "promised_on": "", "contract_date": "", "seen": "1", "save": "1"} | lines_of()  # fmt: skip
    assert signed_in(seller).post(reverse("orders:order-edit", args=[order.pk]), data).status_code == 302
    kept = Order.objects.get(pk=order.pk)
    assert kept.currency == "EUR"
    for name in ("number", "status", "customer_id", "created_by_id", "owner_id", "quote_id", "reviewed_by_id", "submitted_by_id", "confirmed_at", "delivery_address", "external_ref", "import_source"):  # fmt: skip
        assert getattr(kept, name) == getattr(order, name)
    assert kept.total == 0


def test_the_later_of_two_editors_is_told_and_keeps_the_input(signed_in: Any) -> None:
    anna, customer = staff("sales", "Anna Berg"), make_customer()
    quote = make_quote(anna, customer=customer)
    services.update_quote(quote.pk, actor=anna, seen=1, lines=make_lines(1), costs={})
    client = signed_in(staff("sales"))
    url = reverse("orders:quote-edit", args=[quote.pk])
    answer = client.post(url, quote_data(customer, seen="1", incoterm_place="Antwerp"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Anna Berg" in page and "Antwerp" in page
    assert Quote.objects.get().incoterm_place == "Hamburg"
    assert client.post(url, quote_data(customer, seen="2", incoterm_place="Antwerp")).status_code == 302


def test_an_order_is_entered_submitted_reviewed_by_another_and_locked(signed_in: Any) -> None:
    clerk, desk, customer = staff("sales"), staff("order desk"), make_customer()
    client = signed_in(clerk)
    product = make_product()
    data = {
        "contact": make_contact(customer).pk,
        "consignee_address": make_address(customer).pk,
        "destination_country": "DE",
        "currency": "USD",
        "incoterm": "CIF",
        "incoterm_place": "Hamburg",
        "contract_number": "CT-2026-17",
        "save": "1",
        **lines_of({"sku": product.sku, "quantity": "12", "unit": "m2", "unit_price": "7.85"}),
    }
    client.post(f"{reverse('orders:order-new')}?customer={customer.pk}", data)
    order = Order.objects.get()
    do = lambda verb: reverse("orders:order-do", args=[order.pk, verb])  # noqa: E731
    assert client.post(do("submit")).status_code == 302
    assert client.post(do("confirm")).status_code == 403
    client = signed_in(desk)
    assert "To review" in client.get(reverse("orders:orders")).content.decode()
    assert client.post(do("confirm")).status_code == 302
    order.refresh_from_db()
    assert (order.status, order.reviewed_by) == ("confirmed", desk)
    assert client.get(reverse("orders:order-edit", args=[order.pk])).status_code == 302
    answer = client.post(reverse("orders:order-edit", args=[order.pk]), data)
    assert answer.status_code == 409 and "is locked" in answer.content.decode()
    answer = client.post(do("confirm"))
    assert answer.status_code == 409 and "not possible" in answer.content.decode()
    assert Event.objects.filter(code="order.confirmed").count() == 1


def test_the_record_says_what_is_missing_and_who_may_not_review(signed_in: Any) -> None:
    desk = staff("order desk")
    order = make_order(desk, contact=None)
    client = signed_in(desk)
    assert "Still missing: contact." in client.get(order.get_absolute_url()).content.decode()
    other = order_in("in_review")
    Order.objects.filter(pk=other.pk)
    submitted = make_order(desk)
    services.submit_order(submitted.pk, actor=desk)
    page = client.get(submitted.get_absolute_url()).content.decode()
    assert "A second person reviews the order" in page


def test_an_order_says_where_a_missing_address_is_added(signed_in: Any) -> None:
    desk = staff("order desk")
    order = make_order(desk)
    page = signed_in(desk).get(reverse("orders:order-edit", args=[order.pk])).content.decode()
    assert f'<a href="{order.customer.get_absolute_url()}">customer&#x27;s page</a>' in page.replace("'", "&#x27;")


def test_goods_go_to_the_country_of_the_address_that_was_chosen(signed_in: Any) -> None:
    desk = staff("order desk")
    order = make_order(desk, consignee_address=None, destination_country="CN")
    address = make_address(order.customer)
    values = {"actor": desk, "seen": None, "lines": make_lines(1)}
    changed = services.update_order(order.pk, **values, consignee_address=address, destination_country="CN")
    assert changed.destination_country == address.country != "CN"
    changed = services.update_order(order.pk, **values, consignee_address=address, destination_country="AT")
    assert changed.destination_country == "AT"


def test_units_that_do_not_match_are_flagged(signed_in: Any) -> None:
    product = make_product()
    order = make_order(
        lines=[services.LineData(product=product, quantity=Decimal(3), unit="kg", unit_price=Decimal(1))]
    )
    page = signed_in(staff("order desk")).get(order.get_absolute_url()).content.decode()
    assert "does not match the unit" in page


def test_a_return_asks_for_a_reason_in_a_short_form(signed_in: Any) -> None:
    order = order_in("in_review")
    client = signed_in(staff("order desk"))
    url = reverse("orders:order-do", args=[order.pk, "return_to_draft"])
    assert 'name="reason"' in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "The width is missing"}).status_code == 302
    assert "The width is missing" in client.get(order.get_absolute_url()).content.decode()


# ---------------------------------------------------------------- who sees what


@pytest.mark.parametrize("kind", ["quote", "order"])
def test_records_of_other_peoples_customers_do_not_exist_for_a_salesperson(kind: str, signed_in: Any) -> None:
    owner = staff("sales")
    owner.team = make_team()
    owner.save()
    customer = make_customer(owner=owner)
    record = make_quote(owner, customer=customer) if kind == "quote" else make_order(owner, customer=customer)
    client = signed_in(staff("sales"))
    for url in (record.get_absolute_url(), reverse(f"orders:{kind}-edit", args=[record.pk])):
        assert client.get(url).status_code == 404
    assert client.post(reverse(f"orders:{kind}-do", args=[record.pk, "send" if kind == "quote" else "submit"])).status_code == 404  # fmt: skip
    assert client.get(f"{reverse(f'orders:{kind}-new')}?customer={customer.pk}").status_code == 404
    assert str(record) not in client.get(reverse(f"orders:{kind}s"), {"view": "all"}).content.decode()
    assert signed_in(staff("order desk")).get(record.get_absolute_url()).status_code == 200


def test_who_may_only_look_gets_403_for_the_rest(signed_in: Any) -> None:
    client = signed_in(staff("logistics"))
    quote, order = make_quote(), make_order()
    assert client.get(order.get_absolute_url()).status_code == 200
    for name, args in [("quote-new", []), ("order-new", []), ("quote-edit", [quote.pk]), ("order-edit", [order.pk])]:
        assert client.get(reverse(f"orders:{name}", args=args)).status_code == 403
    assert client.post(reverse("orders:quote-do", args=[quote.pk, "send"])).status_code == 403


@pytest.mark.usefixtures("no_press")
def test_a_revision_leads_to_the_new_version_and_acceptance_to_the_order(signed_in: Any) -> None:
    quote = quote_in("sent")
    client = signed_in(staff("order desk"))
    answer = client.post(reverse("orders:quote-do", args=[quote.pk, "supersede"]))
    assert answer["Location"] == Quote.objects.get(version=2).get_absolute_url()
    other = quote_in("sent")
    answer = client.post(reverse("orders:quote-do", args=[other.pk, "accept"]), {"name": "Karin Petersen"})
    assert answer["Location"] == Order.objects.get().get_absolute_url()


def test_records_are_found_by_number_and_customer(signed_in: Any) -> None:
    customer = make_customer("Parkett Müller GmbH")
    quote, order = make_quote(customer=customer), make_order(customer=customer)
    client = signed_in(staff("order desk"))
    page = client.get("/search/", {"q": "Müller"}).content.decode()
    assert quote.reference in page and order.number in page
    assert order.number in client.get(reverse("orders:orders"), {"q": order.number[-6:]}).content.decode()
    page = client.get(reverse("orders:orders"), {"view": "all", "customer": customer.pk}).content.decode()
    assert "Customer: Parkett Müller GmbH" in page and order.number in page


def test_a_customers_page_counts_and_lists_quotes_and_orders(
    signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    customer = make_customer("Parkett Müller GmbH")
    client = signed_in(staff("order desk"))
    client.get(customer.get_absolute_url())
    with django_assert_max_num_queries(40) as empty:
        client.get(customer.get_absolute_url())
    quotes = [make_quote(customer=customer) for _n in range(4)]
    orders = [make_order(customer=customer) for _n in range(3)]
    with django_assert_max_num_queries(len(empty) + 4):
        page = client.get(customer.get_absolute_url()).content.decode()
    assert "<b>4</b> Quotes" in page and "<b>3</b> Orders" in page
    assert all(str(one) in page for one in [*quotes, *orders])
    assert f"?customer={customer.pk}" in page


def test_reviewers_find_what_waits_for_them_on_their_day(signed_in: Any) -> None:
    order, desk = order_in("in_review"), staff("order desk")
    own = make_order(desk)
    services.submit_order(own.pk, actor=desk)
    page = signed_in(desk).get("/").content.decode()
    assert order.number in page and own.number not in page
    assert "Orders to review" not in signed_in(staff("logistics")).get("/").content.decode()
