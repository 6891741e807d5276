"""Who can be addressed: stages register audiences, rules name them, nobody imports a stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from foundation.ui.phones import e164


@dataclass(frozen=True)
class Recipient:
    """One person to be told. `key` is stable per person (`user:7`, `contact:12`), so that nobody is told twice.

    `language` is the person's or else the customer's; `spoken` is the person's own alone, empty where nobody asked.
    """

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
    spoken: str = ""
    country: str = ""
    other_email: str = ""
    wecom: str = ""  # a colleague's account at WeCom
    channels: tuple[
        str, ...
    ] = ()  # where the event itself says how this person is told, all of these; else the rule does


@dataclass(frozen=True)
class Audience:
    """A role in an event: the customer's contact, the owner, the owner's manager. `kind` is `staff` or `customer`."""

    code: str
    label: Any
    kind: str
    find: Callable[[Any, Any], list[Recipient]]
    is_named_by_event: bool = False


_audiences: dict[str, Audience] = {}
_channels: dict[str, Any] = {}


def register_audience(
    code: str,
    label: Any,
    find: Callable[[Any, Any], list[Recipient]],
    *,
    kind: str = "staff",
    is_named_by_event: bool = False,
) -> None:
    """`find(event, subject)` returns the recipients; it reads stored data only.

    `is_named_by_event`: the facts of events of its own say who that is, so no step of an escalation may name it.
    """
    _audiences[code] = Audience(code, label, kind, find, is_named_by_event)


def register_channel_name(code: str, label: Any) -> None:
    """Let rooms that send nothing themselves offer this way of telling somebody."""
    _channels[code] = label


def channel_choices() -> list[tuple[str, Any]]:
    """Code and label of every way in which somebody can be told, for forms."""
    return list(_channels.items())


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
        wecom=user.wecom_id,
    )
