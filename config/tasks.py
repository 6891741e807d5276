"""Tasks of the house itself."""

from __future__ import annotations

import logging
import time

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from config import signs, watching
from foundation.notifications import alerts
from foundation.sla.services.verifying import Verdict, verify_clocks

log = logging.getLogger(__name__)

LONGEST_LOOK_S = 120.0
MOST_NAMED = 20


@shared_task
def note_heartbeat() -> None:
    """Leave a sign that beat rings and a worker listens; `manage.py doctor` and /health look for it."""
    signs.leave(signs.ROUND)
    watching.look()


@shared_task
def check_deadlines(after: int = 0) -> None:
    """Once a day: every running clock against its ledger. A house with very many is gone through in several turns."""
    verdict = verify_clocks(after=after, until=time.monotonic() + LONGEST_LOOK_S)
    if verdict.problems:
        _tell(verdict)
    if not verdict.is_complete:
        check_deadlines.delay(verdict.last)


def _tell(verdict: Verdict) -> None:
    """Administrators learn of it, and the log keeps all."""
    for pk, problems in verdict.problems.items():
        log.error("Clock %s differs from its ledger: %s", pk, "; ".join(problems))
    named = [f"{pk}: {'; '.join(problems)}" for pk, problems in list(verdict.problems.items())[:MOST_NAMED]]
    alerts.to_administrators(
        topic="deadlines",
        text=_("Deadlines that do not agree with their history: %(count)s"),
        values={"count": str(len(verdict.problems))},
        detail=" · ".join(named),
    )
