"""Whom this stage can tell."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from crm.people import recipient_of_contact, recipient_of_customer, recipients_of_customer
from foundation.accounts.audiences import Recipient, register_audience, staff_recipient
from foundation.accounts.routing import staff_in_role
from orders.models import Order, Payment, TradeDocument


def order_reviewers(event: Any, subject: Any) -> list[Recipient]:
    """The order desk, except those who had a hand in the order."""
    if not isinstance(subject, Order):
        return []
    return [staff_recipient(user) for user in staff_in_role("order desk").exclude(pk__in=subject.hands)]


def order_submitter(event: Any, subject: Any) -> list[Recipient]:
    """Whoever submitted the order: the event remembers, for the order itself forgets it when it is returned."""
    if not isinstance(subject, Order):
        return []
    pk = event.facts.get("submitter_id") or subject.submitted_by_id or subject.created_by_id
    user = get_user_model().objects.filter(pk=pk, is_active=True).first() if pk else None
    return [staff_recipient(user)] if user else []


def finance(event: Any, subject: Any) -> list[Recipient]:
    """Finance, except whoever reported the payment."""
    if not isinstance(subject, Payment):
        return []
    return [staff_recipient(user) for user in staff_in_role("finance").exclude(pk=subject.reported_by_id or 0)]


def payment_reporter(event: Any, subject: Any) -> list[Recipient]:
    """Whoever reported the payment: the event remembers, for the payment forgets it when the report is sent back."""
    return _named(event.facts.get("reporter_id"))


def document_checkers(event: Any, subject: Any) -> list[Recipient]:
    """The order desk, except those who submitted a version of the document."""
    if not isinstance(subject, TradeDocument):
        return []
    return [staff_recipient(user) for user in staff_in_role("order desk").exclude(pk__in=subject.hands)]


def document_submitter(event: Any, subject: Any) -> list[Recipient]:
    """Whoever submitted the version that was checked."""
    return _named(event.facts.get("submitter_id") or getattr(subject, "submitted_by_id", None))


def _named(pk: Any) -> list[Recipient]:
    user = get_user_model().objects.filter(pk=pk, is_active=True).first() if pk else None
    return [staff_recipient(user)] if user else []


def contact_of(record: Any) -> Recipient | None:
    """The person of a quote or an order at the customer, else the customer's main contact."""
    if record.contact_id:
        if record.contact.customer_id == record.customer_id:
            record.contact.customer = record.customer  # read already
        return recipient_of_contact(record.contact)
    return recipient_of_customer(record.customer)


def contacts_of(record: Any) -> list[Recipient]:
    """Everybody at the customer, the record's own contact first."""
    own = contact_of(record)
    others = recipients_of_customer(record.customer)
    return [*([own] if own else []), *(one for one in others if own is None or one.key != own.key)]


def register() -> None:
    """Offer the audiences to rules."""
    register_audience("order_reviewers", _("Order desk, except who entered or submitted the order"), order_reviewers)
    register_audience("order_submitter", _("Who submitted the order"), order_submitter)
    register_audience("finance", _("Finance, except who reported the payment"), finance)
    register_audience("payment_reporter", _("Who reported the payment"), payment_reporter, is_named_by_event=True)
    register_audience("document_checkers", _("Order desk, except who submitted the document"), document_checkers)
    register_audience("document_submitter", _("Who submitted the document"), document_submitter)
