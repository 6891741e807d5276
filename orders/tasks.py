"""Doorways for the worker."""

from __future__ import annotations

from celery import shared_task

from orders.services import expire_lapsed_quotes


@shared_task(name="orders.tasks.expire_quotes")
def expire_quotes() -> None:
    """Every ten minutes: quotes whose last day is over by the company's calendar. May come twice or never."""
    expire_lapsed_quotes()
