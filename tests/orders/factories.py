"""Quotes and orders for tests, made as the application makes them."""

from __future__ import annotations

import hashlib
import itertools
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from catalog.defaults import load_catalog
from catalog.models import Product, Unit
from foundation.accounts.models import User
from foundation.accounts.roles import load_roles
from orders import services
from orders.defaults import load_document_kinds, load_incoterms, load_payment_terms
from orders.models import DocumentKind, Order, Payment, PaymentTerm, Quote, TradeDocument
from orders.services import LineData
from tests.accounts.factories import make_user
from tests.crm.factories import make_address, make_contact, make_customer

_numbers = itertools.count(1)
COSTS = {"inland_haulage": Decimal(350), "export_clearance": Decimal(80), "main_carriage": Decimal(1850)}


def prepare() -> None:
    """Units, Incoterms rules and roles, as `load_defaults` makes them."""
    load_catalog()
    load_incoterms()
    load_roles()


def staff(role: str, name: str = "") -> User:
    """A colleague of a role with that role's permissions."""
    return make_user(name or f"{role.title()} {next(_numbers)}", role=role)


def make_product(sku: str = "", **values: Any) -> Product:
    """SPC flooring sold by the square metre."""
    given = {
        "sku": sku or f"SPC-{next(_numbers)}",
        "name": "SPC flooring Oak Natural",
        "name_de": "SPC-Boden Eiche Natur",
        "name_zh_hans": "SPC 石塑地板 天然橡木",
        "name_zh_hant": "SPC 石塑地板 天然橡木",
        "specification": "1220 × 180 × 5 mm, wear layer 0.5 mm",
        "hs_code": "3918.10",
        **values,
    }
    given.setdefault("unit", Unit.objects.get(code="m2"))
    return Product.objects.create(**given)


def make_lines(count: int = 2, **values: Any) -> list[LineData]:
    """Complete lines."""
    return [
        LineData(product=make_product(), quantity=Decimal("1200.5"), unit_price=Decimal("7.8500"), **values)
        for _n in range(count)
    ]


def make_quote(actor: Any = None, *, lines: list[LineData] | None = None, **values: Any) -> Quote:
    """A CIF quote in draft."""
    customer = values.pop("customer", None) or make_customer(language=values.get("language", "en"))
    values.setdefault("contact", make_contact(customer))
    values.setdefault("incoterm_place", "Hamburg")
    return services.create_quote(
        actor=actor,
        customer=customer,
        lines=make_lines() if lines is None else lines,
        costs=values.pop("costs", COSTS),
        **values,
    )


def make_order(actor: Any = None, *, lines: list[LineData] | None = None, **values: Any) -> Order:
    """A complete order in draft."""
    customer = values.pop("customer", None) or make_customer()
    values.setdefault("contact", make_contact(customer))
    values.setdefault("consignee_address", make_address(customer))
    values.setdefault("incoterm", "CIF")
    values.setdefault("incoterm_place", "Hamburg")
    return services.create_order(
        actor=actor, customer=customer, lines=make_lines() if lines is None else lines, **values
    )


def order_in(status: str, **values: Any) -> Order:
    """An order that has gone the whole way to this state, through the services."""
    desk, clerk = staff("order desk"), staff("sales")
    order = make_order(clerk, **values)
    steps = {
        "in_review": lambda: services.submit_order(order.pk, actor=clerk),
        "confirmed": lambda: services.confirm_order(order.pk, actor=desk),
        "in_delivery": lambda: services.start_delivery(order.pk, actor=None),
        "delivered": lambda: services.complete_delivery(order.pk, actor=None),
        "completed": lambda: services.complete_order(order.pk, actor=desk),
    }
    if status == "cancelled":
        services.cancel_order(order.pk, actor=desk, reason="The customer gave up")
    elif status != "draft":
        for state, step in steps.items():
            step()
            if state == status:
                break
    return Order.objects.get(pk=order.pk)


def quote_in(status: str, **values: Any) -> Quote:
    """A quote that has gone to this state; nothing is printed unless the test asks for it."""
    from foundation.journal.machine import perform

    seller = staff("sales")
    quote = make_quote(seller, **values)
    if status != "draft":
        perform(Quote, quote.pk, "send", actor=seller)
    if status == "accepted":
        services.accept_quote(quote.pk, actor=seller, name="Anna")
    elif status == "declined":
        services.decline_quote(quote.pk, actor=seller, reason="Too dear")
    elif status == "superseded":
        services.revise_quote(quote.pk, actor=seller)
    elif status == "expired":
        perform(Quote, quote.pk, "expire", actor=None)
    return Quote.objects.get(pk=quote.pk)


def make_term(code: str = "deposit-30") -> PaymentTerm:
    """One of the shipped payment terms."""
    load_payment_terms()
    return PaymentTerm.objects.get(code=code)


def owed_order(term: str = "deposit-30", status: str = "confirmed", **values: Any) -> Order:
    """An order under payment terms, and so with payments when it is confirmed."""
    return order_in(status, payment_term=make_term(term), **values)


def pay(payment: Payment, actor: User | None = None, **values: Any) -> Payment:
    """Report that the whole sum came today, unless said otherwise."""
    given = {"received": payment.amount, "paid_on": timezone.localdate(), "reference": "TT 4711", **values}
    return services.report_payment(payment.pk, actor=actor or staff("sales"), **given)


def paper(text: str = "one") -> SimpleUploadedFile:
    """A small file with a content of its own."""
    stream = BytesIO()
    Image.new("RGB", (40, 20), f"#{hashlib.sha256(text.encode()).hexdigest()[:6]}").save(stream, "PNG")
    return SimpleUploadedFile(f"{text}.png", stream.getvalue(), content_type="image/png")


def make_document(order: Order | None = None, actor: User | None = None, text: str = "one") -> TradeDocument:
    """A commercial invoice that waits for its check."""
    load_document_kinds()
    kind = DocumentKind.objects.get(code="commercial-invoice")
    order = order or order_in("confirmed")
    return services.submit_document(order.pk, actor=actor or staff("sales"), kind=kind, file=paper(text))
