"""Payments: what an order asks for, what came in, and what a second person has found on the account (ORD-3)."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import Company
from foundation.documents.numbering import next_number
from foundation.journal.attachments import attach
from foundation.journal.machine import Refused, demand, perform
from foundation.journal.services import record
from orders.models import Order, Payment, PaymentTerm
from orders.pricing import rounded, split_total
from orders.services.parts import said

PROOF = "proof"


def expect_payments(order: Order, *, actor: Any) -> list[Payment]:
    """Make the payments that the terms of a confirmed order promise: they add up to its total exactly.

    Call it in the confirmation's transaction. The deposit is asked for at once, the balance when its turn comes.
    """
    term = order.payment_term
    if term is None or order.total <= 0:
        return []
    deposit, balance = split_total(order.total, term.deposit_percent, order.currency)
    is_before = term.balance_due == PaymentTerm.BalanceDue.BEFORE_DISPATCH
    made = [
        _plan(order, kind, amount, actor=actor, is_before_dispatch=before)
        for kind, amount, before in ((Payment.Kind.DEPOSIT, deposit, True), (Payment.Kind.BALANCE, balance, is_before))
        if amount > 0
    ]
    request_payments(order, actor=actor)
    return made


def request_payments(order: Order, *, actor: Any) -> None:
    """Ask for every payment whose turn has come: the deposit at once, a balance before dispatch when no deposit is open
    any more, a balance after delivery when the goods are signed for. Call it under the order's lock."""
    payments = order.payments.select_related("customer").order_by("pk")
    waiting = [one for one in payments if one.requested_at is None and one.status == Payment.Status.EXPECTED]
    has_open_deposit = any(one.kind == Payment.Kind.DEPOSIT and one.status in ("expected", "reported") for one in payments)  # fmt: skip
    for payment in waiting:
        payment.order = order
        if due_on := _due(payment, has_open_deposit=has_open_deposit):
            _request(payment, due_on, actor=actor)


@transaction.atomic
def report_payment(
    pk: int,
    *,
    actor: Any,
    received: Decimal,
    paid_on: dt.date,
    reference: str = "",
    proof: UploadedFile | None = None,
) -> Payment:
    """Say that money has come: how much, when, under which reference, with the customer's proof. Raises Refused."""
    payment = _locked(pk)
    demand(payment, "report", actor=actor)
    if received <= 0:
        raise Refused(_("Enter the amount that came in."), reason="input", field="received")
    if received != rounded(received, payment.currency):
        sentence = _("%(currency)s has no such small amounts.") % {"currency": payment.currency}
        raise Refused(sentence, reason="input", field="received")
    if paid_on > max(_today(), timezone.localdate()):
        raise Refused(_("This day lies in the future."), reason="input", field="paid_on")
    kept = None
    if proof is not None:
        try:
            kept = attach(payment, proof, actor=actor, purpose=PROOF, title=_("Proof of payment"))
        except Refused as refusal:
            raise Refused(refusal.message, reason=refusal.reason, field="proof") from refusal
    values: dict[str, Any] = {"received": received, "paid_on": paid_on, "reference": reference.strip(), "proof": kept}
    return perform(Payment, pk, "report", actor=actor, by=actor, **values)


@transaction.atomic
def confirm_payment(pk: int, *, actor: Any) -> Payment:
    """A second person has found the money on the account. What is missing is expected as a payment of its own; what came
    beyond the agreed sum is kept on the payment. Raises Refused."""
    payment = _locked(pk)
    short = max(-payment.difference, Decimal(0)) if payment.received is not None else Decimal(0)
    facts = {"rest": str(short), "over": str(max(payment.difference, Decimal(0)))}
    payment = perform(Payment, pk, "confirm", actor=actor, by=actor, facts=facts)
    order = payment.order
    if order.status != Order.Status.CANCELLED:
        if short:
            _expect_rest(payment, short, actor=actor)
        request_payments(order, actor=actor)
    return payment


@transaction.atomic
def return_payment(pk: int, *, actor: Any, reason: str) -> Payment:
    """Send a report back with the reason: the payment is expected again, or cancelled where its order is by now."""
    payment = _locked(pk)
    facts, private = {"reporter_id": payment.reported_by_id}, {"reason": said(reason)}
    payment = perform(Payment, pk, "send_back", actor=actor, facts=facts, private=private)
    if payment.order.status == Order.Status.CANCELLED:
        payment = perform(Payment, pk, "cancel", actor=actor)
    return payment


@transaction.atomic
def waive_payment(pk: int, *, actor: Any, reason: str) -> Payment:
    """Do without a payment, for a reason; goods no longer wait for it. Raises Refused."""
    _locked(pk)
    payment = perform(Payment, pk, "waive", actor=actor, private={"reason": said(reason)})
    request_payments(payment.order, actor=actor)
    return payment


def cancel_payments(order: Order, *, actor: Any) -> None:
    """Nothing more is expected of a cancelled order. A payment that was reported stays with finance, who find out
    whether the money came. Call it in the cancellation's transaction."""
    for pk in order.payments.filter(status=Payment.Status.EXPECTED).order_by("pk").values_list("pk", flat=True):
        perform(Payment, pk, "cancel", actor=actor)


def _locked(pk: int) -> Payment:
    """The payment, after a lock on its order: dispatch, cancellation and payments of one order wait for one another."""
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=pk)
    Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    return Payment.objects.select_related("customer", "order__owner", "order__payment_term").get(pk=pk)


def _today() -> dt.date:
    return timezone.localdate(timezone=zoneinfo.ZoneInfo(Company.current().time_zone))


def _due(payment: Payment, *, has_open_deposit: bool) -> dt.date | None:
    """The day until which the payment is asked for, None while its turn has not come."""
    order, term = payment.order, payment.order.payment_term
    assert term is not None
    in_time = _today() + dt.timedelta(days=term.deposit_days)
    if payment.kind == Payment.Kind.DEPOSIT:
        return in_time
    if payment.is_before_dispatch:
        promised = order.promised_on
        return None if has_open_deposit else promised if promised and promised >= _today() else in_time
    if order.delivered_at is None:
        return None
    delivered = timezone.localdate(order.delivered_at, zoneinfo.ZoneInfo(Company.current().time_zone))
    return delivered + dt.timedelta(days=term.balance_days)


def _plan(order: Order, kind: str, amount: Decimal, *, actor: Any, is_before_dispatch: bool) -> Payment:
    payment = Payment(
        number=next_number("payment"),
        order=order,
        customer=order.customer,
        kind=kind,
        amount=amount,
        currency=order.currency,
        is_before_dispatch=is_before_dispatch,
    )
    payment.save(force_insert=True)
    record("payment.planned", payment, actor=actor)
    return payment


def _request(payment: Payment, due_on: dt.date, *, actor: Any) -> None:
    payment.due_on, payment.requested_at = due_on, timezone.now()
    payment.save(update_fields=["due_on", "requested_at"])
    record("payment.requested", payment, actor=actor)


def _expect_rest(paid: Payment, amount: Decimal, *, actor: Any) -> None:
    """What is missing stays expected, for the same day and with the same consequence for the goods."""
    rest = Payment(
        number=next_number("payment"),
        order=paid.order,
        customer=paid.customer,
        kind=paid.kind,
        amount=amount,
        currency=paid.currency,
        is_before_dispatch=paid.is_before_dispatch,
        due_on=paid.due_on,
        requested_at=timezone.now(),
        rest_of=paid,
    )
    rest.save(force_insert=True)
    record("payment.requested", rest, actor=actor, facts={"rest_of": paid.number})
