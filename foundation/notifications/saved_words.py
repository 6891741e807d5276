"""Words that a stage keeps for usual answers: colleagues choose them in every composer, beside the templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

# Between the name of a kind and the code of its words; no template's key holds it.
MARK = ":"


@dataclass(frozen=True)
class SavedWords:
    """One kind: `offered()` gives code and title; `filled(code, subject, recipient, language, actor)` a whole letter.

    The letter has a body for emails and one for text messages; None for a code that is not there any more.
    """

    name: str
    label: Any
    offered: Callable[[], Iterable[tuple[str, str]]]
    filled: Callable[[str, Any, Any, str, Any], dict[str, str] | None]


_kinds: dict[str, SavedWords] = {}


def register_saved_words(kind: SavedWords) -> None:
    """Offer these words in every composer."""
    _kinds[kind.name] = kind


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """For a list to choose from: each kind with its words. What a kind asks the database for, once."""
    found = []
    for kind in _kinds.values():
        if words := [(f"{kind.name}{MARK}{code}", title) for code, title in kind.offered()]:
            found.append((str(kind.label), words))
    return found


def is_saved(key: str) -> bool:
    """Whether a choice means words of ours, and no template."""
    return key.partition(MARK)[0] in _kinds and MARK in key


def filled_in(key: str, subject: Any, recipient: Any, language: str, actor: Any) -> dict[str, str] | None:
    """The letter, as `filling.filled_in` gives it for a template."""
    name, _mark, code = key.partition(MARK)
    said = _kinds[name].filled(code, subject, recipient, language, actor)
    return {"subject": "", **said} if said else None
