"""Words for what promises are only for: kinds, priorities, tiers, languages and channels of records.

The words belong to the facts of events (`foundation.journal.fact_words`), where message rules find them too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from foundation.journal import fact_words
from foundation.sla.models import Target


def register_values(condition: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Let promises that are only for some records say so in words: `register_values("kinds", Shipment.Mode.choices)`."""
    fact_words.register_values(Target.CONDITIONS[condition], choices)


def is_known(condition: str, code: str) -> bool:
    """Whether some stage uses this code; also where nobody has named any."""
    known = fact_words.known_values(Target.CONDITIONS[condition])
    return known is None or code in known


def known_codes(condition: str) -> list[str]:
    """The codes of a condition that stages have named, in their order."""
    return fact_words.known_values(Target.CONDITIONS[condition]) or []


def value_label(condition: str, code: str) -> str:
    """What people call a value; the code where nobody has said."""
    return fact_words.value_label(Target.CONDITIONS[condition], code)
