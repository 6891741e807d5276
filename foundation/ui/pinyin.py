"""How Chinese is read aloud, by pypinyin, whose dictionary of phrases is kept small.

As the library loads it, each of two hundred thousand syllables is a list and a text of its own: forty megabytes. There
are some fifteen hundred different ones; here equal ones are one. The file is read phrase by phrase, so that what is not
kept makes room for the next one at once, instead of leaving holes that belong to the process for good.
"""

from __future__ import annotations

import json
import os
import sys
from bisect import bisect_left, insort
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

_NAME = "pypinyin.phrases_dict"
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


def read_phrases(text: str) -> dict[str, list[list[str]]]:
    """The library's file of phrases, with one list for all equal syllables."""
    decode = json.JSONDecoder().raw_decode
    shared: dict[tuple[str, ...], list[str]] = {}
    found: dict[str, list[list[str]]] = {}
    place = _after(text, 0, "{")
    while text[place] != "}":
        phrase, place = decode(text, place)
        sounds, place = decode(text, _after(text, place, ":"))
        found[phrase] = [shared.setdefault(tuple(one), one) for one in sounds]
        place = _after(text, place, ",")
    return found


def _after(text: str, place: int, sign: str) -> int:
    """Where the next value begins, behind blanks and at most one such sign."""
    while text[place] in _BLANKS:
        place += 1
    if text[place] == sign:
        place += 1
        while text[place] in _BLANKS:
            place += 1
    return place


class Beginnings:
    """Whether a text is the beginning of a phrase: looked up in their sorted list.

    The library keeps each beginning of each phrase as a text of its own, which is as much again as all phrases.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = sorted(phrases)

    def add(self, text: str) -> None:
        """Know one more."""
        if text not in self:
            insort(self._phrases, text)

    def __contains__(self, text: str) -> bool:
        place = bisect_left(self._phrases, text)
        return place < len(self._phrases) and self._phrases[place].startswith(text)


@lru_cache(maxsize=1)
def _library() -> Any:
    with _loading:
        if "pypinyin" not in sys.modules:
            _put_phrases()
            import pypinyin
            from pypinyin.seg import mmseg

            beginnings: Any = Beginnings(sys.modules[_NAME].phrases_dict)
            mmseg.p_set._set = beginnings
        import pypinyin
    return pypinyin


def _put_phrases() -> None:
    """Let the library find its phrases loaded, and not copy them: nobody adds to them."""
    spec = find_spec("pypinyin")
    assert spec is not None and spec.origin is not None
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    module: Any = ModuleType(_NAME)
    module.phrases_dict = read_phrases(Path(spec.origin).with_name("phrases_dict.json").read_text("utf-8"))
    sys.modules[_NAME] = module
