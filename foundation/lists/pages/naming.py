"""What people call the records that rows of another kind are about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import NoReverseMatch

from foundation.lists.pages.record import page_of
from foundation.ui.ahead import ask_together, wish
from foundation.ui.prepared import prepared

Key = tuple[int, int]  # of the record's type, and its own


class Named(NamedTuple):
    """A record in words, and its address."""

    title: str
    url: str


@prepared
def _records(pks: list[int], *, model: type[models.Model]) -> models.QuerySet[Any]:
    records = model._base_manager.filter(pk__in=pks)
    try:
        return records.select_related("customer") if model._meta.get_field("customer").is_relation else records
    except FieldDoesNotExist:
        return records


def records_of(keys: Iterable[Key]) -> dict[Key, Any]:
    """These records, with their customers: one query for all within a request. Records that are gone are left out."""
    wanted: dict[int, set[int]] = {}
    for type_id, pk in keys:
        wanted.setdefault(type_id, set()).add(pk)
    models_of = {type_id: ContentType.objects.get_for_id(type_id).model_class() for type_id in wanted}
    kinds = [(type_id, sorted(wanted[type_id]), model) for type_id, model in models_of.items() if model is not None]
    ask_together(wish(_records, pks, model=model) for _type_id, pks, model in kinds)
    return {(type_id, record.pk): record for type_id, pks, model in kinds for record in _records(pks, model=model)}


def title_of(record: models.Model) -> str:
    """What people call a record."""
    return str(getattr(page_of(record._meta.label_lower), "title", str)(record))


def titles_of(keys: Iterable[Key]) -> dict[Key, str]:
    """What people call these records: one query within a request."""
    return {key: title_of(record) for key, record in records_of(keys).items()}


def names_of(keys: Iterable[Key]) -> dict[Key, Named]:
    """Title and address of these records: one query within a request."""
    return {key: Named(title_of(record), _address(record)) for key, record in records_of(keys).items()}


def _address(record: Any) -> str:
    try:
        return str(record.get_absolute_url())
    except (AttributeError, NoReverseMatch, NotImplementedError):
        return ""
