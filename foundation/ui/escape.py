"""One way to put any value into markup."""

from __future__ import annotations

from typing import Any, cast

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


def esc(value: object) -> SafeString:
    """The value as text, escaped unless it is safe markup already."""
    return conditional_escape(cast(Any, value))
