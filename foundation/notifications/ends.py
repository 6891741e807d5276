"""How long messages stay true, said in rules that were made before the house said so."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType

from foundation.journal.models import Event
from foundation.notifications import events
from foundation.notifications.defaults import shipped_messages
from foundation.notifications.models import Rule


def let_expire() -> int:
    """Say in rules that older releases made how long their messages stay true, where nobody has changed the rule.

    Returns how many were given an end. One whose end somebody took away, or whose rule somebody saved, stays as it is.
    """
    shipped = {one.key: one.lasts for one in shipped_messages() if one.event}
    rows = [row for row in Rule.objects.filter(key__in=shipped) if row.shipped_lasts != shipped[row.key]]
    if not rows:
        return 0
    saved = Event.objects.filter(
        code=events.RULE_CHANGED,
        content_type=ContentType.objects.get_for_model(Rule),
        object_id__in=[r.pk for r in rows],
    )
    edited = set(saved.values_list("object_id", flat=True))
    given = 0
    for row in rows:
        lasts = shipped[row.key]
        if row.lasts == row.shipped_lasts and row.pk not in edited and (lasts is None or lasts > row.delay):
            row.lasts = lasts
            given += 1
        row.shipped_lasts = lasts
        row.save(update_fields=["lasts", "shipped_lasts"])
    return given
