"""The doors to quotes and orders, and what their pages show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from catalog.conversion import content_of
from catalog.selectors import all_units
from crm.selectors import only_visible
from foundation.ui import formats
from orders.models import (
    CostKind,
    DocumentKind,
    Incoterm,
    IncotermCost,
    Order,
    Payer,
    Payment,
    PaymentTerm,
    Quote,
    TradeDocument,
)
from orders.pricing import insured_value


def visible_quotes(user: Any) -> QuerySet[Quote]:
    """Quotes to customers whom this person may see."""
    return only_visible(Quote.objects.all(), user) if user.has_perm("orders.view_quote") else Quote.objects.none()


def visible_orders(user: Any) -> QuerySet[Order]:
    """Orders of customers whom this person may see."""
    return only_visible(Order.objects.all(), user) if user.has_perm("orders.view_order") else Order.objects.none()


def awaiting_review_by(user: Any) -> QuerySet[Order]:
    """Orders that wait for this person's review: those in which they had no hand."""
    rows = visible_orders(user).filter(status=Order.Status.IN_REVIEW)
    return rows.exclude(created_by=user).exclude(edited_by=user).exclude(submitted_by=user)


def orders_awaiting(user: Any) -> int:
    """How many orders wait for this person's review."""
    return awaiting_review_by(user).count()


def visible_payments(user: Any) -> QuerySet[Payment]:
    """Payments of customers whom this person may see."""
    return only_visible(Payment.objects.all(), user) if user.has_perm("orders.view_payment") else Payment.objects.none()


def payments_to_confirm_by(user: Any) -> QuerySet[Payment]:
    """Reported payments that wait for this person: those that they did not report themselves."""
    rows = visible_payments(user).filter(status=Payment.Status.REPORTED)
    return rows.exclude(reported_by__isnull=False, reported_by=user)


def visible_documents(user: Any) -> QuerySet[TradeDocument]:
    """Trade documents of customers whom this person may see."""
    if not user.has_perm("orders.view_tradedocument"):
        return TradeDocument.objects.none()
    return only_visible(TradeDocument.objects.all(), user)


def documents_to_check_by(user: Any) -> QuerySet[TradeDocument]:
    """Documents that wait for this person: those of which they submitted no version."""
    return visible_documents(user).filter(status=TradeDocument.Status.SUBMITTED).exclude(versions__submitted_by=user)


def document_kinds() -> QuerySet[DocumentKind]:
    """The kinds of documents that forms offer."""
    return DocumentKind.objects.filter(is_active=True)


def payment_terms_offered(also: int | None = None) -> QuerySet[PaymentTerm]:
    """The terms that forms offer, and the one that a record already has."""
    return PaymentTerm.objects.filter(Q(is_active=True) | Q(pk=also))


@dataclass(frozen=True)
class Part:
    """One row of a breakdown: what it is, who bears it, and how much, None where the buyer pays it elsewhere."""

    kind: str
    label: str
    payer: str
    payer_label: str
    amount: Decimal | None
    note: str = ""


@dataclass(frozen=True)
class Breakdown:
    """What a price is made of, in the order in which the goods travel."""

    parts: tuple[Part, ...]
    total: Decimal
    insured: Decimal


def payers(code: str, edition: int) -> dict[str, str]:
    """Who bears which cost under a rule, by kind."""
    rows = IncotermCost.objects.filter(incoterm__code=code, incoterm__edition=edition)
    return dict(rows.values_list("kind", "payer"))


def breakdown_of(quote: Quote) -> Breakdown:
    """The breakdown of a quote, in the active language. Two queries."""
    return breakdown(
        code=quote.incoterm,
        edition=quote.incoterm_edition,
        goods=quote.goods_total,
        costs={row.kind: row.amount for row in quote.costs.all()},
        total=quote.total,
        rate=quote.insurance_rate,
        insured_percent=quote.insured_percent,
        currency=quote.currency,
    )


def breakdown(
    *,
    code: str,
    edition: int,
    goods: Decimal,
    costs: dict[str, Decimal],
    total: Decimal,
    rate: Decimal,
    insured_percent: Decimal,
    currency: str,
) -> Breakdown:
    """As `breakdown_of`, from figures."""
    who = payers(code, edition)
    insured = insured_value(total, insured_percent=insured_percent, currency=currency)
    parts = []
    for kind in CostKind:
        payer = Payer(who.get(kind, Payer.BUYER))
        amount = goods if kind == CostKind.GOODS else costs.get(kind)
        shown = amount if payer == Payer.SELLER else None
        note = ""
        if kind == CostKind.INSURANCE and shown is not None:
            note = _("%(rate)s %% of %(percent)s %% of the CIF value") % {
                "rate": _trimmed(rate),
                "percent": _trimmed(insured_percent),
            }
        parts.append(Part(kind, str(kind.label), payer, str(payer.label), shown, note))
    return Breakdown(tuple(parts), total, insured)


def _trimmed(value: Decimal) -> str:
    """All decimals that count, with the reader's separators."""
    return formats.number(value, max(0, -int(value.normalize().as_tuple().exponent)))


def incoterms_offered() -> QuerySet[Incoterm]:
    """The rules of the current edition."""
    from orders.models import EDITION

    return Incoterm.objects.filter(edition=EDITION).order_by("code")


def mismatched_units(lines: Iterable[Any]) -> list[str]:
    """Sentences about lines whose unit cannot be converted into the product's own (ORD-2). Give lines with
    `product__unit` joined and `product__packs` prefetched."""
    units = all_units()
    found = []
    for line in lines:
        unit = units.get(line.unit)
        if line.product is None or not line.unit:
            continue
        if unit is None or content_of(line.product, unit) is None:
            found.append(
                _("Line %(line)d: “%(unit)s” does not match the unit of %(product)s, which is %(own)s.")
                % {
                    "line": line.position,
                    "unit": unit or line.unit,
                    "product": line.product.sku,
                    "own": line.product.unit,
                }
            )
    return found
