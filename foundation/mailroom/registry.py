"""What a mail may join or become: stages register it, nobody here imports a stage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from foundation.journal.models import Event
from foundation.notifications.subjects import subject_type


@dataclass(frozen=True)
class Arrival:
    """A mail as a stage sees it. `files` are uploads that have been judged and will be taken. Nothing in it is proven."""

    mail_id: int
    sender: str
    sender_name: str
    subject: str
    text: str
    language: str
    received_at: datetime
    files: Sequence[Any] = field(default=())


Join = Callable[[int, Arrival], Event]
Become = Callable[[Arrival], tuple[models.Model, bool]]


@dataclass(frozen=True)
class Target:
    """A kind of record that is named in subjects by its `number`, and what joining does there besides."""

    model: type[models.Model]
    join: Join | None = None


_targets: dict[type[models.Model], Target] = {}
_becomes: list[Become] = []
_senders: list[Callable[[int], Iterable[str]]] = []
# Events whose automatic messages answer a mail (Auto-Submitted: auto-replied), and count as the one answer of the day.
_answering: set[str] = set()


def register_target(model: type[models.Model], *, join: Join | None = None) -> None:
    """Let mails join records of this kind by their `number`.

    `join(pk, arrival)` does what a customer's answer does there and returns its event; it raises Refused where the
    record takes nothing more. Without it the mail is remembered as `mail.received`.
    """
    _targets[model] = Target(model, join)


def register_becoming(become: Become) -> None:
    """`become(arrival)` makes the record that an unknown mail becomes: (record, True), or finds the one that it repeats: (record, False)."""
    _becomes[:] = [become]


def register_senders(find: Callable[[int], Iterable[str]]) -> None:
    """`find(customer_id)` gives the addresses from which a customer's people write, in lower case."""
    _senders[:] = [find]


def register_answering(*codes: str) -> None:
    """Name events whose automatic message to the customer is the answer to a mail."""
    _answering.update(codes)


def answering() -> frozenset[str]:
    """All of them."""
    return frozenset(_answering)


def targets() -> list[Target]:
    """Everything registered."""
    return list(_targets.values())


def target_of(model: type[models.Model]) -> Target | None:
    """What is registered for a model; any other record that messages are about takes mail without ceremony."""
    if model in _targets:
        return _targets[model]
    return Target(model) if subject_type(model) is not None else None


def becoming() -> Become | None:
    """What an unknown mail becomes, or None."""
    return _becomes[0] if _becomes else None


def belongs_to(subject: Any, address: str) -> bool:
    """Whether this address is one of the people around the record."""
    kind = subject_type(type(subject))
    people = [kind.contact(subject)] if kind and kind.contact else []
    people += list(kind.contacts(subject)) if kind and kind.contacts else []
    known = {one.email.lower() for one in people if one is not None and one.email}
    customer_id: int | None = getattr(subject, "customer_ref", lambda: None)()
    if customer_id is not None:
        known.update(*(find(customer_id) for find in _senders))
    return bool(address) and address in known
