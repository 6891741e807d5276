"""Reports of mail servers (RFC 3464): what they say about a mail of ours is told to that mail."""

from __future__ import annotations

from foundation.mailroom.models import IncomingMail
from foundation.mailroom.reading.letter import Letter, Notice
from foundation.mailroom.reading.nature import is_permanent
from foundation.notifications.models import Message
from foundation.notifications.services import bounced
from foundation.notifications.services.addresses import mark_bounced

Result = IncomingMail.Result


def take_report(mail: IncomingMail, letter: Letter) -> None:
    """Tell the message that the report is about. A delay is no failure, and a report about nothing of ours stays a report."""
    mail.result = Result.BOUNCE
    message = message_behind(letter)
    if message is None:
        mail.reason = "unknown_message"
        return
    mail.content_type_id, mail.object_id, mail.customer_id = (
        message.content_type_id,
        message.object_id,
        message.customer_id,
    )
    mail.in_reply_to = message.message_id  # its page leads there
    notice = _worst(letter.notices)
    if notice is not None and notice.action != "failed":
        mail.reason = "delayed" if notice.action == "delayed" else "delivered"
        mail.detail = _words(notice)
        return
    mail.reason = "failed"
    mail.detail = _words(notice) if notice else letter.subject
    permanent = is_permanent(notice.status, notice.action) if notice else False
    was_ours = bounced(message.message_id, mail.detail, permanent=permanent)
    # Anybody can write a report: only one about a mail that did go out to this very address counts against the address.
    if was_ours and notice and notice.recipient in ("", message.to_address.lower()):
        mark_bounced("email", message.to_address, permanent=permanent, reason=mail.detail, message=message)


def message_behind(letter: Letter) -> Message | None:
    """The message of ours that the report returns, or answers."""
    named = [one for one in (letter.reported_id, *letter.ancestors) if one]
    return Message.objects.filter(message_id__in=named).first() if named else None


def _worst(notices: list[Notice]) -> Notice | None:
    ranks = {"failed": 0, "delayed": 1}
    return min(notices, key=lambda one: ranks.get(one.action, 2), default=None)


def _words(notice: Notice) -> str:
    return " ".join(part for part in (notice.status, notice.diagnosis or notice.action) if part)[:300]
