"""What a provider's answer over HTTP means, and what stands in it."""

from __future__ import annotations

import json
from typing import Any

from foundation.notifications.channels.base import Postponed, Rejected, Unreachable

BUSY = {408, 409, 423, 425, 429}


def judge(status: int, answer: bytes) -> None:
    """Turn a status into one of the three refusals; 2xx passes."""
    if 200 <= status < 300:
        return
    said = f"{status} {answer[:200].decode('utf-8', 'replace')}"
    if status in (401, 403) or 300 <= status < 400:
        raise Unreachable(said)
    if status in BUSY or status >= 500:
        raise Postponed(said)
    raise Rejected(said)


def read_json(answer: bytes) -> Any:
    """The answer's content, or None where it is no JSON."""
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        return None


def value_at(data: Any, path: str) -> str:
    """What stands in an answer at `data.0.id`, as text; empty if nothing does."""
    for step in path.split("."):
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        else:
            return ""
    return str(data)[:200] if isinstance(data, str | int) else ""
