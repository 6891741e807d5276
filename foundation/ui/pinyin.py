"""How Chinese is read aloud, by pypinyin, whose dictionaries are kept small.

As the library loads them, fifty thousand phrases and forty thousand characters with their readings are half a million
objects: sixty megabytes. Here the phrases are a trie, and readings are numbers: one megabyte. The files are read member
by member, so that what is not kept makes room for the next one at once, instead of leaving holes that belong to the
process for good.
"""

from __future__ import annotations

import json
import os
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

from marisa_trie import Trie

_NAME = "pypinyin.phrases_dict"
_CHARACTERS = "pypinyin.pinyin_dict"
_BLANKS = " \t\r\n"
_loading = Lock()


def syllables(text: str) -> list[str]:
    """Each Chinese character as its syllable without tone, everything else as it stands."""
    found: list[str] = _library().lazy_pinyin(text)
    return found


def words(run: str) -> list[str]:
    """A run of Chinese characters, cut into the words of the library's dictionary."""
    _library()
    from pypinyin.seg.mmseg import seg

    return list(seg.cut(run))


class Phrases(Mapping[str, list[list[str]]]):
    """Phrases and how each of their characters is read; a reading is a list of syllables.

    As many readings as characters belong to a phrase. All are kept behind each other as numbers, in the order of the trie.
    """

    def __init__(self, pairs: Iterable[tuple[str, list[list[str]]]]) -> None:
        """Raises ValueError for a phrase without a reading for each of its characters."""
        numbers: dict[tuple[str, ...], int] = {}
        found: dict[str, bytes] = {}
        for phrase, sounds in pairs:
            if not phrase or len(phrase) != len(sounds):
                raise ValueError(phrase)
            found[phrase] = array("H", [numbers.setdefault(tuple(one), len(numbers)) for one in sounds]).tobytes()
        self._trie = Trie(found)
        self._readings = [list(one) for one in numbers]
        in_order = sorted(found, key=self._trie.__getitem__)
        self._starts = array("I", accumulate(map(len, in_order), initial=0))
        self._sounds = array("H", b"".join(found[phrase] for phrase in in_order))

    def __len__(self) -> int:
        return len(self._trie)

    def __iter__(self) -> Iterator[str]:
        return iter(self._trie)

    def __contains__(self, phrase: object) -> bool:
        return phrase in self._trie

    def __getitem__(self, phrase: str) -> list[list[str]]:
        place = self._trie[phrase]
        return [self._readings[number] for number in self._sounds[self._starts[place] : self._starts[place + 1]]]

    def begins(self, text: str) -> bool:
        """Whether a phrase begins with this text."""
        return next(self._trie.iterkeys(text), None) is not None


class Characters(Mapping[int, str]):
    """The readings of each character by its code point, most usual first, with commas between."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Code points as in the library's file, written as decimal numbers, and their readings."""
        numbers: dict[str, int] = {}
        self._numbers = array("H", [0])  # 0: has no reading
        for point, text in pairs:
            place = int(point)
            if place >= len(self._numbers):
                self._numbers.extend([0] * (place + 1 - len(self._numbers)))
            self._numbers[place] = numbers.setdefault(text, len(numbers) + 1)
        self._texts = ["", *numbers]

    def __len__(self) -> int:
        return sum(1 for _point in self)

    def __iter__(self) -> Iterator[int]:
        return (point for point, number in enumerate(self._numbers) if number)

    def __contains__(self, point: object) -> bool:
        return isinstance(point, int) and 0 <= point < len(self._numbers) and self._numbers[point] != 0

    def __getitem__(self, point: int) -> str:
        if point not in self:
            raise KeyError(point)
        return self._texts[self._numbers[point]]


class Beginnings:
    """Whether a text is the beginning of a phrase.

    The library keeps each beginning of each phrase as a text of its own, which is as much again as all phrases.
    """

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._added: set[str] = set()

    def add(self, text: str) -> None:
        """Know one more."""
        self._added.add(text)

    def __contains__(self, text: str) -> bool:
        return self._phrases.begins(text) or text in self._added


def read_phrases(text: str) -> Phrases:
    """The library's file of phrases; ValueError or IndexError for one that is broken."""
    return Phrases(_pairs(text))


def read_characters(text: str) -> Characters:
    """The library's file of characters; errors as above."""
    return Characters(_pairs(text))


def _pairs(text: str) -> Iterator[tuple[str, Any]]:
    """The members of a JSON object, one by one."""
    decode = json.JSONDecoder().raw_decode
    place = _after(text, 0, "{")
    while text[place] != "}":
        key, place = decode(text, place)
        value, place = decode(text, _after(text, place, ":"))
        yield key, value
        place = _after(text, place, ",")


def _after(text: str, place: int, sign: str) -> int:
    """Where the next value begins, behind blanks and at most one such sign."""
    while text[place] in _BLANKS:
        place += 1
    if text[place] == sign:
        place += 1
        while text[place] in _BLANKS:
            place += 1
    return place


@lru_cache(maxsize=1)
def _library() -> Any:
    with _loading:
        if "pypinyin" not in sys.modules:
            _put_dictionaries()
            import pypinyin
            from pypinyin.seg import mmseg

            beginnings: Any = Beginnings(sys.modules[_NAME].phrases_dict)
            mmseg.p_set._set = beginnings
        import pypinyin
    return pypinyin


def _put_dictionaries() -> None:
    """Let the library find its dictionaries loaded, and not copy them: nobody adds to them."""
    spec = find_spec("pypinyin")
    assert spec is not None and spec.origin is not None
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    folder = Path(spec.origin).parent
    phrases: Any = ModuleType(_NAME)
    phrases.phrases_dict = read_phrases((folder / "phrases_dict.json").read_text("utf-8"))
    characters: Any = ModuleType(_CHARACTERS)
    characters.pinyin_dict = read_characters((folder / "pinyin_dict.json").read_text("utf-8"))
    sys.modules |= {_NAME: phrases, _CHARACTERS: characters}
