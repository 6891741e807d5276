"""What hangs on a customer, and what becomes of it when two become one.

Every foreign key to a customer is found by itself and moved. Tables that name their customer by bare id, or any record by
type and id, are named here or registered by their stage; so is whatever stays behind on purpose, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

SUBJECT = "object_id"


@dataclass(frozen=True)
class Reference:
    """A column that names a customer; `is_subject` where it stands beside a type of record."""

    model: type[models.Model]
    column: str
    is_subject: bool = False

    @property
    def label(self) -> str:
        """By this it is remembered in a merge."""
        return f"{self.model._meta.label}.{self.column}"


READ = "append-only: read through the number under which it was written"
OWN = "says of this very customer what it was, and stays with it"
_left: dict[str, str] = {
    "crm.ServiceRecord.customer_id": READ,
    "crm.Response.customer_id": READ,
    "crm.VisitConsent.customer_id": READ,
    "journal.Event.customer_id": READ,
    "journal.Event.object_id": READ,
    "journal.Attachment.customer_id": READ,
    "journal.Attachment.object_id": READ,
    "journal.Pin.customer_id": READ,
    "journal.Pin.object_id": READ,
    "notifications.OptOut.customer_id": "append-only: wishes are read by the person, who moves",
    "crm.CustomerKeys.customer_id": "made anew for both",
    "crm.DuplicatePair.first_id": "about these two",
    "crm.DuplicatePair.second_id": "about these two",
    "crm.CustomerMerge.winner_id": "about these two",
    "crm.CustomerMerge.loser_id": "about these two",
    "crm.OwnershipSpell.customer_id": OWN,
    "accounts.HandedItem.object_id": "names its record by a kind of work, for giving it back",
    "accounts.AccessToken.object_id": "opens the very record for which it was made",
    "admin.LogEntry.object_id": "what an administrator did to this very record",
    "notifications.MessageDraft.object_id": "a draft belongs to the page on which it was begun",
}
# (model, column) that name a customer by bare id, and models whose rows may be about a customer
_bare = {"mailroom.IncomingMail", "notifications.QuietHours", "notifications.Message", "sla.Clock", "todos.Task", "calendars.CalendarUse"}  # fmt: skip
_subjects = {
    "mailroom.IncomingMail",
    "notifications.Message",
    "sla.Clock",
    "todos.Task",
    "todos.Mention",
    "knowledge.Use",
}
# (model, column): of those rows only one of a customer may be marked, so that the loser's lose the mark
MARKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "crm.Contact.customer_id": ("is_main", ()),
    "crm.Address.customer_id": ("is_default", ("kind",)),
}


def register_left(label: str, reason: str) -> None:
    """A column, `app.Model.column`, whose rows stay with the customer under whose number they were written."""
    _left[label] = reason


def register_moved(model_label: str, *, is_subject: bool = False) -> None:
    """A model of a later stage that names its customer by a bare `customer_id`, or a record by type and `object_id`."""
    (_subjects if is_subject else _bare).add(model_label)


def left_behind() -> dict[str, str]:
    """Columns that are not moved, with the reasons."""
    return dict(_left)


def references() -> Iterator[Reference]:
    """Everything that is moved, in a fixed order."""
    for one in columns():
        bare = one.model._meta.label in (_subjects if one.is_subject else _bare)
        if one.label not in _left and (bare or _is_foreign(one)):
            yield one


def _is_foreign(one: Reference) -> bool:
    if one.is_subject:
        return False
    return any(f.is_relation and f.attname == one.column for f in one.model._meta.concrete_fields)


def columns() -> Iterator[Reference]:
    """Every column that may name a customer: foreign keys, bare ids, and records by type and id."""
    from crm.models import Customer

    for model in sorted(apps.get_models(include_auto_created=True), key=lambda one: one._meta.label):
        if model._meta.proxy or not model._meta.managed:
            continue
        names: dict[str, Any] = {f.attname: f for f in model._meta.concrete_fields}
        for name, column in sorted(names.items()):
            if column.is_relation:
                if column.related_model is Customer:
                    yield Reference(model, name)
            elif name == "customer_id":
                yield Reference(model, name)
            elif (
                name == SUBJECT
                and "content_type_id" in names
                or name == SUBJECT
                and model._meta.label == "accounts.HandedItem"
            ):
                yield Reference(model, name, is_subject=True)
