"""Rows that every installation starts with."""

from __future__ import annotations

from foundation.calendars.defaults import GUANGZHOU
from foundation.calendars.models import Calendar
from foundation.todos.models import TaskPolicy


def load() -> int:
    """The policy, with the company's calendar where it is there already."""
    if TaskPolicy.objects.exists():
        return 0
    TaskPolicy(calendar=Calendar.objects.filter(code=GUANGZHOU).first()).save()
    return 1
