"""Events after which a promise is owed no more: the record was called off, and nobody kept or missed anything."""

from __future__ import annotations

from collections.abc import Iterable

_withdrawals: set[str] = set()


def register_withdrawals(codes: Iterable[str]) -> None:
    """Let these events, where they stop a clock, end it neither met nor, unless it was so before, missed."""
    _withdrawals.update(codes)


def is_withdrawal(code: str) -> bool:
    """Whether an event takes the promises of its record back."""
    return code in _withdrawals
