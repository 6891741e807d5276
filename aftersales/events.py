"""Facts of the stage after the sale."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

TICKET_RECEIVED = event_type("ticket.received", _("Complaint %(number)s received"))
TICKET_ACKNOWLEDGED = event_type("ticket.acknowledged", _("Complaint acknowledged"))
TICKET_INVESTIGATED = event_type("ticket.investigated", _("Investigation started"))
TICKET_PROPOSED = event_type("ticket.proposed", _("Solution proposed"))
TICKET_ACCEPTED = event_type("ticket.accepted", _("Solution accepted"))
TICKET_REJECTED = event_type("ticket.rejected", _("Solution declined"))
TICKET_WAITING = event_type("ticket.waiting", _("Waiting for the customer %(waits_for)s"))
TICKET_CUSTOMER_REPLIED = event_type("ticket.customer_replied", _("The customer answered"), kind="record")
TICKET_REASSIGNED = event_type("ticket.reassigned", _("Complaint handed to somebody else"))
TICKET_PRIORITISED = event_type("ticket.prioritised", _("Priority of the complaint changed"))
TICKET_RESOLVED = event_type("ticket.resolved", _("Complaint resolved, signed by the customer"))
TICKET_CLOSED = event_type("ticket.closed", _("Complaint closed"))
TICKET_REOPENED = event_type("ticket.reopened", _("Complaint reopened"))
TICKET_CANCELLED = event_type("ticket.cancelled", _("Complaint cancelled"))
TICKET_UPDATED = event_type("ticket.updated", _("Complaint changed"))
SURVEY_REQUESTED = event_type("survey.requested", _("Survey %(number)s sent"))
SURVEY_ANSWERED = event_type("survey.answered", _("Survey answered, overall %(score)s of 5"))
