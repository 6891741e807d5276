"""Who can be addressed: stages register audiences, rules name them, nobody imports a stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from foundation.ui.phones import e164


@dataclass(frozen=True)
class Recipient:
    """One person to be told. `key` is stable per person (`user:7`, `contact:12`), so that nobody is told twice."""

    key: str
    name: str
    language: str
    time_zone: str
    kind: str  # "staff" or "customer"
    email: str = ""
    phone: str = ""
    user_id: int | None = None
    customer_id: int | None = None
    opted_out: frozenset[str] = field(default_factory=frozenset)
    preferred: str = ""


@dataclass(frozen=True)
class Audience:
    """A role in an event: the customer's contact, the owner, the owner's manager. `kind` is `staff` or `customer`."""

    code: str
    label: Any
    kind: str
    find: Callable[[Any, Any], list[Recipient]]


_audiences: dict[str, Audience] = {}


def register_audience(
    code: str, label: Any, find: Callable[[Any, Any], list[Recipient]], *, kind: str = "staff"
) -> None:
    """`find(event, subject)` returns the recipients; it reads stored data only."""
    _audiences[code] = Audience(code, label, kind, find)


def get_audience(code: str) -> Audience | None:
    """The registered audience, or None."""
    return _audiences.get(code)


def audience_choices() -> list[tuple[str, Any]]:
    """Code and label of every audience, for forms."""
    return [(one.code, one.label) for one in sorted(_audiences.values(), key=lambda a: a.code)]


def staff_recipient(user: Any) -> Recipient:
    """A colleague as a recipient."""
    return Recipient(
        key=f"user:{user.pk}",
        name=str(user),
        language=user.language,
        time_zone=user.time_zone,
        kind="staff",
        email=user.email,
        phone=e164(user.phone),
        user_id=user.pk,
    )
