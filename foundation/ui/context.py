"""What the page shell needs on every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation, counters and the reader's preferences; replaced as the shell grows."""
    return {}
