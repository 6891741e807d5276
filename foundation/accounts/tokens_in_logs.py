"""Keeping tokens out of logs. Imports no model, since logging is configured before the apps are."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


def redact(text: str) -> str:
    """The text with everything that has the shape of an access token made unreadable."""
    return _TOKEN.sub("[token]", text)


class RedactTokens(logging.Filter):
    """Whoever reads a log must not be able to open what it mentions."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if (clean := redact(message)) != message:
            record.msg, record.args = clean, None
        return True
