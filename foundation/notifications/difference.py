"""What changed between two texts, word by word; Chinese sign by sign."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# A placeholder, a word with the space behind it, or one sign.
_PIECES = re.compile(r"\{\w+\}|[^\W\u2e80-\u9fff\uf900-\ufaff]+[ ]?|.", re.DOTALL)


def marked(before: str, after: str) -> SafeString:
    """The later text, with what went as `<del>` and what came as `<ins>`; everything is escaped."""
    return mark_safe("".join(_pieces(_PIECES.findall(before), _PIECES.findall(after))))


def _pieces(before: list[str], after: list[str]) -> Iterator[str]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield escape("".join(after[j1:j2]))
            continue
        if i2 > i1:
            yield f"<del>{escape(''.join(before[i1:i2]))}</del>"
        if j2 > j1:
            yield f"<ins>{escape(''.join(after[j1:j2]))}</ins>"
