"""The cast and the goods of the logistics tests."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from crm.models import Customer
from foundation.accounts.models import Team, User
from foundation.accounts.roles import load_roles
from logistics import services
from logistics.models import Carrier, Shipment
from orders.models import Order, OrderLine

_count = itertools.count(1)


def make_user(role: str, *, team: Team | None = None, **values: Any) -> User:
    """Somebody of a role."""
    if not Group.objects.filter(name=role).exists():
        load_roles()
    number = next(_count)
    user = User.objects.create_user(f"person{number}@example.com", name=f"{role.title()} {number}", team=team, **values)
    user.groups.add(Group.objects.get(name=role))
    return user


def make_customer(**values: Any) -> Customer:
    """A customer in Hamburg."""
    number = next(_count)
    defaults = {
        "number": f"C-{number:05}",
        "name": f"Nordholz Böden {number}",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "country": "DE",
        "tier": "key",
    }
    return Customer.objects.create(**{**defaults, **values})


def make_order(
    customer: Customer | None = None,
    *,
    status: str = "confirmed",
    quantities: tuple[int, ...] = (100, 40),
    **values: Any,
) -> Order:
    """An order of the given state with one line per quantity."""
    number = next(_count)
    order = Order.objects.create(
        **{
            "number": f"SO-2026-{number:04}",
            "customer": customer or make_customer(),
            "status": status,
            "currency": "EUR",
            "incoterm": "CIF",
            "destination_country": "DE",
            "reviewed_by": User.objects.first() or User.objects.create_user("reviewer@example.com", name="Reviewer"),
            "confirmed_at": timezone.now(),
            **values,
        }
    )
    for position, quantity in enumerate(quantities, 1):
        OrderLine.objects.create(
            order=order,
            position=position,
            description=f"SPC Oak 6.5 no. {position}",
            quantity=Decimal(quantity),
            unit="m2",
            promised_on=date(2026, 12, 10),
            weight_kg=Decimal(quantity) * 8,
        )
    return order


def make_carrier(**values: Any) -> Carrier:
    """A forwarder with a tracking page."""
    number = next(_count)
    return Carrier.objects.create(
        **{
            "name": f"Hanse Spedition {number}",
            "tracking_url_pattern": "https://track.example.com/?n={number}",
            "phone": "+4940123456",
            **values,
        }
    )


def plan(order: Order | None = None, *, actor: Any = None, part: Decimal | None = None, **details: Any) -> Shipment:
    """A planned shipment of everything in an order, or of `part` of each line."""
    order = order or make_order()
    quantities = {line.pk: part or line.quantity for line in order.lines.all()}
    return services.plan_shipment(actor=actor, quantities=quantities, **details)


def dispatch(shipment: Shipment, *, actor: Any = None, **details: Any) -> Shipment:
    """Send it off with a waybill."""
    values = {
        "carrier": shipment.carrier or make_carrier(),
        "waybill_number": "HAM-778899",
        "eta": timezone.now() + timedelta(days=5),
        **details,
    }
    return services.dispatch_shipment(shipment.pk, actor=actor, **values)


def bring_to(state: str, *, order: Order | None = None, actor: Any = None) -> Shipment:
    """A shipment that went all the way to a state."""
    shipment = plan(order, actor=actor)
    if state == "cancelled":
        return services.cancel_shipment(shipment.pk, actor=actor, reason="typing error")
    steps = ["planned", "picked", "dispatched", "in_transit", "arrived", "signed", "archived"]
    deeds = {
        "picked": lambda: services.pick_shipment(shipment.pk, actor=actor),
        "dispatched": lambda: dispatch(shipment, actor=actor),
        "in_transit": lambda: services.depart_shipment(shipment.pk, actor=actor),
        "arrived": lambda: services.arrive_shipment(shipment.pk, actor=actor),
        "signed": lambda: services.sign_shipment(
            shipment.pk, actor=actor, signer_name="Frau Petersen", signature=png()
        ),
        "archived": lambda: (
            services.receive_pod(shipment.pk, actor=actor, scan=scan()),
            services.archive_pod(shipment.pk, actor=actor),
        ),
    }
    for step in steps[1 : steps.index(state) + 1]:
        deeds[step]()
    shipment.refresh_from_db()
    return shipment


def png(size: tuple[int, int] = (200, 80)) -> bytes:
    """A small picture."""
    stream = BytesIO()
    Image.new("RGB", size, "white").save(stream, "PNG")
    return stream.getvalue()


def scan(name: str = "pod.png", data: bytes | None = None) -> SimpleUploadedFile:
    """A signed paper."""
    return SimpleUploadedFile(name, png() if data is None else data, content_type="image/png")
