"""Saved answers: chosen in the form of an inquiry's answer, filled with its values, changed before they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from crm import letters
from crm.models import Inquiry, SavedAnswer
from crm.people import recipient_of_inquiry
from foundation.notifications.placeholders import all_names, reading_as, values_for
from foundation.notifications.texts import block, fill, names_in


@dataclass(frozen=True)
class Offered:
    """One saved answer in the list to choose from."""

    code: str
    title: str
    is_chosen: bool


def offered(chosen: str = "") -> list[Offered]:
    """Those in use, in the order of the administration. One query."""
    rows = SavedAnswer.objects.filter(is_active=True)
    return [Offered(one.code, one.title, one.code == chosen) for one in rows]


def filled(code: str, inquiry: Inquiry, actor: Any) -> dict[str, str]:
    """First values of the form with the words of a saved answer; nothing for one that is not there.

    In the language in which the sender is written to. What nobody knows stands as a gap between ‹ and ›.
    """
    row = SavedAnswer.objects.filter(code=code, is_active=True).first() if code else None
    recipient = recipient_of_inquiry(inquiry)
    if row is None or recipient is None:
        return {}
    language = letters.frame_language(inquiry.language)
    with reading_as(language, inquiry.time_zone):
        greeting = gettext("Dear %(name)s,") % {"name": inquiry.contact_name}
        closing = gettext("Kind regards")
        body = row.body_in(language)
        values = dict(values_for(inquiry, recipient))
        meanings = all_names()
        for name in names_in(body):
            values.setdefault(name, f"‹{meanings.get(name, name)}›")
        words = block(fill(body, values))
    return {"body": f"{greeting}\n\n{words}\n\n{closing}\n{actor or ''}", "language": language}
