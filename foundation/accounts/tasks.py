"""Doorways for the worker."""

from __future__ import annotations

from celery import shared_task

from foundation.accounts.handovers import follow_absences


@shared_task(name="foundation.accounts.tasks.follow_absences", ignore_result=True)
def follow_leaves() -> None:
    """Twice an hour, because days begin at different hours in different zones. May come twice or never."""
    follow_absences()
