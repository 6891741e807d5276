"""The services behind the buttons of this stage's records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.journal.machine import actions
from orders import services
from orders.forms.actions import (
    AcceptForm,
    ApproveForm,
    DeclineForm,
    DocumentForm,
    ReasonForm,
    ReportForm,
    ReturnForm,
    SendForm,
    VersionForm,
)
from orders.models import Order, Payment, Quote, TradeDocument


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
    actions.add(
        Order,
        "document",
        label=_("Add a document"),
        service=services.submit_document,
        permission="orders.submit_document",
        form=DocumentForm,
        available=lambda order, user: order.status != Order.Status.CANCELLED,
        wants_context=True,
        done=_("Submitted: a second person checks it."),
    )
    _register_payments()
    _register_documents()


def _register_payments() -> None:
    actions.register(
        Payment,
        "report",
        service=services.report_payment,
        form=ReportForm,
        wants_context=True,
        done=_("Reported: finance confirms it."),
    )
    actions.register(
        Payment, "confirm", service=services.confirm_payment, done=_("Confirmed: the money is on the account.")
    )
    actions.register(Payment, "send_back", service=services.return_payment, form=ReasonForm)
    actions.register(Payment, "waive", service=services.waive_payment, form=ReasonForm)


def _register_documents() -> None:
    actions.register(
        TradeDocument,
        "approve",
        service=services.approve_document,
        form=ApproveForm,
        wants_context=True,
        done=_("Approved as it is."),
    )
    actions.register(TradeDocument, "send_back", service=services.return_document, form=ReturnForm, wants_context=True)
    actions.register(
        TradeDocument,
        "submit_again",
        service=services.submit_version,
        form=VersionForm,
        wants_context=True,
        done=_("Submitted: a second person checks it."),
    )
