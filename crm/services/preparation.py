"""Checklists of visits and receptions: made from the template, ticked by whoever has the thing in hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import PreparationRow
from crm.services import changes
from foundation.journal.machine import Refused
from foundation.journal.services import record

MOST_ITEMS = 60
# what is recorded instead once the last line is ticked
WHOLE = {"reception.checked": "reception.prepared"}


def fill_checklist(subject: Any, *, wishes: Sequence[str]) -> int:
    """Put on the checklist what the template asks for and is not there yet; returns how many lines were added.

    What was asked for and is not any more leaves the list unless somebody ticked it already.
    """
    rows = list(PreparationRow.objects.filter(is_active=True, used_for=subject._meta.model_name))
    wanted = [row for row in rows if not row.wanted_for or row.wanted_for in wishes]
    wanted_keys = {row.pk for row in wanted}
    subject.items.filter(row__wanted_for__in=_wishes_of(rows), done_at=None).exclude(row__in=wanted_keys).delete()
    known = set(subject.items.exclude(row=None).values_list("row_id", flat=True))
    item = subject.items.model
    name = subject.items.field.name
    added = [
        item(**{name: subject}, row=row, own_text=row.text_en, position=row.position)
        for row in wanted
        if row.pk not in known
    ]
    item.objects.bulk_create(added)
    return len(added)


def _wishes_of(rows: Sequence[PreparationRow]) -> set[str]:
    return {row.wanted_for for row in rows if row.wanted_for}


@transaction.atomic
def tick_items(model: type[models.Model], pk: int, *, actor: Any, done: Collection[int], event: str) -> Any:
    """Have exactly the items with these keys ticked; a tick that stood before keeps its time and its person.

    Raises Refused for a record that is over, and PermissionDenied for whoever may not prepare it.
    """
    subject: Any = changes.lock(model, pk)
    if subject.status not in subject.OPEN:
        raise Refused(_("%(record)s is over: nothing is packed any more.") % {"record": subject})
    items = list(subject.items.all())
    changed = [one for one in items if (one.done_at is not None) != (one.pk in done)]
    if not changed:
        return subject
    now = timezone.now()
    for one in changed:
        is_done = one.pk in done
        one.done_at, one.done_by = (now, actor) if is_done else (None, None)
        one.save(update_fields=["done_at", "done_by"])
    ready = sum(one.done_at is not None for one in items)
    code = WHOLE.get(event, event) if items and ready == len(items) else event
    record(code, subject, actor=actor, facts={"ready": ready, "all": len(items)})
    return subject


@transaction.atomic
def add_item(model: type[models.Model], pk: int, *, actor: Any, text: str, event: str) -> Any:
    """A line of one's own at the end of the checklist. Raises Refused for a record that is over or a list that is full."""
    subject: Any = changes.lock(model, pk)
    if subject.status not in subject.OPEN:
        raise Refused(_("%(record)s is over: nothing is packed any more.") % {"record": subject})
    items = list(subject.items.all())
    if len(items) >= MOST_ITEMS:
        raise Refused(
            _("A checklist has at most %(count)s lines.") % {"count": MOST_ITEMS}, reason="input", field="text"
        )
    position = max((one.position for one in items), default=0) + 1
    subject.items.create(own_text=text, position=position)
    ready = sum(one.done_at is not None for one in items)
    record(event, subject, actor=actor, facts={"ready": ready, "all": len(items) + 1})
    return subject
