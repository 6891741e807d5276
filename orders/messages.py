"""What customers and colleagues hear about quotes and orders: shipped texts that an administrator may change."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts import tokens
from foundation.accounts.audiences import Recipient
from foundation.accounts.models import Company
from foundation.journal.attachments import attachments_of
from foundation.journal.models import EventPrivate
from foundation.journal.standing import holds_while
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.manners.kinds import register_kind
from foundation.notifications.placeholders import register_event_placeholders, register_placeholders
from foundation.notifications.subjects import register_papers, register_subject
from foundation.ui import formats
from orders import audiences, payment_texts, texts
from orders.models import DocumentVersion, Order, Payment, Quote, TradeDocument
from orders.selectors import visible_documents, visible_orders, visible_payments, visible_quotes
from orders.services.quotes import PAPER, TOKEN

STAFF = ("inbox", "email")
# How long a customer can still open the quote after its last day, to read it and to ask for a new one.
READABLE_DAYS = 60


def quote_link(quote: Quote, recipient: Recipient) -> str:
    """An address by which this person reads and answers the quote. Makes a token: call it when it is sent."""
    days = max(1, (quote.valid_until - timezone.localdate()).days) + READABLE_DAYS
    raw = tokens.issue(TOKEN, quote, days=days, contact_key=recipient.key)
    return f"{settings.ORIGIN}{reverse('portal:quote', args=[raw])}"


def _quote_values(quote: Quote, recipient: Recipient) -> dict[str, Any]:
    return {
        "customer_name": quote.customer.name,
        "total": lambda: formats.money(quote.total, quote.currency),
        "terms": f"{quote.incoterm} {quote.incoterm_place}",
        "valid_until": lambda: formats.day(quote.valid_until),
        "quote_link": lambda: quote_link(quote, recipient),
    }


def _order_values(order: Order, recipient: Recipient) -> dict[str, Any]:
    return {
        "customer_name": order.customer.name,
        "total": lambda: formats.money(order.total, order.currency),
        "terms": f"{order.incoterm} {order.incoterm_place}".strip(),
        "promised_on": lambda: formats.day(order.promised_on) if order.promised_on else "–",
        "contract_number": order.contract_number or "–",
        "delivery_address": order.delivery_address or "–",
    }


def _payment_values(payment: Payment, recipient: Recipient) -> dict[str, Any]:
    return {
        "customer_name": payment.customer.name,
        "order_number": payment.order.number,
        "payment_kind": lambda: payment.get_kind_display(),
        "amount": lambda: formats.money(payment.amount, payment.currency),
        "received": lambda: formats.money(payment.received, payment.currency) if payment.received is not None else "–",
        "due_on": lambda: formats.day(payment.due_on) if payment.due_on else "–",
        "reference": payment.reference or "–",
        "bank_details": Company.current().bank_details,
    }


def _document_values(document: TradeDocument, recipient: Recipient) -> dict[str, Any]:
    return {
        "customer_name": document.customer.name,
        "order_number": document.order.number,
        "document_kind": document.kind.name_in(recipient.language),
        "version": str(document.version),
    }


def _error(event: Any, subject: Any, recipient: Recipient) -> dict[str, Any]:
    code = event.facts.get("error")
    known = code in DocumentVersion.Error.values
    label = DocumentVersion.Error(code).label if known else "–"
    return {**_reason(event, subject, recipient), "error": lambda: str(label)}


def _words(event: Any, key: str) -> str:
    private = EventPrivate.objects.filter(event_id=event.pk).values_list("data", flat=True).first() or {}
    return str(private.get(key) or "")


def _note(event: Any, _subject: Any, _recipient: Recipient) -> dict[str, Any]:
    def note() -> str:
        text = _words(event, "note")
        return f"{text}\n\n" if text else ""

    return {"note": note}


def _reason(event: Any, _subject: Any, _recipient: Recipient) -> dict[str, Any]:
    return {"reason": lambda: _words(event, "reason") or "–"}


def register_words() -> None:
    """Offer placeholders, papers and the people around a record to the messages."""
    register_kind(
        "order",
        nouns=("quote", "order", "payment", "production"),
        names={
            "en": "Quotes and orders",
            "de": "Angebote und Aufträge",
            "zh-hans": "报价与订单",
            "zh-hant": "報價與訂單",
        },
    )
    common = {
        "customer_name": _("Name of the customer"),
        "total": _("Total with currency"),
        "terms": _("Terms of delivery"),
    }
    quote_names = {
        **common,
        "valid_until": _("Last day of validity"),
        "quote_link": _("Address of the customer's page"),
    }
    order_names = {
        **common,
        "promised_on": _("Promised date"),
        "contract_number": _("Contract number"),
        "delivery_address": _("Delivery address"),
    }
    register_subject(
        Quote, contact=audiences.contact_of, contacts=audiences.contacts_of, owner=_owner, visible=visible_quotes
    )
    register_subject(
        Order, contact=audiences.contact_of, contacts=audiences.contacts_of, owner=_owner, visible=visible_orders
    )
    register_placeholders(Quote, _quote_values, names=quote_names)
    register_placeholders(Order, _order_values, names=order_names)
    register_event_placeholders("quote.sent", _note, names={"note": _("The sender's personal words")})
    _register_words_of_payments()
    for code in ("quote.declined", "order.returned", "order.cancelled", "payment.returned", "payment.waived"):
        register_event_placeholders(code, _reason, names={"reason": _("The reason given")})
    register_papers(
        "quote", _("The quote as PDF"), lambda quote, recipient: list(attachments_of(quote, purpose=PAPER)[:1])
    )


def _register_words_of_payments() -> None:
    common = {"customer_name": _("Name of the customer"), "order_number": _("Number of the order")}
    people: dict[str, Any] = {
        "contact": lambda record: audiences.contact_of(record.order),
        "contacts": lambda record: audiences.contacts_of(record.order),
        "owner": _owner,
    }
    register_subject(Payment, visible=visible_payments, **people)
    register_subject(TradeDocument, visible=visible_documents, nouns=("document",), **people)
    payment_names = {
        **common,
        "payment_kind": _("Deposit or balance"),
        "amount": _("Amount agreed, with currency"),
        "received": _("Amount received, with currency"),
        "due_on": _("Day on which the payment is due"),
        "reference": _("Reference of the transfer"),
        "bank_details": _("Bank details of the company"),
    }
    document_names = {**common, "document_kind": _("Kind of the document"), "version": _("Version of the document")}
    register_placeholders(Payment, _payment_values, names=payment_names)
    register_placeholders(TradeDocument, _document_values, names=document_names)
    names = {"reason": _("The reason given"), "error": _("Kind of error")}
    register_event_placeholders("document.returned", _error, names=names)


def _owner(record: Any) -> Any:
    return record.owner


def register_texts() -> None:
    """Ship the rules and their words, and say how long they hold."""
    texts.register_texts()
    alive = set(Order.Status) - {Order.Status.CANCELLED}
    holds_while(("order.created", "order.confirmed"), Order, alive, why=_("The order has been cancelled meanwhile."))
    holds_while(("order.submitted",), Order, {Order.Status.IN_REVIEW}, why=_("The order has been reviewed meanwhile."))
    holds_while(("order.returned",), Order, {Order.Status.DRAFT}, why=_("The order has moved on meanwhile."))
    holds_while(("quote.sent",), Quote, {Quote.Status.SENT}, why=_("The quote is no longer open."))
    register_message(
        "quote_sent",
        event="quote.sent",
        audience="customer_contact",
        channels=("email",),
        texts=QUOTE_SENT,
        attach="quote",
    )
    register_message("order_entered", event="order.created", audience="customer_contact", texts=ORDER_ENTERED)
    register_message("order_confirmed", event="order.confirmed", audience="customer_contact", texts=ORDER_CONFIRMED)
    register_message("quote_accepted", event="quote.accepted", audience="owner", channels=STAFF, texts=QUOTE_ACCEPTED)
    register_message("quote_declined", event="quote.declined", audience="owner", channels=STAFF, texts=QUOTE_DECLINED)
    register_message(
        "order_to_review",
        event="order.submitted",
        audience="order_reviewers",
        channels=STAFF,
        texts=ORDER_TO_REVIEW,
    )
    register_message(
        "order_returned", event="order.returned", audience="order_submitter", channels=STAFF, texts=ORDER_RETURNED
    )
    for key, event, audience, words in (
        ("payment_requested", "payment.requested", "customer_contact", payment_texts.PAYMENT_REQUESTED),
        ("payment_received", "payment.confirmed", "customer_contact", payment_texts.PAYMENT_RECEIVED),
        ("payment_to_confirm", "payment.reported", "finance", payment_texts.PAYMENT_TO_CONFIRM),
        ("payment_returned", "payment.returned", "payment_reporter", payment_texts.PAYMENT_RETURNED),
        ("document_to_check", "document.submitted", "document_checkers", payment_texts.DOCUMENT_TO_CHECK),
        ("document_returned", "document.returned", "document_submitter", payment_texts.DOCUMENT_RETURNED),
        ("document_approved", "document.approved", "document_submitter", payment_texts.DOCUMENT_APPROVED),
    ):
        channels = ("email", "sms") if audience == "customer_contact" else STAFF
        register_message(key, event=event, audience=audience, channels=channels, texts=words)


QUOTE_SENT = {
    "en": Text(
        "Our quote {number}",
        "Dear {recipient_name},\n\n{note}thank you for your interest. Please find our quote {number} attached: {total}, {terms}, valid until {valid_until}.\n\n"
        "You can read it, accept it or decline it here:\n{quote_link}\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: our quote {number}, valid until {valid_until}: {quote_link}",
    ),
    "zh-hans": Text(
        "我方报价单 {number}",
        "{recipient_name}，您好！\n\n{note}感谢您的关注。随信附上报价单 {number}：{total}，{terms}，有效期至 {valid_until}。\n\n"
        "您可以在此查看、接受或谢绝报价：\n{quote_link}\n\n此致\n{owner_name}\n{company_name}",
        "{company_name}：报价单 {number}，有效期至 {valid_until}：{quote_link}",
    ),
    "zh-hant": Text(
        "本公司報價單 {number}",
        "{recipient_name} 您好：\n\n{note}感謝您的關注。隨信附上報價單 {number}：{total}，{terms}，有效期限至 {valid_until}。\n\n"
        "您可於此檢視、接受或婉拒報價：\n{quote_link}\n\n敬祝 商祺\n{owner_name}\n{company_name}",
        "{company_name}：報價單 {number}，有效期限至 {valid_until}：{quote_link}",
    ),
    "de": Text(
        "Unser Angebot {number}",
        "Guten Tag {recipient_name},\n\n{note}vielen Dank für Ihr Interesse. Im Anhang finden Sie unser Angebot {number}: {total}, {terms}, gültig bis {valid_until}.\n\n"
        "Hier können Sie es lesen, annehmen oder ablehnen:\n{quote_link}\n\nMit freundlichen Grüßen\n{owner_name}\n{company_name}",
        "{company_name}: unser Angebot {number}, gültig bis {valid_until}: {quote_link}",
    ),
}

ORDER_ENTERED = {
    "en": Text(
        "Your order {number} has been entered",
        "Dear {recipient_name},\n\nthank you for your order. We have entered it as {number} over {total}. A colleague is checking it now; you will hear from us as soon as it is confirmed.\n\n"
        "Kind regards\n{owner_name}\n{company_name}",
        "{company_name}: your order {number} has been entered and is being checked.",
    ),
    "zh-hans": Text(
        "您的订单 {number} 已录入",
        "{recipient_name}，您好！\n\n感谢您的订购。订单已录入，编号 {number}，金额 {total}。同事正在审核，确认后会立即通知您。\n\n此致\n{owner_name}\n{company_name}",
        "{company_name}：您的订单 {number} 已录入，正在审核。",
    ),
    "zh-hant": Text(
        "您的訂單 {number} 已建檔",
        "{recipient_name} 您好：\n\n感謝您的訂購。訂單已建檔，編號 {number}，金額 {total}。同仁正在審核，確認後將立即通知您。\n\n敬祝 商祺\n{owner_name}\n{company_name}",
        "{company_name}：您的訂單 {number} 已建檔，審核中。",
    ),
    "de": Text(
        "Ihr Auftrag {number} ist erfasst",
        "Guten Tag {recipient_name},\n\nvielen Dank für Ihren Auftrag. Wir haben ihn unter {number} über {total} erfasst. Er wird nun geprüft; sobald er bestätigt ist, melden wir uns.\n\n"
        "Mit freundlichen Grüßen\n{owner_name}\n{company_name}",
        "{company_name}: Ihr Auftrag {number} ist erfasst und wird geprüft.",
    ),
}

ORDER_CONFIRMED = {
    "en": Text(
        "Your order {number} is confirmed",
        "Dear {recipient_name},\n\nyour order {number} over {total} is confirmed.\n\nTerms of delivery: {terms}\nPromised for: {promised_on}\nContract: {contract_number}\nDelivery address:\n{delivery_address}\n\n"
        "We will write again when the goods are on their way.\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: your order {number} is confirmed, promised for {promised_on}.",
    ),
    "zh-hans": Text(
        "您的订单 {number} 已确认",
        "{recipient_name}，您好！\n\n您的订单 {number}（金额 {total}）已确认。\n\n交货条件：{terms}\n承诺日期：{promised_on}\n合同编号：{contract_number}\n收货地址：\n{delivery_address}\n\n"
        "发货后我们会再次通知您。\n\n此致\n{owner_name}\n{company_name}",
        "{company_name}：您的订单 {number} 已确认，承诺日期 {promised_on}。",
    ),
    "zh-hant": Text(
        "您的訂單 {number} 已確認",
        "{recipient_name} 您好：\n\n您的訂單 {number}（金額 {total}）已確認。\n\n交貨條件：{terms}\n承諾日期：{promised_on}\n合約編號：{contract_number}\n送貨地址：\n{delivery_address}\n\n"
        "出貨後我們會再次通知您。\n\n敬祝 商祺\n{owner_name}\n{company_name}",
        "{company_name}：您的訂單 {number} 已確認，承諾日期 {promised_on}。",
    ),
    "de": Text(
        "Ihr Auftrag {number} ist bestätigt",
        "Guten Tag {recipient_name},\n\nIhr Auftrag {number} über {total} ist bestätigt.\n\nLieferbedingung: {terms}\nZugesagt für: {promised_on}\nVertrag: {contract_number}\nLieferadresse:\n{delivery_address}\n\n"
        "Wir melden uns wieder, wenn die Ware unterwegs ist.\n\nMit freundlichen Grüßen\n{owner_name}\n{company_name}",
        "{company_name}: Ihr Auftrag {number} ist bestätigt, zugesagt für {promised_on}.",
    ),
}

QUOTE_ACCEPTED = {
    "en": Text(
        "{customer_name} accepts quote {number}",
        "{customer_name} has accepted quote {number} over {total}. The order is entered as a draft: complete it and submit it for review.\n\n{link}",
        "{customer_name} accepts quote {number} ({total}).",
    ),
    "zh-hans": Text(
        "{customer_name} 接受报价单 {number}",
        "{customer_name} 已接受报价单 {number}，金额 {total}。订单已生成草稿，请补全并提交审核。\n\n{link}",
        "{customer_name} 接受报价单 {number}（{total}）。",
    ),
    "zh-hant": Text(
        "{customer_name} 接受報價單 {number}",
        "{customer_name} 已接受報價單 {number}，金額 {total}。訂單已建立草稿，請補齊並送交審核。\n\n{link}",
        "{customer_name} 接受報價單 {number}（{total}）。",
    ),
    "de": Text(
        "{customer_name} nimmt Angebot {number} an",
        "{customer_name} hat das Angebot {number} über {total} angenommen. Der Auftrag ist als Entwurf erfasst: Bitte vervollständigen und zur Prüfung vorlegen.\n\n{link}",
        "{customer_name} nimmt Angebot {number} an ({total}).",
    ),
}

QUOTE_DECLINED = {
    "en": Text(
        "{customer_name} declines quote {number}",
        "{customer_name} has declined quote {number} over {total}.\n\nReason: {reason}\n\n{link}",
        "{customer_name} declines quote {number}.",
    ),
    "zh-hans": Text(
        "{customer_name} 谢绝报价单 {number}",
        "{customer_name} 已谢绝报价单 {number}，金额 {total}。\n\n原因：{reason}\n\n{link}",
        "{customer_name} 谢绝报价单 {number}。",
    ),
    "zh-hant": Text(
        "{customer_name} 婉拒報價單 {number}",
        "{customer_name} 已婉拒報價單 {number}，金額 {total}。\n\n原因：{reason}\n\n{link}",
        "{customer_name} 婉拒報價單 {number}。",
    ),
    "de": Text(
        "{customer_name} lehnt Angebot {number} ab",
        "{customer_name} hat das Angebot {number} über {total} abgelehnt.\n\nGrund: {reason}\n\n{link}",
        "{customer_name} lehnt Angebot {number} ab.",
    ),
}

ORDER_TO_REVIEW = {
    "en": Text(
        "Order {number} waits for review",
        "Order {number} of {customer_name} over {total} has been submitted by {actor_name} and waits for a second person.\n\n{link}",
        "Order {number} of {customer_name} waits for review.",
    ),
    "zh-hans": Text(
        "订单 {number} 待审核",
        "{customer_name} 的订单 {number}（金额 {total}）已由 {actor_name} 提交，等待第二人审核。\n\n{link}",
        "{customer_name} 的订单 {number} 待审核。",
    ),
    "zh-hant": Text(
        "訂單 {number} 待審核",
        "{customer_name} 的訂單 {number}（金額 {total}）已由 {actor_name} 送審，等待第二人審核。\n\n{link}",
        "{customer_name} 的訂單 {number} 待審核。",
    ),
    "de": Text(
        "Auftrag {number} wartet auf Prüfung",
        "Der Auftrag {number} von {customer_name} über {total} wurde von {actor_name} vorgelegt und wartet auf eine zweite Person.\n\n{link}",
        "Auftrag {number} von {customer_name} wartet auf Prüfung.",
    ),
}

ORDER_RETURNED = {
    "en": Text(
        "Order {number} comes back to you",
        "{actor_name} has returned order {number} of {customer_name}.\n\nReason: {reason}\n\n{link}",
        "Order {number} of {customer_name} comes back: {reason}",
    ),
    "zh-hans": Text(
        "订单 {number} 已退回",
        "{actor_name} 退回了 {customer_name} 的订单 {number}。\n\n原因：{reason}\n\n{link}",
        "{customer_name} 的订单 {number} 已退回：{reason}",
    ),
    "zh-hant": Text(
        "訂單 {number} 已退回",
        "{actor_name} 退回了 {customer_name} 的訂單 {number}。\n\n原因：{reason}\n\n{link}",
        "{customer_name} 的訂單 {number} 已退回：{reason}",
    ),
    "de": Text(
        "Auftrag {number} kommt zurück",
        "{actor_name} hat den Auftrag {number} von {customer_name} zurückgegeben.\n\nGrund: {reason}\n\n{link}",
        "Auftrag {number} von {customer_name} kommt zurück: {reason}",
    ),
}
