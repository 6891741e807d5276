"""Administrators are told when a check turns red, once, and their notice goes when it is green again.

Everybody who is alive looks after the others: beat, the worker, and the web server when somebody asks for the health page.
"""

from __future__ import annotations

import logging
import time

from django.db import connection
from django.utils.translation import gettext_lazy as _

from config.health import CHECKS, Finding, examine
from config.models import Trouble
from foundation.notifications import alerts

log = logging.getLogger(__name__)
# After a start of the whole house the others need their time: nobody is accused before.
GRACE_S = 100.0
LOOK_EVERY_S = 20.0
FIRST = "INSERT INTO config_trouble (code, since) VALUES (%s, clock_timestamp()) ON CONFLICT DO NOTHING"
TEXT = _("Kontor is not well: %(part)s")
_born = time.monotonic()
_looked_at = -LOOK_EVERY_S


def look() -> list[Finding]:
    """Examine everything and tell of what has changed; at most every twenty seconds, not in a process that has just begun."""
    global _looked_at
    now = time.monotonic()
    if now - _born < GRACE_S or now - _looked_at < LOOK_EVERY_S:
        return []
    _looked_at = now
    found = examine()
    tell(found)
    return found


def tell(found: list[Finding]) -> None:
    """One notice for each check that has turned red; those that are green again are withdrawn."""
    known = set(Trouble.objects.values_list("code", flat=True))
    for one in found:
        if one.well and one.code in known:
            Trouble.objects.filter(code=one.code).delete()
            alerts.withdraw(_topic(one.code))
        elif not one.well and one.code not in known and _is_first(one.code):
            log.error("Health: %s is red: %s", one.code, one.text)
            label = CHECKS[one.code][0]
            alerts.to_administrators(
                topic=_topic(one.code), text=TEXT, values={"part": label}, detail=one.text, link_to=("system", "")
            )


def _is_first(code: str) -> bool:
    """Whether nobody else has told of this trouble."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST, [code])
        return bool(cursor.rowcount)


def _topic(code: str) -> str:
    return f"health:{code}"
