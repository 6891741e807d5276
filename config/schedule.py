"""What beat rings, and how often. Each task looks into the database for what is due and may be rung twice or not at all."""

from __future__ import annotations

from typing import Any


def bell(task: str, seconds: float) -> dict[str, Any]:
    """Ring a task every so many seconds; a ring that nobody heard within its period is dropped."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


SCHEDULE: dict[str, dict[str, Any]] = {
    "beat is alive": bell("config.tasks.note_heartbeat", 30),
    "the journal is sealed": bell("foundation.journal.tasks.seal_journal", 60),
    "messages are sent": bell("foundation.notifications.tasks.deliver", 15),
    "mail is fetched": bell("foundation.mailroom.tasks.fetch_mail", 60),
    "messages without a receipt go another way": bell("foundation.notifications.tasks.send_another_way", 60),
    "campaigns are sent": bell("crm.tasks.send", 20),
    "the touch cadence follows its rules": bell("crm.tasks.reckon_cadence", 60),
    "customers go back to the pool": bell("crm.tasks.follow_pool", 900),
    "likely duplicates are looked for": bell("crm.tasks.follow_duplicates", 300),
    "receptions of today are told, thanks are sent": bell("crm.tasks.tell_receptions", 60),
    "inquiries of those who are away are given out": bell("crm.tasks.reroute_inquiries", 900),
    "reviews of account plans are told": bell("crm.tasks.tell_reviews", 900),
    "lapsed quotes expire": bell("orders.tasks.expire_quotes", 600),
    "touched figures are counted": bell("kpi.tasks.refresh_figures", 60),
    "next year's holidays are asked for": bell("foundation.calendars.tasks.look_at_years", 86_400),
    "absences begin and end": bell("foundation.accounts.tasks.follow_absences", 1800),
    "due clocks are told": bell("foundation.sla.tasks.scan_due", 20),
    "deadlines are checked": bell("config.tasks.check_deadlines", 86_400),
    "due tasks are told": bell("foundation.todos.tasks.ring", 60),
    "courses that fall due become tasks": bell("foundation.knowledge.tasks.remind", 14_400),
}
