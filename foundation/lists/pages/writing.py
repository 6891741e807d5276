"""The switch “to the customer” above every timeline: a place that the room of messages furnishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Written:
    """What was sent: to whom, and the query behind the record's address under which the writer says more about it."""

    name: str
    query: str = ""


class Writer(Protocol):
    """Who sends what is written above a timeline."""

    def recipient(self, subject: Any, user: Any) -> str:
        """Who would get it, in words; empty when this person cannot write to a customer from this record."""

    def send(self, subject: Any, *, actor: Any, text: str, files: Sequence[Any]) -> Written:
        """Send it. Raises Refused, and nothing is sent."""


_writers: list[Writer] = []


def register_writer(writer: Writer) -> None:
    """Let record pages offer to write to the customer."""
    _writers[:] = [writer]


def registered_writer() -> Writer | None:
    """What is registered, or None."""
    return _writers[0] if _writers else None
