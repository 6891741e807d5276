"""Cells and lines of an export as CSV."""

from __future__ import annotations

from django.utils.html import strip_tags

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def neutral(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    if value is None or isinstance(value, (int, float)):
        return value
    text = strip_tags(str(value)) if hasattr(value, "__html__") else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
