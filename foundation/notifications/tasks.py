"""Doorways for the worker."""

from celery import shared_task

from foundation.notifications import outbox
from foundation.notifications.delivery import deliver_due


@shared_task(ignore_result=True)
def deliver() -> None:
    """Send what is due. Comes from beat and from the bell, may come twice or never: the rows decide what is done."""
    outbox.heard()
    deliver_due(seconds=20)
