"""What people do with messages: write one, send a failed one again, mend its address, call it off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from foundation.accounts.audiences import Recipient
from foundation.journal.machine import Refused
from foundation.journal.models import Attachment
from foundation.notifications import compose, outbox
from foundation.notifications.models import Message
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
) -> Message:
    """Put a person's own words into the outbox, to be sent as soon as this transaction is committed.

    `channel` is `email` or `sms`; the words are sent as they are, braces and all. Raises Refused (reason `input`) if the
    recipient cannot be reached by this channel or there is nothing to say; nothing is written then.
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
        **compose.addressing(recipient, channel),
        **compose.about(subject, recipient.customer_id or refer()),
    )
    if attachments:
        outbox.attach({message.message_id: list(attachments)})
    outbox.ring_on_commit()
    message.refresh_from_db()
    return message
