"""What the journal remembers about calendars."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

REVISED = "calendar.revised"


def register() -> None:
    """Make the codes known to the journal."""
    event_type(REVISED, _("Working calendar %(name)s changed to version %(version)s"))
