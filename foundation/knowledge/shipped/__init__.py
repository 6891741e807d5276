"""What an installation starts with: articles in four languages, situations, and the steps of the career."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from foundation.knowledge.words import COLUMNS


@dataclass(frozen=True)
class Shipped:
    """One article. `words` are title and text in the order of the columns: English, simplified, traditional, German."""

    code: str
    kind: str
    situations: tuple[str, ...]
    keywords: str
    words: tuple[tuple[str, str], ...]

    def texts(self) -> dict[str, str]:
        """Titles and texts as a version keeps them."""
        found = {}
        for column, (title, body) in zip(COLUMNS, self.words, strict=True):
            found[f"title_{column}"], found[f"body_{column}"] = title, body.strip()
        return found

    def digest(self) -> str:
        """What tells shipped words from those that somebody has written."""
        return hashlib.sha256("\x00".join(self.texts().values()).encode()).hexdigest()
