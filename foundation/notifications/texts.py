"""The template language: plain text with flat `{names}`. No attributes, no format specifications, no code."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

PLACE = re.compile(r"\{([a-z][a-z0-9_]{0,59})\}")
_BRACED = re.compile(r"\{[^{}]{0,40}\}?|\}")
# Everything that ends a line or hides in one: C0 and C1 controls, the separators of Unicode, marks that turn the reading direction.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_BLOCK_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]+")

Value = str | Callable[[], Any]


class UnknownPlaceholder(LookupError):
    """A text names something that is not known: `name` is what stands there, braces included."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def names_in(text: str) -> list[str]:
    """The placeholders of a text, in the order in which they first occur."""
    return list(dict.fromkeys(PLACE.findall(text)))


def strangers_in(text: str, known: Collection[str]) -> list[str]:
    """Everything in braces that is no known placeholder, as it stands in the text; stray braces too."""
    found = [f"{{{name}}}" for name in names_in(text) if name not in known]
    found += [match.group(0) for match in _BRACED.finditer(PLACE.sub("", text))]
    return list(dict.fromkeys(found))


def fill(text: str, values: Mapping[str, Value]) -> str:
    """Put the values in, in one pass: braces inside a value stay what they are. Raises UnknownPlaceholder.

    A value may be a function, which is called only when the text asks for it.
    """

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in values:
            raise UnknownPlaceholder(match.group(0))
        value = values[name]
        value = value() if callable(value) else value
        return "" if value is None else str(value)

    return PLACE.sub(put, text)


def one_line(text: str, limit: int = 250) -> str:
    """Text that is safe in a header: every control character and line separator has become a space."""
    return " ".join(_CONTROL.sub(" ", text).split())[:limit].strip()


def block(text: str) -> str:
    """Text of several lines: line ends are `\\n`, other control characters are gone, at most one empty line in a row."""
    lines = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
        .replace("\x85", "\n")
    )
    cleaned = "\n".join(line.rstrip() for line in _BLOCK_CONTROL.sub("", lines).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", cleaned).strip()
