"""Saved answers: chosen in the form of an inquiry's answer and in every composer, filled, changed before they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm import letters
from crm.models import Inquiry, SavedAnswer
from crm.people import recipient_of_inquiry
from foundation.accounts.audiences import Recipient
from foundation.notifications.filling import with_values
from foundation.notifications.placeholders import reading_as
from foundation.notifications.saved_words import SavedWords, register_saved_words
from foundation.notifications.texts import block


@dataclass(frozen=True)
class Offered:
    """One saved answer in the list to choose from."""

    code: str
    title: str
    is_chosen: bool


def offered(chosen: str = "") -> list[Offered]:
    """Those in use, in the order of the administration. One query."""
    return [Offered(code, title, code == chosen) for code, title in _titles()]


def _titles() -> list[tuple[str, str]]:
    return [(one.code, one.title) for one in SavedAnswer.objects.filter(is_active=True)]


def filled(code: str, inquiry: Inquiry, actor: Any) -> dict[str, str]:
    """First values of the form with the words of a saved answer; nothing for one that is not there.

    In the language in which the sender is written to. What nobody knows stands as a gap between ‹ and ›.
    """
    recipient = recipient_of_inquiry(inquiry)
    language = letters.frame_language(inquiry.language)
    said = letter(code, inquiry, recipient, language, actor) if code and recipient else None
    return {"body": said["body"], "language": language} if said else {}


def letter(code: str, subject: Any, recipient: Recipient, language: str, actor: Any) -> dict[str, str] | None:
    """The answer between a salutation and a closing, and by itself for a text message. One query and what its values need."""
    row = SavedAnswer.objects.filter(code=code, is_active=True).first()
    if row is None:
        return None
    with reading_as(language, recipient.time_zone):
        greeting = gettext("Dear %(name)s,") % {"name": recipient.name}
        closing = gettext("Kind regards")
        words = block(with_values({"body": row.body_in(language)}, subject, recipient)["body"])
    return {"body": f"{greeting}\n\n{words}\n\n{closing}\n{actor or ''}", "sms": words}


def register() -> None:
    """Offer them in every composer."""
    register_saved_words(SavedWords("answer", _("Saved answers"), _titles, letter))
