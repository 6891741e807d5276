"""The services behind the buttons of quotes and orders."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.journal.machine import actions
from orders import services
from orders.forms.actions import AcceptForm, DeclineForm, ReasonForm, SendForm
from orders.models import Order, Quote


def register() -> None:
    """Put a service behind each transition that a person may perform."""
    actions.register(Quote, "send", service=services.send_quote, form=SendForm, done=_("The quote is on its way."))
    actions.register(
        Quote, "accept", service=services.accept_quote, form=AcceptForm, done=_("Accepted: the order is entered.")
    )
    actions.register(Quote, "supersede", service=services.revise_quote, done=_("A new version has been started."))
    actions.register(Quote, "decline", service=services.decline_quote, form=DeclineForm)
    actions.register(Order, "submit", service=services.submit_order, done=_("Submitted: a second person reviews it."))
    actions.register(Order, "confirm", service=services.confirm_order, done=_("Confirmed and locked."))
    actions.register(Order, "return_to_draft", service=services.return_order, form=ReasonForm)
    actions.register(Order, "complete", service=services.complete_order)
    actions.register(Order, "cancel", service=services.cancel_order, form=ReasonForm)
