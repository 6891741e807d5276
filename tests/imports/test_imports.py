"""Files into records: every row accounted for, nothing overwritten, nobody told."""

from __future__ import annotations

import gzip
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product
from crm.models import Contact, Customer
from foundation.accounts.defaults import all_defaults
from foundation.accounts.models import Company
from foundation.journal.models import Event
from foundation.notifications.models import Message
from foundation.sla.models import Clock
from logistics.models import Shipment, ShipmentLine
from orders.models import Order, OrderLine

pytestmark = pytest.mark.django_db

HEADER = [
    "ID",
    "PO",
    "ASN",
    "Project",
    "Country",
    "Item",
    "Qty",
    "Price",
    "Promised",
    "Delivered",
    "Term",
    "Mode",
    "Weight",
]
MAPPING = {
    "kind": "deliveries",
    "source": "test",
    "dates": ["%d-%b-%y", "%m/%d/%y"],
    "identify": {"line": ["ID"], "order": ["PO"], "customer": ["Project"], "product": ["Item"], "shipment": ["ASN"]},
    "fields": {
        "customer.name": "Project",
        "customer.country": {"column": "Country", "table": "countries"},
        "product.name": "Item",
        "order.incoterm": {"column": "Term", "table": "terms"},
        "order.currency": {"value": "USD"},
        "line.quantity": "Qty",
        "line.unit_price": "Price",
        "line.promised_on": "Promised",
        "line.weight_kg": {"column": "Weight", "empty": ["Captured Separately"], "empty_prefixes": ["See "]},
        "shipment.mode": {"column": "Mode", "table": "modes"},
        "shipment.incoterm": {"column": "Term", "table": "terms"},
        "delivery.promised_on": "Promised",
        "delivery.delivered_on": "Delivered",
    },
    "tables": {
        "countries": {"Côte d'Ivoire": "CI", "Namibia": "NA"},
        "terms": {"EXW": "EXW", "DDU": "DDU"},
        "modes": {"Air": "air", "Truck": "truck"},
    },
}
ROWS = [
    [
        "1",
        "PO-1",
        "A-1",
        "100-CI",
        "Côte d'Ivoire",
        "Floor, oak",
        "10",
        "2.50",
        "2-Jun-06",
        "06/02/06",
        "EXW",
        "Air",
        "13",
    ],
    [
        "2",
        "PO-1",
        "A-1",
        "100-CI",
        "Côte d'Ivoire",
        "Floor, oak",
        "5",
        "3.00",
        "2-Jun-06",
        "3-Jun-06",
        "EXW",
        "Air",
        "See A-1",
    ],
    [
        "3",
        "PO-2",
        "A-2",
        "110-NA",
        "Namibia",
        "Wall",
        "7",
        "1",
        "9-Jun-06",
        "9-Jun-06",
        "N/A - From RDC",
        "N/A",
        "Captured Separately",
    ],
    ["4", "PO-2", "A-3", "110-NA", "Namibia", "Wall", "8", "1", "9-Jun-06", "", "DDU", "Truck", ""],
]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def csv_of(rows: list[list[str]], header: list[str] = HEADER, ending: str = "\r") -> bytes:
    cells = [",".join(f'"{cell}"' if "," in cell or "\n" in cell else cell for cell in row) for row in [header, *rows]]
    return ending.join(cells).encode()


def run(
    tmp_path: Path, data: bytes, mapping: dict[str, Any] = MAPPING, kind: str = "deliveries", **options: Any
) -> Any:
    file, mapping_file = tmp_path / "in.csv", tmp_path / "mapping.json"
    file.write_bytes(data)
    mapping_file.write_text(json.dumps(mapping), encoding="utf-8")
    out = io.StringIO()
    call_command("import_records", kind, str(file), mapping=mapping_file, as_json=True, stdout=out, **options)
    return json.loads(out.getvalue().splitlines()[-1])


def state() -> tuple[int, ...]:
    models = (Customer, Product, Order, OrderLine, Shipment, ShipmentLine, Event)
    return tuple(model._base_manager.count() for model in models)


def test_a_file_feeds_five_kinds_of_records_at_once(tmp_path: Path) -> None:
    assert run(tmp_path, csv_of(ROWS)) == {
        "rows": 4, "created": 4, "updated": 0, "unchanged": 0, "rejected": 0, "unmapped": 2, "rejected_file": None,
    }  # fmt: skip
    assert state()[:6] == (2, 2, 2, 4, 3, 4)
    line = ShipmentLine.objects.select_related("shipment", "order_line__order").get(external_ref="1")
    assert (line.promised_on, line.delivered_on) == (date(2006, 6, 2), date(2006, 6, 2))
    assert line.order_line.unit_price == Decimal("2.5") and line.order_line.weight_kg == 13
    assert line.shipment.incoterm == "EXW" and line.shipment.mode == "air"
    assert Shipment.objects.get(external_ref="A-2").incoterm == ""
    assert Customer.objects.get(external_ref="110-NA").country == "NA"
    assert OrderLine.objects.get(external_ref="2").weight_kg is None
    assert Order.objects.get(external_ref="PO-1").total == Decimal("40.00")


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path, csv_of(ROWS))
    before = state()
    summary = run(tmp_path, csv_of(ROWS))
    assert (summary["unchanged"], summary["rows"], summary["unmapped"]) == (4, 4, 2)
    assert state() == before


def test_imported_history_starts_no_clock_and_sends_nothing(tmp_path: Path) -> None:
    for one in all_defaults():
        one.load()
    loaded = set(Event.objects.values_list("pk", flat=True))  # the questionnaires of the house
    run(tmp_path, csv_of(ROWS))
    assert not Clock.objects.exists() and not Message.objects.exists()
    assert set(Event.objects.exclude(pk__in=loaded).values_list("imported", flat=True)) == {True}
    assert {one.year for one in Event.objects.filter(code="order.created").values_list("occurred_at", flat=True)} == {
        2006
    }


def test_a_line_never_overwrites_a_shared_record(tmp_path: Path) -> None:
    run(tmp_path, csv_of(ROWS))
    later = [
        ["5", "PO-1", "A-1", "100-CI", "Namibia", "Floor, oak", "1", "9", "2-Jun-06", "2-Jun-06", "DDU", "Truck", "1"]
    ]
    assert run(tmp_path, csv_of(later))["created"] == 1
    assert Customer.objects.get(external_ref="100-CI").country == "CI"
    assert Shipment.objects.get(external_ref="A-1").mode == "air"
    assert Order.objects.get(external_ref="PO-1").incoterm == "EXW"
    assert OrderLine.objects.get(external_ref="5").unit_price == 9


def test_a_changed_line_is_updated_and_counted_as_such(tmp_path: Path) -> None:
    run(tmp_path, csv_of(ROWS))
    changed = [list(row) for row in ROWS]
    changed[0][7], changed[3][9] = "4.00", "9-Jun-06"
    summary = run(tmp_path, csv_of(changed))
    assert (summary["updated"], summary["unchanged"]) == (2, 2)
    assert OrderLine.objects.get(external_ref="1").amount == 40
    assert ShipmentLine.objects.get(external_ref="4").delivered_on == date(2006, 6, 9)


def test_bad_rows_come_back_with_a_reason_and_the_others_are_imported(tmp_path: Path) -> None:
    bad = [
        ["6", "PO-1", "A-1", "100-CI", "Namibia", "Floor", "many", "1", "2-Jun-06", "", "", "", ""],
        ["7", "PO-1", "A-1", "100-CI", "Namibia", "Floor", "1", "1", "someday", "", "", "", ""],
        ["", "PO-1", "A-1", "100-CI", "Namibia", "Floor", "1", "1", "", "", "", "", ""],
        ["8", "PO-1"],
        ["9", "PO-1", "A-1", "100-CI", "Namibia", "Floor", "", "1", "", "", "", "", ""],
        ["10", "PO-1", "A-1", "100-CI", "Namibia", "Floor", "-3", "1", "", "", "", "", ""],
    ]
    summary = run(tmp_path, csv_of([*bad, *ROWS]))
    assert (summary["created"], summary["rejected"], summary["rows"]) == (4, 6, 10)
    rejected = Path(summary["rejected_file"]).read_text(encoding="utf-8-sig").splitlines()
    assert rejected[0].endswith(",reason") and len(rejected) == 7
    assert "many" in rejected[1] and "1234.50" in rejected[1]
    assert "someday" in rejected[2]
    assert rejected[6].startswith("10,PO-1") and ",-3," in rejected[6]


def test_a_dry_run_counts_everything_and_writes_nothing(tmp_path: Path) -> None:
    before = state()
    assert run(tmp_path, csv_of(ROWS), dry_run=True)["created"] == 4
    assert state() == before


def test_a_line_repeated_in_the_file_is_counted_each_time(tmp_path: Path) -> None:
    again = list(ROWS[0])
    again[7] = "9.00"
    summary = run(tmp_path, csv_of([ROWS[0], ROWS[0], again]))
    assert (summary["created"], summary["unchanged"], summary["updated"], summary["rows"]) == (1, 1, 1, 3)


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize(
    "wrap", [bytes, gzip.compress, lambda data: b"\xef\xbb\xbf" + data, lambda data: data.decode().encode("utf-16")]
)
def test_any_line_ending_mark_and_packing_is_read(tmp_path: Path, ending: str, wrap: Any) -> None:
    assert run(tmp_path, wrap(csv_of(ROWS, ending=ending)))["created"] == 4


def test_customers_with_contacts_are_made_and_changed(tmp_path: Path) -> None:
    mapping = {
        "kind": "customers", "source": "old", "identify": ["No"],
        "fields": {"name": "Name", "country": "Land", "contact.name": "Person", "contact.email": "Mail", "tier": "Tier"},
    }  # fmt: skip
    header = ["No", "Name", "Land", "Person", "Mail", "Tier"]
    rows = [
        ["1", "Müller", "Germany", "Ada", "ADA@example.org", "key"],
        ["2", "华居", "CN", "", "", ""],
        ["3", "X", "Nowhere", "", "", ""],
    ]
    summary = run(tmp_path, csv_of(rows, header, "\n"), mapping, "customers")
    assert (summary["created"], summary["rejected"]) == (2, 1)
    assert Contact.objects.get().email == "ada@example.org" and Contact.objects.get().is_main
    for typed in ("mueller", "ada"):  # by its name and by its people
        assert list(Customer.objects.search(typed)) == [Customer.objects.get(name="Müller")]
    assert list(Contact.objects.search("ada@example.org")) == [Contact.objects.get()]
    rows[0][3:5] = ["Ada", "new@example.org"]
    summary = run(tmp_path, csv_of(rows[:2], header, "\n"), mapping, "customers")
    assert (summary["updated"], summary["unchanged"]) == (1, 1)


def test_products_orders_and_shipments_have_kinds_of_their_own(tmp_path: Path) -> None:
    products = {
        "kind": "products",
        "source": "s",
        "identify": ["SKU"],
        "fields": {"name": "Name", "sku": "SKU", "unit": "U", "family": "F"},
    }
    data = csv_of([["A1", "Oak", "m2", "SPC"], ["A2", "Ash", "box", "SPC"]], ["SKU", "Name", "U", "F"], "\n")
    assert run(tmp_path, data, products, "products")["created"] == 2
    assert Product.objects.get(sku="A1").family.name == "SPC"
    orders = {
        "kind": "orders", "source": "s", "identify": {"order": ["No"], "customer": ["Who"]}, "dates": ["%Y-%m-%d"],
        "fields": {"order.ordered_on": "Day", "order.total": "Sum", "customer.name": "Who", "order.currency": {"value": "EUR"}},
    }  # fmt: skip
    data = csv_of(
        [["S1", "ACME", "2020-02-29", "1234.50"], ["S2", "", "2020-03-01", "1"]], ["No", "Who", "Day", "Sum"], "\n"
    )
    summary = run(tmp_path, data, orders, "orders")
    assert (summary["created"], summary["rejected"]) == (1, 1)
    order = Order.objects.get()
    assert (order.total, order.currency, order.customer.name) == (Decimal("1234.50"), "EUR", "ACME")
    assert Event.objects.get(code="order.created").occurred_at.date() in (date(2020, 2, 28), date(2020, 2, 29))
    shipments = {
        "kind": "shipments", "source": "s", "identify": {"shipment": ["No"], "customer": ["Who"]},
        "fields": {"shipment.waybill_number": "AWB", "shipment.delivered_on": "Day", "customer.name": "Who"},
    }  # fmt: skip
    data = csv_of([["H1", "ACME", "784-1", "2020-03-09"]], ["No", "Who", "AWB", "Day"], "\n")
    assert run(tmp_path, data, shipments, "shipments")["created"] == 1
    assert Shipment.objects.get().status == "archived"
    assert list(Shipment.objects.search("784-1")) == [Shipment.objects.get()]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"fields": {"customer.nme": "X"}}, "no field 'customer.nme'"),
        ({"source": ""}, "source"),
        ({"identify": {"line": ["Nr"]}}, "identif"),
        ({"kind": "orders"}, "not for 'deliveries'"),
        ({"surprise": 1}, "'surprise'"),
        ({"fields": []}, "fields"),
        ({"decimal": ";"}, "decimal"),
        ({"tables": {}}, "no table"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused_with_the_place(
    tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        run(tmp_path, csv_of(ROWS), {**MAPPING, **change})
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"A,B\r1,2", "no column"),
        (gzip.compress(csv_of(ROWS))[:-20], "cannot be read"),
        (csv_of(ROWS, [*HEADER[:-1], "ID"]), "no column|more than once"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(CommandError, match=says):
        run(tmp_path, data)


def test_a_file_or_kind_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no file"):
        call_command("import_records", "deliveries", str(tmp_path / "none.csv"), mapping=tmp_path / "m.json")
    with pytest.raises(CommandError, match="no kind"):
        run(tmp_path, csv_of(ROWS), MAPPING, "planets")


def test_the_mapping_of_the_public_delivery_history_fits_its_kind() -> None:
    from foundation.imports.mapping import read_mapping
    from foundation.imports.registry import get_kind

    mapping = read_mapping(Path(__file__).resolve().parents[2] / "docs/imports/scms.json", get_kind("deliveries"))
    assert mapping.identify["line"] == ("ID",)


def test_a_batch_of_customers_takes_as_many_statements_as_one(
    tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    mapping = {
        "kind": "customers", "source": "old", "identify": ["No"], "fields": {"name": "Name", "contact.name": "Person"},
    }  # fmt: skip
    rows = [[str(n), f"Customer {n}", f"Person {n}"] for n in range(200)]
    with django_assert_max_num_queries(30):
        summary = run(tmp_path, csv_of(rows, ["No", "Name", "Person"], "\n"), mapping, "customers")
    assert summary["created"] == Contact.objects.count() == 200


PEOPLE = {
    "kind": "customers", "source": "old", "identify": ["No"],
    "fields": {"name": "Name", "contact.name": "Person", "contact.email": "Mail", "contact.phone": "Phone"},
}  # fmt: skip
PEOPLE_HEADER = ["No", "Name", "Person", "Mail", "Phone"]


def test_a_customer_is_found_by_people_whom_a_later_file_brings(tmp_path: Path) -> None:
    run(tmp_path, csv_of([["1", "Oak", "Ada", "", ""]], PEOPLE_HEADER, "\n"), PEOPLE, "customers")
    later = [["1", "Oak", "王小明", "wang@example.org", "+4940123456"], ["1", "Oak & Co", "Ada", "ada@example.org", ""]]
    assert run(tmp_path, csv_of(later, PEOPLE_HEADER, "\n"), PEOPLE, "customers")["updated"] == 2
    customer = Customer.objects.get()
    for typed in ("王小", "wangxiaoming", "wxm", "ada", "3456", "co"):
        assert list(Customer.objects.search(typed)) == [customer], typed
    for typed in ("ada@example.org", "wang@example", "ada"):
        assert Contact.objects.search(typed).count() == 1, typed
    assert list(customer.contacts.values_list("name", "is_main")) == [("Ada", True), ("王小明", False)]
    codes = list(Event.objects.order_by("pk").values_list("code", "imported"))
    assert codes == [("customer.created", True), ("customer.updated", True)]


@pytest.mark.parametrize("change", ["", "!"])
def test_a_batch_known_before_takes_as_many_statements_as_one_row(tmp_path: Path, change: str) -> None:
    def statements(count: int) -> int:
        rows = [[str(n), f"Customer {n}", f"Person {n}", "a@example.org", ""] for n in range(count)]
        run(tmp_path, csv_of(rows, PEOPLE_HEADER, "\n"), PEOPLE, "customers")
        again = [[row[0], row[1] + change, row[2], change.replace("!", "b@example.org") or row[3], ""] for row in rows]
        with CaptureQueriesContext(connection) as seen:
            summary = run(tmp_path, csv_of(again, PEOPLE_HEADER, "\n"), PEOPLE, "customers")
        assert summary["updated" if change else "unchanged"] == count
        return len(seen)

    assert statements(40) == statements(1)


def test_three_bad_rows_among_many_come_back_and_all_others_are_there(tmp_path: Path) -> None:
    rows = [[f"K{n}", f"客户 {n}", f"Person {n}", f"p{n}@example.org", ""] for n in range(300)]
    rows[7][1], rows[100][3], rows[299][4] = "", "nobody", "12"
    summary = run(tmp_path, csv_of(rows, PEOPLE_HEADER, "\n"), PEOPLE, "customers")
    assert (summary["created"], summary["rejected"], summary["rows"]) == (297, 3, 300)
    back = Path(summary["rejected_file"]).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in back[1:]] == ["K7", "K100", "K299"]
    numbers = sorted(int(one.rpartition("-")[2]) for one in Customer.objects.values_list("number", flat=True))
    assert numbers == list(range(numbers[0], numbers[0] + 297))
    assert Contact.objects.count() == Event.objects.count() == 297


def test_the_companys_zone_is_asked_for_a_few_times_however_many_days_a_file_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    current = Company.current
    monkeypatch.setattr(Company, "current", lambda: asked.append(1) or current())
    rows = [[str(n), f"PO-{n}", f"A-{n}", *ROWS[0][3:]] for n in range(40)]
    run(tmp_path, csv_of(rows))
    assert Order.objects.count() == 40 and len(asked) < 8


def test_the_totals_of_many_orders_take_one_statement(tmp_path: Path) -> None:
    rows = [[str(n), f"PO-{n // 2}", "A-1", *ROWS[0][3:]] for n in range(40)]
    with CaptureQueriesContext(connection) as seen:
        run(tmp_path, csv_of(rows))
    assert set(Order.objects.values_list("total", "goods_total")) == {(Decimal("50.00"), Decimal("50.00"))}
    assert len([one for one in seen.captured_queries if one["sql"].startswith('UPDATE "orders_order"')]) == 1


def test_many_people_below_each_other_take_a_turn_each_and_no_statement_of_their_own(tmp_path: Path) -> None:
    rows = [[str(n // 5), f"Customer {n // 5}", f"Person {n}", "", "" if n != 77 else "12"] for n in range(200)]
    rows += [["7", "Customer 7", "x" * 121, "", ""], ["3", "Customer 3", "Person 15", "", ""]]
    with CaptureQueriesContext(connection) as seen:
        summary = run(tmp_path, csv_of(rows, PEOPLE_HEADER, "\n"), PEOPLE, "customers")
    assert (summary["created"], summary["updated"], summary["unchanged"]) == (40, 159, 1)
    assert summary["rejected"] == 2 and Contact.objects.count() == 199
    assert set(Contact.objects.filter(is_main=True).values_list("name", flat=True)) == {
        f"Person {5 * n}" for n in range(40)
    }
    assert len(seen) < 90
    assert Customer.objects.search("Person 199").get().external_ref == "39"


def test_a_later_row_of_the_same_record_has_the_last_word(tmp_path: Path) -> None:
    rows = [["1", "Old", "", "", ""], ["2", "Other", "", "", ""], ["1", "New", "", "", ""], ["1", "Newest", "", "", ""]]
    summary = run(tmp_path, csv_of(rows, PEOPLE_HEADER, "\n"), PEOPLE, "customers")
    assert (summary["created"], summary["updated"]) == (2, 2)
    assert list(Customer.objects.order_by("number").values_list("name", flat=True)) == ["Newest", "Other"]
