"""Orders, shipments and their papers of the past."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import translation

from config.demo.deals import FREIGHT, Deal, Delivery
from config.demo.ledger import Ledger, Step
from config.demo.papers import signature, signed_paper
from config.demo.sales import currency_of, line_values, owner_of, price
from config.demo.times import Times
from foundation.accounts.models import User
from foundation.documents.numbering import next_number
from foundation.journal.attachments import attach_bytes
from foundation.journal.services import record
from logistics.models import Carrier, ProofOfDelivery, Shipment, ShipmentLine, TrackingEvent
from orders.models import EDITION, Order, OrderCost, OrderLine

# under terms for the sea, and under those for any mode of transport
SEA_TERMS = ("FOB", "CFR", "DAP", "CIF", "FCA")
LAND_TERMS = ("DAP", "FCA", "CPT")
PLACES = {
    "ocean": ("Nansha terminal, Guangzhou", "Nansha, Guangzhou", "Strait of Singapore"),
    "rail": ("Dalang rail terminal, Guangzhou", "Guangzhou", "Alashankou"),
    "truck": ("Works, Huangpu, Guangzhou", "Guangzhou", "Humen bridge"),
    "air": ("Baiyun airport cargo terminal", "Guangzhou", "Transit hub"),
}
VESSELS = ("Pearl Aurora 042W", "Pearl Meridian 117E", "Nanling Star 009W", "Delta Horizon 231W")


def make_orders(deals: list[Deal], staff: dict[str, User], times: Times, ledger: Ledger) -> None:
    """The orders, in the order in which they were entered."""
    for deal in sorted((one for one in deals if one.end == "order"), key=lambda one: one.ordered):
        deal.rows["order"] = _order(deal, staff, times, ledger)


def _status(deal: Deal) -> str:
    if deal.cancelled:
        return "cancelled"
    if deal.confirmed is None:
        return "draft"
    if deal.completed:
        return "completed"
    if not deal.deliveries:
        return "confirmed"
    lines = sum(len(one.lines) for one in deal.deliveries if one.archived)
    return "delivered" if lines == len(deal.items) else "in_delivery"


def _term(deal: Deal) -> str:
    if deal.rows.get("quote"):
        return "CIF"
    if deal.client.firm.country == "CN":
        return "DAP"
    by_sea = all(one.mode == "ocean" for one in deal.deliveries)
    return SEA_TERMS[deal.index % len(SEA_TERMS)] if by_sea else LAND_TERMS[deal.index % len(LAND_TERMS)]


def _reviewer(owner: User, staff: dict[str, User], index: int) -> User:
    return staff["lijuan.huang" if index % 3 else "wei.zhao"]


def _order(deal: Deal, staff: dict[str, User], times: Times, ledger: Ledger) -> Order:
    owner, quote, client = owner_of(deal, staff), deal.rows.get("quote"), deal.client
    totals, term = price(deal), _term(deal)
    reviewed = deal.confirmed is not None
    with translation.override(deal.language):
        address = "\n".join(client.delivery.lines())
    order = Order(
        number=next_number("order", at=deal.ordered),
        status=_status(deal),
        customer=client.row,
        quote=quote,
        contact=client.main,
        consignee_address=client.delivery,
        delivery_address=address if deal.submitted else "",
        destination_country=client.row.country,
        currency=currency_of(deal),
        incoterm=term,
        incoterm_edition=EDITION,
        incoterm_place="Nansha" if term in ("FOB", "FCA") else client.firm.port,
        promised_on=_promise(deal, times),
        contract_number=f"NL{deal.ordered:%y%m}-{deal.index + 101}",
        contract_date=deal.ordered.date(),
        customer_reference=f"PO {4500 + deal.index * 7}",
        goods_total=totals.goods,
        total=totals.total if quote else totals.goods,
        owner=owner,
        created_by=owner,
        submitted_by=owner if deal.submitted else None,
        submitted_at=deal.submitted,
        reviewed_by=_reviewer(owner, staff, deal.index) if reviewed else None,
        confirmed_at=deal.confirmed,
        delivered_at=_delivered(deal) if _status(deal) in ("delivered", "completed") else None,
        ordered_at=deal.ordered,
        created_at=deal.ordered,
    )
    order.save(force_insert=True)
    deal.rows["lines"] = OrderLine.objects.bulk_create(_line(order, deal, number) for number in range(len(deal.items)))
    if quote:
        OrderCost.objects.bulk_create(
            OrderCost(order=order, kind=kind, amount=sum_) for kind, sum_ in totals.costs.items()
        )
    _tell_order(order, deal, staff, ledger)
    return order


def _line(order: Order, deal: Deal, number: int) -> OrderLine:
    product, quantity = deal.items[number]
    pack = next((one for one in product.packs.all() if one.unit.code == "box"), None)
    values = line_values(deal, number)
    each = Decimal(str(values["unit_price"]))
    return OrderLine(
        order=order,
        promised_on=order.promised_on,
        weight_kg=((product.weight_kg or Decimal(1)) * quantity).quantize(Decimal("0.001")),
        pack_price=(each * pack.quantity).quantize(Decimal("0.0001")) if pack else None,
        **values,
    )


def _promise(deal: Deal, times: Times) -> date:
    """What was promised before anybody knew of delays: the first plan with a few days to spare."""
    if deal.deliveries:
        last = max(deal.deliveries, key=lambda one: one.eta)
        first_eta = last.delayed[1] if last.delayed else last.eta
        return times.day(first_eta, deal.client.firm.zone) + timedelta(days=4)
    return (deal.ordered + timedelta(days=58)).date()


def _delivered(deal: Deal) -> datetime:
    return max(one.archived for one in deal.deliveries if one.archived)


def _tell_order(order: Order, deal: Deal, staff: dict[str, User], ledger: Ledger) -> None:
    owner = owner_of(deal, staff)
    facts = {"status": "draft", **({"quote": deal.rows["quote"].reference} if deal.rows.get("quote") else {})}
    ledger.add("order.created", order, at=deal.ordered, actor=owner, facts=facts)
    desk = _reviewer(owner, staff, deal.index)
    steps: list[Step] = []
    if deal.submitted:
        steps.append(("order.submitted", deal.submitted, owner, "draft", "in_review", None))
    if deal.cancelled:
        reason = {"reason": "The customer's project was called off before production."}
        steps.append(("order.cancelled", deal.cancelled, desk, "in_review", "cancelled", reason))
        ledger.clock("order_review", order, start=deal.submitted or deal.ordered, stop=deal.cancelled)
    if deal.confirmed and deal.submitted:
        steps.append(("order.confirmed", deal.confirmed, desk, "in_review", "confirmed", None))
        ledger.clock("order_review", order, start=deal.submitted, stop=deal.confirmed)
    if deal.deliveries:
        first = min(one.dispatched for one in deal.deliveries if one.dispatched)
        steps.append(("order.delivery_started", first, staff["zhiqiang.li"], "confirmed", "in_delivery", None))
    if order.delivered_at:
        steps.append(("order.delivered", order.delivered_at, staff["zhiqiang.li"], "in_delivery", "delivered", None))
    if deal.completed:
        steps.append(("order.completed", deal.completed, desk, "delivered", "completed", None))
    ledger.path(order, steps)


# ---------------------------------------------------------------- shipments


def make_shipments(
    deals: list[Deal], carriers: dict[str, Carrier], staff: dict[str, User], times: Times, ledger: Ledger
) -> list[Shipment]:
    """The shipments, in the order in which they were planned."""
    pairs = [(deal, one) for deal in deals for one in deal.deliveries]
    pairs.sort(key=lambda pair: pair[1].planned)
    made = []
    for number, (deal, delivery) in enumerate(pairs):
        shipment = _shipment(deal, delivery, carriers[delivery.carrier], staff, number)
        deal.rows.setdefault("shipments", []).append(shipment)
        _tell_shipment(shipment, deal, delivery, staff, ledger)
        _tracking(shipment, delivery, times.now, ledger)
        _paper(shipment, deal, delivery, times, staff, ledger)
        made.append(shipment)
    return made


def _shipment_status(delivery: Delivery) -> str:
    for status, moment in (
        ("archived", delivery.archived),
        ("arrived", delivery.arrived),
        ("in_transit", delivery.departed),
    ):
        if moment:
            return status
    return "dispatched"


def _shipment(deal: Deal, delivery: Delivery, carrier: Carrier, staff: dict[str, User], number: int) -> Shipment:
    order: Order = deal.rows["order"]
    boxed = delivery.mode in ("ocean", "rail")
    prefix = {"ocean": "PDCL", "rail": "SRR", "truck": "LNT", "air": "816-"}[delivery.mode]
    shipment = Shipment(
        number=next_number("shipment", at=delivery.planned),
        status=_shipment_status(delivery),
        customer=deal.client.row,
        owner=staff["zhiqiang.li"],
        carrier=carrier,
        driver_name="Pan Dong" if delivery.mode == "truck" else "",
        vehicle=VESSELS[number % len(VESSELS)]
        if delivery.mode == "ocean"
        else "粤A·D0000"
        if delivery.mode == "truck"
        else "",
        waybill_number=f"{prefix}{7310000 + number * 137}",
        container_number=f"DEMU{210000 + number * 313}{number % 10}" if boxed else "",
        mode=delivery.mode,
        incoterm=order.incoterm,
        origin="Guangzhou",
        destination=_destination(deal, delivery),
        destination_country=deal.client.row.country,
        etd=delivery.dispatched,
        eta=delivery.eta,
        delay_reason=delivery.delayed[2] if delivery.delayed else "",
        dispatched_at=delivery.dispatched,
        departed_at=delivery.departed,
        arrived_at=delivery.arrived,
        signed_at=delivery.signed,
        created_at=delivery.planned,
    )
    shipment.save(force_insert=True)
    lines = [deal.rows["lines"][one] for one in delivery.lines]
    freight = Decimal(FREIGHT[delivery.mode])
    signed_on = Times.day_of(delivery.signed, deal.client.firm.zone)
    ShipmentLine.objects.bulk_create(
        ShipmentLine(
            shipment=shipment,
            order_line=line,
            quantity=line.quantity,
            unit=line.unit,
            promised_on=line.promised_on,
            delivered_on=signed_on,
            weight_kg=line.weight_kg,
            freight_amount=(freight / len(lines)).quantize(Decimal("0.01")),
            currency="USD",
        )
        for line in lines
    )
    shipment.save(update_fields=["waybill_number"])  # found by its orders too
    return shipment


def _destination(deal: Deal, delivery: Delivery) -> str:
    """The port; the town where goods travel on beyond it."""
    inland = delivery.mode != "ocean" or deal.client.firm.is_inland
    return deal.client.firm.place[1] if inland else deal.client.firm.port


def _tell_shipment(shipment: Shipment, deal: Deal, delivery: Delivery, staff: dict[str, User], ledger: Ledger) -> None:
    by = staff["zhiqiang.li"]
    facts = {"status": "planned", "orders": [deal.rows["order"].number], "lines": len(delivery.lines)}
    ledger.add("shipment.created", shipment, at=delivery.planned, actor=by, facts=facts)
    steps: list[Step] = []
    picked = delivery.dispatched - timedelta(hours=5) if delivery.dispatched else None
    for code, at, before, after in (
        ("shipment.picked", picked, "planned", "picked"),
        ("shipment.dispatched", delivery.dispatched, "picked", "dispatched"),
        ("shipment.departed", delivery.departed, "dispatched", "in_transit"),
        ("shipment.arrived", delivery.arrived, "in_transit", "arrived"),
    ):
        if at:
            steps.append((code, at, by, before, after, None))
    ledger.path(shipment, steps)
    if delivery.delayed:
        known, old, reason = delivery.delayed
        zone = deal.client.firm.zone
        facts = {
            "old_eta": old,
            "eta_on": Times.day_of(delivery.eta, zone),
            "old_eta_on": Times.day_of(old, zone),
            "reason": reason,
            "delay_hours": round((delivery.eta - old).total_seconds() / 3600),
        }
        ledger.add("shipment.delayed", shipment, at=known, actor=by, facts=facts)


def _tracking(shipment: Shipment, delivery: Delivery, now: datetime, ledger: Ledger) -> None:
    start, port, way = PLACES[delivery.mode]
    assert delivery.dispatched is not None
    seen = [("picked_up", delivery.dispatched + timedelta(hours=3), start)]
    if delivery.departed:
        seen.append(("departed", delivery.departed, port))
        middle = delivery.departed + (delivery.eta - delivery.departed) / 2
        seen.append(("position", middle, way))
        if delivery.arrived:
            customs = max(middle, delivery.arrived - timedelta(hours=20))
            seen.append(("customs", customs, shipment.destination))
    if delivery.arrived:
        seen.append(("arrived", delivery.arrived, shipment.destination))
    rows = [
        TrackingEvent(
            shipment=shipment, kind=kind, at=at, place=place, source="carrier", external_id=f"{shipment.number}-{n}"
        )
        for n, (kind, at, place) in enumerate(seen)
        if at < now
    ]
    for row in TrackingEvent.objects.bulk_create(rows):
        facts = {"place": row.place, "tracking": row.kind, "source": row.source}
        ledger.add("shipment.tracked", shipment, at=row.at, facts=facts)


def _paper(
    shipment: Shipment, deal: Deal, delivery: Delivery, times: Times, staff: dict[str, User], ledger: Ledger
) -> None:
    """The proof of delivery: expected until the goods are signed for, filed with its scan afterwards."""
    by = staff["zhiqiang.li"]
    assert shipment.carrier is not None
    day = times.day(delivery.signed or delivery.eta, deal.client.firm.zone)
    pod = ProofOfDelivery(shipment=shipment, due_on=day + timedelta(days=shipment.carrier.pod_days))
    if delivery.archived is None or delivery.signed is None or delivery.received is None:
        pod.save(force_insert=True)
        return
    signer = deal.client.contacts[-1].name
    facts = {
        "from": "arrived",
        "to": "signed",
        "has_damage": delivery.damage,
        "has_shortages": False,
        "is_drawn": False,
    }
    signed = record(
        "shipment.signed", shipment, actor=by, facts=facts, private={"signer_name": signer}, occurred_at=delivery.signed, imported=True
    )  # fmt: skip
    drawn = None
    if delivery.signed > times.now - timedelta(days=60):  # before that, people signed on paper
        png = signature(shipment.pk)
        drawn = attach_bytes(shipment, png, "image/png", "Signature", actor=by, purpose="signature", event=signed)
    paper = signed_paper(shipment, signer, delivery.signed, seed=shipment.pk)
    scan = attach_bytes(shipment, paper, "image/jpeg", "Signed paper", actor=by, purpose="pod", event=signed)
    pod.status, pod.signer_name, pod.signature, pod.scan = "archived", signer, drawn, scan
    pod.received_at, pod.archived_at = delivery.received, delivery.archived
    pod.damage = "2 pallets with broken corners" if delivery.damage else ""
    pod.save(force_insert=True)
    ledger.path(
        pod,
        [
            ("pod.received", delivery.received, by, "expected", "received", None),
            ("pod.archived", delivery.archived, by, "received", "archived", None),
        ],
    )
    ledger.path(shipment, [("shipment.archived", delivery.archived, by, "signed", "archived", None)])
    ledger.clock("pod_return", shipment, start=delivery.signed, stop=delivery.archived)
