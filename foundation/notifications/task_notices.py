"""What the house tells its staff of tasks and mentions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts.audiences import Recipient
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.digests.headings import register_heading
from foundation.notifications.placeholders import register_event_placeholders
from foundation.notifications.texts import Value
from foundation.ui import formats

STAFF = ("inbox", "email")


def task_values(event: Any, subject: Any, recipient: Recipient) -> dict[str, Value]:
    """When the task is due, as the reader writes it."""
    return {"due": lambda: _due(event.facts), "person_name": lambda: str(getattr(subject, "person", "") or "")}


def _due(facts: dict[str, Any]) -> str:
    try:
        if facts.get("due_at"):
            moment = datetime.fromisoformat(str(facts["due_at"]))
            return formats.exact(moment) if timezone.is_aware(moment) else ""
        return formats.day(date.fromisoformat(str(facts["due_on"]))) if facts.get("due_on") else "–"
    except ValueError:
        return "–"


ASKED = {
    "en": Text(
        "New task: {record}",
        "{actor_name} has a task for you: {record}\nDue: {due}\n\n{link}",
        "From {actor_name}, due: {due}",
    ),
    "zh-hans": Text(
        "新任务：{record}",
        "{actor_name} 给您安排了一项任务：{record}\n截止：{due}\n\n{link}",
        "来自 {actor_name}，截止：{due}",
    ),
    "zh-hant": Text(
        "新任務：{record}",
        "{actor_name} 給您安排了一項任務：{record}\n截止：{due}\n\n{link}",
        "來自 {actor_name}，截止：{due}",
    ),
    "de": Text(
        "Neue Aufgabe: {record}",
        "{actor_name} hat eine Aufgabe für Sie: {record}\nFällig: {due}\n\n{link}",
        "Von {actor_name}, fällig: {due}",
    ),
}
REMINDED = {
    "en": Text("Reminder: {record}", "You wanted to be reminded: {record}\nDue: {due}\n\n{link}", "Due: {due}"),
    "zh-hans": Text("提醒：{record}", "提醒您处理任务：{record}\n截止：{due}\n\n{link}", "截止：{due}"),
    "zh-hant": Text("提醒：{record}", "提醒您處理任務：{record}\n截止：{due}\n\n{link}", "截止：{due}"),
    "de": Text(
        "Erinnerung: {record}", "Sie wollten erinnert werden: {record}\nFällig: {due}\n\n{link}", "Fällig: {due}"
    ),
}
OVERDUE = {
    "en": Text("Overdue: {record}", "This task was due and is still open: {record}\nDue: {due}\n\n{link}", "Was due: {due}"),
    "zh-hans": Text("已逾期：{record}", "任务已到期，尚未完成：{record}\n截止：{due}\n\n{link}", "原定截止：{due}"),
    "zh-hant": Text("已逾期：{record}", "任務已到期，尚未完成：{record}\n截止：{due}\n\n{link}", "原定截止：{due}"),
    "de": Text(
        "Überfällig: {record}",
        "Diese Aufgabe war fällig und ist noch offen: {record}\nFällig: {due}\n\n{link}",
        "War fällig: {due}",
    ),
}  # fmt: skip
OVERDUE_ASKED = {
    "en": Text("Not done yet: {record}", "{link}", "With {person_name}, was due: {due}"),
    "zh-hans": Text("尚未完成：{record}", "{link}", "由 {person_name} 负责，原定截止：{due}"),
    "zh-hant": Text("尚未完成：{record}", "{link}", "由 {person_name} 負責，原定截止：{due}"),
    "de": Text("Noch nicht erledigt: {record}", "{link}", "Bei {person_name}, war fällig: {due}"),
}
DONE = {
    "en": Text("Done: {record}", "{link}", "{actor_name} has done what you asked for."),
    "zh-hans": Text("已完成：{record}", "{link}", "{actor_name} 已完成您交办的任务。"),
    "zh-hant": Text("已完成：{record}", "{link}", "{actor_name} 已完成您交辦的任務。"),
    "de": Text("Erledigt: {record}", "{link}", "{actor_name} hat erledigt, worum Sie gebeten haben."),
}
REOPENED = {
    "en": Text("Open again: {record}", "{link}", "Reopened by {actor_name}, due: {due}"),
    "zh-hans": Text("重新打开：{record}", "{link}", "由 {actor_name} 重新打开，截止：{due}"),
    "zh-hant": Text("重新開啟：{record}", "{link}", "由 {actor_name} 重新開啟，截止：{due}"),
    "de": Text("Wieder offen: {record}", "{link}", "Wieder geöffnet von {actor_name}, fällig: {due}"),
}
POSTPONED = {
    "en": Text("Postponed: {record}", "{link}", "By {actor_name}, now due: {due}"),
    "zh-hans": Text("已延期：{record}", "{link}", "由 {actor_name} 延期，新的截止时间：{due}"),
    "zh-hant": Text("已延期：{record}", "{link}", "由 {actor_name} 延期，新的截止時間：{due}"),
    "de": Text("Verschoben: {record}", "{link}", "Von {actor_name}, jetzt fällig: {due}"),
}
CANCELLED = {
    "en": Text("Need not be done: {record}", "{link}", "Cancelled by {actor_name}."),
    "zh-hans": Text("已取消：{record}", "{link}", "由 {actor_name} 取消。"),
    "zh-hant": Text("已取消：{record}", "{link}", "由 {actor_name} 取消。"),
    "de": Text("Entfällt: {record}", "{link}", "Abgesagt von {actor_name}."),
}
MENTIONED = {
    "en": Text("{actor_name} mentioned you: {record}", "{link}", "In an internal note."),
    "zh-hans": Text("{actor_name} 提到了您：{record}", "{link}", "在一条内部备注中。"),
    "zh-hant": Text("{actor_name} 提到了您：{record}", "{link}", "在一則內部備註中。"),
    "de": Text("{actor_name} hat Sie erwähnt: {record}", "{link}", "In einer internen Notiz."),
}


def register() -> None:
    """Ship the notices. Whoever did it is never told."""
    names = {"due": _("When the task is due"), "person_name": _("Whoever is to do the task")}
    register_event_placeholders("task.", task_values, names=names)
    for code, title in (
        ("task.created", _("New tasks")),
        ("task.assigned", _("Tasks handed to you")),
        ("task.reminded", _("Reminders")),
        ("task.overdue", _("Overdue tasks")),
        ("note.added", _("Mentioned in notes")),
    ):
        register_heading(code, title)
    once = {"is_repeated": False}
    register_message(
        "task_created", event="task.created", audience="task_person", channels=STAFF, texts=ASKED, condition=once
    )
    register_message(
        "task_assigned", event="task.assigned", audience="task_person", channels=STAFF, template="task_created"
    )
    register_message("task_reminded", event="task.reminded", audience="task_person", channels=STAFF, texts=REMINDED)
    register_message("task_overdue", event="task.overdue", audience="task_person", channels=STAFF, texts=OVERDUE)
    for key, event, audience, texts in (
        ("task_overdue_asker", "task.overdue", "task_asker", OVERDUE_ASKED),
        ("task_done", "task.done", "task_asker", DONE),
        ("task_reopened", "task.reopened", "task_person", REOPENED),
        ("task_postponed", "task.postponed", "task_asker", POSTPONED),
    ):
        register_message(key, event=event, audience=audience, channels=("inbox",), texts=texts)
    _register_cancelled(once)
    _register_mentions()


def _register_cancelled(once: dict[str, Any]) -> None:
    for key, audience in (("task_cancelled", "task_person"), ("task_cancelled_asker", "task_asker")):
        register_message(
            key,
            event="task.cancelled",
            audience=audience,
            channels=("inbox",),
            texts=CANCELLED if key == "task_cancelled" else None,
            template="task_cancelled",
            condition=once,
        )


def _register_mentions() -> None:
    for key, event in (
        ("note_mentioned", "note.added"),
        ("task_mentioned", "task.created"),
        ("task_note_mentioned", "task.changed"),
    ):
        register_message(
            key,
            event=event,
            audience="mentioned",
            channels=("inbox",),
            texts=MENTIONED if key == "note_mentioned" else None,
            template="note_mentioned",
        )
