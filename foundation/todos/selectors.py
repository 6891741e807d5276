"""The doors to tasks and mentions, and what pages show of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from foundation.accounts.models import HandedItem, User
from foundation.journal.models import Event
from foundation.lists.pages.naming import Key, Named, names_of
from foundation.lists.pages.record import RecordPage, page_of
from foundation.todos.models import Mention, Task
from foundation.ui.ahead import Wish, wish
from foundation.ui.days import end_of_day
from foundation.ui.once import forget, once
from foundation.ui.prepared import prepared
from foundation.ui.presence import has_some, lacks

MOST_OF_A_DAY = 12
MOST_ON_A_RECORD = 50
MOST_MENTIONS = 5
MOST_DUE = 500
WORK = "tasks"  # how hand-overs name this kind of work
TEAM = "todos.manage_team_tasks"


# ---------------------------------------------------------------- doors


def _led_by(user: Any) -> Q:
    """The people whose work this person answers for."""
    led = Q(manager=user.pk) | Q(team__lead=user.pk)
    return led | Q(team=user.team_id) if user.team_id and user.has_perm(TEAM) else led


def team_of(user: Any) -> models.QuerySet[User]:
    """The people whose work this person answers for, without the person."""
    return User.objects.filter(_led_by(user)).exclude(pk=user.pk)


def leads_anybody(user: Any) -> bool:
    """Whether there is a team to look at."""
    return team_of(user).exists()


def visible_tasks(user: Any) -> models.QuerySet[Task]:
    """Mine, those that I asked for, and those of my team. Tasks on a record are also seen from the record."""
    mine = Q(person=user.pk) | Q(asked_by=user.pk)
    tasks: models.QuerySet[Task] = Task.objects.filter(mine | Q(person__in=team_of(user).values("pk")))
    return tasks


def may_change(user: Any, task: Task) -> bool:
    """The person, who asked for it, and who answers for the person's work."""
    if user.pk in (task.person_id, task.asked_by_id):
        return True
    return team_of(user).filter(pk=task.person_id).exists()


def may_see_record(user: Any, content_type_id: int, pk: int) -> bool:
    """Whether this person may open the record, by the door of its stage."""
    page = page_of(_label_of(content_type_id))
    return page is not None and page.is_visible_to(user, pk)


def may_see(user: Any, task: Task) -> bool:
    """Whether this person may open the task: by itself, or because they may open the record that it is on."""
    if may_change(user, task):
        return True
    return task.content_type_id is not None and may_see_record(user, task.content_type_id, task.object_id or 0)


def _label_of(content_type_id: int) -> str:
    kind = ContentType.objects.get_for_id(content_type_id)
    return f"{kind.app_label}.{kind.model}"


def record_named(user: Any, ref: str) -> models.Model | None:
    """The record behind `crm.customer:12`; None for one that does not exist or that this person may not see."""
    label, _colon, pk = ref.partition(":")
    page: RecordPage | None = page_of(label)
    if page is None or page.model is Task or not (pk.isascii() and pk.isdigit()) or len(pk) > 18:
        return None
    if not page.is_visible_to(user, int(pk)):
        return None
    found: models.Model | None = page.model._base_manager.filter(pk=int(pk)).first()
    return found


def ref_of(record: models.Model) -> str:
    """How addresses and forms name a record."""
    return f"{record._meta.label_lower}:{record.pk}"


# ---------------------------------------------------------------- one record's tasks


def tasks_on(record: models.Model) -> list[Task]:
    """The latest tasks on a record, open ones first, soonest first; read once for each request."""
    if lacks(record, "tasks"):
        return []
    kind = ContentType.objects.get_for_model(record, for_concrete_model=False)
    return once(_key(kind.pk, record.pk), lambda: _tasks_on(kind.pk, record.pk))


def look_again(record: models.Model) -> None:
    """Tasks of this record were changed within this request."""
    has_some(record, "tasks")
    forget(_key(ContentType.objects.get_for_model(record, for_concrete_model=False).pk, record.pk))


def _key(type_id: int, pk: int | None) -> str:
    return f"todos:{type_id}:{pk}"


def any_of(model: type[models.Model]) -> models.QuerySet[Task]:
    """The tasks of the record `OuterRef("pk")`."""
    kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
    return Task.objects.filter(content_type=kind.pk, object_id=models.OuterRef("pk"))


@prepared
def _tasks_on(type_id: int, pk: int) -> models.QuerySet[Task]:
    rows = Task.objects.filter(content_type=type_id, object_id=pk).select_related("person")
    return rows.order_by(models.Case(models.When(status="open", then=0), default=1), F("due_at").asc(nulls_last=True), "-pk")[
        :MOST_ON_A_RECORD
    ]  # fmt: skip


@prepared
def _events_of(type_id: int, pks: list[int], *, limit: int) -> models.QuerySet[Event]:
    rows = Event.objects.filter(content_type=type_id, object_id__in=pks).select_related("actor", "private")
    return rows.order_by("-occurred_at", "-id")[:limit]


def events_of(tasks: Iterable[Task], *, limit: int, before: datetime | None = None) -> list[Event]:
    """What happened to these tasks, newest first."""
    pks = [task.pk for task in tasks]
    kind = ContentType.objects.get_for_model(Task)
    if not pks:
        return []
    if before is None and len(pks) <= MOST_ON_A_RECORD:
        return _events_of(kind.pk, pks, limit=limit)
    rows = Event.objects.filter(content_type=kind, object_id__in=pks, occurred_at__lt=before or timezone.now())
    return list(rows.select_related("actor", "private").order_by("-occurred_at", "-id")[:limit])


def names_of_records(rows: Iterable[Task | Mention]) -> dict[Key, Named]:
    """Title and address of the records of these tasks or mentions: one query for each kind of record."""
    return names_of((row.content_type_id, row.object_id or 0) for row in rows if row.content_type_id is not None)


def lender_of(task: Task) -> User | None:
    """Who had lent this settled task of a series, or one before it, to the one who settled it, and has the work back by now."""
    of_series = Task.objects.filter(series=task.series_id).values("pk")
    lent = HandedItem.objects.filter(kind=WORK, object_id__in=of_series, given_to=task.person_id).filter(
        handover__back_on__isnull=False, handover__returned_at__gte=task.done_at or task.created_at
    )
    item = lent.select_related("handover__person").order_by("-pk").first()
    return item.handover.person if item is not None else None


# ---------------------------------------------------------------- my day


@prepared
def _due_before(user_id: int, moment: datetime) -> models.QuerySet[Task]:
    rows = Task.objects.filter(person=user_id, status="open", due_at__lte=moment).select_related("asked_by")
    return rows.order_by("due_at", "pk")[:MOST_OF_A_DAY]


def due_today(user: Any) -> list[Task]:
    """Mine that are overdue or due before the reader's midnight, soonest first. One query."""
    return _due_before(user.pk, end_of_day())


def due_within_a_week(user: Any) -> list[Task]:
    """Theirs that are overdue or due within seven days, soonest first. One query."""
    return list(_due_before(user.pk, timezone.now() + timedelta(days=7)))


def due_count(user: Any) -> tuple[int, bool]:
    """How many of mine are overdue or due before the reader's midnight, and whether some are overdue. One query."""
    mine = Task.objects.open().of(user).filter(due_at__lte=end_of_day())
    found = mine.aggregate(all=models.Count("pk"), late=models.Count("pk", filter=Q(due_at__lte=timezone.now())))
    return found["all"], bool(found["late"])


@dataclass(frozen=True)
class DueItem:
    """Something with a time for a calendar: `when` ends the person's `day` where `has_time` is false."""

    pk: int
    title: str
    url: str
    day: date
    when: datetime
    has_time: bool


def due_items(user: Any, since: datetime, until: datetime) -> list[DueItem]:
    """The open tasks of this person that are due in [since, until), soonest first, no more than MOST_DUE. One query."""
    rows = Task.objects.open().of(user).filter(due_at__gte=since, due_at__lt=until).soonest_first()[:MOST_DUE]
    return [
        DueItem(row.pk, row.title, row.get_absolute_url(), row.due_on, row.due_at, row.due_time is not None)
        for row in rows
    ]


@prepared
def _mentions(user_id: int) -> models.QuerySet[Mention]:
    rows = Mention.objects.filter(user=user_id).select_related("by")
    return rows.order_by(models.Case(models.When(read_at=None, then=0), default=1), "-created_at", "-pk")[
        :MOST_MENTIONS
    ]


def latest_mentions(user: Any) -> list[Mention]:
    """Where colleagues named me: unread first, then newest first. One query."""
    return _mentions(user.pk)


def day_wishes(user: Any) -> list[Wish]:
    """The questions of `due_today` and `latest_mentions`, to be asked with others."""
    return [wish(_due_before, user.pk, end_of_day()), wish(_mentions, user.pk)]


def words_of_mentions(mentions: Iterable[Mention]) -> dict[int, dict[str, Any]]:
    """The personal part of the notes, by event; without those that were erased. One query."""
    events = Event.objects.filter(pk__in=[one.event_id for one in mentions], private__isnull=False)
    return {event.pk: event.private.data for event in events.select_related("private").only("private__data")}


def next_monday(day: Any) -> Any:
    """The Monday after this day."""
    return day + timedelta(days=7 - day.weekday())
