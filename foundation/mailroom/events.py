"""What the mailroom remembers: on the record that a mail joined, and on the mail where a person sorted it."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

RECEIVED = "mail.received"
AFTER_HOURS = "mail.after_hours"
OWNER_AWAY = "mail.owner_away"
ASSIGNED = "mail.assigned"
DISCARDED = "mail.discarded"
RETRIED = "mail.retried"


def register() -> None:
    """Make the codes known to the journal."""
    event_type(RECEIVED, _("Email received"), kind="message")
    event_type(AFTER_HOURS, _("Email arrived outside working hours"))
    event_type(OWNER_AWAY, _("Email arrived while the colleague in charge is away"))
    event_type(ASSIGNED, _("Email sorted by hand"))
    event_type(DISCARDED, _("Email discarded"))
    event_type(RETRIED, _("Email looked at again"))
