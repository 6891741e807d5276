"""The customer's own page for what they want to hear: its addresses, and what marketing says about it."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.accounts import tokens
from foundation.accounts.letters import absolute
from foundation.notifications.manners.kinds import MARKETING, kind_of
from foundation.notifications.models import Message

PURPOSE = "wishes"
DAYS = 400
_pages: dict[str, str] = {}


def register_pages(*, page: str, stop: str) -> None:
    """Say where customers choose (`page`) and where their mail program declines for them (`stop`): names with one token."""
    _pages.update(page=page, stop=stop)


def is_marketing(message: Message) -> bool:
    """Whether a message must say how it is declined."""
    return bool(_pages) and kind_of(message.kind).nature == MARKETING


def ways_out(message: Message) -> tuple[dict[str, str], str]:
    """The headers of RFC 8058 and the last paragraph of a marketing message, with a fresh token; empty for all others."""
    if not is_marketing(message):
        return {}, ""
    raw = tokens.issue(PURPOSE, message, days=DAYS, contact_key=message.recipient_key)
    headers = {
        "List-Unsubscribe": f"<{absolute(reverse(_pages['stop'], args=[raw]))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    with translation.override(message.language):
        words = _("To choose what we send you, or to stop it:")
    return headers, f"{words}\n{absolute(reverse(_pages['page'], args=[raw]))}"
