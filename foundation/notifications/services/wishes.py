"""What people decline and take back: rows that are only ever added, and an event on the record for each change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, models, transaction

from foundation.journal.services import record
from foundation.notifications import events
from foundation.notifications.manners.kinds import MARKETING, kind_of
from foundation.notifications.manners.wishes import Wish, declined_by
from foundation.notifications.models import Message, OptOut


@transaction.atomic
def set_wishes(
    person_key: str,
    unwanted: Iterable[Wish],
    *,
    customer_id: int | None,
    how: str,
    subject: models.Model,
    actor: Any = None,
) -> bool:
    """Let `unwanted` (pairs of kind and channel) be all that this person declines; whether that changed anything.

    Kinds that cannot be declined are passed over. `subject` is the record that the event is remembered on.
    """
    _one_at_a_time(person_key)
    now = set(declined_by([person_key]).get(person_key, {}))
    wanted_not = {one for one in unwanted if not one[0] or kind_of(one[0]).can_opt_out}
    changes = [(one, False) for one in sorted(wanted_not - now)] + [(one, True) for one in sorted(now - wanted_not)]
    for (kind, channel), is_withdrawal in changes:
        OptOut.objects.create(
            person_key=person_key,
            customer_id=customer_id,
            kind=kind,
            channel=channel,
            is_withdrawal=is_withdrawal,
            how=how,
            actor=actor if getattr(actor, "pk", None) else None,
        )
    declined = [list(one) for one, is_withdrawal in changes if not is_withdrawal]
    taken_back = [list(one) for one, is_withdrawal in changes if is_withdrawal]
    for code, some in ((events.DECLINED, declined), (events.WANTED_AGAIN, taken_back)):
        if some:
            record(code, subject, actor=actor, facts={"person": person_key, "wishes": some, "how": how})
    return bool(changes)


@transaction.atomic
def decline_like(message: Message, *, how: str) -> bool:
    """The person wants no more messages of this one's kind, by any channel; False when nothing changed.

    A service is never declined in this way: its person goes on hearing of their orders.
    """
    if kind_of(message.kind).nature != MARKETING:
        return False
    _one_at_a_time(message.recipient_key)
    now = set(declined_by([message.recipient_key]).get(message.recipient_key, {}))
    return _set_for(message, now | {(message.kind, "")}, how)


@transaction.atomic
def decline_all(message: Message, *, how: str) -> bool:
    """The person wants no marketing any more, of any kind and by any channel; False when nothing changed."""
    _one_at_a_time(message.recipient_key)
    now = set(declined_by([message.recipient_key]).get(message.recipient_key, {}))
    return _set_for(message, now | {("", "")}, how)


@transaction.atomic
def take_back_like(message: Message, *, how: str) -> bool:
    """Undo `decline_like`; False when nothing changed."""
    _one_at_a_time(message.recipient_key)
    now = set(declined_by([message.recipient_key]).get(message.recipient_key, {}))
    return _set_for(message, now - {(message.kind, "")}, how)


def _set_for(message: Message, unwanted: set[Wish], how: str) -> bool:
    return set_wishes(
        message.recipient_key, unwanted, customer_id=message.customer_id, how=how, subject=message.subject or message
    )


def _one_at_a_time(person_key: str) -> None:
    """The same link pressed twice at once is one wish: the second waits, and finds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"wishes {person_key}"])
