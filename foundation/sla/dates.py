"""Facts of events that hold a day or a moment: stages name those that a promise may be counted from."""

from __future__ import annotations

from typing import Any

_dates: dict[str, Any] = {}


def register_date(fact: str, label: Any) -> None:
    """Let promises hang on this fact: `promised_on` is called “the promised day”."""
    _dates[fact] = label


def date_choices() -> list[tuple[str, Any]]:
    """Fact and label of each, for forms."""
    return list(_dates.items())


def date_label(fact: str) -> str:
    """What people call it; the fact's own name where nobody has said."""
    return str(_dates.get(fact, fact))
