"""From an event and a rule to rows that are ready to be written: recipients, language, words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Value
from django.utils.translation import gettext as _

from foundation.accounts.audiences import Recipient, get_audience
from foundation.journal.models import Attachment, ClockTimestamp
from foundation.notifications import languages, subjects
from foundation.notifications.manners.drafting import settle
from foundation.notifications.manners.reasons import OPTED_OUT
from foundation.notifications.models import InboxItem, Message
from foundation.notifications.placeholders import reading_as, record_link, values_for
from foundation.notifications.rules import Plan, Words
from foundation.notifications.texts import block, fill, one_line

INBOX = "inbox"
HEADED = ("email", "wecom")  # channels whose messages have a subject
# Kept in the row in English, shown to people in their language by `selectors.explain`.
NO_ADDRESS = "no address"


class BrokenRule(Exception):
    """A rule that cannot be carried out, with a sentence for the administrator."""


@dataclass
class Drafts:
    """What events are about to write."""

    messages: list[Message] = field(default_factory=list)
    items: list[InboxItem] = field(default_factory=list)
    papers: dict[str, list[Attachment]] = field(default_factory=dict)  # by message ID

    def __iadd__(self, other: Drafts) -> Drafts:
        self.messages += other.messages
        self.items += other.items
        self.papers.update(other.papers)
        return self


def language_chain(recipient: Recipient, facts: Mapping[str, Any]) -> list[str]:
    """Languages to try for one person: theirs, the customer's, the country's, the company's, English."""
    return [step.language for step in languages.chain(recipient, facts)]


def pick_words(plan: Plan, chain: list[str], channel: str) -> tuple[str, Words]:
    """The first language of the chain in which the template says something for this channel. Raises BrokenRule."""
    for language in chain:
        words = plan.words.get(language)
        if words and words.for_channel(channel):
            return language, words
    raise BrokenRule(
        _("Template “%(key)s” has no text for the channel “%(channel)s”.")
        % {"key": plan.template_key, "channel": channel}
    )


def address_of(recipient: Recipient, channel: str) -> str:
    """Where the channel reaches this person; empty when it does not."""
    if channel == "sms":
        return recipient.phone
    if channel == "wecom":
        return recipient.wecom if settings.WECOM_URL else ""
    if channel == "email" and is_address(recipient.email):
        return recipient.email
    return ""


def is_address(value: str) -> bool:
    """Whether this is one deliverable email address and nothing else; Django alone lets U+2028 pass at the end."""
    if value != one_line(value) or " " in value:
        return False
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def wanted_channels(plan: Plan, recipient: Recipient) -> list[str]:
    """The channels to use: every one that reaches them, or the first (the person's own preference before the rule's order).

    Where the event itself says how this person is told, those channels count instead of the rule's.

    When none does, the first one is used all the same, so that the missing address shows on the worklist.
    """
    wanted = list(recipient.channels or plan.channels)
    leaving = [channel for channel in wanted if channel != INBOX]
    if recipient.preferred in leaving:
        leaving.sort(key=lambda channel: channel != recipient.preferred)
    reaching = [channel for channel in leaving if address_of(recipient, channel)]
    inbox = [INBOX] if INBOX in wanted and recipient.user_id else []
    if not reaching:
        return inbox or leaving[:1]
    return inbox + (reaching if plan.every_channel or recipient.channels else reaching[:1])


def draft(event: Any, subject: Any, plans: list[Plan]) -> Drafts:
    """Everything these rules have to say about the event. Raises whatever a broken rule raises."""
    drafts = Drafts()
    seen: set[tuple[str, str, str]] = set()
    for plan in plans:
        if not isinstance(plan.channels, list):
            raise BrokenRule(_("The channels are not a list."))
        for recipient in recipients(plan, event, subject):
            for channel in wanted_channels(plan, recipient):
                key = (recipient.key, plan.template_key, channel)
                if key not in seen:
                    seen.add(key)
                    _draft_one(drafts, event, subject, plan, recipient, channel)
    return drafts


def draft_by(event: Any, subject: Any, plan: Plan, recipient: Recipient, channel: str) -> Drafts:
    """What one rule says to one person by one channel, at once. Raises BrokenRule where it has no words for it."""
    drafts = Drafts()
    _draft_one(drafts, event, subject, replace(plan, delay=timedelta(0)), recipient, channel)
    return drafts


def recipients(plan: Plan, event: Any, subject: Any) -> Iterator[Recipient]:
    """The rule's people. Somebody who did it does not need to be told. Raises BrokenRule for an unknown audience."""
    audience = get_audience(plan.audience)
    if audience is None:
        raise BrokenRule(_("Nobody knows the audience “%(name)s”.") % {"name": plan.audience})
    for recipient in audience.find(event, subject):
        if recipient.user_id is None or recipient.user_id != event.actor_id:
            yield recipient


def _draft_one(drafts: Drafts, event: Any, subject: Any, plan: Plan, recipient: Recipient, channel: str) -> None:
    language, words = pick_words(plan, language_chain(recipient, event.facts), channel)
    with reading_as(language, recipient.time_zone):
        values = values_for(subject, recipient, event=event)
        headline = one_line(fill(words.subject, values))
        text = (
            ""
            if channel == INBOX and not words.sms
            else block(fill(words.body if channel == "email" else words.sms or words.body, values))
        )
    if channel == INBOX:
        drafts.items.append(
            InboxItem(
                user_id=recipient.user_id or 0,
                event=event,
                template_key=plan.template_key,
                text=headline,
                detail=text,
                link=record_link(subject),
            )
        )
        return
    message = Message(
        event=event,
        rule_key=plan.key,
        template_key=plan.template_key,
        template_version=words.version,
        channel=channel,
        language=language,
        subject_line=headline if channel in HEADED else "",
        body=text,
        **addressing(recipient, channel),
        content_type_id=event.content_type_id,
        object_id=event.object_id,
        customer_id=event.customer_id or recipient.customer_id,
    )
    if plan.delay:
        message.next_attempt_at = ClockTimestamp() + Value(plan.delay)
    if plan.lasts is not None:
        message.expires_at = event.occurred_at + plan.lasts
    if recipient.opted_out & {"all", channel, plan.key, plan.template_key}:
        message.state, message.last_error = Message.State.SUPPRESSED, OPTED_OUT
    elif not message.to_address:
        message.state, message.last_error = Message.State.FAILED, NO_ADDRESS
    settle(message, plan, event.code, delay=plan.delay)
    if plan.attach and channel == "email":
        drafts.papers[message.message_id] = list(subjects.papers(plan.attach)(subject, recipient))
    drafts.messages.append(message)


def addressing(recipient: Recipient, channel: str) -> dict[str, Any]:
    """The columns that say to whom."""
    return {
        "recipient_key": recipient.key,
        "to_name": one_line(recipient.name, 200),
        "to_address": address_of(recipient, channel),
        "user_id": recipient.user_id,
        "time_zone": recipient.time_zone,
        "country": recipient.country,
    }


def about(subject: Any, customer_id: int | None) -> dict[str, Any]:
    """The columns that say about what."""
    return {
        "content_type": ContentType.objects.get_for_model(subject, for_concrete_model=False),
        "object_id": subject.pk,
        "customer_id": customer_id,
    }
