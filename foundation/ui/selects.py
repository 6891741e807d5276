"""Selects of hundreds of options, such as countries: their markup is joined once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from foundation.ui.widgets import attributes

Pairs = tuple[tuple[str, str], ...]


@lru_cache(maxsize=64)
def _options(pairs: Pairs) -> tuple[str, Mapping[str, int]]:
    """The options with none chosen, and for each value the place where ` selected` belongs."""
    drawn: list[str] = []
    places: dict[str, int] = {}
    length = 0
    for value, label in pairs:
        begin = f'\n  <option value="{escape(value)}"'
        option = f"{begin}>{escape(label)}</option>\n"
        places.setdefault(value, length + len(begin))
        drawn.append(option)
        length += len(option)
    return "".join(drawn), places


@lru_cache(maxsize=64)
def _values(pairs: Pairs) -> frozenset[str]:
    return frozenset(value for value, _label in pairs)


def _pairs(choices: Any) -> Pairs | None:
    """The choices as plain pairs of plain texts; None when there is more to them (groups, markup, texts yet to translate)."""
    source = getattr(choices, "func", None)  # asked directly: Django takes every pair apart and joins it again
    found = tuple(source() if source is not None else choices)
    plain = all(type(one) is tuple and len(one) == 2 and type(one[0]) is type(one[1]) is str for one in found)
    return found if plain else None


class LongSelect(forms.Select):
    """Draws what `Select` draws. The options are kept by what they say, so each language has its own."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """The markup, with the chosen option marked."""
        pairs = _pairs(self.choices)
        if pairs is None:
            return super().render(name, value, attrs, renderer)
        options, places = _options(pairs)
        if chosen := [places[one] for one in self.format_value(value) if one in places]:
            options = f"{options[: min(chosen)]} selected{options[min(chosen) :]}"
        head = f'<select name="{escape(name)}"{attributes(self.build_attrs(self.attrs, attrs))}>'
        return mark_safe(f"{head}{options}\n</select>")

    def use_required_attribute(self, initial: Any) -> bool:
        """As `Select` decides it: only with an empty choice at the top."""
        pairs = _pairs(self.choices)
        if pairs is None:
            return super().use_required_attribute(initial)
        return not self.is_hidden and bool(pairs) and pairs[0][0] == ""


class LongChoiceField(forms.ChoiceField):
    """One of very many; the choices are a function that answers pairs of texts."""

    widget = LongSelect

    def valid_value(self, value: Any) -> bool:
        """Whether it is one of them."""
        pairs = _pairs(self.choices)
        return super().valid_value(value) if pairs is None else str(value) in _values(pairs)
