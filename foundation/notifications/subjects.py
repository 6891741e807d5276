"""What this app knows about the records that messages are about: stages register it, nobody imports a stage."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from foundation.accounts.audiences import Recipient
from foundation.journal.models import Attachment

Contact = Callable[[Any], Recipient | None]
Begins = Callable[[Any, Any], dict[str, str]]
Papers = Callable[[Any, Recipient], Iterable[Attachment]]


@dataclass(frozen=True)
class SubjectType:
    """How to address the people around a record.

    `contact` is the customer's person for automatic messages, `contacts` everybody whom a colleague may choose in the
    composer (default: only `contact`), `owner` the colleague in charge, `visible` the records that a user may see,
    `begins(record, actor)` the subject and the body that a letter in the composer begins with.
    """

    model: type[models.Model]
    contact: Contact | None = None
    contacts: Callable[[Any], Sequence[Recipient]] | None = None
    owner: Callable[[Any], Any] | None = None
    visible: Callable[[Any], models.QuerySet[Any]] | None = None
    nouns: tuple[str, ...] = field(default=())
    composer: bool = True
    begins: Begins | None = None


_types: dict[type[models.Model], SubjectType] = {}
_papers: dict[str, tuple[Any, Papers]] = {}
_customers: list[Callable[[Any], models.QuerySet[Any]]] = []


def noun_of(model: type[models.Model]) -> str:
    """The first part of the model's event codes: `ServiceRecord` → `service_record`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", model.__name__).lower()


def register_subject(
    model: type[models.Model],
    *,
    contact: Contact | None = None,
    contacts: Callable[[Any], Sequence[Recipient]] | None = None,
    owner: Callable[[Any], Any] | None = None,
    visible: Callable[[Any], models.QuerySet[Any]] | None = None,
    nouns: Iterable[str] = (),
    composer: bool = True,
    begins: Begins | None = None,
) -> None:
    """Say how the people around a record are found. `nouns` lists further first parts of event codes recorded on it.

    Events `order.*` belong to `Order` by its name; a shipment on which `pod.*` is recorded passes `nouns=("pod",)`.
    With a contact, the record's page offers to write to the customer, unless `composer` is False. `begins(record, actor)`
    gives the `subject_line` and the `body` with which the composer opens; a body that nobody changed is not sent.
    """
    nouns = (noun_of(model), *nouns)
    _types[model] = SubjectType(model, contact, contacts, owner, visible, nouns, composer, begins)


def subject_type(model: type[models.Model]) -> SubjectType | None:
    """What is registered for a model or the nearest of its parents."""
    return _types.get(model) or next((_types[parent] for parent in model.__mro__ if parent in _types), None)


def all_subject_types() -> list[SubjectType]:
    """Everything registered."""
    return list(_types.values())


def models_for_event(code: str) -> list[type[models.Model]]:
    """The records on which an event of this code is recorded; empty when it may be any (`sla.breached`)."""
    noun = code.partition(".")[0]
    return [one.model for one in _types.values() if noun in one.nouns]


def register_papers(name: str, label: Any, find: Papers) -> None:
    """Name papers that a rule can attach: `find(subject, recipient)` returns stored attachments."""
    _papers[name] = (label, find)


def papers(name: str) -> Papers:
    """The function behind a name. Raises LookupError."""
    try:
        return _papers[name][1]
    except KeyError:
        raise LookupError(f"No papers {name!r} are registered") from None


def papers_choices() -> list[tuple[str, Any]]:
    """Name and label of every kind of papers, for forms."""
    return sorted((name, label) for name, (label, _find) in _papers.items())


def register_customers(visible: Callable[[Any], models.QuerySet[Any]]) -> None:
    """Say which customers a user may see; messages to the others stay hidden from that user."""
    _customers[:] = [visible]


def visible_customer_ids(user: Any) -> models.QuerySet[Any] | None:
    """Ids of the customers whom the user may see, as a subquery; None while no stage has registered any."""
    return _customers[0](user).order_by().values("pk") if _customers else None
