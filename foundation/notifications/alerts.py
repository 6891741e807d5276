"""Telling administrators that something of theirs does not work."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from foundation.accounts.models import User
from foundation.notifications import outbox
from foundation.notifications.models import InboxItem
from foundation.notifications.texts import one_line


def administrators() -> list[User]:
    """Everybody who can mend a rule or a channel."""
    return list(User.objects.filter(Q(is_superuser=True) | Q(groups__name="administrator"), is_active=True).distinct())


def to_administrators(
    *, topic: str, text: Any, values: dict[str, str], detail: str = "", link_to: tuple[str, str] = ("", "")
) -> None:
    """One line in each administrator's inbox, in their language; the same topic is not repeated while the first is unread.

    `text` is a lazy text with `%(name)s` places for `values`.
    """
    items = []
    for user in administrators():
        with translation.override(user.language):
            line = one_line(str(text) % values)
        items.append(
            InboxItem(user=user, topic=topic[:120], text=line, detail=one_line(detail, 1000), link=_link(*link_to))
        )
    outbox.put_in_inbox(items)


def _link(name: str, query: str) -> str:
    try:
        return reverse(name) + query if name else ""
    except NoReverseMatch:
        return ""
