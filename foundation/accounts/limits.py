"""How often something may be tried. Counted by the cache in one atomic step, so that trying in parallel buys nothing."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    """At most `most` tries of one key within a window of `seconds`."""

    name: str
    most: int
    seconds: int

    def _key(self, key: str) -> str:
        window = int(time.time()) // self.seconds
        return f"limit:{self.name}:{window}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"

    def hit(self, key: str) -> bool:
        """Count one try; False when there were too many."""
        name = self._key(key)
        cache.add(name, 0, self.seconds + 60)
        try:
            return cache.incr(name) <= self.most
        except ValueError:  # gone between the two steps
            cache.set(name, 1, self.seconds + 60)
            return True

    def give_back(self, key: str) -> None:
        """Take one try back: it was a good one."""
        try:
            cache.decr(self._key(key))
        except ValueError:
            return


def remember(name: str, key: str, days: int = 30) -> None:
    """Keep a mark about a key, for as long as the cache likes but no longer than `days`."""
    cache.set(f"mark:{name}:{hashlib.sha256(key.encode()).hexdigest()[:32]}", 1, days * 86400)


def is_remembered(name: str, key: str) -> bool:
    """Whether the mark is still there."""
    return cache.get(f"mark:{name}:{hashlib.sha256(key.encode()).hexdigest()[:32]}") is not None
