"""Doorways for the worker."""

from celery import shared_task

from foundation.notifications import outbox
from foundation.notifications.delivery import deliver_due
from foundation.notifications.manners.fallback import look_for_receipts
from foundation.notifications.services.receipts import match_strays


@shared_task(ignore_result=True)
def deliver() -> None:
    """Send what is due. Comes from beat and from the bell, may come twice or never: the rows decide what is done."""
    outbox.heard()
    deliver_due(seconds=20)


@shared_task(ignore_result=True)
def send_another_way() -> None:
    """Look for messages that no receipt came for in time. May come twice or never: each is answered once."""
    match_strays()
    look_for_receipts()
