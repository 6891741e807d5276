"""What customers hear of visits, in the words that the house ships."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.models import Visit
from crm.people import recipient_of_visit
from crm.selectors import visible_visits
from foundation.accounts.audiences import Recipient
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.placeholders import register_placeholders
from foundation.notifications.subjects import register_subject
from foundation.notifications.texts import one_line
from foundation.ui import formats

NAMES = {
    "visit_purpose": _("What the visit is about"),
    "visit_time": _("When the visit begins, in the reader's time zone"),
    "visit_address": _("Where the visit takes place; empty when it is not known"),
    "customer_name": _("Name of the customer"),
}


def values(visit: Visit, recipient: Recipient) -> dict[str, Any]:
    """What a message about a visit may say."""
    return {
        "visit_purpose": one_line(visit.purpose),
        "visit_time": formats.exact(visit.planned_start) if visit.planned_start else "",
        "visit_address": one_line(str(visit.address)) if visit.address else "",
        "customer_name": one_line(visit.customer.name),
    }


def register() -> None:
    """Called once, when the apps are ready."""
    register_subject(Visit, contact=recipient_of_visit, owner=lambda visit: visit.owner, visible=visible_visits)
    register_placeholders(Visit, values, names=NAMES)
    for code, event, texts in (
        ("visit.planned", "visit.planned", PLANNED),
        ("visit.rescheduled", "visit.rescheduled", RESCHEDULED),
        ("visit.cancelled", "visit.cancelled", CANCELLED),
    ):
        register_message(
            code, event=event, audience="customer_contact", condition={"tells_customer": True}, texts=texts
        )
    register_message("visit.finished", event="visit.finished", audience="customer_contact", texts=THANKS)


PLANNED = {
    "en": Text(
        "Our visit on {visit_time}",
        "Dear {recipient_name},\n\nthank you for your time. {owner_name} will visit you on {visit_time}: {visit_purpose}."
        "\n\n{visit_address}\n\nIf this does not suit you, simply reply to this email.\n\nKind regards\n{company_name}",
        "{company_name}: {owner_name} will visit you on {visit_time}.",
    ),
    "zh-hans": Text(
        "拜访预约：{visit_time}",
        "{recipient_name}，您好：\n\n感谢您安排时间。{owner_name}将于 {visit_time} 拜访您：{visit_purpose}。\n\n{visit_address}"
        "\n\n如时间不便，直接回复本邮件即可。\n\n此致\n{company_name}",
        "{company_name}：{owner_name}将于 {visit_time} 拜访您。",
    ),
    "zh-hant": Text(
        "拜訪預約：{visit_time}",
        "{recipient_name} 您好：\n\n感謝您撥冗。{owner_name}將於 {visit_time} 拜訪您：{visit_purpose}。\n\n{visit_address}"
        "\n\n若時間不便，直接回覆本郵件即可。\n\n敬上\n{company_name}",
        "{company_name}：{owner_name}將於 {visit_time} 拜訪您。",
    ),
    "de": Text(
        "Unser Besuch am {visit_time}",
        "Guten Tag {recipient_name},\n\nvielen Dank für Ihre Zeit. {owner_name} besucht Sie am {visit_time}: {visit_purpose}."
        "\n\n{visit_address}\n\nPasst Ihnen das nicht, antworten Sie einfach auf diese E-Mail.\n\nFreundliche Grüße"
        "\n{company_name}",
        "{company_name}: {owner_name} besucht Sie am {visit_time}.",
    ),
}
RESCHEDULED = {
    "en": Text(
        "Our visit has a new time: {visit_time}",
        "Dear {recipient_name},\n\nour visit has been moved. {owner_name} will now come on {visit_time}: {visit_purpose}."
        "\n\n{visit_address}\n\nIf this does not suit you, simply reply to this email.\n\nKind regards\n{company_name}",
        "{company_name}: our visit has been moved to {visit_time}.",
    ),
    "zh-hans": Text(
        "拜访时间已改为 {visit_time}",
        "{recipient_name}，您好：\n\n我们的拜访时间有变动，{owner_name}将改于 {visit_time} 拜访您：{visit_purpose}。"
        "\n\n{visit_address}\n\n如时间不便，直接回复本邮件即可。\n\n此致\n{company_name}",
        "{company_name}：拜访时间已改为 {visit_time}。",
    ),
    "zh-hant": Text(
        "拜訪時間已改為 {visit_time}",
        "{recipient_name} 您好：\n\n我們的拜訪時間有異動，{owner_name}將改於 {visit_time} 拜訪您：{visit_purpose}。"
        "\n\n{visit_address}\n\n若時間不便，直接回覆本郵件即可。\n\n敬上\n{company_name}",
        "{company_name}：拜訪時間已改為 {visit_time}。",
    ),
    "de": Text(
        "Neuer Termin für unseren Besuch: {visit_time}",
        "Guten Tag {recipient_name},\n\nunser Besuch ist verschoben. {owner_name} kommt nun am {visit_time}: {visit_purpose}."
        "\n\n{visit_address}\n\nPasst Ihnen das nicht, antworten Sie einfach auf diese E-Mail.\n\nFreundliche Grüße"
        "\n{company_name}",
        "{company_name}: Unser Besuch ist auf {visit_time} verschoben.",
    ),
}
CANCELLED = {
    "en": Text(
        "Our visit on {visit_time} is cancelled",
        "Dear {recipient_name},\n\nwe are sorry: our visit on {visit_time} cannot take place. {owner_name} will get in touch"
        " with you about a new time.\n\nKind regards\n{company_name}",
        "{company_name}: our visit on {visit_time} cannot take place. We will get in touch about a new time.",
    ),
    "zh-hans": Text(
        "{visit_time} 的拜访已取消",
        "{recipient_name}，您好：\n\n非常抱歉，原定 {visit_time} 的拜访无法成行。{owner_name}会与您另约时间。\n\n此致\n{company_name}",
        "{company_name}：很抱歉，原定 {visit_time} 的拜访无法成行，我们会与您另约时间。",
    ),
    "zh-hant": Text(
        "{visit_time} 的拜訪已取消",
        "{recipient_name} 您好：\n\n非常抱歉，原訂 {visit_time} 的拜訪無法成行。{owner_name}將與您另約時間。\n\n敬上\n{company_name}",
        "{company_name}：很抱歉，原訂 {visit_time} 的拜訪無法成行，我們將與您另約時間。",
    ),
    "de": Text(
        "Unser Besuch am {visit_time} fällt aus",
        "Guten Tag {recipient_name},\n\nes tut uns leid: Unser Besuch am {visit_time} kann nicht stattfinden. {owner_name} meldet"
        " sich bei Ihnen wegen eines neuen Termins.\n\nFreundliche Grüße\n{company_name}",
        "{company_name}: Unser Besuch am {visit_time} kann leider nicht stattfinden. Wir melden uns wegen eines neuen Termins.",
    ),
}
THANKS = {
    "en": Text(
        "Thank you for your time",
        "Dear {recipient_name},\n\nthank you for receiving us. We have noted what you told us and will come back to you."
        " If anything comes to mind, simply reply to this email.\n\nKind regards\n{owner_name}\n{company_name}",
        "{company_name}: thank you for receiving us.",
    ),
    "zh-hans": Text(
        "感谢您的接待",
        "{recipient_name}，您好：\n\n感谢您的接待。您谈到的事项我们已经记下，会尽快跟进。如还有其他想法，直接回复本邮件即可。"
        "\n\n此致\n{owner_name}\n{company_name}",
        "{company_name}：感谢您的接待。",
    ),
    "zh-hant": Text(
        "感謝您的接待",
        "{recipient_name} 您好：\n\n感謝您的接待。您提到的事項我們已經記下，將盡快跟進。若還有其他想法，直接回覆本郵件即可。"
        "\n\n敬上\n{owner_name}\n{company_name}",
        "{company_name}：感謝您的接待。",
    ),
    "de": Text(
        "Vielen Dank für Ihre Zeit",
        "Guten Tag {recipient_name},\n\nvielen Dank, dass Sie uns empfangen haben. Was Sie uns gesagt haben, ist notiert, und"
        " wir kommen darauf zurück. Fällt Ihnen noch etwas ein, antworten Sie einfach auf diese E-Mail.\n\nFreundliche Grüße"
        "\n{owner_name}\n{company_name}",
        "{company_name}: Vielen Dank, dass Sie uns empfangen haben.",
    ),
}
