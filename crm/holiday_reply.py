"""The reply to an inquiry that arrives on a holiday or while the house is closed: what is celebrated, and when we are back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.models import Inquiry
from crm.services.hours import office_at
from foundation.accounts.audiences import Recipient
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.placeholders import register_event_placeholders
from foundation.ui import formats

NAMES = {
    "closed_for": _("Name of the holiday or of the closure; empty when it has none"),
    "back_at": _("When we are in the office again"),
}


def values(event: Any, inquiry: Inquiry, recipient: Recipient) -> dict[str, Any]:
    """Why nobody is there, and until when; read in the recipient's language and time zone."""

    def back_at() -> str:
        back = office_at(inquiry.received_at).back_at
        return formats.exact(back) if back else ""

    return {"closed_for": lambda: office_at(inquiry.received_at).closed_for, "back_at": back_at}


def register(condition: dict[str, Any]) -> None:
    """Ship the words and their rule; `condition` says which inquiries are answered at all."""
    register_event_placeholders("inquiry.received", values, names=NAMES)
    register_message(
        "inquiry.received.holiday",
        event="inquiry.received",
        audience="customer_contact",
        condition={**condition, "on_holiday": True},
        texts=HOLIDAY,
    )


HOLIDAY = {
    "en": Text(
        "Your inquiry {number}: we are back on {back_at}",
        "Dear {contact_name},\n\nthank you for your inquiry “{inquiry_subject}”. It has the number {number}. Our office is closed for a holiday; we are back on {back_at} and "
        "will answer you then, in the order in which inquiries arrived.\n\n{emergency_line}\n\nKind regards\n{company_name}",
        "{company_name}: thank you for your inquiry {number}. We are closed for a holiday and back on {back_at}. {emergency_line}",
    ),
    "zh-hans": Text(
        "您的询盘 {number} 已收到，我们将于 {back_at} 恢复办公",
        "尊敬的{contact_name}：\n\n感谢您的询盘“{inquiry_subject}”，编号为 {number}。我们正在放假，将于 {back_at} 恢复办公，届时会按收到的先后顺序答复您。\n\n{emergency_line}\n\n此致\n{company_name}",
        "【{company_name}】您的询盘 {number} 已收到。我们正在放假，{back_at} 恢复办公后答复。{emergency_line}",
    ),
    "zh-hant": Text(
        "您的詢價 {number} 已收到，我們將於 {back_at} 恢復上班",
        "{contact_name} 您好：\n\n感謝您的詢價「{inquiry_subject}」，編號為 {number}。我們正值假期，將於 {back_at} 恢復上班，屆時會依收到的先後順序回覆您。\n\n{emergency_line}\n\n敬上\n{company_name}",
        "【{company_name}】您的詢價 {number} 已收到。我們正值假期，{back_at} 恢復上班後回覆。{emergency_line}",
    ),
    "de": Text(
        "Ihre Anfrage {number}: Wir sind wieder da am {back_at}",
        "Guten Tag {contact_name},\n\nvielen Dank für Ihre Anfrage „{inquiry_subject}“. Sie hat die Nummer {number}. Unser Büro ist wegen eines Feiertags geschlossen; ab {back_at} sind wir "
        "wieder für Sie da und antworten in der Reihenfolge des Eingangs.\n\n{emergency_line}\n\nFreundliche Grüße\n{company_name}",
        "{company_name}: Danke für Ihre Anfrage {number}. Wir haben Feiertag und sind ab {back_at} wieder da. {emergency_line}",
    ),
}
