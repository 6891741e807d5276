"""A message that failed, told by the other channel: to which address, in which words."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from foundation.accounts.audiences import Recipient, get_audience
from foundation.notifications.compose import address_of
from foundation.notifications.models import Message, Rule, Template
from foundation.notifications.placeholders import reading_as, values_for
from foundation.notifications.subjects import subject_type
from foundation.notifications.texts import block, fill, one_line

log = logging.getLogger(__name__)
OTHER = {"email": "sms", "sms": "email"}


def other_channel(channel: str) -> str:
    """Text messages instead of email, email instead of anything else."""
    return OTHER.get(channel, "email")


def original_key(message: Message) -> str:
    """The recipient's key as their audience knows it."""
    return message.recipient_key.partition("~")[0]


def key_beside(message: Message) -> str:
    """A key for the message that takes over: the rule may have written to the same person by that channel already."""
    return f"{original_key(message)[:45]}~{message.pk}"[:60]


def proposal(message: Message) -> dict[str, Any]:
    """First values for whoever sends it otherwise: the same person as known today, the same template in the same language.

    Where the template says nothing for that channel or cannot be filled any more, the words are those of the old message.
    """
    channel = other_channel(message.channel)
    person = _person(message)
    values = {
        "to_address": address_of(person, channel) if person is not None else "",
        "subject_line": message.subject_line,
        "body": message.body,
    }
    row = Template.objects.filter(key=message.template_key, language=message.language).first()
    if row is None or person is None or not (row.sms if channel == "sms" else row.body):
        return values
    try:
        with transaction.atomic(), reading_as(message.language, person.time_zone):
            known = values_for(message.subject, person, event=message.event)
            values["body"] = block(fill(row.sms if channel == "sms" else row.body, known))
            values["subject_line"] = one_line(fill(row.subject, known))
    except Exception:
        log.exception("The words of template %s cannot be made anew", message.template_key)
    return values


def _person(message: Message) -> Recipient | None:
    """Who the message was to, as their record stands today."""
    subject = message.subject
    kind = subject_type(type(subject)) if subject is not None else None
    people = list(kind.contacts(subject)) if kind is not None and kind.contacts else []
    if kind is not None and kind.contact and (contact := kind.contact(subject)) is not None:
        people.insert(0, contact)
    rule = Rule.objects.filter(key=message.rule_key).first() if message.rule_key else None
    audience = get_audience(rule.audience) if rule is not None else None
    if audience is not None and message.event is not None and subject is not None:
        people += audience.find(message.event, subject)
    return next((one for one in people if one.key == original_key(message)), None)
