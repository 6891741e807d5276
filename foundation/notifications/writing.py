"""Whom a colleague can write to from a record, and how: behind the composer of every record page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.audiences import Recipient
from foundation.accounts.models import Company
from foundation.journal.machine import Refused, actions
from foundation.lists.pages.writing import Written
from foundation.notifications import drafting, languages
from foundation.notifications.compose import address_of
from foundation.notifications.subjects import subject_type
from foundation.notifications.texts import one_line
from foundation.ui.places import language_name

PERMISSION = "notifications.send_message"


def people_of(subject: Any) -> list[Recipient]:
    """Everybody whom this record's messages may go to, the usual one first."""
    kind = subject_type(type(subject))
    if kind is None:
        return []
    first = kind.contact(subject) if kind.contact else None
    others = kind.contacts(subject) if kind.contacts else []
    return list({one.key: one for one in [*([first] if first else []), *others]}.values())


def usual_recipient(subject: Any) -> Recipient | None:
    """The person for a message that is written straight away, if one can be reached."""
    kind = subject_type(type(subject))
    found = kind.contact(subject) if kind and kind.contact else None
    return found if found and best_channel(found) else None


def best_channel(person: Recipient) -> str:
    """The channel that they prefer, else the first that reaches them; empty when none does."""
    ways = sorted(("email", "sms"), key=lambda channel: channel != person.preferred)
    return next((channel for channel in ways if address_of(person, channel)), "")


def by_hand(address: str, channel: str, *, like: Recipient | None) -> Recipient:
    """Somebody of whom only an address is known; language, time zone and customer are those of the usual person."""
    return Recipient(
        key=f"address:{address}"[:60],
        name=address,
        language=like.language if like else "",
        time_zone=like.time_zone if like else "",
        kind="customer",
        email=address if channel != "sms" else "",
        phone=address if channel == "sms" else "",
        customer_id=like.customer_id if like else None,
        country=like.country if like else "",
        preferred=channel,
    )


def first_subject_line(subject: Any) -> str:
    """What an email about this record is headed, until somebody says otherwise."""
    return one_line(f"{subject} – {Company.current().name}", 200)


class Composer:
    """The timeline's switch “to the customer”, for `foundation.lists.pages.register_writer`."""

    def recipient(self, subject: Any, user: Any) -> str:
        """Name, language and way of the person who would get it; empty when this user can write to nobody here, or not yet."""
        if not can_write(type(subject)) or not user.has_perm(PERMISSION) or not is_offered(subject, user):
            return ""
        person = usual_recipient(subject)
        if person is None:
            return ""
        way = _("by email") if best_channel(person) == "email" else _("by text message")
        return f"{person.name}, {language_name(person.language)}, {way}"

    def send(self, subject: Any, *, actor: Any, text: str, files: Sequence[Any]) -> Written:
        """Send it in ten seconds, as from the composer; the draft there stays. Raises Refused."""
        if not actor.has_perm(PERMISSION):
            raise Refused(_("You do not have the right to do this."), reason="permission")
        if not is_offered(subject, actor):
            raise Refused(_("From this record nothing is written to the customer at the moment."))
        person = usual_recipient(subject)
        if person is None:
            raise Refused(_("Nobody is known here who could be written to."), reason="input")
        message = drafting.send(
            subject,
            actor=actor,
            recipient=person,
            channel=best_channel(person),
            subject_line=beginning(subject, actor).get("subject_line") or first_subject_line(subject),
            body=text,
            language=languages.chain(person)[0].language,
            uploads=files,
            keeps_draft=True,
        )
        return Written(person.name, f"?sent={message.pk}")


def is_offered(subject: Any, user: Any) -> bool:
    """Whether the record's own action “write”, where it has one, is open to this person in its present state."""
    action = actions.get(type(subject), "write")
    if action is None:
        return True
    is_theirs = not action.permission or user.has_perm(action.permission)
    return is_theirs and (action.available is None or bool(action.available(subject, user)))


def beginning(subject: Any, actor: Any) -> dict[str, str]:
    """With which subject and body a letter about this record begins, where its stage says so."""
    kind = subject_type(type(subject))
    return kind.begins(subject, actor) if kind is not None and kind.begins is not None else {}


def can_write(model: type[Any]) -> bool:
    """Whether records of this kind have somebody to write to, and want to be written from."""
    kind = subject_type(model)
    return kind is not None and kind.composer and (kind.contact is not None or kind.contacts is not None)
