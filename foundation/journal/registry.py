"""Every business fact that the journal may remember, registered once with its wording."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from foundation.ui import formats

KINDS = ("system", "note", "message", "record")


@dataclass(frozen=True)
class EventType:
    """One business fact. `wording` is a lazy text with `%(name)s` places that are filled from the event's facts."""

    code: str
    wording: Any
    kind: str = "system"

    def say(self, facts: dict[str, Any], language: str | None = None) -> str:
        """The sentence for people, in the active language. A fact that is missing reads as an empty string, without the colon before it.

        Whoever says many gives the active language along.
        """
        words: dict[str | None, str] = self.__dict__.setdefault("_words", {})  # a timeline says few sentences often
        language = language or get_language()
        if language not in words:
            words[language] = str(self.wording)
        return (words[language] % _Gaps(facts)).rstrip(" :：")

    def outline(self, gap: str = "…") -> str:
        """The sentence of no event in particular, in the active language, with `gap` for each fact."""
        return str(self.wording) % _Same(gap)


class _Same(dict[str, Any]):
    """One value for every fact."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __getitem__(self, key: str) -> str:
        return self.value


class _Gaps(dict[str, Any]):
    """Facts for a sentence: what is missing reads empty, `{"en": …, "de": …}` reads in the active language.

    A fact whose name ends in `_on` is a day, kept as ISO writes it and said as the reader writes it.
    """

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        if isinstance(value, dict):
            return value.get(get_language() or "en") or value.get("en", "")
        if key.endswith("_on") and isinstance(value, str) and (day := parse_iso_day(value)):
            return formats.day(day)
        return value

    def __missing__(self, key: str) -> str:
        return ""


def parse_iso_day(text: str) -> date | None:
    """The day, or None for a text that is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_types: dict[str, EventType] = {}


def event_type(code: str, wording: Any, *, kind: str = "system") -> EventType:
    """Register `noun.past_tense`. Raises ValueError for a malformed code, an unknown kind or a second registration."""
    noun, _dot, verb = code.partition(".")
    if not noun.isidentifier() or not verb.isidentifier():
        raise ValueError(f"{code!r}: an event code has two parts, noun.past_tense")
    if kind not in KINDS:
        raise ValueError(f"{kind!r}: an event is one of {KINDS}")
    if code in _types and str(_types[code].wording) != str(wording):
        raise ValueError(f"{code!r} is registered twice")
    return _types.setdefault(code, EventType(code, wording, kind))


def get_type(code: str) -> EventType:
    """The registered type. Raises LookupError for a code that nobody registered."""
    try:
        return _types[code]
    except KeyError:
        raise LookupError(f"No event type {code!r} is registered") from None


def all_types() -> Iterable[EventType]:
    """Every registered type, sorted by code."""
    return [_types[code] for code in sorted(_types)]
