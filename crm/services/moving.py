"""Moving what hangs on one customer to another, and back: by statements for whole tables, remembering each key."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q, UniqueConstraint

from crm.merging import MARKS, Reference, references
from crm.models import Customer
from foundation.lists.search import Searchable, vector

Moved = dict[str, list[int]]


def move_all(loser: int, winner: int) -> tuple[Moved, Moved]:
    """Move every row; returns the keys by column, and those that lost their mark (main contact, usual address)."""
    moved: Moved = {}
    unmarked: Moved = {}
    for one in references():
        if one.label in MARKS and (keys := _unmark(one, loser, winner)):
            unmarked[one.label] = keys
        if keys := _move(one, loser, winner):
            moved[one.label] = keys
    return moved, unmarked


def move_back(moved: Moved, loser: int, winner: int) -> dict[str, int]:
    """Move back what is still where it was put; by column how many rows are not."""
    missing = {}
    for one in reversed(list(references())):
        keys = moved.get(one.label, [])
        rows = _rows(one, winner).filter(pk__in=keys)
        movable = list(_without_conflict(one, rows, loser).values_list("pk", flat=True)) if keys else []
        if movable:
            one.model._base_manager.filter(pk__in=movable).update(**{one.column: loser})
            renew_search(one.model, movable)
        if len(movable) < len(keys):
            missing[one.label] = len(keys) - len(movable)
    return missing


def mark_again(unmarked: Moved, loser: int) -> None:
    """Main contacts and usual addresses of the loser, where it has no other by now."""
    for one in references():
        keys = unmarked.get(one.label, [])
        if not keys:
            continue
        mark, beside = MARKS[one.label]
        rows = _rows(one, loser)
        for row in rows.filter(pk__in=keys):
            same = {name: getattr(row, name) for name in beside}
            if not rows.filter(**{mark: True, **same}).exists():
                rows.filter(pk=row.pk).update(**{mark: True})


def _rows(one: Reference, customer: int) -> models.QuerySet[Any]:
    rows = one.model._base_manager.filter(**{one.column: customer})
    if one.is_subject and any(f.name == "content_type" for f in one.model._meta.concrete_fields):
        rows = rows.filter(content_type=ContentType.objects.get_for_model(Customer))
    return rows


def _unmark(one: Reference, loser: int, winner: int) -> list[int]:
    mark, beside = MARKS[one.label]
    same = {name: OuterRef(name) for name in beside}
    rows = _rows(one, loser).filter(**{mark: True}).filter(Exists(_rows(one, winner).filter(**{mark: True, **same})))
    keys = list(rows.values_list("pk", flat=True))
    one.model._base_manager.filter(pk__in=keys).update(**{mark: False})
    return keys


def _move(one: Reference, loser: int, winner: int) -> list[int]:
    keys = list(_without_conflict(one, _rows(one, loser), winner).values_list("pk", flat=True))
    if keys:
        one.model._base_manager.filter(pk__in=keys).update(**{one.column: winner})
        renew_search(one.model, keys)
    return keys


def _without_conflict(one: Reference, rows: models.QuerySet[Any], target: int) -> models.QuerySet[Any]:
    """Rows of which the target has not the like where only one may be: those stay where they are."""
    field = next(f for f in one.model._meta.concrete_fields if f.attname == one.column)
    there = _rows(one, target)
    if field.unique:
        return rows.exclude(Exists(there))
    for constraint in one.model._meta.constraints:
        if not isinstance(constraint, UniqueConstraint) or not {field.name, one.column} & set(constraint.fields):
            continue
        others = [name for name in constraint.fields if name not in (field.name, one.column)]
        condition = constraint.condition or Q()
        same = there.filter(condition).filter(**{name: OuterRef(name) for name in others})
        rows = rows.exclude(Exists(same) & condition) if constraint.condition else rows.exclude(Exists(same))
    return rows


MOST_RENEWED = 2000


def renew_search(model: type[models.Model], keys: list[int]) -> None:
    """Records that are found by their customer's name are found by the new one."""
    if not issubclass(model, Searchable) or model is Customer or "customer" not in model.SEARCH_FIELDS:
        return
    for start in range(0, min(len(keys), MOST_RENEWED), 200):
        rows: list[Any] = list(model._base_manager.filter(pk__in=keys[start : start + 200]))
        for row in rows:
            row.search = vector(row.search_texts(), row.search_numbers())
        model._base_manager.bulk_update(rows, ["search"])


def count_all(customer: int) -> list[tuple[str, int]]:
    """What hangs on a customer and would move, by kind of record; nothing is counted beyond a thousand of each."""
    found: dict[str, int] = {}
    for one in references():
        count = _rows(one, customer).order_by()[:1000].count()
        if count and not one.is_subject:
            label = str(one.model._meta.verbose_name_plural if count > 1 else one.model._meta.verbose_name)
            found[label] = found.get(label, 0) + count
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))
