"""What people do with messages. What becomes of a message is its state, not an event."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

WRITTEN = "message.written"
RESENT = "message.resent"
CONFIRMED_SENT = "message.confirmed"
READDRESSED = "message.readdressed"
CANCELLED = "message.cancelled"
REROUTED = "message.rerouted"
WORDS_CHANGED = "template.changed"
RULE_CHANGED = "rule.changed"
BOUNCED = "address.bounced"
TRIED_AGAIN = "address.tried_again"
DECLINED = "wish.declined"
WANTED_AGAIN = "wish.taken_back"


def register() -> None:
    """Make the codes known to the journal."""
    event_type(WRITTEN, _("Message written"), kind="message")
    event_type(RESENT, _("Message sent again"))
    event_type(CONFIRMED_SENT, _("Message known to have been sent"))
    event_type(READDRESSED, _("Message sent to another address"))
    event_type(REROUTED, _("Message sent by another channel"))
    event_type(CANCELLED, _("Message called off"))
    event_type(WORDS_CHANGED, _("Words “%(template)s” (%(language)s) changed, version %(version)s"))
    event_type(RULE_CHANGED, _("Message rule “%(rule)s” changed"))
    event_type(BOUNCED, _("Address takes no messages any more"))
    event_type(DECLINED, _("Messages declined"))
    event_type(WANTED_AGAIN, _("Declined messages wanted again"))
    event_type(TRIED_AGAIN, _("Address is tried again"))
