"""Doorways: beat rings, the rows decide."""

from __future__ import annotations

from celery import shared_task

from foundation.knowledge.services.reminding import remind_of_courses


@shared_task(name="foundation.knowledge.tasks.remind")
def remind() -> None:
    """Every few hours."""
    remind_of_courses()
