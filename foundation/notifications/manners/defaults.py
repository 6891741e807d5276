"""The rows that a house begins with: kinds, the company's quiet hours, the limit for marketing."""

from __future__ import annotations

from foundation.notifications.manners.kinds import load_kinds
from foundation.notifications.models import MarketingLimit, QuietHours


def load_manners() -> int:
    """Add what is missing and change nothing; answers how many rows were added. Quiet from 21:00 to 08:00; two a week."""
    added = load_kinds()
    if not QuietHours.objects.filter(country="", customer_id=None, person_key="").exists():
        QuietHours.objects.create()
        added += 1
    _row, is_new = MarketingLimit.objects.get_or_create(pk=1)
    return added + is_new
