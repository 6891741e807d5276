"""Telling people that something of theirs does not work: administrators of rules and channels, authors of messages."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.notifications import outbox
from foundation.notifications.models import InboxItem, Message
from foundation.notifications.placeholders import owner_of
from foundation.notifications.texts import one_line


def administrators() -> list[User]:
    """Everybody who can mend a rule or a channel."""
    return list(User.objects.filter(Q(is_superuser=True) | Q(groups__name="administrator"), is_active=True).distinct())


def to_administrators(
    *, topic: str, text: Any, values: dict[str, Any], detail: str = "", link_to: tuple[str, str] = ("", "")
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


def withdraw(topic: str) -> None:
    """The trouble is over: who has not read of it need not."""
    gone = InboxItem.objects.filter(topic=topic, read_at=None)
    people = set(gone.values_list("user_id", flat=True))
    if people:
        gone.delete()
        outbox.forget_unread(people)


def to_author(message: Message, error: str, *, is_unclear: bool = False) -> None:
    """A line in the inbox of whoever wrote the message, or of the colleague in charge of its record.

    `is_unclear`: it may have gone out, and nobody knows.
    """
    person = message.actor or _owner(message)
    if person is None or not person.is_active or message.user_id is not None:
        return
    with translation.override(person.language):
        text = (
            _("Nobody knows whether the message to %(name)s went out")
            if is_unclear
            else _("The message to %(name)s could not be sent")
        )
        line = one_line(text % {"name": message.to_name or message.to_address})
    outbox.put_in_inbox(
        [
            InboxItem(
                user=person,
                topic=f"message:{message.pk}",
                text=line,
                detail=one_line(error, 1000),
                link=message.get_absolute_url(),
            )
        ]
    )


def _owner(message: Message) -> Any:
    subject = message.subject
    return owner_of(subject) if subject is not None else None


def _link(name: str, query: str) -> str:
    try:
        return reverse(name) + query if name else ""
    except NoReverseMatch:
        return ""
