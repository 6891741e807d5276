"""Doorways for the worker."""

from __future__ import annotations

from celery import shared_task

from foundation.accounts import handovers


@shared_task(ignore_result=True)
def follow_absences() -> None:
    """Twice an hour, because days begin at different hours in different zones. May come twice or never."""
    handovers.follow_absences()
