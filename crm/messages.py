"""Whom messages of this stage go to, what they may say, and the words that the house ships."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm import campaign_words, holiday_reply, letters, reception_messages, visit_messages
from crm.models import Customer, Inquiry, ServiceRecord
from crm.people import (
    recipient_of_customer,
    recipient_of_inquiry,
    recipient_of_record,
    recipients_of_customer,
)
from crm.selectors import visible_customers, visible_inquiries, visible_service_records
from foundation.accounts.audiences import Recipient, register_audience, staff_recipient
from foundation.accounts.routing import staff_in_role
from foundation.mailroom.messages import answer_line, emergency_line
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.manners.kinds import register_kind
from foundation.notifications.placeholders import register_placeholders
from foundation.notifications.subjects import register_customers, register_subject
from foundation.notifications.texts import one_line
from foundation.ui import formats

INQUIRY_NAMES = {
    "contact_name": _("Name of the sender"),
    "inquiry_subject": _("Subject of the inquiry"),
    "inquiry_text": _("The question in the sender's own words"),
    "sender": _("Company and name of the sender"),
    "country": _("The sender's country"),
    "language": _("The sender's language"),
    "promised_time": _("When the answer is promised for"),
    "in_charge": _("The colleague in charge, or that there is nobody yet"),
    "answer_line": _("By when we answer; empty when nothing is promised and no working hours are known"),
    "emergency_line": _("Whom to reach outside working hours; empty when no emergency contact is set"),
}
# Not for the sender: who is in charge may change within the hour, or be nobody yet.
INTERNAL = ("in_charge",)
# Inquiries that came in writing are confirmed; who telephoned knows.
WRITTEN = ["web", "email", "chat", "platform"]
CUSTOMER_NAMES = {"customer_name": _("Name of the customer")}


def sales_managers(event: Any, subject: Any) -> list[Recipient]:
    """Active people of the role manager."""
    return [staff_recipient(person) for person in staff_in_role("manager").order_by("pk")]


def inquiry_values(inquiry: Inquiry, recipient: Recipient) -> dict[str, Any]:
    """What a message about an inquiry may say."""
    return {
        "contact_name": one_line(inquiry.contact_name),
        "inquiry_subject": one_line(inquiry.subject),
        "inquiry_text": inquiry.text,
        "sender": one_line(inquiry.sender),
        "country": inquiry.country_label,
        "language": inquiry.language_label,
        "promised_time": formats.exact(inquiry.promised_at) if inquiry.promised_at else "",
        "in_charge": str(inquiry.owner or gettext("nobody yet")),
        "emergency_line": emergency_line,
        "answer_line": lambda: answer_line(inquiry),
    }


def customer_values(subject: Any, recipient: Recipient) -> dict[str, Any]:
    """What a message about a customer, or a conversation with one, may say."""
    customer = subject if isinstance(subject, Customer) else subject.customer
    return {"customer_name": one_line(customer.name)}


def register() -> None:
    """Called once, when the apps are ready."""
    register_kind(
        "inquiry",
        nouns=("inquiry",),
        names={
            "en": "Answers to inquiries",
            "de": "Antworten auf Anfragen",
            "zh-hans": "询盘答复",
            "zh-hant": "詢價答覆",
        },
    )
    register_audience("sales_managers", _("The managers"), sales_managers)
    register_customers(visible_customers)
    register_subject(
        Customer,
        contact=recipient_of_customer,
        contacts=recipients_of_customer,
        owner=lambda customer: customer.owner,
        visible=visible_customers,
        nouns=("contact", "address"),
    )
    register_subject(
        Inquiry,
        contact=recipient_of_inquiry,
        owner=lambda inquiry: inquiry.owner,
        visible=visible_inquiries,
        begins=letters.beginning,
    )
    register_subject(
        ServiceRecord,
        contact=recipient_of_record,
        owner=lambda row: row.customer.owner,
        visible=visible_service_records,
    )
    register_placeholders(Inquiry, inquiry_values, names=INQUIRY_NAMES, internal=INTERNAL)
    register_placeholders(Customer, customer_values, names=CUSTOMER_NAMES)
    register_placeholders(ServiceRecord, customer_values, names=CUSTOMER_NAMES)
    visit_messages.register()
    reception_messages.register()
    campaign_words.register()
    _register_texts()


def _register_texts() -> None:
    register_message(
        "inquiry.received",
        event="inquiry.received",
        audience="customer_contact",
        condition={"out_of_hours": False, "channel": WRITTEN},
        texts=RECEIVED,
    )
    register_message(
        "inquiry.received.closed",
        event="inquiry.received",
        audience="customer_contact",
        condition={"out_of_hours": True, "on_holiday": False, "channel": WRITTEN},
        texts=RECEIVED_OUT_OF_HOURS,
    )
    holiday_reply.register({"out_of_hours": True, "channel": WRITTEN})
    register_message(
        "inquiry.assigned",
        event="inquiry.assigned",
        audience="owner",
        channels=("inbox", "email"),
        condition={"by_owner": False},
        texts=ASSIGNED,
    )
    register_message(
        "inquiry.unrouted",
        event="inquiry.unrouted",
        audience="sales_managers",
        channels=("inbox", "email"),
        texts=UNROUTED,
    )
    register_message(
        "inquiry.promised", event="inquiry.promised", audience="customer_contact", channels=("email",), texts=PROMISED
    )


RECEIVED = {
    "en": Text(
        "Your inquiry {number}: we have it",
        "Dear {contact_name},\n\nthank you for your inquiry “{inquiry_subject}”. It has the number {number}, and one of our"
        " colleagues will answer you shortly.\n\nKind regards\n{company_name}",
        "{company_name}: thank you for your inquiry {number}. We will answer shortly.",
    ),
    "zh-hans": Text(
        "您的询盘 {number} 已收到",
        "尊敬的{contact_name}：\n\n感谢您的询盘“{inquiry_subject}”，编号为 {number}。我们的同事会尽快答复您。\n\n此致\n{company_name}",
        "{company_name}：您的询盘 {number} 已收到，我们会尽快答复。",
    ),
    "zh-hant": Text(
        "您的詢價 {number} 已收到",
        "{contact_name} 您好：\n\n感謝您的詢價「{inquiry_subject}」，編號為 {number}。我們的同仁將盡快回覆您。\n\n敬上\n{company_name}",
        "{company_name}：您的詢價 {number} 已收到，我們將盡快回覆。",
    ),
    "de": Text(
        "Ihre Anfrage {number} ist bei uns",
        "Guten Tag {contact_name},\n\nvielen Dank für Ihre Anfrage „{inquiry_subject}“. Sie hat die Nummer {number}, und Sie"
        " bekommen in Kürze Antwort von uns.\n\nFreundliche Grüße\n{company_name}",
        "{company_name}: Danke für Ihre Anfrage {number}. Wir antworten in Kürze.",
    ),
}
RECEIVED_OUT_OF_HOURS = {
    "en": Text(
        "Your inquiry {number}: we answer on the next working day",
        "Dear {contact_name},\n\nthank you for your inquiry “{inquiry_subject}”. It has the number {number}. Our office is"
        " closed at the moment. {answer_line}\n\n{emergency_line}\n\nKind regards\n{company_name}",
        "{company_name}: thank you for your inquiry {number}. Our office is closed; we answer when it opens."
        " {emergency_line}",
    ),
    "zh-hans": Text(
        "您的询盘 {number} 已收到，我们将在上班后答复",
        "尊敬的{contact_name}：\n\n感谢您的询盘“{inquiry_subject}”，编号为 {number}。现在是非工作时间。{answer_line}"
        "\n\n{emergency_line}\n\n此致\n{company_name}",
        "{company_name}：您的询盘 {number} 已收到，现为非工作时间，上班后答复。{emergency_line}",
    ),
    "zh-hant": Text(
        "您的詢價 {number} 已收到，我們將於上班後回覆",
        "{contact_name} 您好：\n\n感謝您的詢價「{inquiry_subject}」，編號為 {number}。目前為非上班時間。{answer_line}"
        "\n\n{emergency_line}\n\n敬上\n{company_name}",
        "{company_name}：您的詢價 {number} 已收到，目前為非上班時間，上班後回覆。{emergency_line}",
    ),
    "de": Text(
        "Ihre Anfrage {number}: Antwort am nächsten Arbeitstag",
        "Guten Tag {contact_name},\n\nvielen Dank für Ihre Anfrage „{inquiry_subject}“. Sie hat die Nummer {number}. Unser Büro"
        " ist zurzeit geschlossen. {answer_line}\n\n{emergency_line}\n\nFreundliche Grüße\n{company_name}",
        "{company_name}: Danke für Ihre Anfrage {number}. Unser Büro ist geschlossen, wir antworten nach der Öffnung."
        " {emergency_line}",
    ),
}
ASSIGNED = {
    "en": Text(
        "Inquiry {number} is yours: {inquiry_subject}",
        "{sender} ({country}, {language}) asks:\n\n{inquiry_text}\n\n{link}",
        "{sender}: {inquiry_subject}",
    ),
    "zh-hans": Text(
        "询盘 {number} 由您负责：{inquiry_subject}",
        "{sender}（{country}，{language}）来信：\n\n{inquiry_text}\n\n{link}",
        "{sender}：{inquiry_subject}",
    ),
    "zh-hant": Text(
        "詢價 {number} 由您負責：{inquiry_subject}",
        "{sender}（{country}，{language}）來信：\n\n{inquiry_text}\n\n{link}",
        "{sender}：{inquiry_subject}",
    ),
    "de": Text(
        "Anfrage {number} ist Ihre: {inquiry_subject}",
        "{sender} ({country}, {language}) fragt:\n\n{inquiry_text}\n\n{link}",
        "{sender}: {inquiry_subject}",
    ),
}
UNROUTED = {
    "en": Text(
        "Nobody speaks {language}: inquiry {number}",
        "{sender} ({country}) wrote in {language}, and no salesperson works in that language. In charge for now:"
        " {in_charge}.\n\n{inquiry_subject}\n\n{link}",
        "{sender}: {inquiry_subject}. In charge for now: {in_charge}",
    ),
    "zh-hans": Text(
        "无人会{language}：询盘 {number}",
        "{sender}（{country}）用{language}来信，销售人员中无人使用该语言。暂由{in_charge}负责。\n\n{inquiry_subject}\n\n{link}",
        "{sender}：{inquiry_subject}。暂由{in_charge}负责",
    ),
    "zh-hant": Text(
        "無人會{language}：詢價 {number}",
        "{sender}（{country}）以{language}來信，業務人員中無人使用該語言。暫由{in_charge}負責。\n\n{inquiry_subject}\n\n{link}",
        "{sender}：{inquiry_subject}。暫由{in_charge}負責",
    ),
    "de": Text(
        "Niemand spricht {language}: Anfrage {number}",
        "{sender} ({country}) schreibt in der Sprache {language}, in der niemand im Verkauf arbeitet. Vorerst zuständig:"
        " {in_charge}.\n\n{inquiry_subject}\n\n{link}",
        "{sender}: {inquiry_subject}. Vorerst zuständig: {in_charge}",
    ),
}
PROMISED = {
    "en": Text(
        "Your inquiry {number}: our answer by {promised_time}",
        "Dear {contact_name},\n\nyour question “{inquiry_subject}” needs a closer look. You will have our answer by"
        " {promised_time}.\n\nKind regards\n{owner_name}\n{company_name}",
    ),
    "zh-hans": Text(
        "您的询盘 {number}：我们将于 {promised_time} 前答复",
        "尊敬的{contact_name}：\n\n您的问题“{inquiry_subject}”需要进一步核实，我们将于 {promised_time} 前答复您。"
        "\n\n此致\n{owner_name}\n{company_name}",
    ),
    "zh-hant": Text(
        "您的詢價 {number}：我們將於 {promised_time} 前回覆",
        "{contact_name} 您好：\n\n您的問題「{inquiry_subject}」需要進一步確認，我們將於 {promised_time} 前回覆您。"
        "\n\n敬上\n{owner_name}\n{company_name}",
    ),
    "de": Text(
        "Ihre Anfrage {number}: Antwort bis {promised_time}",
        "Guten Tag {contact_name},\n\nIhre Frage „{inquiry_subject}“ wollen wir genauer ansehen. Sie bekommen unsere Antwort bis"
        " {promised_time}.\n\nFreundliche Grüße\n{owner_name}\n{company_name}",
    ),
}
