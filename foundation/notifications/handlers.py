"""What the house itself tells its administrators, whatever the rules say."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.calendars.events import YEAR_MISSING
from foundation.notifications import alerts


def wants(code: str) -> bool:
    """A calendar lacks the public holidays of the next year."""
    return code == YEAR_MISSING


def on_missing_year(event: Any, subject: Any) -> None:
    """Say so in the administrators' inbox."""
    if not wants(event.code) or subject is None:
        return
    alerts.to_administrators(
        topic=f"calendar:{subject.pk}:{event.facts['year']}",
        text=_("%(calendar)s: the public holidays of %(year)s are not confirmed"),
        values={"calendar": subject.name, "year": str(event.facts["year"])},
        link_to=("calendars:calendars", ""),
    )
