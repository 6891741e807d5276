"""The facts of quotes and orders."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

QUOTE_CREATED = event_type("quote.created", _("Quote %(number)s created"))
QUOTE_UPDATED = event_type("quote.updated", _("Quote %(number)s changed"))
QUOTE_SENT = event_type("quote.sent", _("Quote %(number)s sent"))
QUOTE_ACCEPTED = event_type("quote.accepted", _("Quote %(number)s accepted"))
QUOTE_DECLINED = event_type("quote.declined", _("Quote %(number)s declined"))
QUOTE_EXPIRED = event_type("quote.expired", _("Quote %(number)s expired"))
QUOTE_SUPERSEDED = event_type("quote.superseded", _("Quote %(number)s replaced by a new version"))
ORDER_CREATED = event_type("order.created", _("Order %(number)s entered"))
ORDER_UPDATED = event_type("order.updated", _("Order %(number)s changed"))
ORDER_SUBMITTED = event_type("order.submitted", _("Order %(number)s submitted for review"))
ORDER_RETURNED = event_type("order.returned", _("Order %(number)s returned"))
ORDER_CONFIRMED = event_type("order.confirmed", _("Order %(number)s confirmed"))
ORDER_DELIVERY_STARTED = event_type("order.delivery_started", _("Delivery of order %(number)s has started"))
ORDER_DELIVERED = event_type("order.delivered", _("Order %(number)s delivered"))
ORDER_COMPLETED = event_type("order.completed", _("Order %(number)s completed"))
ORDER_CANCELLED = event_type("order.cancelled", _("Order %(number)s cancelled"))
QUOTE_REASSIGNED = event_type("quote.reassigned", _("Quote %(number)s handed over to %(owner)s"))
ORDER_REASSIGNED = event_type("order.reassigned", _("Order %(number)s handed over to %(owner)s"))
