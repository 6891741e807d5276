"""What managers do with a calendar, as buttons of its page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.calendars.forms import ClosureForm, ProposeForm, TeamForm
from foundation.calendars.models import Calendar
from foundation.calendars.services.closures import add_closure
from foundation.calendars.services.holidays import propose_holidays
from foundation.calendars.services.uses import use_for_team
from foundation.journal.machine import actions


def register() -> None:
    """Offer them."""
    actions.add(
        Calendar,
        "holidays",
        label=_("Bring in public holidays"),
        service=propose_holidays,
        permission="calendars.change_calendar",
        form=ProposeForm,
        wants_context=True,
        primary=True,
        done=_("These days are proposed. They count once you confirm them."),
    )
    actions.add(
        Calendar,
        "close",
        label=_("Add a closure"),
        service=add_closure,
        permission="calendars.change_calendar",
        form=ClosureForm,
        wants_context=True,
        done=_("The closure counts from now on."),
    )
    actions.add(
        Calendar,
        "team",
        label=_("Give it to a team"),
        service=use_for_team,
        permission="calendars.change_calendaruse",
        form=TeamForm,
        wants_context=True,
        done=_("Promises of this team that start from now on count in these hours."),
    )
