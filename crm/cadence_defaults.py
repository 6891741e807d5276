"""How often customers hear from us in a new installation: a call, an email and two text messages a month."""

from __future__ import annotations

from crm.models import CadenceRule
from crm.services.cadence import rebuild_touches

# ways, times a month, the words that it begins with
RULES: list[tuple[list[str], int, str]] = [
    (["phone", "visit"], 1, ""),
    (["email"], 1, "campaign.new_product"),
    (["sms"], 2, ""),
]


def load() -> int:
    """The rules, where there are none at all: what an administrator changed or switched off stays. Returns how many."""
    if CadenceRule.objects.exists():
        return 0
    for ways, number, template in RULES:
        CadenceRule.objects.create(ways=ways, per_month=number, template_key=template, is_applied=True)
    rebuild_touches()
    return len(RULES)
