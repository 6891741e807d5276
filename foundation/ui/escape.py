"""One way to put any value into markup."""

from __future__ import annotations

from html import escape
from typing import Any, cast

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


def esc(value: object) -> SafeString:
    """The value as text, escaped unless it is safe markup already."""
    kind = type(value)
    if kind is str:  # what nearly all values are; Django looks for lazy ones among the arguments first
        return SafeString(escape(value))  # type: ignore[arg-type]
    if kind is SafeString:
        return cast(SafeString, value)
    return conditional_escape(cast(Any, value))
