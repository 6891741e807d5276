"""Shipments and delivery lines from files."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.imports import PRODUCT_FIELDS, shared_products
from crm.imports import CUSTOMER_FIELDS, shared_customers
from foundation.documents.numbering import next_numbers
from foundation.imports.registry import CREATED, UNCHANGED, UPDATED, Field, Kind, Rejected, Row, register_kind
from foundation.imports.upsert import Shelf
from foundation.imports.values import beginning_of
from foundation.journal.services import record_imported
from logistics.models import Carrier, Shipment, ShipmentLine
from orders.imports import LINE_FIELDS, ORDER_FIELDS, put_lines, shared_orders

SHIPMENT_FIELDS = (
    Field("status", _("status"), "choice", choices=("dispatched", "in_transit", "arrived", "signed", "archived")),
    Field("mode", _("mode"), "choice", choices=tuple(Shipment.Mode.values)),
    Field("incoterm", _("Incoterm"), max_length=3),
    Field("carrier", _("carrier"), max_length=120),
    Field("waybill_number", _("waybill number"), max_length=80),
    Field("container_number", _("container number"), max_length=80),
    Field("vehicle", _("vehicle or vessel"), max_length=120),
    Field("origin", pgettext_lazy("place", "from"), max_length=160),
    Field("destination", _("to"), max_length=160),
    Field("destination_country", _("destination country"), "country"),
    Field("dispatched_on", _("dispatched on"), "date"),
    Field("expected_on", _("expected on"), "date"),
    Field("delivered_on", _("delivered on"), "date"),
)
DELIVERY_FIELDS = (
    Field("quantity", _("quantity"), "decimal", places=3),
    Field("promised_on", _("promised on"), "date"),
    Field("delivered_on", _("delivered on"), "date"),
    Field("weight_kg", _("weight (kg)"), "decimal", places=3, minimum=0),
    Field("freight_amount", _("freight"), "decimal", minimum=0),
    Field("insurance_amount", _("insurance"), "decimal", minimum=0),
    Field("currency", _("currency"), "currency"),
)
DAYS = {"dispatched_on": "dispatched_at", "expected_on": "eta", "delivered_on": "signed_at"}
RANK = {CREATED: 2, UPDATED: 1, UNCHANGED: 0}


def carrier_of(name: str, known: dict[str, Carrier]) -> Carrier:
    """The carrier of that name, made when nobody has entered it."""
    if name not in known:
        known[name] = Carrier.objects.filter(name__iexact=name).first() or Carrier.objects.create(name=name)
    return known[name]


def _shipment_values(row: Row, carriers: dict[str, Carrier]) -> dict[str, Any]:
    values = dict(row.values.get("shipment", {}))
    for name, column in DAYS.items():
        if (day := values.pop(name, None)) is not None:
            values[column] = beginning_of(day)
    if "carrier" in values:
        values["carrier"] = carrier_of(values["carrier"], carriers)
    return values


def _numbers(shipment: Shipment) -> list[str]:
    return [shipment.number, shipment.waybill_number, shipment.container_number, shipment.external_ref]


def shared_shipments(rows: list[Row], source: str, customers: Shelf) -> Shelf:
    """Shipments that delivery lines name: made from the first row, never overwritten by a later one."""
    shelf = Shelf(Shipment, source, numbers=partial(next_numbers, "shipment"), related=("customer", "owner", "carrier"))
    named = [row for row in rows if "shipment" in row.refs]
    shelf.fetch(row.refs["shipment"] for row in named)
    carriers: dict[str, Carrier] = {}
    for row in named:
        ref = row.refs["shipment"]
        if ref in shelf.known:
            continue
        delivered = row.values.get("delivery", {}).get("delivered_on")
        fresh = {
            "status": "archived" if delivered else "in_transit",
            "customer": customers.known[row.refs["customer"]],
            "signed_at": beginning_of(delivered),
        }
        shelf.put(ref, _shipment_values(row, carriers), update=False, fresh=fresh)
    _save(shelf)
    return shelf


def _save(shelf: Shelf) -> None:
    record_imported(
        "shipment.created", shelf.save(numbers_of=_numbers), when=lambda one: one.dispatched_at or one.signed_at
    )


def load_shipments(rows: list[Row], source: str) -> list[str | Rejected]:
    """Make and change shipments as such, one row each; their customers are made when they are new."""
    customers = shared_customers(rows, source)
    shelf = Shelf(Shipment, source, numbers=partial(next_numbers, "shipment"), related=("customer", "owner", "carrier"))
    shelf.fetch(row.refs["shipment"] for row in rows)
    carriers: dict[str, Carrier] = {}
    outcomes: list[str | Rejected] = []
    for row in rows:
        ref, customer = row.refs["shipment"], customers.known.get(row.refs.get("customer", ""))
        known = shelf.known.get(ref)
        if known is None and customer is None:
            outcomes.append(Rejected(_("A new shipment needs its customer.")))
            continue
        if known is not None and customer is not None and known.customer_id != customer.pk:
            outcomes.append(Rejected(_("The shipment belongs to another customer.")))
            continue
        values = _shipment_values(row, carriers)
        if known is not None:
            values.pop("status", None)  # a machine is not moved by a file
        delivered = values.get("signed_at")
        fresh = {"status": "archived" if delivered else "in_transit", "customer": customer}
        outcomes.append(shelf.put(ref, values, fresh=fresh))
    changed = [shelf.known[ref] for ref in shelf.changed]
    _save(shelf)
    record_imported("shipment.updated", changed, when=lambda one: None)
    return outcomes


def load_deliveries(rows: list[Row], source: str) -> list[str | Rejected]:
    """One delivered order line a row, with its order, customer, product and shipment, each made when it is new."""
    for row in rows:
        missing = [part for part in ("customer", "order", "shipment") if part not in row.refs]
        if missing:
            raise Rejected(_("A delivery line needs its %(parts)s.") % {"parts": ", ".join(missing)})
    customers, products = shared_customers(rows, source), shared_products(rows, source)
    orders = shared_orders(rows, source, customers)
    shipments = shared_shipments(rows, source, customers)
    lines, line_outcomes = put_lines(rows, source, orders, products)
    shelf = Shelf(ShipmentLine, source)
    shelf.fetch(row.refs["line"] for row in rows)
    outcomes: list[str | Rejected] = []
    for row, line_outcome in zip(rows, line_outcomes, strict=True):
        line = lines.known[row.refs["line"]]
        values = dict(row.values.get("delivery", {}))
        values.setdefault("quantity", line.quantity)
        if line.promised_on:
            values.setdefault("promised_on", line.promised_on)
        fresh = {"shipment": shipments.known[row.refs["shipment"]], "order_line": line, "unit": line.unit}
        outcome = shelf.put(row.refs["line"], values, fresh=fresh)
        outcomes.append(max(outcome, line_outcome, key=lambda one: RANK[one]))
    shelf.save()
    return outcomes


SHIPMENTS = Kind(
    code="shipments",
    label=_("Shipments"),
    main="shipment",
    entities={"shipment": SHIPMENT_FIELDS, "customer": CUSTOMER_FIELDS},
    load=load_shipments,
    optional=("customer",),
)
DELIVERIES = Kind(
    code="deliveries",
    label=_("Delivery lines"),
    main="line",
    entities={
        "line": LINE_FIELDS,
        "delivery": DELIVERY_FIELDS,
        "order": ORDER_FIELDS,
        "customer": CUSTOMER_FIELDS,
        "product": PRODUCT_FIELDS,
        "shipment": SHIPMENT_FIELDS,
    },
    load=load_deliveries,
    optional=("product",),
    joined=("delivery",),
)
register_kind(SHIPMENTS)
register_kind(DELIVERIES)
