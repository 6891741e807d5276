"""Writing together, sending later, and taking back: the draft of a record, and the ten seconds after Send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import Value
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.audiences import Recipient
from foundation.journal.attachments import attach, attachments_of
from foundation.journal.machine import Refused
from foundation.journal.models import ClockTimestamp
from foundation.journal.services import record
from foundation.notifications import events, services
from foundation.notifications.models import Message, MessageDraft, Template

UNDO = timedelta(seconds=10)
LATEST = timedelta(days=366)
# What a draft keeps of the form.
KEPT = (
    "recipient",
    "other_address",
    "channel",
    "language",
    "template_key",
    "subject_line",
    "body",
    "papers",
    "send_at",
)


def draft_of(subject: models.Model) -> MessageDraft | None:
    """What is being written about this record, or None."""
    return MessageDraft.objects.filter(**_place(subject)).select_related("updated_by").first()


@transaction.atomic
def save_draft(subject: models.Model, fields: Mapping[str, Any], *, actor: Any, seen: int) -> MessageDraft:
    """Keep what was typed. `seen` is the revision that the writer had before them, 0 for none.

    Raises Refused, and keeps nothing, if a colleague has changed the draft since: two people write at once.
    """
    kept = {name: fields[name] for name in KEPT if fields.get(name)}
    draft = MessageDraft.objects.select_for_update(of=("self",)).filter(**_place(subject)).first()
    if draft is None:
        try:
            with transaction.atomic():
                return MessageDraft.objects.create(**_place(subject), fields=kept, updated_by=actor)
        except IntegrityError:  # a colleague began in the same moment
            draft = MessageDraft.objects.select_for_update(of=("self",)).get(**_place(subject))
    if draft.revision != seen and draft.updated_by_id != actor.pk:
        raise Refused(
            _("%(person)s is writing here too and has changed the draft. What you typed is not kept yet.")
            % {"person": draft.updated_by}
        )
    draft.fields, draft.updated_by, draft.revision = kept, actor, draft.revision + 1
    draft.save()
    return draft


def discard(subject: models.Model) -> None:
    """Throw the draft away."""
    MessageDraft.objects.filter(**_place(subject)).delete()


@transaction.atomic
def send(
    subject: models.Model,
    *,
    actor: Any,
    recipient: Recipient,
    channel: str,
    subject_line: str,
    body: str,
    language: str,
    template_key: str = "",
    papers: Sequence[int] = (),
    uploads: Sequence[Any] = (),
    at: datetime | None = None,
    keeps_draft: bool = False,
) -> Message:
    """A colleague's message about a record, in ten seconds or at a moment of their choice; the draft is gone then.

    `papers` are keys of files of this record; words that were not written in the composer leave its draft (`keeps_draft`).
    Raises Refused; nothing is kept or sent then.
    """
    if (uploads or papers) and channel != "email":
        raise Refused(_("Files can only go out by email."), reason="input", field="uploads")
    _refuse_moment(at)
    event = record(events.WRITTEN, subject, actor=actor, facts={"by": channel})
    files = list(attachments_of(subject).filter(pk__in=list(papers)))
    files += [attach(subject, one, actor=actor, purpose="message", event=event) for one in uploads]
    message = services.send_message(
        subject,
        recipient=recipient,
        channel=channel,
        subject_line=subject_line,
        body=body,
        actor=actor,
        attachments=files,
        language=language,
        event=event,
    )
    version = Template.objects.filter(key=template_key, language=language).values_list("version", flat=True).first()
    Message.objects.filter(pk=message.pk).update(
        next_attempt_at=at or ClockTimestamp() + Value(UNDO),
        template_key=template_key if version else "",
        template_version=version or 0,
    )
    if not keeps_draft:
        discard(subject)
    message.refresh_from_db()
    return message


def _refuse_moment(at: datetime | None) -> None:
    if at is not None and not timezone.now() < at < timezone.now() + LATEST:
        raise Refused(_("Choose a moment in the future, within a year."), reason="input", field="send_at")


@transaction.atomic
def take_back(pk: int, *, actor: Any) -> Message:
    """Call off one's own message that has not left yet, and put its words back into the draft. Raises Refused if it has."""
    message = Message.objects.select_for_update(of=("self",)).get(pk=pk, actor=actor)
    if message.state != Message.State.QUEUED or message.attempts:
        raise Refused(_("Too late: the message has left."))
    services.cancel(pk, actor=actor)
    subject = message.subject
    if subject is not None and draft_of(subject) is None:
        save_draft(
            subject,
            {
                "recipient": message.recipient_key,
                "channel": message.channel,
                "language": message.language,
                "template_key": message.template_key,
                "subject_line": message.subject_line,
                "body": message.body,
            },
            actor=actor,
            seen=0,
        )
    return message


def _place(subject: models.Model) -> dict[str, Any]:
    content_type = ContentType.objects.get_for_model(subject, for_concrete_model=False)
    return {"content_type": content_type, "object_id": subject.pk}
