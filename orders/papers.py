"""The papers of this stage: the quote as the customer gets it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from catalog.selectors import unit_symbol
from foundation.documents.pdf import Paper, render_paper
from foundation.ui import formats
from orders.models import CostKind, Quote
from orders.selectors import breakdown_of


def print_quote(quote: Quote) -> bytes:
    """The quote as PDF in its own language. Raises PdfRefused."""
    return quote_paper(quote).data


def quote_paper(quote: Quote) -> Paper:
    """As `print_quote`, with the count of pages and the characters that could not be drawn."""
    with translation.override(quote.language):
        return render_paper("orders/quote_paper.html", quote_context(quote), quote.language)


def quote_context(quote: Quote) -> dict[str, Any]:
    """What the paper and the customer's page say, formatted in the active language."""
    currency = quote.currency
    parts = breakdown_of(quote)
    customer, contact = quote.customer, quote.contact
    recipient = [customer.local_name or customer.name, contact.name if contact else ""]
    office = customer.addresses.first()
    if office is not None:
        recipient += [line for line in office.lines() if line not in recipient]
    term = f"{quote.incoterm} {quote.incoterm_place}".strip() + f", Incoterms® {quote.incoterm_edition}"
    facts = [
        (_("Date"), formats.day(quote.sent_at or quote.created_at)),
        (_("Valid until"), formats.day(quote.valid_until)),
        (_("Your customer number"), customer.number),
        (_("Terms of delivery"), term),
        (_("Currency"), currency),
    ]
    if quote.payment_term:
        facts.append((_("Payment terms"), quote.payment_term.name_in(quote.language)))
    if quote.owner:
        facts.append((_("Your contact"), str(quote.owner)))
    return {
        "quote": quote,
        "title": _("Quote"),
        "number": quote.reference,
        "recipient": "\n".join(line for line in recipient if line),
        "facts": facts,
        "term": term,
        "lines": [_line(row, quote) for row in quote.lines.select_related("product")],
        "goods": formats.money(quote.goods_total, currency),
        "parts": [
            {
                "label": part.label,
                "payer": part.payer_label,
                "amount": formats.money(part.amount, currency) if part.amount is not None else "",
                "is_ours": part.amount is not None,
                "note": part.note,
                "kind": part.kind,
            }
            for part in parts.parts
        ],
        "total": formats.money(quote.total, currency),
        "insured": formats.money(parts.insured, currency) if quote.incoterm == "CIF" else "",
        "insured_percent": formats.number(quote.insured_percent.normalize()),
        "insurance_kind": CostKind.INSURANCE,
    }


def _line(row: Any, quote: Quote) -> dict[str, str]:
    name = row.description
    if row.product is not None and row.description == row.product.name:
        name = row.product.name_in(quote.language)
    specification = row.specification
    if row.product is not None and specification == row.product.specification[:500]:  # nobody wrote another one
        specification = row.product.specification_in(quote.language)[:500]
    details = [specification, f"{_('HS code')} {row.hs_code}" if row.hs_code else ""]
    return {
        "position": str(row.position),
        "sku": row.product.sku if row.product else "",
        "name": name,
        "details": "\n".join(part for part in details if part),
        "quantity": formats.quantity(row.quantity, unit_symbol(row.unit)),
        "unit_price": unit_price_text(row.unit_price, quote.currency),
        "amount": formats.money(row.amount, quote.currency),
    }


def unit_price_text(price: Decimal | None, currency: str) -> str:
    """A unit price with its third and fourth decimal only where it has them."""
    if price is None:
        return "–"
    digits = max(2, -int(price.normalize().as_tuple().exponent))
    return formats.money(price, currency, min(4, digits))
