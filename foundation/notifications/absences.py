"""What colleagues are told when open work changes hands: the person whose work it is, and those who get it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.accounts.audiences import Recipient, register_audience, staff_recipient
from foundation.accounts.models import User
from foundation.accounts.selectors import visible_people
from foundation.journal.registry import parse_iso_day
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.placeholders import register_event_placeholders
from foundation.notifications.subjects import register_subject
from foundation.notifications.texts import Value
from foundation.ui import formats

NAMES = {
    "colleague": _("Whose work it is"),
    "count": _("How many records"),
    "takers": _("Who has them meanwhile"),
    "back": _("When they come back, where that is known"),
}


def takers(event: Any, subject: Any) -> list[Recipient]:
    """Those to whom the work was given."""
    found = User.objects.filter(pk__in=event.facts.get("taker_ids") or [], is_active=True).order_by("pk")
    return [staff_recipient(user) for user in found]


def person(event: Any, subject: Any) -> list[Recipient]:
    """The colleague whose work it is."""
    return [staff_recipient(subject)] if isinstance(subject, User) and subject.is_active else []


def values(event: Any, subject: Any, recipient: Recipient) -> dict[str, Value]:
    """How much of whose work went to whom, until when."""
    return {
        "colleague": str(subject),
        "count": str(event.facts.get("count") or ""),
        "takers": lambda: ", ".join(one.name for one in takers(event, subject)),
        "back": _back(event.facts.get("back_on")),
    }


def _back(iso: Any) -> str:
    day = parse_iso_day(str(iso or ""))
    return formats.day(day) if day else "–"


HANDED = {
    "en": Text(
        "You stand in for {colleague}: {count} open records",
        "{count} open records of {colleague} are yours now. They go back on: {back}.\n\n{link}",
        "They go back on: {back}.",
    ),
    "zh-hans": Text(
        "您代理 {colleague} 的工作：{count} 条未结记录",
        "{colleague} 的 {count} 条未结记录现由您负责。归还日期：{back}。\n\n{link}",
        "归还日期：{back}。",
    ),
    "zh-hant": Text(
        "您代理 {colleague} 的工作：{count} 筆未結紀錄",
        "{colleague} 的 {count} 筆未結紀錄現由您負責。歸還日期：{back}。\n\n{link}",
        "歸還日期：{back}。",
    ),
    "de": Text(
        "Sie vertreten {colleague}: {count} offene Vorgänge",
        "{count} offene Vorgänge von {colleague} liegen jetzt bei Ihnen. Zurück gehen sie am: {back}.\n\n{link}",
        "Zurück gehen sie am: {back}.",
    ),
}
GIVEN_AWAY = {
    "en": Text(
        "Your open work is in good hands: {count} records",
        "{count} of your open records were given to {takers}. They come back on: {back}.\n\n{link}",
        "With {takers}, back on: {back}.",
    ),
    "zh-hans": Text(
        "您的工作已移交：{count} 条未结记录",
        "您的 {count} 条未结记录已移交给 {takers}。归还日期：{back}。\n\n{link}",
        "由 {takers} 负责，归还日期：{back}。",
    ),
    "zh-hant": Text(
        "您的工作已移交：{count} 筆未結紀錄",
        "您的 {count} 筆未結紀錄已移交給 {takers}。歸還日期：{back}。\n\n{link}",
        "由 {takers} 負責，歸還日期：{back}。",
    ),
    "de": Text(
        "Ihre offene Arbeit ist übergeben: {count} Vorgänge",
        "{count} Ihrer offenen Vorgänge liegen jetzt bei: {takers}. Zurück kommen sie am: {back}.\n\n{link}",
        "Bei {takers}, zurück am: {back}.",
    ),
}
RETURNED = {
    "en": Text(
        "Welcome back: {count} records are yours again",
        "{count} records that were with {takers} are yours again.\n\n{link}",
        "They were with {takers}.",
    ),
    "zh-hans": Text(
        "欢迎回来：{count} 条记录重新由您负责",
        "此前由 {takers} 代理的 {count} 条记录现已归还给您。\n\n{link}",
        "此前由 {takers} 代理。",
    ),
    "zh-hant": Text(
        "歡迎回來：{count} 筆紀錄重新由您負責",
        "先前由 {takers} 代理的 {count} 筆紀錄現已歸還給您。\n\n{link}",
        "先前由 {takers} 代理。",
    ),
    "de": Text(
        "Willkommen zurück: {count} Vorgänge liegen wieder bei Ihnen",
        "{count} Vorgänge, die bei {takers} lagen, liegen wieder bei Ihnen.\n\n{link}",
        "Sie lagen bei {takers}.",
    ),
}
GIVEN_BACK = {
    "en": Text(
        "{colleague} is back: {count} records went back",
        "{count} records that you had for {colleague} went back. Thank you for standing in.\n\n{link}",
        "Thank you for standing in.",
    ),
    "zh-hans": Text(
        "{colleague} 已返岗：{count} 条记录已归还",
        "您为 {colleague} 代理的 {count} 条记录已归还。感谢您的协助。\n\n{link}",
        "感谢您的协助。",
    ),
    "zh-hant": Text(
        "{colleague} 已返崗：{count} 筆紀錄已歸還",
        "您為 {colleague} 代理的 {count} 筆紀錄已歸還。感謝您的協助。\n\n{link}",
        "感謝您的協助。",
    ),
    "de": Text(
        "{colleague} ist zurück: {count} Vorgänge gingen zurück",
        "{count} Vorgänge, die Sie für {colleague} hatten, gingen zurück. Danke für die Vertretung.\n\n{link}",
        "Danke für die Vertretung.",
    ),
}


def register() -> None:
    """Ship the audiences and the messages."""
    register_subject(User, owner=lambda user: user, visible=visible_people, composer=False)
    register_audience("absent_colleague", _("The colleague whose work changes hands"), person, is_named_by_event=True)
    register_audience("stand_in", _("Those who stand in"), takers, is_named_by_event=True)
    register_event_placeholders("user.work_", values, names=NAMES)
    for key, event, audience, texts in (
        ("work_handed", "user.work_handed", "stand_in", HANDED),
        ("work_given_away", "user.work_handed", "absent_colleague", GIVEN_AWAY),
        ("work_returned", "user.work_returned", "absent_colleague", RETURNED),
        ("work_given_back", "user.work_returned", "stand_in", GIVEN_BACK),
    ):
        register_message(key, event=event, audience=audience, channels=("inbox", "email"), texts=texts)
