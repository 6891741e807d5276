"""What people can have in hand: each stage registers its kinds of work, so that it can be handed to somebody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from foundation.journal.machine import Refused
from foundation.journal.services import record


@dataclass(frozen=True)
class WorkKind:
    """Records that belong to somebody.

    `open()` is every record on which something is still to be done; its `owner_field` says whose it is. `reassign(pk, *, actor,
    owner, was_owner)` gives one to somebody in a transaction of its own and records `*.reassigned`, or raises Refused.
    `continued(pk)` is the open record that one which was handed over has become, where a kind goes on in another record.
    What `is_lasting` (a customer) is handed over only when somebody says so, not by an absence. `needs` is the permission without which nobody can take such work.
    """

    code: str
    label: Any
    open: Callable[[], models.QuerySet[Any]]
    reassign: Callable[..., Any]
    needs: str = ""
    order: int = 100
    title: Callable[[Any], str] = str
    is_lasting: bool = False
    owner_field: str = "owner"
    continued: Callable[[int], models.QuerySet[Any]] | None = None

    def of(self, user_id: int) -> models.QuerySet[Any]:
        """What this person has open, oldest first."""
        return self.open().filter(**{self.owner_field: user_id}).order_by("pk")

    def still_open(self, pk: int) -> Any:
        """What is left to do of a record that was handed over; None when it is done."""
        rows = self.continued(pk) if self.continued is not None else self.open().filter(pk=pk)
        return rows.first()

    def owner_of(self, row: Any) -> int | None:
        """The id of whoever has this record."""
        owner_id: int | None = getattr(row, f"{self.owner_field}_id")
        return owner_id

    def address(self, pk: int) -> str:
        """The page of a record of this kind; empty where it has none."""
        row: Any = self.open().model(pk=pk)
        return str(row.get_absolute_url()) if hasattr(row, "get_absolute_url") else ""

    def fits(self, user: Any) -> bool:
        """Whether this person may do such work."""
        return bool(user.is_active and (not self.needs or user.has_perm(self.needs)))


_kinds: dict[str, WorkKind] = {}


def register_work(kind: WorkKind) -> None:
    """Offer a kind of work for handing over; registering its code again replaces it."""
    _kinds[kind.code] = kind


def work_kinds() -> list[WorkKind]:
    """Every kind, in the order of the pages."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.code))


def work_kind(code: str) -> WorkKind | None:
    """The kind of that code; None for one whose stage is gone."""
    return _kinds.get(code)


@transaction.atomic
def reassign_owned(
    model: type[models.Model],
    pk: int,
    *,
    actor: Any,
    owner: Any,
    was_owner: int | None,
    event: str,
    counter: str = "",
    closed: Sequence[str] = (),
) -> Any:
    """Give a record to somebody else and record `event`. `counter` is the field that tells open forms of the change.

    Raises Refused, changing nothing, when it belongs to somebody other than `was_owner` by now, or has one of the states
    `closed`.
    """
    obj: Any = model._base_manager.select_for_update(of=("self",)).get(pk=pk)
    if closed and obj.status in closed:
        raise Refused(_("%(record)s is done: there is nothing to hand over.") % {"record": obj})
    if obj.owner_id != was_owner:
        raise Refused(_("%(record)s belongs to %(owner)s by now.") % {"record": obj, "owner": obj.owner or "–"})
    obj.owner = owner
    changed = ["owner", *(field.name for field in obj._meta.concrete_fields if getattr(field, "auto_now", False))]
    if counter:
        setattr(obj, counter, getattr(obj, counter) + 1)
        changed.append(counter)
    obj.save(update_fields=changed)
    record(event, obj, actor=actor, facts={"from_owner_id": was_owner}, private={"owner": str(owner)})
    return obj
