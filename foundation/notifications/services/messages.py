"""What people do with messages: write one, send a failed one again, mend its address, call it off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from foundation.accounts.audiences import Recipient
from foundation.journal.machine import Refused
from foundation.journal.models import Attachment, ClockTimestamp, Event
from foundation.journal.services import record
from foundation.notifications import alerts, compose, events, outbox, rerouting
from foundation.notifications.manners.kinds import LETTER
from foundation.notifications.models import InboxItem, Message
from foundation.notifications.texts import block, one_line


@transaction.atomic
def send_message(
    subject: models.Model,
    *,
    recipient: Recipient,
    channel: str,
    subject_line: str,
    body: str,
    actor: Any,
    attachments: Sequence[Attachment] = (),
    language: str = "",
    event: Event | None = None,
) -> Message:
    """Put a person's own words into the outbox, to be sent as soon as this transaction is committed.

    `channel` is `email` or `sms`; the words are sent as they are, braces and all. Raises Refused (reason `input`) if the
    recipient cannot be reached by this channel or there is nothing to say; nothing is written then. `event` is the fact
    that these words are part of: the timeline then shows the message in its place.
    """
    address = compose.address_of(recipient, channel)
    if not address:
        raise Refused(
            _("%(name)s has no address for this channel.") % {"name": recipient.name}, reason="input", field="recipient"
        )
    text, headline = block(body), one_line(subject_line)
    if not text:
        raise Refused(_("Write something first."), reason="input", field="body")
    if channel == "email" and not headline:
        raise Refused(_("An email needs a subject."), reason="input", field="subject_line")
    refer = getattr(subject, "customer_ref", lambda: None)
    message = Message.objects.create(
        channel=channel,
        language=language or recipient.language,
        subject_line=headline if channel == "email" else "",
        body=text,
        actor=actor if getattr(actor, "pk", None) else None,
        event=event,
        kind=LETTER,
        is_urgent=True,
        **compose.addressing(recipient, channel),
        **compose.about(subject, recipient.customer_id or refer()),
    )
    if attachments:
        outbox.attach({message.message_id: list(attachments)})
    outbox.ring_on_commit()
    message.refresh_from_db()
    return message


def resend(pk: int, *, actor: Any) -> Message:
    """Put a message that failed, or that nobody knows the fate of, back into the queue, under the same Message-ID."""
    return _step(pk, actor, events.RESENT, from_states=("failed", "unknown", "suppressed"), needs_address=True, **AGAIN)


def confirm_sent(pk: int, *, actor: Any) -> Message:
    """A colleague knows, from the provider or the recipient, that a message of unknown fate did go out."""
    return _step(pk, actor, events.CONFIRMED_SENT, from_states=("unknown",), state=Message.State.SENT, last_error="")


def change_address(pk: int, *, actor: Any, to_address: str) -> Message:
    """Send a failed message to another address of the same person."""
    return _step(pk, actor, events.READDRESSED, from_states=("failed", "unknown"), **AGAIN, to_address=to_address)


def cancel(pk: int, *, actor: Any) -> Message:
    """Call off a message that waits or has failed. Raises Refused once a worker has it."""
    return _step(pk, actor, events.CANCELLED, from_states=("queued", "failed"), state=Message.State.CANCELLED)


@transaction.atomic
def send_otherwise(pk: int, *, actor: Any, channel: str, to_address: str, body: str, subject_line: str = "") -> Message:
    """Tell the same person by another channel: a new message takes over, the old one is called off and names it.

    Raises Refused where the old one is on its way already, or has been taken over before; nothing has changed then.
    """
    old = Message.objects.select_for_update(of=("self",)).get(pk=pk)
    if old.state not in ("failed", "unknown"):
        raise Refused(
            _("Too late: the state of this message is “%(state)s” by now.") % {"state": old.get_state_display()}
        )
    if old.channel == channel or Message.objects.filter(instead_of=old).exists():
        raise Refused(_("This message has been sent by another channel already."))
    new = Message.objects.create(
        instead_of=old,
        event=old.event,
        rule_key=old.rule_key,
        template_key=old.template_key,
        template_version=old.template_version,
        channel=channel,
        recipient_key=rerouting.key_beside(old),
        to_name=old.to_name,
        to_address=to_address,
        user=old.user,
        customer_id=old.customer_id,
        content_type=old.content_type,
        object_id=old.object_id,
        actor=old.actor,
        language=old.language,
        subject_line=one_line(subject_line) if channel == "email" else "",
        body=block(body),
    )
    if old.state == Message.State.FAILED:
        Message.objects.filter(pk=pk).update(state=Message.State.CANCELLED)
    outbox.ring_on_commit()
    if old.subject is not None:
        facts = {"message": old.pk, "by": channel, "instead": new.pk}
        record(events.REROUTED, old.subject, actor=actor, facts=facts)
    return old


BULK = {"resend": resend, "confirm-sent": confirm_sent, "cancel": cancel}


def many(action: str, pks: Sequence[int], *, actor: Any) -> tuple[int, int]:
    """Do one of `BULK` with each of these messages, each for itself; returns how many it was done with and how many refused."""
    done = 0
    for pk in pks:
        try:
            BULK[action](pk, actor=actor)
        except Refused:
            continue
        done += 1
    return done, len(pks) - done


AGAIN: dict[str, Any] = {
    "state": Message.State.QUEUED,
    "attempts": 0,
    "strikes": 0,
    "last_error": "",
    "expires_at": None,
    "next_attempt_at": ClockTimestamp(),
}


@transaction.atomic
def _step(
    pk: int, actor: Any, event: str, *, from_states: Sequence[str], needs_address: bool = False, **columns: Any
) -> Message:
    """Move a message by hand, with its row locked, and remember who did it. Raises Refused; nothing has changed then."""
    message = Message.objects.select_for_update(of=("self",)).get(pk=pk)
    if message.state not in from_states:
        raise Refused(
            _("Too late: the state of this message is “%(state)s” by now.") % {"state": message.get_state_display()}
        )
    if needs_address and not message.to_address:
        raise Refused(_("No address is known for this person."), reason="condition")
    Message.objects.filter(pk=pk).update(**columns)
    message.refresh_from_db()
    if message.is_open:
        outbox.ring_on_commit()
    subject = message.subject
    if subject is not None:
        record(event, subject, actor=actor, facts={"message": message.pk, "by": message.channel})
    return message


@transaction.atomic
def bounced(message_id: str, reason: str, *, permanent: bool) -> bool:
    """A mail server reports that a message which went out was not delivered; False when no such message is out.

    It fails with the reason and its author or the record's owner is told, whether for good (`permanent`) or after the
    server has given up trying.
    """
    out = (Message.State.SENT, Message.State.DELIVERED, Message.State.UNKNOWN)
    row = Message.objects.select_for_update(of=("self",)).filter(message_id=message_id, state__in=out).first()
    if row is None:
        return False
    reason = reason[:1000] or "not delivered"
    Message.objects.filter(pk=row.pk).update(state=Message.State.FAILED, last_error=reason)
    row.refresh_from_db()
    alerts.to_author(row, reason)
    return True


def mark_read(user: Any, *pks: int) -> int:
    """Mark some of a colleague's own items as read, all where none is named; returns how many were unread."""
    items = InboxItem.objects.filter(user=user, read_at=None)
    if pks:
        items = items.filter(pk__in=pks)
    changed = items.update(read_at=ClockTimestamp())
    transaction.on_commit(lambda: outbox.forget_unread([user.pk]))
    return changed
