"""How a text message travels: in which encoding, in how many paid parts, and which characters make it dearer.

GSM 03.38: the default alphabet carries 160 characters of seven bits in one part, 153 in each of several (the header that
joins them takes the rest); the ten characters of its extension take two places. One character outside both forces the
whole text into UCS-2: 70 units in one part, 67 in each of several, where an emoji takes two. A pair of places is never torn
apart by the end of a part.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
GSM7, UCS2 = "gsm7", "ucs2"
LIMITS = {GSM7: (160, 153), UCS2: (70, 67)}


@dataclass(frozen=True, slots=True)
class Count:
    """What one text costs: `units` are septets of GSM-7 or 16-bit units of UCS-2, `parts` are paid each."""

    encoding: Literal["gsm7", "ucs2"]
    units: int
    parts: int
    # How many more units fit before the next part is paid.
    left: int
    # The characters that force UCS-2, each once, in the order of the text.
    costly: tuple[str, ...]

    @property
    def avoidable(self) -> tuple[str, ...]:
        """The costly characters that could be written otherwise; none in a text whose own script needs UCS-2."""
        if any(one.isalpha() and not unicodedata.name(one, "").startswith("LATIN ") for one in self.costly):
            return ()
        return self.costly


def count(text: str) -> Count:
    """Measure a text as a phone network would; an empty text is no part at all."""
    costly = tuple(dict.fromkeys(one for one in text if one not in BASIC and one not in EXTENDED))
    encoding: Literal["gsm7", "ucs2"] = "ucs2" if costly else "gsm7"
    width = _ucs2_width if costly else _gsm7_width
    single, joined = LIMITS[encoding]
    units = sum(width(one) for one in text)
    if units <= single:
        return Count(encoding, units, 1 if text else 0, single - units if text else 0, costly)
    parts, used = _fill(text, width, joined)
    return Count(encoding, units, parts, joined - used, costly)


def _fill(text: str, width: Callable[[str], int], size: int) -> tuple[int, int]:
    """How many parts of that size the characters fill, none torn apart, and how full the last one is."""
    parts, used = 1, 0
    for one in text:
        needed = width(one)
        if used + needed > size:
            parts, used = parts + 1, 0
        used += needed
    return parts, used


def _gsm7_width(one: str) -> int:
    return 2 if one in EXTENDED else 1


def _ucs2_width(one: str) -> int:
    return 2 if ord(one) > 0xFFFF else 1
