"""How often a record has changed and when it last did, as its journal tells: what calendars elsewhere want to know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Max

from foundation.journal.models import Event


@dataclass(frozen=True, slots=True)
class Revision:
    """The number grows with each event."""

    number: int
    at: datetime


def revisions_of(model: type[models.Model], pks: Iterable[int]) -> dict[int, Revision]:
    """By key; records without events are left out. One query."""
    kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
    rows = Event.objects.filter(content_type=kind, object_id__in=list(pks)).order_by()
    counted = rows.values_list("object_id").annotate(number=Count("pk"), at=Max("recorded_at"))
    return {pk: Revision(number - 1, at) for pk, number, at in counted}
