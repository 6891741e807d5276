"""What is said of receptions: to whoever prepares them in the morning, to the host at the door, to the customer afterwards."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm import reception_letters
from crm.models import Reception
from crm.people import recipient_of_visit
from crm.selectors import visible_receptions
from foundation.accounts.audiences import Recipient, register_audience, staff_recipient
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.placeholders import register_placeholders
from foundation.notifications.subjects import register_subject
from foundation.notifications.texts import one_line
from foundation.ui import formats
from foundation.ui.places import language_name

NAMES = {
    "reception_purpose": _("What the reception is about"),
    "reception_time": _("When the reception begins, in the reader's time zone"),
    "reception_visitors": _("How many visitors are expected"),
    "reception_language": _("The language of the reception"),
    "reception_checklist": _("What to have ready, one line each"),
    "customer_name": _("Name of the customer"),
    **reception_letters.NAMES,
}
INTERNAL = ("reception_checklist",)


def preparing(event: Any, subject: Any) -> list[Recipient]:
    """The assistant; the host where there is none."""
    person = subject.assistant if subject.assistant is not None else subject.owner
    return [staff_recipient(person)] if person is not None and person.is_active else []


def values(reception: Reception, recipient: Recipient) -> dict[str, Any]:
    """What a message about a reception may say."""
    return {
        "reception_purpose": one_line(reception.purpose),
        "reception_time": formats.exact(reception.planned_start),
        "reception_visitors": str(reception.head_count),
        "reception_language": language_name(reception.language),
        "reception_checklist": lambda: checklist_of(reception),
        "customer_name": one_line(reception.customer.name),
        **reception_letters.values(reception),
    }


def checklist_of(reception: Reception) -> str:
    """What is not ready yet, one line each."""
    items = reception.items.filter(done_at=None).select_related("row")
    for one in items:
        one.reception = reception
    return "\n".join(f"- {one_line(one.text)}" for one in items)


def register() -> None:
    """Called once, when the apps are ready."""
    register_audience("reception_assistant", _("Whoever prepares the reception"), preparing)
    register_subject(
        Reception,
        contact=recipient_of_visit,
        owner=lambda reception: reception.owner,
        visible=visible_receptions,
    )
    register_placeholders(Reception, values, names=NAMES, internal=INTERNAL)
    register_message(
        "reception.due_today",
        event="reception.due_today",
        audience="reception_assistant",
        channels=("inbox", "email"),
        texts=DUE_TODAY,
    )
    register_message(
        "reception.arrived", event="reception.arrived", audience="owner", channels=("inbox",), texts=ARRIVED
    )
    reception_letters.register()
    register_message("reception.thanked", event="reception.thanked", audience="customer_contact", texts=THANKS)


DUE_TODAY = {
    "en": Text(
        "Prepare the reception of {customer_name}, {reception_time}",
        "Hello {recipient_name},\n\n{customer_name} comes to the showroom at {reception_time}: {reception_purpose}."
        "\nHost: {owner_name}\nVisitors: {reception_visitors}\nLanguage: {reception_language}"
        "\n\nPlease have ready:\n{reception_checklist}",
        "Visitors: {reception_visitors}. {reception_purpose}",
    ),
    "zh-hans": Text(
        "请准备接待：{customer_name}，{reception_time}",
        "{recipient_name}，您好：\n\n{customer_name}将于 {reception_time} 来展厅：{reception_purpose}。"
        "\n接待人：{owner_name}\n人数：{reception_visitors}\n语言：{reception_language}"
        "\n\n请备好：\n{reception_checklist}",
        "来访人数：{reception_visitors}。{reception_purpose}",
    ),
    "zh-hant": Text(
        "請準備接待：{customer_name}，{reception_time}",
        "{recipient_name} 您好：\n\n{customer_name}將於 {reception_time} 來展廳：{reception_purpose}。"
        "\n接待人：{owner_name}\n人數：{reception_visitors}\n語言：{reception_language}"
        "\n\n請備妥：\n{reception_checklist}",
        "來訪人數：{reception_visitors}。{reception_purpose}",
    ),
    "de": Text(
        "Empfang von {customer_name} vorbereiten, {reception_time}",
        "Guten Tag {recipient_name},\n\n{customer_name} kommt am {reception_time} in die Ausstellung: {reception_purpose}."
        "\nGastgeber: {owner_name}\nGäste: {reception_visitors}\nSprache: {reception_language}"
        "\n\nBitte bereithalten:\n{reception_checklist}",
        "Gäste: {reception_visitors}. {reception_purpose}",
    ),
}
ARRIVED = {
    "en": Text(
        "{customer_name} is in the showroom",
        "{customer_name} is in the showroom: {reception_purpose}.",
        "{reception_purpose}",
    ),
    "zh-hans": Text("{customer_name}已到展厅", "{customer_name}已到展厅：{reception_purpose}。", "{reception_purpose}"),
    "zh-hant": Text("{customer_name}已到展廳", "{customer_name}已到展廳：{reception_purpose}。", "{reception_purpose}"),
    "de": Text(
        "{customer_name} ist in der Ausstellung",
        "{customer_name} ist in der Ausstellung: {reception_purpose}.",
        "{reception_purpose}",
    ),
}
THANKS = {
    "en": Text(
        "Thank you for visiting our showroom",
        "Dear {recipient_name},\n\nthank you for visiting our showroom. We have noted what you told us and will come back to"
        " you. If anything comes to mind, simply reply to this email.\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: thank you for visiting our showroom.",
    ),
    "zh-hans": Text(
        "感谢您参观我们的展厅",
        "{recipient_name}，您好：\n\n感谢您参观我们的展厅。您谈到的事项我们已经记下，会尽快跟进。如还有其他想法，直接回复本邮件即可。"
        "\n\n此致\n{owner_name}\n{company_name}",
        "{company_name}：感谢您参观我们的展厅。",
    ),
    "zh-hant": Text(
        "感謝您參觀我們的展廳",
        "{recipient_name} 您好：\n\n感謝您參觀我們的展廳。您提到的事項我們已經記下，將盡快跟進。若還有其他想法，直接回覆本郵件即可。"
        "\n\n敬上\n{owner_name}\n{company_name}",
        "{company_name}：感謝您參觀我們的展廳。",
    ),
    "de": Text(
        "Vielen Dank für Ihren Besuch in unserer Ausstellung",
        "Guten Tag {recipient_name},\n\nvielen Dank für Ihren Besuch in unserer Ausstellung. Was Sie uns gesagt haben, ist"
        " notiert, und wir kommen darauf zurück. Fällt Ihnen noch etwas ein, antworten Sie einfach auf diese E-Mail."
        "\n\nFreundliche Grüße\n{owner_name}\n{company_name}",
        "{company_name}: Vielen Dank für Ihren Besuch in unserer Ausstellung.",
    ),
}
