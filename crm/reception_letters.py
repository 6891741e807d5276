"""What customers hear of a reception before it: that it is booked, moved, called off. Told by the clock of the showroom."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Reception
from foundation.accounts.models import Company
from foundation.calendars.zones import load_zone
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.texts import one_line
from foundation.ui import formats

NAMES = {
    "reception_local_time": _("When the reception begins, by the clock of the showroom"),
    "reception_place": _("Address of the showroom: that of the company"),
}


def values(reception: Reception) -> dict[str, Any]:
    """When and where they are expected."""
    company = Company.current()
    with timezone.override(load_zone(company.time_zone)):
        return {
            "reception_local_time": formats.exact(reception.planned_start),
            "reception_place": ", ".join(line for line in map(one_line, company.address.splitlines()) if line),
        }


def register() -> None:
    """Called once, when the apps are ready."""
    for code, texts in (
        ("reception.planned", PLANNED),
        ("reception.rescheduled", RESCHEDULED),
        ("reception.cancelled", CANCELLED),
    ):
        register_message(code, event=code, audience="customer_contact", condition={"tells_customer": True}, texts=texts)


PLANNED = {
    "en": Text(
        "Your visit to our showroom on {reception_local_time}",
        "Dear {recipient_name},\n\nwe look forward to seeing you in our showroom on {reception_local_time}:"
        " {reception_purpose}. {owner_name} will receive you.\n\n{reception_place}"
        "\n\nIf this does not suit you, simply reply to this email.\n\nKind regards\n{company_name}",
        "{company_name}: we look forward to your visit to our showroom on {reception_local_time}.",
    ),
    "zh-hans": Text(
        "展厅参观预约：{reception_local_time}",
        "{recipient_name}，您好：\n\n期待您于 {reception_local_time} 莅临我们的展厅：{reception_purpose}。"
        "{owner_name}将接待您。\n\n{reception_place}\n\n如时间不便，直接回复本邮件即可。\n\n此致\n{company_name}",
        "{company_name}：期待您于 {reception_local_time} 莅临我们的展厅。",
    ),
    "zh-hant": Text(
        "展廳參觀預約：{reception_local_time}",
        "{recipient_name} 您好：\n\n期待您於 {reception_local_time} 蒞臨我們的展廳：{reception_purpose}。"
        "{owner_name}將接待您。\n\n{reception_place}\n\n若時間不便，直接回覆本郵件即可。\n\n敬上\n{company_name}",
        "{company_name}：期待您於 {reception_local_time} 蒞臨我們的展廳。",
    ),
    "de": Text(
        "Ihr Besuch in unserer Ausstellung am {reception_local_time}",
        "Guten Tag {recipient_name},\n\nwir freuen uns, Sie am {reception_local_time} in unserer Ausstellung zu begrüßen:"
        " {reception_purpose}. {owner_name} empfängt Sie.\n\n{reception_place}"
        "\n\nPasst Ihnen das nicht, antworten Sie einfach auf diese E-Mail.\n\nFreundliche Grüße\n{company_name}",
        "{company_name}: Wir freuen uns auf Ihren Besuch in unserer Ausstellung am {reception_local_time}.",
    ),
}
RESCHEDULED = {
    "en": Text(
        "Your visit to our showroom has a new time: {reception_local_time}",
        "Dear {recipient_name},\n\nyour visit to our showroom has been moved. We now expect you on"
        " {reception_local_time}: {reception_purpose}. {owner_name} will receive you.\n\n{reception_place}"
        "\n\nIf this does not suit you, simply reply to this email.\n\nKind regards\n{company_name}",
        "{company_name}: your visit to our showroom has been moved to {reception_local_time}.",
    ),
    "zh-hans": Text(
        "展厅参观时间已改为 {reception_local_time}",
        "{recipient_name}，您好：\n\n您参观展厅的时间有变动，现改为 {reception_local_time}：{reception_purpose}。"
        "{owner_name}将接待您。\n\n{reception_place}\n\n如时间不便，直接回复本邮件即可。\n\n此致\n{company_name}",
        "{company_name}：您参观展厅的时间已改为 {reception_local_time}。",
    ),
    "zh-hant": Text(
        "展廳參觀時間已改為 {reception_local_time}",
        "{recipient_name} 您好：\n\n您參觀展廳的時間有異動，現改為 {reception_local_time}：{reception_purpose}。"
        "{owner_name}將接待您。\n\n{reception_place}\n\n若時間不便，直接回覆本郵件即可。\n\n敬上\n{company_name}",
        "{company_name}：您參觀展廳的時間已改為 {reception_local_time}。",
    ),
    "de": Text(
        "Neuer Termin für Ihren Besuch in unserer Ausstellung: {reception_local_time}",
        "Guten Tag {recipient_name},\n\nIhr Besuch in unserer Ausstellung ist verschoben. Wir erwarten Sie nun am"
        " {reception_local_time}: {reception_purpose}. {owner_name} empfängt Sie.\n\n{reception_place}"
        "\n\nPasst Ihnen das nicht, antworten Sie einfach auf diese E-Mail.\n\nFreundliche Grüße\n{company_name}",
        "{company_name}: Ihr Besuch in unserer Ausstellung ist auf {reception_local_time} verschoben.",
    ),
}
CANCELLED = {
    "en": Text(
        "Your visit to our showroom on {reception_local_time} is cancelled",
        "Dear {recipient_name},\n\nwe are sorry: we cannot receive you in our showroom on {reception_local_time}."
        " {owner_name} will get in touch with you about a new time.\n\nKind regards\n{company_name}",
        "{company_name}: we cannot receive you on {reception_local_time}. We will get in touch about a new time.",
    ),
    "zh-hans": Text(
        "{reception_local_time} 的展厅参观已取消",
        "{recipient_name}，您好：\n\n非常抱歉，原定 {reception_local_time} 的展厅参观无法进行。{owner_name}会与您另约时间。"
        "\n\n此致\n{company_name}",
        "{company_name}：很抱歉，原定 {reception_local_time} 的展厅参观无法进行，我们会与您另约时间。",
    ),
    "zh-hant": Text(
        "{reception_local_time} 的展廳參觀已取消",
        "{recipient_name} 您好：\n\n非常抱歉，原訂 {reception_local_time} 的展廳參觀無法進行。{owner_name}將與您另約時間。"
        "\n\n敬上\n{company_name}",
        "{company_name}：很抱歉，原訂 {reception_local_time} 的展廳參觀無法進行，我們將與您另約時間。",
    ),
    "de": Text(
        "Ihr Besuch in unserer Ausstellung am {reception_local_time} fällt aus",
        "Guten Tag {recipient_name},\n\nes tut uns leid: Wir können Sie am {reception_local_time} nicht in unserer"
        " Ausstellung empfangen. {owner_name} meldet sich bei Ihnen wegen eines neuen Termins.\n\nFreundliche Grüße"
        "\n{company_name}",
        "{company_name}: Ihr Besuch am {reception_local_time} fällt leider aus. Wir melden uns wegen eines neuen Termins.",
    ),
}
