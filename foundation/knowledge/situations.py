"""What a record of a later stage is in, and what it can fill into a script: stages register it, nobody imports a stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Company
from foundation.ui.phones import shown_phone

# Every name that a script may use. A stage gives those that its record knows; the others read as a gap.
NAMES: dict[str, Any] = {
    "customer_name": _("Name of the customer"),
    "contact_name": _("Name of the contact"),
    "number": _("Number of the record"),
    "record": _("Name of the record"),
    "subject": _("What it is about"),
    "order_number": _("Number of the order"),
    "product": _("Product"),
    "promised_on": _("The promised day"),
    "eta": _("Expected arrival"),
    "carrier": _("Carrier"),
    "my_name": _("Name of whoever reads the script"),
    "company_name": _("Our name"),
    "company_phone": _("Our telephone number"),
}


@dataclass(frozen=True)
class Circumstances:
    """What a record says of itself. The first situation weighs most; `values` are read when a script is opened."""

    situations: Sequence[str] = ()
    families: Sequence[str] = ()
    language: str = ""
    words: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


Ask = Callable[[Any], Circumstances]
Door = Callable[[Any], models.QuerySet[Any]]
_known: dict[type[models.Model], Ask] = {}
_doors: dict[str, Door] = {}


def register_circumstances(model: type[models.Model], ask: Ask, *, visible: Door | None = None) -> None:
    """Show what helps beside records of this kind. `ask(record)` reads no more than the page has read already.

    `visible(user)` is the door of a kind that has no record page.
    """
    _known[model] = ask
    if visible is not None:
        _doors[model._meta.label_lower] = visible


def door_of(label: str) -> Door | None:
    """The door of a kind of record that has no record page, by its lower-case label."""
    return _doors.get(label)


def circumstances_of(record: Any) -> Circumstances | None:
    """What the record is in; None for a kind that nobody has registered."""
    ask = _known.get(type(record))
    return ask(record) if ask is not None else None


def values_for(record: Any, user: Any) -> dict[str, Any]:
    """What the `{names}` of a script say when it is opened from a record."""
    company = Company.current()
    found = circumstances_of(record)
    return {
        "number": getattr(record, "number", ""),
        "record": str(record),
        **(found.values if found is not None else {}),
        "my_name": str(user),
        "company_name": company.name,
        "company_phone": shown_phone(company.phone),
    }
