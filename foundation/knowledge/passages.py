"""Where in a text the words stand that somebody looked for. Pure: case, width, accents and the Chinese script do not count."""

from __future__ import annotations

from functools import lru_cache

from django.utils.safestring import SafeString

from foundation.lists.tokens import fold, is_han, strip_accents
from foundation.ui.escape import esc

WIDTH = 160
BEFORE = 50


@lru_cache(maxsize=8_192)
def _folded(char: str) -> str:
    return strip_accents(fold(char))


def _mapped(text: str) -> tuple[str, list[int]]:
    """The text folded letter by letter, and for each folded letter its place in the text."""
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        folded = _folded(char)
        out.append(folded)
        places += [place] * len(folded)
    return "".join(out), places


def spans_of(text: str, words: str) -> list[tuple[int, int]]:
    """Where the words stand, in order and without overlaps; Latin words only at their beginning."""
    folded, places = _mapped(text)
    found: list[tuple[int, int]] = []
    for word in dict.fromkeys(strip_accents(fold(words)).split()):
        at = folded.find(word)
        while at >= 0:
            begins = at == 0 or is_han(word) or not folded[at - 1].isalnum() or is_han(folded[at - 1])
            if begins:
                found.append((places[at], places[at + len(word) - 1] + 1))
            at = folded.find(word, at + 1)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def holds(text: str, words: str) -> bool:
    """Whether every one of the words stands in the text."""
    folded, _places = _mapped(text)
    return all(word in folded for word in strip_accents(fold(words)).split())


def marked(text: str, spans: list[tuple[int, int]], start: int = 0, end: int | None = None) -> SafeString:
    """A piece of the text with the places marked."""
    end = len(text) if end is None else end
    out, done = [], start
    for begin, until in spans:
        if begin < start or until > end:
            continue
        out += [esc(text[done:begin]), SafeString("<mark>"), esc(text[begin:until]), SafeString("</mark>")]
        done = until
    return SafeString("".join([*out, esc(text[done:end])]))


def passage(text: str, words: str) -> SafeString:
    """The piece of the text around the first place where one of the words stands; its beginning where none does."""
    spans = spans_of(text, words)
    first = spans[0][0] if spans else 0
    start = max(0, first - BEFORE)
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + WIDTH)
    if spans:
        end = max(end, min(len(text), spans[0][1]))
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return SafeString(f"{before}{marked(text, spans, start, end)}{after}")
