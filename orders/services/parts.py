"""What services of quotes and orders share: lines as data, and the check that nobody else saved in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from catalog.models import Product
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.ui import formats
from orders.pricing import line_amount

MOST_LINES = 200
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class LineData:
    """One line as somebody entered it. A draft may lack anything."""

    product: Product | None = None
    description: str = ""
    specification: str = ""
    brand: str = ""
    hs_code: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    pack_price: Decimal | None = None
    promised_on: dt.date | None = None
    weight_kg: Decimal | None = None


def put_lines(model: type[models.Model], parent: models.Model, lines: Sequence[LineData], currency: str) -> list[Any]:
    """Replace the lines of a draft by these, numbered from 1. Raises Refused for more than 200."""
    if len(lines) > MOST_LINES:
        raise Refused(_("At most %(count)d lines are possible.") % {"count": MOST_LINES}, reason="input")
    owner = parent._meta.model_name
    known = {f.name for f in model._meta.concrete_fields}
    model._default_manager.filter(**{str(owner): parent}).delete()
    rows = [
        model(
            **{str(owner): parent},
            position=position,
            amount=line_amount(line.quantity, line.unit_price, currency),
            **{name: value for name, value in values_of(line).items() if name in known},
        )
        for position, line in enumerate(lines, 1)
    ]
    return list(model._default_manager.bulk_create(rows))


def values_of(line: LineData) -> dict[str, Any]:
    """The line's values; what it leaves open about its product is taken from the catalogue."""
    values = {f.name: getattr(line, f.name) for f in fields(line)}
    product = line.product
    if product is not None:
        values["description"] = line.description or product.name[:250]
        values["specification"] = line.specification or product.specification[:500]
        values["brand"] = line.brand or product.brand
        values["hs_code"] = line.hs_code or product.hs_code
        values["unit"] = line.unit or product.unit.code
    return values


def line_data(row: Any) -> LineData:
    """A stored line as data, to be copied to a new version or to an order."""
    names = [f.name for f in fields(LineData)]
    return LineData(**{name: getattr(row, name) for name in names if hasattr(row, name)})


def lock(model: type[M], pk: int, *, seen: int | None = None) -> M:
    """The row, locked. Raises Refused when it was changed since version `seen` was shown."""
    obj = model._default_manager.select_for_update(of=("self",)).get(pk=pk)
    if seen is not None and obj.row_version != seen:  # type: ignore[attr-defined]
        raise Refused(changed_by(obj))
    return obj


def changed_by(obj: models.Model) -> str:
    """The sentence for the second of two people who save the same record."""
    last = Event.objects.about(obj).exclude(code="note.added").select_related("actor").order_by("-id").first()
    who = str(last.actor) if last and last.actor else _("the system")
    when = formats.moment(last.recorded_at) if last else ""
    return _(
        "%(record)s was changed by %(who)s at %(when)s while you were working on it. Your input is kept: saving it again overwrites that change."
    ) % {"record": str(obj), "who": who, "when": when}


def said(reason: str) -> str:
    """The reason without spaces around it. Raises Refused when there is none."""
    text = reason.strip()
    if not text:
        raise Refused(_("Say why."), reason="input", field="reason")
    return text
