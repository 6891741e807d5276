"""Tasks and mentions of the people in the demo company, made through the real services."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from config.demo.present import Stage
from foundation.accounts.mentions import read_mentions
from foundation.journal.services import add_note
from foundation.todos.due import Due, zone_of
from foundation.todos.services.series import Repetition
from foundation.todos.services.tasks import Wish, cancel_task, create_task, finish_task

HALF_AN_HOUR, A_DAY = 30, 24 * 60


def play(stage: Stage) -> None:
    """Some due today, some later, one that comes again; done and cancelled ones; a note that names a colleague."""
    emily, lijuan, yiting = (stage.staff[name] for name in ("emily.carter", "lijuan.huang", "yiting.lin"))
    blue_ridge, thames = stage.client("Blue Ridge").row, stage.client("Thames").row
    _task(stage, emily, "Call Daniel about the spring programme", thames, days=0, at=time(17), remind=HALF_AN_HOUR)
    _task(stage, emily, "Send the new colour card", blue_ridge, days=2, remind=A_DAY)
    _task(stage, lijuan, "確認明年第一季的櫃位", None, days=1, person=yiting)
    _task(stage, lijuan, "整理本周待收定金清单", None, days=0, repetition=Repetition("weekly"))
    _task(stage, emily, "Check the open complaints", None, days=1, at=time(9), repetition=Repetition("working_days"))
    done = _task(stage, emily, "Thank Blue Ridge for the visit", blue_ridge, days=0)
    finish_task(done.pk, actor=emily)
    gone = _task(stage, emily, "Book the hall for the fair", None, days=9)
    cancel_task(gone.pk, actor=emily, reason="The fair takes place online this year.")
    said = read_mentions(f"@{stage.staff['meiling.chen'].name}: they ask for samples from Guangzhou as well.")
    add_note(blue_ridge, said.text, actor=emily, mentions=said.spans)


def _task(
    stage: Stage,
    actor: Any,
    title: str,
    subject: Any,
    *,
    days: int,
    at: time | None = None,
    person: Any = None,
    remind: int | None = None,
    repetition: Repetition | None = None,
) -> Any:
    due = Due(stage.times.today + timedelta(days=days), at, zone_of(actor))
    wish = Wish(title, due=due, remind_minutes=remind, repetition=repetition)
    return create_task(wish, actor=actor, person=person or actor, subject=subject)
