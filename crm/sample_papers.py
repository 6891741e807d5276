"""The delivery slip that lies in the parcel."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from catalog.selectors import unit_symbol
from crm.models import Sample
from foundation.accounts.middleware import supported
from foundation.documents.pdf import render_pdf
from foundation.ui import formats


def print_slip(sample: Sample) -> bytes:
    """The slip as PDF in the customer's language. Raises PdfRefused."""
    language = supported(sample.customer.language) or "en"
    with translation.override(language):
        return render_pdf("crm/samples/slip.html", slip_context(sample, language), language, max_pages=20)


def slip_context(sample: Sample, language: str) -> dict[str, Any]:
    """What the slip and the customer's page say, in the active language."""
    facts = [(_("Date"), formats.day(sample.sent_on) if sample.sent_on else formats.day(sample.created_at))]
    facts.append((_("Your customer number"), sample.customer.number))
    if sample.inquiry is not None:
        facts.append((_("Your inquiry"), sample.inquiry.number))
    if sample.courier:
        facts.append((_("Courier"), " ".join(one for one in (sample.courier, sample.waybill) if one)))
    if sample.owner:
        facts.append((_("Your contact"), str(sample.owner)))
    lines = lines_of(sample, language)
    return {
        "title": _("Delivery slip for samples"),
        "number": sample.number,
        "recipient": sample.delivery_address,
        "facts": facts,
        "lines": lines,
        "purpose": sample.purpose,
        "is_free": all(not row["is_charged"] for row in lines),
    }


def lines_of(sample: Sample, language: str) -> list[dict[str, Any]]:
    """The lines as people read them. One query."""
    return [
        {
            "pk": row.pk,
            "position": row.position,
            "sku": row.product.sku if row.product else "",
            "product": row.product,
            "name": row.name_in(language),
            "variant": row.variant,
            "quantity": formats.quantity(row.quantity, unit_symbol(row.unit, language)),
            "charge": formats.money(row.charge, sample.currency) if row.charge else _("free of charge"),
            "is_charged": bool(row.charge),
            "decision": row.decision,
            "decision_label": row.get_decision_display() if row.decision else "",
        }
        for row in sample.lines.select_related("product")
    ]
