"""Templates, rules, the outbox and the inbox. Addresses and words live in these rows, which can be erased, never in events."""

from foundation.notifications.models.digests import Digest, DigestChoice, DigestLine, DigestPolicy
from foundation.notifications.models.drafts import MessageDraft
from foundation.notifications.models.inbox import InboxItem
from foundation.notifications.models.languages import CountryLanguage
from foundation.notifications.models.manners import (
    DeadAddress,
    MarketingLimit,
    MarketingText,
    MessageKind,
    OptOut,
    QuietHours,
)
from foundation.notifications.models.outbox import (
    STATES,
    STEPS,
    Message,
    MessageAttachment,
    MessageQuerySet,
    MessageStep,
    PendingEvent,
    new_message_id,
)
from foundation.notifications.models.pace import ChannelLimit, ChannelTake
from foundation.notifications.models.receipts import StrayReceipt, TakenNotice
from foundation.notifications.models.rules import Rule, default_channels
from foundation.notifications.models.templates import WORDS, Template, TemplateVersion

__all__ = [
    "STATES",
    "STEPS",
    "WORDS",
    "ChannelLimit",
    "ChannelTake",
    "CountryLanguage",
    "DeadAddress",
    "Digest",
    "DigestChoice",
    "DigestLine",
    "DigestPolicy",
    "InboxItem",
    "MarketingLimit",
    "MarketingText",
    "Message",
    "MessageAttachment",
    "MessageDraft",
    "MessageQuerySet",
    "MessageStep",
    "MessageKind",
    "OptOut",
    "PendingEvent",
    "QuietHours",
    "Rule",
    "StrayReceipt",
    "TakenNotice",
    "Template",
    "TemplateVersion",
    "default_channels",
    "new_message_id",
]
