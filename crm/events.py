"""The facts of the stage before the sale."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

CUSTOMER_CREATED = event_type("customer.created", _("Customer %(number)s created"))
CUSTOMER_UPDATED = event_type("customer.updated", _("Customer data changed"))
CONTACT_ADDED = event_type("contact.added", _("Contact %(name)s added"))
CONTACT_UPDATED = event_type("contact.updated", _("Contact %(name)s changed"))
ADDRESS_ADDED = event_type("address.added", _("Address added"))
ADDRESS_UPDATED = event_type("address.updated", _("Address changed"))
SERVICE_RECORD_ADDED = event_type("service_record.added", _("Service record"), kind="record")
INQUIRY_RECEIVED = event_type("inquiry.received", _("Inquiry %(number)s received: %(subject)s"))
INQUIRY_ASSIGNED = event_type("inquiry.assigned", _("Inquiry %(number)s assigned to %(owner)s"))
INQUIRY_PROMISED = event_type("inquiry.promised", _("Answer to inquiry %(number)s promised"))
INQUIRY_PRIORITISED = event_type("inquiry.prioritised", _("Priority of inquiry %(number)s changed"))
INQUIRY_ANSWERED = event_type("inquiry.answered", _("Inquiry %(number)s answered"))
INQUIRY_CONVERTED = event_type("inquiry.converted", _("Inquiry %(number)s converted"))
INQUIRY_CLOSED = event_type("inquiry.closed", _("Inquiry %(number)s closed"))
INQUIRY_REOPENED = event_type("inquiry.reopened", _("Inquiry %(number)s reopened"))
INQUIRY_UNROUTED = event_type("inquiry.unrouted", _("Nobody speaks the language of inquiry %(number)s"))
CUSTOMER_REASSIGNED = event_type("customer.reassigned", _("Customer handed over to %(owner)s"))
