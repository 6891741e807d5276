"""What is open on one customer, of every kind that can be handed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from crm.models import Customer
from foundation.accounts.work import WorkKind, work_kinds

MOST = 50
# Kinds whose records name their customer by way of another record.
_paths: dict[str, str] = {}


def register_customer_path(code: str, path: str) -> None:
    """How records of a kind of work lead to their customer, where they have no column of that name: `shipment__customer`."""
    _paths[code] = path


@dataclass(frozen=True)
class Open:
    """One open record; `value` stands for it in a form."""

    value: str
    label: str


def open_work(customer: Customer) -> list[Open]:
    """What the owner has open on this customer. One query for each kind."""
    if customer.owner_id is None:
        return []
    return list(_find(customer))


def _find(customer: Customer) -> Iterator[Open]:
    for kind in work_kinds():
        path = _path(kind)
        if not path:
            continue
        rows = kind.of(customer.owner_id or 0).filter(Q(**{path: customer.pk}))
        for row in rows[:MOST]:
            yield Open(f"{kind.code}:{row.pk}", f"{kind.label}: {kind.title(row)}")


def _path(kind: WorkKind) -> str:
    if kind.code == "customers":
        return ""
    if kind.code in _paths:
        return _paths[kind.code]
    names: set[Any] = {field.attname for field in kind.open().model._meta.concrete_fields}
    return "customer_id" if "customer_id" in names else ""
