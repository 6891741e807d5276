"""Giving an inquiry to somebody who can answer it."""

from __future__ import annotations

from typing import Any

from crm.models import Inquiry
from crm.selectors import open_inquiries
from foundation.accounts.leaves import away_today
from foundation.accounts.models import UserLanguage
from foundation.accounts.routing import same_language, staff_speaking

ROLE = "sales"


def speaks(user: Any, language: str) -> bool:
    """Whether this colleague works in the language well enough to write to a customer."""
    known = user.languages.filter(level__gte=UserLanguage.Level.WORKING).values_list("language", flat=True)
    return any(same_language(one, language) for one in known)


def best_owner(inquiry: Inquiry) -> tuple[Any, bool]:
    """Who should answer, and whether they speak the sender's language; (None, False) when nobody is there.

    The customer's owner comes first if they can write to the sender; then the one with the fewest inquiries waiting.
    """
    owner = inquiry.customer.owner if inquiry.customer else None
    if owner is not None and owner.is_active and owner.pk not in away_today() and speaks(owner, inquiry.language):
        return owner, True
    chosen = staff_speaking(inquiry.language, ROLE, load=open_inquiries)
    return chosen, chosen is not None and speaks(chosen, inquiry.language)
