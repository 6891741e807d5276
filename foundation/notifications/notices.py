"""What the house itself tells its staff: promises that are about to be broken, broken, and escalated (MSG-3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from foundation.accounts.audiences import Recipient
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.digests.headings import register_heading
from foundation.notifications.placeholders import register_event_placeholders
from foundation.notifications.texts import Value
from foundation.ui import formats

PROMISE_NAMES = {
    "promise": _("Name of the promise"),
    "due": _("When it is or was due"),
    "level": _("Percent of the time used, or step of the escalation"),
}


def promise_values(event: Any, subject: Any, recipient: Recipient) -> dict[str, Value]:
    """What a clock's event says about its promise, in the reader's language and time zone."""
    return {
        "promise": _promise(event.facts.get("promise")),
        "due": _moment(event.facts.get("due_at")),
        "level": str(event.facts.get("level") or ""),
    }


def _promise(names: Any) -> str:
    if isinstance(names, dict):
        return str(names.get(get_language() or "en") or names.get("en") or next(iter(names.values()), ""))
    return str(names or "")


def _moment(iso: Any) -> str:
    try:
        when = datetime.fromisoformat(str(iso))
    except ValueError:
        return ""
    return formats.exact(when) if timezone.is_aware(when) else ""


WARNED = {
    "en": Text(
        "{promise}: {number} is due soon",
        "{promise} for {record} is due at {due}. {level} percent of the time is used.\n\n{link}",
        "Due at {due}. {level} percent of the time is used.",
    ),
    "zh-hans": Text(
        "{promise}：{number} 即将到期",
        "{record} 的“{promise}”将于 {due} 到期，时限已用去 {level}%。\n\n{link}",
        "{due} 到期，时限已用去 {level}%。",
    ),
    "zh-hant": Text(
        "{promise}：{number} 即將到期",
        "{record} 的「{promise}」將於 {due} 到期，時限已用去 {level}%。\n\n{link}",
        "{due} 到期，時限已用去 {level}%。",
    ),
    "de": Text(
        "{promise}: {number} ist bald fällig",
        "{promise} für {record} ist fällig: {due}. {level} Prozent der Zeit sind verbraucht.\n\n{link}",
        "Fällig: {due}. {level} Prozent der Zeit sind verbraucht.",
    ),
}
BREACHED = {
    "en": Text(
        "{promise}: {number} is late",
        "{promise} for {record} was due at {due} and has not been kept. In charge: {owner_name}.\n\n{link}",
        "Was due at {due}. In charge: {owner_name}.",
    ),
    "zh-hans": Text(
        "{promise}：{number} 已逾期",
        "{record} 的“{promise}”应于 {due} 前完成，现已逾期。负责人：{owner_name}。\n\n{link}",
        "原定 {due} 前完成。负责人：{owner_name}。",
    ),
    "zh-hant": Text(
        "{promise}：{number} 已逾期",
        "{record} 的「{promise}」應於 {due} 前完成，現已逾期。負責人：{owner_name}。\n\n{link}",
        "原定 {due} 前完成。負責人：{owner_name}。",
    ),
    "de": Text(
        "{promise}: {number} ist überfällig",
        "{promise} für {record} war fällig am {due} und wurde nicht eingehalten. Zuständig: {owner_name}.\n\n{link}",
        "War fällig: {due}. Zuständig: {owner_name}.",
    ),
}
ESCALATED = {
    "en": Text(
        "{promise}: {number} has been escalated",
        "{promise} for {record}, due at {due}, is still open and has been escalated. In charge: {owner_name}.\n\n{link}",
        "Was due at {due} and is still open. In charge: {owner_name}.",
    ),
    "zh-hans": Text(
        "{promise}：{number} 已升级处理",
        "{record} 的“{promise}”应于 {due} 前完成，至今未完成，已升级处理。负责人：{owner_name}。\n\n{link}",
        "原定 {due} 前完成，至今未完成。负责人：{owner_name}。",
    ),
    "zh-hant": Text(
        "{promise}：{number} 已升級處理",
        "{record} 的「{promise}」應於 {due} 前完成，至今未完成，已升級處理。負責人：{owner_name}。\n\n{link}",
        "原定 {due} 前完成，至今未完成。負責人：{owner_name}。",
    ),
    "de": Text(
        "{promise}: {number} wurde eskaliert",
        "{promise} für {record}, fällig am {due}, ist noch offen und wurde eskaliert. Zuständig: {owner_name}.\n\n{link}",
        "War fällig: {due}, ist noch offen. Zuständig: {owner_name}.",
    ),
}


def register() -> None:
    """Ship the notices."""
    register_event_placeholders("sla.", promise_values, names=PROMISE_NAMES)
    register_heading("sla.warned", _("Due soon"))
    register_heading("sla.breached", _("Overdue"))
    register_heading("sla.escalated", _("Escalated"))
    staff = ("inbox", "email")
    register_message("sla_warned", event="sla.warned", audience="owner", channels=staff, texts=WARNED, urgent=True)
    register_message(
        "sla_breached", event="sla.breached", audience="owner", channels=staff, texts=BREACHED, urgent=True
    )
    register_message(
        "sla_breached_manager",
        event="sla.breached",
        audience="owner_manager",
        channels=staff,
        template="sla_breached",
        urgent=True,
    )
    # Whom, and by which channels, stands in each step of the promise itself.
    register_message(
        "sla_escalated", event="sla.escalated", audience="escalation", channels=staff, texts=ESCALATED, urgent=True
    )
