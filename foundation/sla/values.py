"""Words for the codes in events that promises ask for: stages name kinds, priorities, tiers and channels of their records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from foundation.ui.places import language_name

# condition of a target -> code -> what the stages call it
_values: dict[str, dict[str, list[Any]]] = {}


def register_values(condition: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Let promises that are only for some records say so in words: `register_values("kinds", Shipment.Mode.choices)`."""
    known = _values.setdefault(condition, {})
    for code, label in choices:
        known.setdefault(code, []).append(label)


def is_known(condition: str, code: str) -> bool:
    """Whether some stage uses this code; also where nobody has named any."""
    return condition not in _values or code in _values[condition]


def known_codes(condition: str) -> list[str]:
    """The codes of a condition that stages have named, in their order."""
    return list(_values.get(condition, ()))


def value_label(condition: str, code: str) -> str:
    """What people call a value; the code where nobody has said. Stages that name it differently are both heard."""
    if condition == "languages":
        return language_name(code)
    labels = dict.fromkeys(str(label) for label in _values.get(condition, {}).get(code, ()))
    return " / ".join(labels) or code
