"""What the journal remembers about calendars."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

REVISED = "calendar.revised"
HOLIDAYS_PROPOSED = "calendar.holidays_proposed"
HOLIDAYS_CONFIRMED = "calendar.holidays_confirmed"
YEAR_MISSING = "calendar.year_missing"
CLOSURE_ADDED = "calendar.closure_added"
CLOSURE_CHANGED = "calendar.closure_changed"
CLOSURE_TAKEN_BACK = "calendar.closure_taken_back"
TEAM_ASSIGNED = "calendar.team_assigned"
TEAM_RELEASED = "calendar.team_released"


def register() -> None:
    """Make the codes known to the journal."""
    event_type(REVISED, _("Working calendar %(name)s changed to version %(version)s"))
    event_type(HOLIDAYS_PROPOSED, _("Public holidays of %(year)s proposed"))
    event_type(
        HOLIDAYS_CONFIRMED,
        _("Public holidays of %(year)s confirmed: %(days)s counted, %(left_out)s left out; version %(version)s"),
    )
    event_type(YEAR_MISSING, _("Public holidays of %(year)s are not confirmed yet"))
    event_type(CLOSURE_ADDED, _("Closure “%(closure)s” from %(first_on)s to %(last_on)s; version %(version)s"))
    event_type(CLOSURE_CHANGED, _("Closure “%(closure)s” is now from %(first_on)s to %(last_on)s; version %(version)s"))
    event_type(CLOSURE_TAKEN_BACK, _("Closure “%(closure)s” taken back; version %(version)s"))
    event_type(TEAM_ASSIGNED, _("Counts for the team %(team)s"))
    event_type(TEAM_RELEASED, _("Counts no longer for the team %(team)s"))
