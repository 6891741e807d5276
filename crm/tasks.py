"""Doorways: beat rings, the rows decide. A missed ring costs one period."""

from __future__ import annotations

from celery import shared_task

from crm.services.campaign_sending import send_campaigns


@shared_task(name="crm.tasks.send")
def send() -> None:
    """Every twenty seconds."""
    send_campaigns()
