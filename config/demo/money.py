"""What customers owe and have paid, and the papers of goods on the way: through the real services, in every state."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo.papers import trade_paper
from config.demo.present import Stage, make_order
from orders.models import DocumentKind, Order, Payment, TradeDocument
from orders.services import (
    approve_document,
    cancel_order,
    confirm_order,
    confirm_payment,
    report_payment,
    return_document,
    return_payment,
    submit_document,
    submit_order,
    submit_version,
    waive_payment,
)

# customer, term of delivery, goods, payment terms
SOLD = (
    ("Thames", "CFR", ("SPC-6020", "1900", "10.40"), "deposit-30"),
    ("Harbour", "CFR", ("SPC-5010", "1500", "8.10"), "deposit-30"),
    ("Nordholz", "FOB", ("LAM-1201", "2200", "6.90"), "deposit-30-net-30"),
    ("Pennine", "CFR", ("SPC-5002", "1800", "7.45"), "deposit-50"),
    ("Straits", "FOB", ("PRT-300", "140", "150.00"), "deposit-30"),
    ("Raumwerk", "FOB", ("PRT-200", "90", "136.00"), "deposit-30"),
    ("Al Noor", "FOB", ("PRT-200", "60", "136.00"), "prepaid"),
)
PAPERS = ("proforma", "commercial-invoice", "packing-list", "bill-of-lading", "certificate-of-origin")


def play(stage: Stage) -> None:
    """Payments of new orders, and documents of those on the way."""
    _payments(stage)
    _documents(stage)


def _payments(stage: Stage) -> None:
    desk, finance, manager = (stage.staff[key] for key in ("lijuan.huang", "shuzhen.he", "guohua.liang"))
    orders = [_sold(stage, *one, desk=desk) for one in SOLD]
    deposits = [order.payments.get(kind="deposit") for order in orders]
    for payment in deposits[1:4]:  # the first has only been asked for, the second waits for finance
        part = payment.amount - 500 if payment is deposits[3] else payment.amount
        _report(stage, payment, part)
    for payment in deposits[2:4]:  # the fourth paid too little: the rest is expected
        confirm_payment(payment.pk, actor=finance)
    waive_payment(deposits[4].pk, actor=manager, reason="Framework agreement: no deposit below 25,000 dollars.")
    cancel_order(orders[5].pk, actor=desk, reason="The building permit was refused.")
    _report(stage, deposits[6], deposits[6].amount)
    return_payment(deposits[6].pk, actor=finance, reason="The transfer is not on the account yet, only its receipt.")


def _sold(stage: Stage, name: str, term: str, item: tuple[str, str, str], pays: str, *, desk: Any) -> Order:
    order = make_order(stage, name, term, item, pays=pays)
    submit_order(order.pk, actor=order.created_by)
    return confirm_order(order.pk, actor=desk)


def _report(stage: Stage, payment: Payment, received: Decimal) -> None:
    reference = f"TT {88100 + payment.pk * 17}"
    rows = [
        ("Beneficiary", "Nanling Surfaces Co., Ltd."),
        ("Amount", f"{payment.currency} {received}"),
        ("Reference", f"{payment.order.number} / {payment.number}"),
        ("Transfer", reference),
    ]
    file = SimpleUploadedFile("receipt.png", trade_paper("Payment advice", rows, seed=payment.pk), "image/png")
    day = stage.times.today - timedelta(days=1)
    actor = payment.order.owner or stage.staff["emily.carter"]
    report_payment(payment.pk, actor=actor, received=received, paid_on=day, reference=reference, proof=file)


def _documents(stage: Stage) -> None:
    orders = Order.objects.filter(status="in_delivery").select_related("customer", "owner").order_by("-pk")[:3]
    kinds = {one.code: one for one in DocumentKind.objects.all()}
    made = [_submit(stage, order, kinds[code]) for order in orders for code in PAPERS]
    checker = stage.staff["wei.zhao"]
    for document in made[3:]:
        approve_document(document.pk, actor=checker, digest=document.digest)
    for document in made[1:3]:
        return_document(
            document.pk,
            actor=checker,
            digest=document.digest,
            error="parties",
            reason="The consignee's street is missing: the order names it.",
        )
    if len(made) > 2:  # corrected, and approved; the first waits for its check, the second for its correction
        again = submit_version(made[2].pk, actor=made[2].submitted_by, file=_file(made[2].order, made[2].kind, 2))
        approve_document(again.pk, actor=checker, digest=again.digest)


def _submit(stage: Stage, order: Order, kind: DocumentKind) -> TradeDocument:
    actor = order.owner or stage.staff["emily.carter"]
    reference = f"{kind.code[:2].upper()}-{order.number[-4:]}"
    return submit_document(order.pk, actor=actor, kind=kind, file=_file(order, kind, 1), reference=reference)


def _file(order: Order, kind: DocumentKind, version: int) -> SimpleUploadedFile:
    rows = [
        ("Order", order.number),
        ("Contract", order.contract_number),
        ("Consignee", order.customer.name),
        ("Terms", f"{order.incoterm} {order.incoterm_place}"),
        ("Version", str(version)),
    ]
    data = trade_paper(kind.name, rows, seed=order.pk * 10 + version)
    return SimpleUploadedFile(f"{kind.code}-{order.number}.png", data, "image/png")
