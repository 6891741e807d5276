"""Where a day begins and ends for the reader."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone


def start_of_day() -> datetime:
    """The last midnight in the reader's own zone."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def end_of_day() -> datetime:
    """The next midnight in the reader's own zone."""
    return start_of_day() + timedelta(days=1)
