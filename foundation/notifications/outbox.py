"""Writing rows of the outbox and the inbox inside the transaction of the change, and ringing the worker after it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable

from celery import current_app
from django.core.cache import cache
from django.db import transaction

from foundation.journal.models import Attachment
from foundation.notifications.compose import Drafts
from foundation.notifications.models import InboxItem, Message, MessageAttachment
from foundation.ui.inserts import insert

# The task by its name: tasks stand above the services that ring for them.
BELL = "foundation.notifications.tasks.deliver"
RUNG = "notifications:rung"
RUNG_SECONDS = 10  # a bell that nobody heard, because its worker died, counts no longer; the sweep comes soon after
log = logging.getLogger(__name__)
_silent_until = 0.0


def write(drafts: Drafts) -> None:
    """One insert for all messages, one for all inbox items; what exists already stays as it is."""
    if drafts.messages:
        if len(drafts.messages) == 1:
            insert(drafts.messages[0], unless_there=True)
        else:
            Message.objects.bulk_create(drafts.messages, ignore_conflicts=True)
        if any(drafts.papers.values()):
            attach(drafts.papers)
        ring_on_commit()
    put_in_inbox(drafts.items)


def attach(papers: dict[str, list[Attachment]]) -> None:
    """Join files to messages by message ID; a message that was not written (it existed before) is passed over."""
    written = dict(Message.objects.filter(message_id__in=papers).values_list("message_id", "pk"))
    MessageAttachment.objects.bulk_create(
        [
            MessageAttachment(message_id=written[key], attachment=one)
            for key, files in papers.items()
            if key in written
            for one in files
        ],
        ignore_conflicts=True,
    )


def put_in_inbox(items: list[InboxItem]) -> None:
    """Add lines to colleagues' inboxes, and let their bells count again."""
    if items:
        if len(items) == 1:
            insert(items[0], unless_there=True)
        else:
            InboxItem.objects.bulk_create(items, ignore_conflicts=True)
        people = {item.user_id for item in items}
        transaction.on_commit(lambda: forget_unread(people))


def withdraw(event_ids: list[int]) -> None:
    """What these events reported is settled: unread lines about them leave the inboxes."""
    gone = InboxItem.objects.filter(event_id__in=event_ids, read_at=None)
    people = set(gone.values_list("user_id", flat=True))
    if people:
        gone.delete()
        transaction.on_commit(lambda: forget_unread(people))


def unread_key(user_id: int) -> str:
    """Where the number beside the bell is kept."""
    return f"notifications:unread:{user_id}"


def forget_unread(user_ids: Iterable[int]) -> None:
    """Have these people's unread items counted afresh."""
    try:
        cache.delete_many([unread_key(pk) for pk in user_ids])
    except Exception:
        log.warning("The cache is away: the bell counts again within a minute")


def ring_on_commit() -> None:
    """Wake a worker once the rows are there: once per transaction, and only a bell, for beat looks every 15 seconds anyway."""
    if not any(entry[1] is ring for entry in transaction.get_connection().run_on_commit):
        transaction.on_commit(ring)


def _first_to_ring() -> bool:
    """Whether no run is on its way; while the cache server is away, every one rings."""
    try:
        return cache.add(RUNG, 1, RUNG_SECONDS)
    except Exception:
        return True


def heard() -> None:
    """A run begins, before it looks for rows: whoever writes from now on rings again."""
    try:
        cache.delete(RUNG)
    except Exception:
        log.warning("The cache is away: the bell may be silent for %d seconds", RUNG_SECONDS)


def ring() -> None:
    """Ask for a delivery run, unless one is on its way that has not begun: it will see our rows too.

    A broker that is away costs seconds of delay, never the business. It is left alone for half a minute then, so that
    not every request waits for it in vain.
    """
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    if not _first_to_ring():
        return
    try:
        current_app.send_task(BELL, retry=False, expires=60)
    except Exception:
        heard()
        _silent_until = time.monotonic() + 30
        log.warning("The broker is away: messages wait for the next sweep")
