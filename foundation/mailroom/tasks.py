"""Doorways for the worker."""

from celery import shared_task

from foundation.mailroom.fetching import fetch_all
from foundation.mailroom.services import finish_stored


@shared_task(ignore_result=True)
def fetch_mail() -> None:
    """Fetch what is new in the mailbox, and finish what another worker left."""
    fetch_all(seconds=40)
    finish_stored()
