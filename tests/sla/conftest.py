"""A record to make promises about, and targets that follow its events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from foundation.accounts.models import User
from foundation.calendars.models import Calendar
from foundation.calendars.services import create_calendar
from foundation.journal.registry import event_type
from foundation.journal.services import record
from foundation.sla.models import Target
from tests.calendars.plans import OFFICE

for _verb in ("arrived", "answered", "held", "released", "ranked", "assigned"):
    event_type(f"parcel.{_verb}", f"Parcel {_verb}")


def berlin(text: str) -> datetime:
    """`2T15:00` is 15:00 of Monday, 2 March 2026 in Berlin."""
    day, time = text.split("T")
    return datetime.fromisoformat(
        f"2026-03-{int(day):02}T{time}{':00' if time.count(':') == 1 else ''}+01:00"
    ).astimezone(UTC)


def add_target(code: str = "answer", **fields: Any) -> Target:
    """A target of one working hour on parcels, unless said otherwise."""
    values: dict[str, Any] = {
        "metric": "answer",
        "name": "Answer",
        "name_de": "Antwort",
        "start_events": ["parcel.arrived"],
        "stop_events": ["parcel.answered"],
        "pause_events": ["parcel.held"],
        "resume_events": ["parcel.released"],
        "retarget_events": ["parcel.ranked"],
        "amount": 1,
        "unit": "hours",
        "warning_percent": [50, 90],
        "escalate_after": [30],
    }
    target = Target(code=code, **{**values, **fields})
    target.full_clean()
    target.save()
    return target


def add_calendar(code: str = "office", plan: dict[str, Any] = OFFICE) -> Calendar:
    return create_calendar(actor=None, code=code, name=code.title(), plan=plan)


def tell(subject: Any, verb: str, at: str | None = None, **facts: Any) -> Any:
    """Record `parcel.<verb>`; with a time, as somebody who enters late what happened then."""
    return record(f"parcel.{verb}", subject, facts=facts, occurred_at=berlin(at) if at else None)


@pytest.fixture
def parcel(db: Any) -> Calendar:
    """A record; which kind does not matter to the clocks."""
    return Calendar.objects.create(code="p-1", name="Parcel")


@pytest.fixture
def office(db: Any) -> Calendar:
    return add_calendar()


@pytest.fixture
def anna(db: Any) -> User:
    return User.objects.create_user("anna@example.com", None, name="Anna", time_zone="Europe/Berlin")
