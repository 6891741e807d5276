"""Colleagues named in a note: found, and refused where the note would lead them to a closed door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.mentions import Mentioned, read_mentions
from foundation.accounts.models import User
from foundation.journal.machine import Refused


def read_note(text: str, may_see: Callable[[Any], bool], *, field: str | None = None, blind: str = "") -> Mentioned:
    """The note with its mentions. Raises Refused for an ambiguous name, and for somebody who may not see the record.

    `blind` says the latter in other words, about %(people)s.
    """
    try:
        said = read_mentions(text)
    except Refused as refusal:
        raise Refused(refusal.message, reason=refusal.reason, field=field) from refusal
    people = User.objects.filter(pk__in=said.user_ids).order_by("name") if said.user_ids else []
    if unseeing := [str(person) for person in people if not may_see(person)]:
        message = blind or _("%(people)s may not see this record. Write the name without @, or leave it out.")
        raise Refused(message % {"people": ", ".join(unseeing)}, reason="input", field=field)
    return said
