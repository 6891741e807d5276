"""Doorways: beat rings each day."""

from __future__ import annotations

from celery import shared_task

from foundation.calendars.services.notices import note_missing_years


@shared_task(name="foundation.calendars.tasks.look_at_years")
def look_at_years() -> None:
    """Say, once a year, which calendars lack the public holidays of the next one."""
    note_missing_years()
