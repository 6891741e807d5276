"""Orders and their lines from files."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import F, Max, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.imports import PRODUCT_FIELDS, shared_products
from crm.imports import CUSTOMER_FIELDS, shared_customers
from foundation.documents.numbering import next_numbers
from foundation.imports.registry import Field, Kind, Rejected, Row, register_kind
from foundation.imports.upsert import Shelf
from foundation.imports.values import beginning_of
from foundation.journal.services import record_imported
from orders.models import Order, OrderLine

ORDER_FIELDS = (
    Field("ordered_on", _("ordered on"), "date"),
    Field("status", _("status"), "choice", choices=("confirmed", "in_delivery", "delivered", "completed", "cancelled")),
    Field("currency", _("currency"), "currency"),
    Field("incoterm", _("Incoterm"), max_length=3),
    Field("incoterm_place", _("named place"), max_length=120),
    Field("destination_country", _("country of destination"), "country"),
    Field("delivery_address", _("delivery address"), max_length=2000),
    Field("promised_on", _("promised for"), "date"),
    Field("contract_number", _("contract number"), max_length=60),
    Field("contract_date", _("contract date"), "date"),
    Field("customer_reference", _("customer's reference"), max_length=80),
    Field("total", _("total"), "decimal", minimum=0),
)
LINE_FIELDS = (
    Field("description", _("description"), max_length=250),
    Field("specification", _("specification"), max_length=500),
    Field("brand", _("brand"), max_length=120),
    Field("hs_code", _("HS code"), max_length=16),
    Field("quantity", _("quantity"), "decimal", is_required=True, places=3),
    Field("unit", _("unit"), max_length=12),
    Field("unit_price", _("unit price"), "decimal", places=4, minimum=0),
    Field("pack_price", _("price of a pack"), "decimal", places=4, minimum=0),
    Field("amount", _("amount"), "decimal", minimum=0),
    Field("promised_on", _("promised for"), "date"),
    Field("weight_kg", _("weight in kg"), "decimal", places=3, minimum=0),
)


def _order_values(row: Row) -> dict[str, Any]:
    said = dict(row.values.get("order", {}))
    day = said.pop("ordered_on", None)
    if day is not None:
        said["ordered_at"] = beginning_of(day)
    return said


def shared_orders(rows: list[Row], source: str, customers: Shelf) -> Shelf:
    """Orders that rows of lines name: made from the first row, never overwritten by a later one."""
    shelf = Shelf(Order, source, numbers=partial(next_numbers, "order"), related=("customer", "owner"))
    named = [row for row in rows if "order" in row.refs]
    shelf.fetch(row.refs["order"] for row in named)
    for row in named:
        ref = row.refs["order"]
        if ref in shelf.known:
            continue
        customer = customers.known.get(row.refs.get("customer", ""))
        if customer is None:
            raise Rejected(_("A new order needs its customer."))
        fresh = {"status": "completed", "customer": customer}
        if (first := _first_day(row)) is not None:
            fresh["ordered_at"] = beginning_of(first)
        shelf.put(ref, _order_values(row), update=False, fresh=fresh)
    record_imported("order.created", shelf.save(), when=lambda one: _known(one.ordered_at))
    return shelf


def _first_day(row: Row) -> Any:
    """The earliest day that the row names, for an order whose own day nobody wrote down."""
    days = [
        value
        for values in row.values.values()
        for name, value in values.items()
        if isinstance(value, date) and name != "contract_date"
    ]
    return min(days, default=None)


def _known(moment: Any) -> Any:
    """A moment that the file named; the database's own clock otherwise."""
    return moment if hasattr(moment, "tzinfo") else None


def load_orders(rows: list[Row], source: str) -> list[str | Rejected]:
    """Make and change orders as such, one row each; their customers are made when they are new."""
    customers = shared_customers(rows, source)
    shelf = Shelf(Order, source, numbers=partial(next_numbers, "order"), related=("customer", "owner"))
    shelf.fetch(row.refs["order"] for row in rows)
    outcomes: list[str | Rejected] = []
    for row in rows:
        ref, customer = row.refs["order"], customers.known.get(row.refs.get("customer", ""))
        known = shelf.known.get(ref)
        values = _order_values(row)
        if known is None and customer is None:
            outcomes.append(Rejected(_("A new order needs its customer.")))
            continue
        if known is not None and customer is not None and known.customer_id != customer.pk:
            outcomes.append(Rejected(_("The order belongs to another customer.")))
            continue
        if known is not None and values.get("status", known.status) != known.status:
            values.pop("status")  # a machine is not moved by a file
        if "total" in values:
            values["goods_total"] = values["total"]
        outcomes.append(shelf.put(ref, values, fresh={"status": "completed", "customer": customer}))
    changed = [shelf.known[ref] for ref in shelf.changed]
    record_imported("order.created", shelf.save(), when=lambda one: _known(one.ordered_at))
    record_imported("order.updated", changed, when=lambda one: None)
    return outcomes


def put_lines(rows: list[Row], source: str, orders: Shelf, products: Shelf) -> tuple[Shelf, list[str]]:
    """Make and change order lines, one row each, and keep the orders' totals."""
    shelf = Shelf(OrderLine, source, related=("order",))
    shelf.fetch(row.refs["line"] for row in rows)
    positions = _last_positions(rows, orders)
    outcomes = []
    for row in rows:
        ref, order = row.refs["line"], orders.known[row.refs["order"]]
        product = products.known.get(row.refs.get("product", ""))
        values = dict(row.values.get("line", {}))
        if "amount" not in values and values.get("unit_price") is not None:
            values["amount"] = (values["unit_price"] * values["quantity"]).quantize(Decimal("0.01"))
        fresh: dict[str, Any] = {}
        if ref not in shelf.known:
            positions[order.pk] += 1
            fresh = {
                "order": order,
                "position": positions[order.pk],
                "product": product,
                "description": str(product.name)[:250] if product else ref,
                "unit": product.unit.code if product else "",
            }
        outcomes.append(shelf.put(ref, values, fresh=fresh))
    touched = {one.order_id for one in shelf.new.values()} | {shelf.known[ref].order_id for ref in shelf.changed}
    shelf.save()
    _sum_up(touched)
    return shelf, outcomes


def _last_positions(rows: list[Row], orders: Shelf) -> dict[int, int]:
    keys = {orders.known[row.refs["order"]].pk for row in rows}
    found = OrderLine.objects.filter(order__in=keys).values_list("order").annotate(last=Max("position")).order_by()
    return defaultdict(int, dict(found))


def _sum_up(order_ids: set[int]) -> None:
    """The total of an imported order is the sum of its lines, unless the file said another one."""
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    total = Coalesce(Subquery(lines.annotate(sum=Sum("amount")).values("sum")), Decimal(0))
    orders = Order.objects.filter(pk__in=order_ids).annotate(sum=total).exclude(goods_total=F("sum"))
    orders.update(total=total, goods_total=total)


def load_lines(rows: list[Row], source: str) -> list[str | Rejected]:
    """Make and change order lines; order, customer and product are made when they are new."""
    customers, products = shared_customers(rows, source), shared_products(rows, source)
    orders = shared_orders(rows, source, customers)
    return list(put_lines(rows, source, orders, products)[1])


ORDERS = Kind(
    code="orders",
    label=_("Orders"),
    main="order",
    entities={"order": ORDER_FIELDS, "customer": CUSTOMER_FIELDS},
    load=load_orders,
    optional=("customer",),
)
ORDER_LINES = Kind(
    code="order_lines",
    label=_("Order lines"),
    main="line",
    entities={"line": LINE_FIELDS, "order": ORDER_FIELDS, "customer": CUSTOMER_FIELDS, "product": PRODUCT_FIELDS},
    load=load_lines,
    optional=("customer", "product"),
)
register_kind(ORDERS)
register_kind(ORDER_LINES)
