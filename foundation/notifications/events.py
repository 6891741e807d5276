"""What people do with messages. What becomes of a message is its state, not an event."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

WRITTEN = "message.written"
RESENT = "message.resent"
READDRESSED = "message.readdressed"
CANCELLED = "message.cancelled"


def register() -> None:
    """Make the codes known to the journal."""
    event_type(WRITTEN, _("Message written"), kind="message")
    event_type(RESENT, _("Message sent again"))
    event_type(READDRESSED, _("Message sent to another address"))
    event_type(CANCELLED, _("Message called off"))
