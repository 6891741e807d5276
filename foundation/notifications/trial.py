"""A trial of words that are being written: sent to their writer alone, through the same outbox as everything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.audiences import staff_recipient
from foundation.journal.machine import Refused
from foundation.notifications import channels
from foundation.notifications.models import Template
from foundation.notifications.preview import Example, filled
from foundation.notifications.services import send_message


def send(
    key: str, language: str, words: Mapping[str, str], example: Example | None, *, channel: str, actor: Any
) -> str:
    """Send the words, filled with the example where there is one, to `actor`; returns the address.

    Raises Refused if the words cannot be filled in, say nothing for this channel, or the person has no address for it.
    """
    if channel not in {one.code for one in channels.transports()}:
        raise Refused(_("Choose email or text message."), reason="input")
    shown = filled(example, language, words) if example else None
    if shown is not None and shown.problem:
        raise Refused(_("Nobody knows what %(name)s says.") % {"name": shown.problem}, reason="input")
    said = {"subject": shown.subject, "body": shown.body, "sms": shown.sms} if shown else words
    row = Template.objects.filter(key=key).order_by("pk").first()
    assert row is not None  # the page of a template without any row answers 404
    person = staff_recipient(actor)
    message = send_message(
        row,
        recipient=person,
        channel=channel,
        subject_line=_("Trial: %(subject)s") % {"subject": said["subject"]},
        body=said["body"] if channel == "email" else said["sms"],
        actor=actor,
        language=language,
    )
    return message.to_address
