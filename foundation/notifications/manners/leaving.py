"""When a message that is written now to somebody would leave, and why not at once."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.audiences import Recipient
from foundation.notifications.manners.kinds import kind_of
from foundation.notifications.manners.quiet import wait_of, zone_for
from foundation.notifications.manners.reasons import SENTENCES, UNWANTED, waiting_text
from foundation.notifications.manners.wishes import Wish, is_unwanted


def if_written_now(person: Recipient, kind: str, channel: str, declined: Iterable[Wish] = ()) -> str:
    """One sentence, in the reader's language. Limits and addresses that send messages back are looked at when it leaves."""
    if is_unwanted(declined, kind_of(kind), channel):
        return str(SENTENCES[UNWANTED])
    message = SimpleNamespace(
        kind=kind,
        is_urgent=False,
        time_zone=person.time_zone,
        country=person.country,
        recipient_key=person.key,
        customer_id=person.customer_id,
    )
    moment, waits_for = wait_of(message, timezone.now())
    return waiting_text(waits_for, moment, zone_for(person.time_zone)) if waits_for else _("Leaves at once")
