"""Search tokens: how names in any script, numbers and phones become words that PostgreSQL's built-in index can find.

Words are folded (case, width, accents; ä also as ae) and found from their beginning. Chinese text becomes pairs of
characters in the simplified script, pinyin and pinyin initials. Numbers and phones are found by any part of three
digits or more. No extension of the database is needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from foundation.ui.pinyin import syllables, words

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PARTS = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+", re.UNICODE)
_HAN = re.compile(rf"[{HAN}]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
MOST_TOKENS = 400
LONGEST_TOKEN = 60
LONGEST_RUN = 16
SHORTEST_FRAGMENT = 3
REMEMBERED = 20_000  # words; the longer ones are whole runs of Chinese


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def is_han(text: str) -> bool:
    """Whether the text begins with a Chinese character."""
    return bool(_HAN.match(text))


def fold(text: str) -> str:
    """One form for what people regard as the same letters."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    if _HAN.search(text):
        text = _simplifier().convert(text)
    return text


def strip_accents(text: str) -> str:
    """é → e, ł → l; leaves other scripts alone."""
    if text.isascii():
        return text
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return plain.replace("ł", "l").replace("ø", "o").replace("đ", "d").replace("ß", "ss")


@lru_cache(maxsize=REMEMBERED)
def _part_tokens(part: str) -> frozenset[str]:
    """The tokens of one folded part; words come again and again, in names as in a file."""
    found = _han_tokens(part) if is_han(part) else _word_tokens(part)
    return frozenset(token[:LONGEST_TOKEN] for token in found if token)


def _word_tokens(word: str) -> set[str]:
    return {strip_accents(word), strip_accents(word.translate(_UMLAUTS))}


@lru_cache(maxsize=REMEMBERED)
def _read_aloud(word: str) -> tuple[str, ...]:
    """The syllables of one word of the library's dictionary, or of one character."""
    return tuple(syllables(word))


def _syllables(run: str) -> list[str]:
    """What `lazy_pinyin` says of a run of Chinese characters: it reads word by word, and each word by itself."""
    return [syllable for word in words(run) for syllable in _read_aloud(word)]


def _han_tokens(run: str) -> set[str]:
    found = {run[i : i + 2] for i in range(len(run) - 1)}
    found.add(run[-1])
    sound = initials = ""
    for syllable in reversed(_syllables(run[:LONGEST_RUN])):
        sound, initials = syllable + sound, syllable[:1] + initials
        found.add(sound)
        found.add(initials)
    return found


def _fragments(number: str) -> set[str]:
    joined = "".join(_PARTS.findall(fold(number)))[:LONGEST_TOKEN]
    return {joined[i:] for i in range(max(1, len(joined) - SHORTEST_FRAGMENT + 1))} if joined else set()


def tokens_of(texts: Iterable[str], numbers: Iterable[str] = (), *, most: int = MOST_TOKENS) -> list[str]:
    """The tokens of a record: `texts` are names and words, `numbers` are document numbers, phones, codes."""
    found: set[str] = set()
    for text in texts:
        if text:
            for part in _PARTS.findall(fold(text)):
                found |= _part_tokens(part)
    for number in numbers:
        if number:
            found |= _fragments(number)
    return sorted(found)[:most]


def query_of(text: str) -> str:
    """A `tsquery` for what somebody typed; empty when nothing in it can be looked up. Only letters and digits get in."""
    terms: list[str] = []
    for typed in fold(text or "")[:200].split():
        parts = _PARTS.findall(typed)
        if not parts:
            continue
        split = " & ".join(term for part in parts for term in _part_terms(part))
        joined = "".join(parts)
        if len(parts) > 1 and any(c.isdigit() for c in joined):
            split = f"({split}) | {_lexeme(joined)}:*"
        terms.append(f"({split})")
    return " & ".join(terms[:12])


def _lexeme(word: str) -> str:
    return "'" + word[:LONGEST_TOKEN].replace("'", "").replace("\\", "") + "'"


def _part_terms(part: str) -> list[str]:
    if not is_han(part):
        return [f"{_lexeme(strip_accents(part))}:*"]
    if len(part) == 1:
        return [f"{_lexeme(part)}:*"]
    return [_lexeme(part[i : i + 2]) for i in range(len(part) - 1)]
