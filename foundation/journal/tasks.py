"""What runs by the clock."""

from __future__ import annotations

import logging

from celery import shared_task

from foundation.journal import sealing

logger = logging.getLogger("kontor.journal")


@shared_task
def seal_journal() -> int:
    """Seal what has been committed; answers how many rows. The head goes to the log, which lives elsewhere than the chain."""
    done = sealing.seal()
    if done.rows:
        logger.info("Journal sealed: %s rows, position %s, head %s", done.rows, done.position, done.head)
    return done.rows
