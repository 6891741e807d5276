"""What a list is narrowed by, in words: one text for each parameter of the address, remembered for a minute."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import get_language

MOST_KEPT = 400
LONGEST = 60
Said = tuple[tuple[str, str], ...]  # parameter, “Country: Germany”
_kept: OrderedDict[tuple[str, str], Said] = OrderedDict()


def keys_of(name: str) -> tuple[str, ...]:
    """The parameters that a filter reads: a range reads several of one name."""
    return (name, f"{name}_min", f"{name}_max", f"{name}_after", f"{name}_before")


def said_of(key: str, make: Callable[[], Said]) -> Said:
    """What `make` says in this language. The key holds all else that it depends on, the minute too.

    To name what was chosen, the form and all its choices must be made; who turns the pages or searches on finds it named.
    """
    place = (get_language() or "", key)
    found = _kept.get(place)
    if found is None:
        found = _kept[place] = make()
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def narrowed_by(form: Any, asked: QueryDict) -> Said:
    """What the form's fields say of the values that the address names."""
    said: list[tuple[str, str]] = []
    for name, field in form.fields.items():
        for key in keys_of(name):
            values = [value for value in asked.getlist(key) if value]
            if not values:
                continue
            labels = {str(value): label for value, label in getattr(field, "choices", [])}
            shown = ", ".join(str(labels.get(value, value))[:LONGEST] for value in values)
            said.append((key, f"{capfirst(str(field.label or name))}: {shown}"))
    return tuple(said)


def forget() -> None:
    """Name everything afresh; for tests."""
    _kept.clear()
