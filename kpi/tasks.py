"""Doorways for the worker."""

from __future__ import annotations

from celery import shared_task

from kpi import services


@shared_task(name="kpi.tasks.refresh_figures")
def refresh_figures() -> int:
    """Every minute: count the days again that something has touched. May come twice or never; pages are right meanwhile."""
    return services.refresh_figures()
