"""The plan of the year: which customer asked for what, and when each step was taken. Pure arithmetic; nothing is written here."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from catalog.models import Product
from config.demo.customers import Client
from config.demo.times import Times

DEALS = 104
# destination -> (mode, carrier, days on the way) where no CIF quote says otherwise
ROUTES = {
    "CN": ("truck", "road", 3), "HK": ("ocean", "ocean", 3), "TW": ("ocean", "ocean", 6), "SG": ("ocean", "ocean", 9),
    "AE": ("ocean", "ocean", 19), "AU": ("ocean", "ocean", 17), "ZA": ("ocean", "forwarder", 26), "BR": ("ocean", "forwarder", 36),
    "US": ("ocean", "ocean", 27), "CA": ("ocean", "forwarder", 33), "GB": ("ocean", "ocean", 33), "FR": ("ocean", "ocean", 32),
    "NL": ("ocean", "ocean", 31), "DE": ("ocean", "ocean", 33), "PL": ("rail", "rail", 21), "AT": ("rail", "rail", 22),
    "CH": ("ocean", "forwarder", 34),
}  # fmt: skip
# goods sold CIF go by sea, whatever is usual for the country
BY_SEA = {"CN": ("ocean", "forwarder", 8), "PL": ("ocean", "ocean", 36), "AT": ("ocean", "forwarder", 30)}
FREIGHT = {"truck": 620, "ocean": 2150, "rail": 3100, "air": 5200}


@dataclass
class Deal:
    """One story, from the question to the complaint. A time that is None did not happen (yet)."""

    index: int
    client: Client
    items: list[tuple[Product, Decimal]]
    begun: datetime
    has_inquiry: bool = True
    end: str = "order"  # order, lost, spam, answered, declined, expired, sent
    answered: datetime | None = None
    quoted: datetime | None = None
    quote_sent: datetime | None = None
    revised: datetime | None = None
    accepted: datetime | None = None
    submitted: datetime | None = None
    confirmed: datetime | None = None
    cancelled: datetime | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    completed: datetime | None = None
    rows: dict[str, Any] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The customer's."""
        return str(self.client.row.language)

    @property
    def is_urgent(self) -> bool:
        """Some customers cannot wait."""
        return self.index % 19 == 4

    @property
    def ordered(self) -> datetime:
        """When the order was entered."""
        return self.accepted or self.begun

    @property
    def is_domestic(self) -> bool:
        """Delivered by truck, without a CIF quote."""
        return self.client.firm.port in ("Guangzhou", "Shenzhen")


@dataclass
class Delivery:
    """One shipment of a deal: some of its lines, and how far it has come."""

    lines: list[int]
    mode: str
    carrier: str
    planned: datetime
    eta: datetime
    dispatched: datetime | None = None
    departed: datetime | None = None
    arrived: datetime | None = None
    signed: datetime | None = None
    received: datetime | None = None
    archived: datetime | None = None
    is_cancelled: bool = False
    delayed: tuple[datetime, datetime, str] | None = None  # when it was known, the first ETA, why
    damage: bool = False


def plan_year(clients: list[Client], products: list[Product], times: Times, rng: random.Random) -> list[Deal]:
    """All stories of the year, the oldest first."""
    deals = []
    for index in range(DEALS):
        days_ago = 362 - index * 357 // (DEALS - 1)
        begun = times.office(days_ago=days_ago, rng=rng)
        known = [one for one in clients if one.since < begun - timedelta(days=1)]
        client = known[(index * 7 + index // 11) % len(known)]
        deal = Deal(index, client, _items(client, products, rng), begun)
        _plan_sale(deal, times, rng)
        if deal.end == "order":
            _plan_order(deal, times, rng)
        deals.append(deal)
    for deal in [one for one in deals if one.confirmed][8::30]:
        _call_off(deal, times, rng)
    return deals + _recent(clients, products, times, rng, len(deals))


def _call_off(deal: Deal, times: Times, rng: random.Random) -> None:
    """The order is cancelled while it waits for its review to end."""
    assert deal.submitted is not None
    deal.cancelled = times.later(deal.submitted, rng.uniform(2, 6))
    deal.confirmed, deal.deliveries, deal.completed = None, [], None


# customer, how many days ago the goods arrived (negative: they should have), how many days ago the paper was filed
RECENT = (
    ("Bodenwelt", 1, None),
    ("Southern Cross", 2, None),
    ("Blue Ridge", 3, None),
    ("Harbour", 3, None),
    ("Thames", 4, None),
    ("Shengyang", 9, 2),
    ("Pacific", -2, None),
    ("Podłogi", -1, None),
)


def _recent(clients: list[Client], products: list[Product], times: Times, rng: random.Random, index: int) -> list[Deal]:
    """Repeat orders whose goods have just arrived, or should have: so that these worklists are never empty."""
    deals = []
    for number, (name, arrived, filed) in enumerate(RECENT):
        client = next(one for one in clients if one.row.name.startswith(name))
        mode, carrier, transit = ROUTES[client.firm.country]
        there = times.office(days_ago=max(arrived, 0), rng=rng) - timedelta(hours=20)
        eta = there if arrived > 0 else times.now + timedelta(days=arrived)
        dispatched = times.office(days_ago=abs(arrived) + transit + 1, rng=rng)
        begun = times.office(days_ago=abs(arrived) + transit + 27, rng=rng)
        deal = Deal(index + number, client, _items(client, products, rng), begun, has_inquiry=False)
        deal.submitted = times.later(begun, 2)
        deal.confirmed = times.later(deal.submitted, 1.5)
        delivery = Delivery(
            list(range(len(deal.items))), mode, carrier, times.after_days(deal.confirmed, 12, rng), eta, dispatched
        )
        delivery.departed = times.later(dispatched, 10)
        delivery.arrived = max(there, delivery.departed + timedelta(hours=9)) if arrived > 0 else None
        if filed is not None and delivery.arrived:
            delivery.signed = delivery.arrived + timedelta(hours=20)
            delivery.received = delivery.signed + timedelta(days=3)
            delivery.archived = times.now - timedelta(days=filed)
        deal.deliveries = [delivery]
        deals.append(deal)
    return deals


def _items(client: Client, products: list[Product], rng: random.Random) -> list[tuple[Product, Decimal]]:
    wants_walls = (
        client.firm.kind in ("decorator", "end_client", "agent") and client.firm.industry != "Contract flooring"
    )
    prefix = "PRT" if wants_walls and rng.random() < 0.75 else ("SPC", "WPC", "PVC", "LAM")
    main = [one for one in products if one.sku.startswith(prefix)]
    chosen = rng.sample(main, 2 if rng.random() < 0.45 else 1)
    items = [(one, _quantity(one, rng)) for one in chosen]
    if prefix != "PRT" and rng.random() < 0.7:
        extra = rng.choice([one for one in products if one.sku.startswith("ACC")])
        items.append((extra, _quantity(extra, rng)))
    return items


def _quantity(product: Product, rng: random.Random) -> Decimal:
    if product.sku.startswith("PRT"):
        return Decimal(rng.randrange(4, 26)) if product.unit.code == "set" else Decimal(rng.randrange(8, 60) * 10)
    if product.sku.startswith("ACC"):
        return Decimal(rng.randrange(6, 40) * (50 if product.unit.code == "m" else 5))
    return Decimal(rng.randrange(9, 42) * 100)


def _plan_sale(deal: Deal, times: Times, rng: random.Random) -> None:
    """Inquiry and quote."""
    known = deal.client.firm.tier in ("key", "strategic")
    if known and deal.index % 3 == 0:
        deal.has_inquiry = False
        return
    is_late = deal.index % 12 == 7
    deal.answered = times.later(deal.begun, rng.uniform(2.3, 6.5) if is_late else rng.uniform(0.15, 1.8))
    if deal.is_urgent:
        deal.answered = times.later(deal.begun, 0.9 if is_late else rng.uniform(0.1, 0.45))
    # spread evenly, so that every end occurs in every year
    luck = (deal.index * 61 % 101 + rng.random()) / 101
    if luck < 0.04:
        deal.end, deal.answered = "spam", None
    elif luck < 0.13:
        deal.end = "lost"
    else:
        deal.quoted = times.later(deal.answered, rng.uniform(3, 14))
        deal.quote_sent = times.later(deal.quoted, rng.uniform(0.5, 5))
        if luck < 0.21:
            deal.end = "declined"
            deal.accepted = times.after_days(deal.quote_sent, rng.uniform(3, 15), rng)
        elif luck < 0.29:
            deal.end = "expired"
        else:
            if deal.index % 8 == 0:
                deal.revised = times.after_days(deal.quote_sent, 4, rng)
            deal.accepted = times.after_days(deal.revised or deal.quote_sent, rng.uniform(2, 11), rng)
    _stop_at_now(deal, times)


def _stop_at_now(deal: Deal, times: Times) -> None:
    """What would come after now has not happened: the story is where it is."""
    limit = times.now - timedelta(hours=20)
    if deal.quote_sent is not None and deal.quote_sent > limit:
        deal.end, deal.quoted, deal.quote_sent, deal.revised, deal.accepted = "answered", None, None, None, None
    elif deal.end in ("order", "declined") and deal.accepted is not None and deal.accepted > limit:
        deal.end, deal.accepted = "sent", None
        deal.revised = deal.revised if deal.revised and deal.revised < limit else None
    elif deal.end == "expired" and deal.quote_sent is not None and deal.quote_sent > times.now - timedelta(days=29):
        deal.end = "sent"
    if deal.answered is not None and deal.answered > limit:
        deal.answered = limit


def _plan_order(deal: Deal, times: Times, rng: random.Random) -> None:
    """Order, shipments and papers, each step only while it lies in the past."""
    past = times.now - timedelta(hours=6)
    deal.submitted = times.later(deal.ordered, rng.uniform(0.4, 6))
    confirmed = times.later(deal.submitted, rng.uniform(4.5, 9) if deal.index % 13 == 2 else rng.uniform(0.3, 3.6))
    if confirmed > past:
        # too young for the past: it is entered here and goes on in the present
        deal.submitted = None
        return
    deal.confirmed = confirmed
    split = len(deal.items) > 1 and deal.index % 5 == 0
    parts = [[0], list(range(1, len(deal.items)))] if split else [list(range(len(deal.items)))]
    for number, part in enumerate(parts):
        delivery = _plan_delivery(deal, part, number * 9, times, rng)
        if delivery is not None:
            deal.deliveries.append(delivery)
    if len(deal.deliveries) == len(parts) and all(one.archived for one in deal.deliveries):
        completed = times.after_days(
            max(one.archived for one in deal.deliveries if one.archived), rng.uniform(3, 12), rng
        )
        deal.completed = completed if completed < past else None


def _route(deal: Deal) -> tuple[str, str, int]:
    country = deal.client.firm.country
    if deal.quoted and not deal.is_domestic:
        return BY_SEA.get(country, ROUTES[country])
    if country not in ("CN", "HK", "TW") and deal.index % 4 == 1:
        return "air", "air", 4
    return ROUTES[country]


def _plan_delivery(deal: Deal, lines: list[int], extra: int, times: Times, rng: random.Random) -> Delivery | None:
    past = times.now - timedelta(hours=6)
    mode, carrier, transit = _route(deal)
    assert deal.confirmed is not None
    planned = times.after_days(deal.confirmed, rng.uniform(9, 14) + extra, rng)
    dispatched = times.after_days(planned, rng.uniform(4, 9), rng)
    if dispatched > past:
        return None
    eta = times.after_days(dispatched, 0, rng) + timedelta(days=transit)
    delivery = Delivery(lines, mode, carrier, planned, eta, dispatched=dispatched, damage=deal.index % 11 == 3)
    late = timedelta(days=rng.choice([2, 3, 5, 8])) if deal.index % 9 == 4 else timedelta(0)
    if late:
        known = eta - timedelta(days=max(1, transit // 3))
        if known < past:
            delivery.delayed = (known, eta, rng.choice(["congestion", "weather", "customs", "schedule"]))
            delivery.eta = eta + late
    departed = times.later(dispatched, 9 + rng.uniform(0, 9))
    delivery.departed = departed if departed < past else None
    arrived = times.after_days(dispatched + timedelta(days=transit) + late, rng.uniform(-1.5, 1.0), rng)
    archived = _papers(arrived, deal.index % 11 == 8, rng)
    if delivery.departed and arrived < past:
        delivery.arrived = arrived
        # A signature without its filed paper has a running clock, so that part belongs to the present.
        if archived[2] < past:
            delivery.signed, delivery.received, delivery.archived = archived
    return delivery


def _papers(arrived: datetime, is_late: bool, rng: random.Random) -> tuple[datetime, datetime, datetime]:
    """Signature, paper back, paper filed."""
    day = 24.0
    signed = arrived + timedelta(hours=rng.uniform(3, 1.6 * day))
    received = signed + timedelta(hours=8.5 * day if is_late else rng.uniform(1.0 * day, 5.5 * day))
    return signed, received, received + timedelta(hours=rng.uniform(2, 20))
