"""What makes two entries the same company, without the database: names in any script, numbers, domains.

A name is brought into one form: simplified characters are read aloud as pinyin, accents, punctuation and legal forms are
left out. Its keys are this form and the form less one letter each: two names that differ by one slip share a key, so that
an index finds them without looking at the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

from rapidfuzz.distance import OSA

from foundation.lists.tokens import HAN, fold, is_han, strip_accents
from foundation.ui.pinyin import syllables

_PARTS = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+", re.UNICODE)
_DOTS = re.compile(r"(?<=\w)\.(?=\w)|(?<=\b\w)\.")
_WRITTEN_TWICE = re.compile("[äöüÄÖÜ]|\u0308")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_POLISH = re.compile(r"\bsp\.?\s*z\s*o\.?\s*o\b\.?")
# fmt: off
LEGAL = frozenset({
    "ab", "ag", "and", "aps", "as", "bhd", "bv", "co", "company", "corp", "corporation", "cv", "doo", "ek", "eirl", "eurl", "ev", "gbr",
    "gesmbh", "gmbh", "inc", "incorporated", "jsc", "kft", "kg", "kgaa", "lda", "limited", "llc", "llp", "lp", "ltd", "ltda", "mbh", "nv",
    "ohg", "ooo", "oy", "pc", "plc", "pt", "pte", "pty", "pvt", "sa", "sarl", "sas", "sdn", "se", "snc", "spa", "spol", "srl", "srls",
    "sro", "tbk", "ug", "und",
})
# fmt: on
_HAN_LEGAL = re.compile(
    "股份有限公司|有限责任公司|有限公司|股份公司|总公司|分公司|集团公司|集团|公司|有限合伙|省|市|\\(|\\)"
)
SHORTEST_SLIP = 6  # in a shorter name another letter is another name
LONGEST_SLIP = 12  # from here on two slips are forgiven
SHORTEST_HAN = 4
INDEXED = 24  # so many letters of a name are indexed with a slip; the rest is compared afterwards


def name_words(name: str, *, umlauts: bool = True) -> list[str]:
    """The words that tell a company from others, Chinese ones as runs of simplified characters.

    With `umlauts` ü is written ue, without it u.
    """
    text = _POLISH.sub(" ", fold(name.lower()))
    text = _DOTS.sub("", text)
    found: list[str] = []
    legal: list[str] = []
    for part in _PARTS.findall(text):
        if is_han(part):
            kept = _HAN_LEGAL.sub("", part)
            (found if kept else legal).append(kept or part)
        else:
            word = strip_accents(part.translate(_UMLAUTS) if umlauts else part)
            (legal if word in LEGAL else found).append(word)
    return found or legal


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """A Chinese word as it is read, another as it is."""
    return strip_accents("".join(syllables(word)).lower().replace("ü", "u")) if is_han(word) else word


def core_of(name: str, *, umlauts: bool = True) -> str:
    """The name in one form, as one word of small letters and digits."""
    return "".join(sound(word) for word in name_words(name, umlauts=umlauts))


def cores_of(name: str) -> list[str]:
    """The name in one form; in two where it has umlauts, which people write in two ways."""
    first = core_of(name)
    if not _WRITTEN_TWICE.search(name):
        return [first]
    return list(dict.fromkeys((first, core_of(name, umlauts=False))))


def han_of(name: str) -> str:
    """The Chinese characters of the name, simplified; empty where it has none."""
    return "".join(word for word in name_words(name) if is_han(word))


def _slips(text: str) -> set[str]:
    return {text[:i] + text[i + 1 :] for i in range(len(text))}


def name_texts(name: str) -> set[str]:
    """What a name is found by."""
    words = name_words(name)
    core = "".join(sound(word) for word in words)
    if not core:
        return set()
    found = {"w:" + "".join(sorted(sound(word) for word in words))}
    for one in cores_of(name):
        found |= {
            f"n:{text}" for text in (one[:INDEXED], *(_slips(one[:INDEXED]) if len(one) >= SHORTEST_SLIP else ()))
        }
    han = "".join(word for word in words if is_han(word))
    if len(han) >= SHORTEST_HAN:
        found |= {f"h:{one}" for one in (han[:INDEXED], *_slips(han[:INDEXED]))}
    return found


def likeness(one: str, other: str) -> str:
    """How two names compare: `name` (the same), `similar`, `sound` (other characters, read the same), or empty."""
    first, second = core_of(one), core_of(other)
    if not first or not second:
        return ""
    if first == second or sorted(map(sound, name_words(one))) == sorted(map(sound, name_words(other))):
        here, there = han_of(one), han_of(other)
        return "sound" if here and there and here != there else "name"
    if (
        len(min(here := han_of(one), there := han_of(other), key=len)) >= SHORTEST_HAN
        and OSA.distance(here, there) <= 1
    ):
        return "similar"
    pairs = [(here, there) for here in cores_of(one) for there in cores_of(other)]
    return "similar" if any(_nearly(here, there) for here, there in pairs) else ""


def _nearly(first: str, second: str) -> bool:
    shorter = min(len(first), len(second))
    slips = 2 if shorter >= LONGEST_SLIP else 1 if shorter >= SHORTEST_SLIP else 0
    return bool(slips) and OSA.distance(first, second, score_cutoff=slips) <= slips


@dataclass(frozen=True)
class Entry:
    """What somebody has typed, or what is kept, of one company; phones as E.164, emails in small letters."""

    names: tuple[str, ...] = ()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    tax: str = ""
    found_by: tuple[str, ...] = field(default=(), compare=False)  # further names that it was known by

    def texts(self) -> set[str]:
        """Everything that it is found by."""
        found: set[str] = set()
        for name in (*self.names, *self.found_by):
            if name:
                found |= name_texts(name)
        found |= {f"e:{one}" for one in self.emails}
        found |= {f"p:{one}" for one in self.phones}
        found |= {f"d:{one}" for one in self.domains}
        if self.tax:
            found.add(f"t:{self.tax}")
        return found

    def keys(self) -> list[int]:
        """The same as numbers, for the index."""
        return keys_of(self.texts())

    def reasons(self, other: Entry) -> list[str]:
        """Why they may be one company, the surest first; empty when they are not."""
        found = []
        if self.tax and self.tax == other.tax:
            found.append("tax")
        found += [code for code, here, there in (
            ("email", self.emails, other.emails), ("phone", self.phones, other.phones), ("domain", self.domains, other.domains),
        ) if here & there]  # fmt: skip
        likes = {likeness(one, two) for one, two in self.pairs(other)}
        return found + next(([one] for one in ("name", "similar", "sound") if one in likes), [])

    def pairs(self, other: Entry) -> list[tuple[str, str]]:
        """Each name of the one beside each of the other."""
        names = [one for one in (*self.names, *self.found_by) if one]
        return [(one, two) for one in names for two in (*other.names, *other.found_by) if two]


SURE = frozenset({"tax", "email", "phone", "domain", "name", "similar"})


def is_likely(reasons: Iterable[str]) -> bool:
    """Whether somebody has to say why these are two: what only sounds the same is a hint."""
    return bool(SURE & set(reasons))


def keys_of(texts: Iterable[str]) -> list[int]:
    """Texts as numbers of the index."""
    return sorted(int.from_bytes(blake2b(one.encode(), digest_size=8).digest(), "big", signed=True) for one in texts)
