"""Colleagues named in a text by `@`: found in any script, kept by the person's key, never guessed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.journal.machine import Refused

MARK = "@"
MOST = 20
_JOINTS = "._%+-'’"


@dataclass(frozen=True)
class Person:
    """What a mention needs to know of a colleague."""

    pk: int
    name: str
    email: str


@dataclass(frozen=True)
class Mentioned:
    """The text with every mention written out in full, and where they stand: (from, to, user id)."""

    text: str
    spans: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def user_ids(self) -> list[int]:
        """Each person once, in the order of their first mention."""
        return list(dict.fromkeys(pk for _start, _end, pk in self.spans))


class Names:
    """By which words after the `@` each colleague is known: the whole name, one word of it, the address or its first part."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = {person.pk: person for person in people}
        self._known: dict[str, set[int]] = {}
        for person in self.people.values():
            for key in _keys_of(person):
                self._known.setdefault(key, set()).add(person.pk)
        self._lengths = sorted({len(key) for key in self._known}, reverse=True)

    def at(self, text: str, start: int) -> tuple[int, set[int]]:
        """The longest name that begins here: where it ends, and who is called so. (start, nobody) for none."""
        for length in self._lengths:
            end = start + length
            found = self._known.get(text[start:end].casefold()) if end <= len(text) else None
            if found and _ends_at(text, end):
                return end, found
        return start, set()

    def handle(self, pk: int) -> str:
        """The shortest address by which nobody else is meant."""
        email = self.people[pk].email
        short = email.partition("@")[0]
        return short if self._known.get(short.casefold()) == {pk} else email

    def way_to_write(self, pk: int) -> str:
        """The name where it is nobody else's, otherwise the address."""
        name = self.people[pk].name
        return name if self._known.get(_plain(name).casefold()) == {pk} else self.handle(pk)


def _keys_of(person: Person) -> set[str]:
    name = _plain(person.name)
    words = name.split()
    keys = {name, person.email, person.email.partition("@")[0], *(words if len(words) > 1 else ())}
    return {key.casefold() for key in keys if key}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _is_spaced(char: str) -> bool:
    """Whether the script of this letter sets spaces between words; Chinese, Japanese and Thai do not."""
    return char.isalnum() and not ("\u0e00" <= char <= "\u0eff" or "\u3040" <= char <= "\u9fff" or char >= "\uf900")


def _begins_at(text: str, at: int) -> bool:
    """Whether an `@` here can begin a mention: not the one within an email address."""
    before = text[at - 1] if at else " "
    return not (_is_spaced(before) or before in f"{MARK}{_JOINTS}_")


def _ends_at(text: str, end: int) -> bool:
    """Whether a name can end here: not in the middle of a word, nor before `.berg`."""
    if not _is_spaced(text[end - 1]) or end >= len(text):
        return True
    after = text[end]
    if after in f"{MARK}{_JOINTS}":
        return not (end + 1 < len(text) and _is_spaced(text[end + 1])) or after in "'’"
    return not (_is_spaced(after) or after == "_")


def active_names() -> Names:
    """Everybody who can be mentioned now. One query."""
    rows = User.objects.filter(is_active=True).order_by("pk").values_list("pk", "name", "email")
    return Names(Person(*row) for row in rows)


def read_mentions(text: str, *, names: Names | None = None) -> Mentioned:
    """Find whom a text mentions. No query for a text without `@`.

    A word after `@` that is nobody's name stays as it is. Raises Refused where one is the name of several people, with
    the ways to write each of them; and for more than twenty mentions.
    """
    text = unicodedata.normalize("NFC", text)
    if MARK not in text:
        return Mentioned(text)
    names = names or active_names()
    written: list[str] = []
    spans: list[tuple[int, int, int]] = []
    length = done = 0
    at = text.find(MARK)
    while at >= 0:
        end, found = names.at(text, at + 1) if _begins_at(text, at) else (at + 1, set())
        if len(found) > 1:
            raise _several(text[at:end], sorted(found), names)
        if found:
            (pk,) = found
            name = f"{MARK}{names.people[pk].name}"
            written += [text[done:at], name]
            length += at - done + len(name)
            spans.append((length - len(name), length, pk))
            done = end
        at = text.find(MARK, max(end, at + 1))
    if len(spans) > MOST:
        raise Refused(_("At most %(count)s mentions in one note.") % {"count": MOST}, reason="input")
    return Mentioned("".join([*written, text[done:]]), spans)


def _several(word: str, found: Sequence[int], names: Names) -> Refused:
    ways = ", ".join(f"{names.people[pk].name} ({MARK}{names.handle(pk)})" for pk in found[:6])
    message = _("“%(word)s” may be several colleagues. Write whom you mean: %(ways)s.") % {"word": word, "ways": ways}
    return Refused(message, reason="input")
