"""What has been overtaken since it happened, and is not told: asked of whoever knows, when words are written and again when they leave."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import transaction
from django.utils import translation

from foundation.journal import standing
from foundation.journal.models import Event

log = logging.getLogger(__name__)


def reasons(events: Sequence[Event]) -> dict[int, str]:
    """Why some of these events are true no longer, by their keys, in English as `selectors.explain` finds it.

    Where nobody can say, the event counts as true: it is better told once too often.
    """
    try:
        with transaction.atomic():
            found = standing.over(events)
    except Exception:
        log.exception("Nobody can say whether %d events still hold; they are told", len(events))
        return {}
    with translation.override("en"):
        return {pk: str(reason) for pk, reason in found.items()}
