"""Tasks, the series that repeat them, mentions, and what the company has decided about both."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.calendars.models import Calendar
from foundation.journal.machine import guarded, transition
from foundation.journal.models import ClockTimestamp, Event, Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.todos import repeats
from foundation.ui.addresses import record_url
from foundation.ui.shelf import Shelf, follow

MOST_EVERY = 366


class TaskPolicy(models.Model):
    """What the company has decided about tasks: one row that an administrator edits."""

    has_reminder = models.BooleanField(_("new tasks remind"), default=True)
    remind_minutes = models.PositiveIntegerField(
        _("minutes before it is due"), default=30, validators=[MaxValueValidator(60 * 24 * 365)]
    )
    day_begins = models.TimeField(
        _("beginning of the day"),
        default=dt.time(9),
        help_text=_("A task that is due on a day, without a time, reminds so long before this time of the day."),
    )
    calendar = models.ForeignKey(
        Calendar,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("working calendar"),
        help_text=_(
            "Says what a working day is, for tasks that repeat on working days. Without one, Monday to Friday."
        ),
    )

    class Meta:
        verbose_name = _("policy for tasks")
        verbose_name_plural = _("policy for tasks")
        constraints = [models.CheckConstraint(name="todos_policy_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(_("Policy for tasks"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> TaskPolicy:
        """The policy in force. It is shared: to change it, read the row."""
        return _policy.get()


def _read_policy() -> TaskPolicy:
    return TaskPolicy.objects.select_related("calendar__current").filter(pk=1).first() or TaskPolicy(pk=1)


_policy: Shelf[TaskPolicy] = Shelf(_read_policy)
follow(TaskPolicy, Calendar)


class Series(models.Model):
    """How a task comes again. Its tasks follow one another: the next one is made of the current one, never two open."""

    class Unit(models.TextChoices):
        DAILY = repeats.DAILY, _("days")
        WORKING_DAYS = repeats.WORKING_DAYS, _("working days")
        WEEKLY = repeats.WEEKLY, _("weeks")
        MONTHLY = repeats.MONTHLY, _("months")

    unit = models.CharField(_("unit"), max_length=20, choices=Unit.choices)
    every = models.PositiveSmallIntegerField(
        pgettext_lazy("task", "every"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_EVERY)]
    )
    first_on = models.DateField(_("first day"))
    until = models.DateField(_("until"), null=True, blank=True)
    times = models.PositiveSmallIntegerField(_("number of times"), null=True, blank=True)
    waits_for_day = models.BooleanField(
        _("the next one is made on its day"),
        default=False,
        help_text=_("Otherwise it is made as soon as the current one is done."),
    )
    # when the next one is to be made; empty while one is open, and when the series has ended
    next_at = models.DateTimeField(_("next one is made at"), null=True, editable=False)
    # the settled task that the next one follows
    after = models.ForeignKey("Task", on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        verbose_name = _("series of tasks")
        verbose_name_plural = _("series of tasks")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="todos_series_every", condition=Q(every__gte=1)),
            models.CheckConstraint(name="todos_series_unit", condition=Q(unit__in=repeats.UNITS)),
        ]
        indexes = [
            # the round that makes what waits for its day
            models.Index(fields=["next_at"], name="todos_series_next", condition=Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.every} {self.get_unit_display()}"

    @property
    def repeat(self) -> repeats.Repeat:
        """The arithmetic of this row."""
        return repeats.Repeat(self.unit, self.first_on, self.every, self.until, self.times)


class TaskQuerySet(SearchableQuerySet):
    """Questions about sets of tasks."""

    def open(self) -> TaskQuerySet:
        """Not done and not cancelled."""
        return self.filter(status=Task.Status.OPEN)

    def about(self, subject: models.Model) -> TaskQuerySet:
        """On one record."""
        kind = ContentType.objects.get_for_model(subject, for_concrete_model=False)
        return self.filter(content_type=kind, object_id=subject.pk)

    def of(self, user: Any) -> TaskQuerySet:
        """To be done by one person."""
        return self.filter(person=user.pk)

    def soonest_first(self) -> TaskQuerySet:
        """Overdue before due; those without a day last."""
        return self.order_by(models.F("due_at").asc(nulls_last=True), "pk")


class TaskManager(SearchableManager.from_queryset(TaskQuerySet)):  # type: ignore[misc]
    """Tasks."""


@guarded("status")
class Task(Subject, Searchable):
    """Something that one person is to do, for a record or for none."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "Open")
        DONE = "done", pgettext_lazy("task", "Done")
        CANCELLED = "cancelled", pgettext_lazy("task", "Cancelled")

    class Priority(models.TextChoices):
        HIGH = "high", _("High")
        NORMAL = "normal", _("Normal")
        LOW = "low", _("Low")

    PATH = (Status.OPEN, Status.DONE)
    SEARCH_FIELDS = ("title", "note")
    READ_WITH = ("person__manager", "person__team__lead", "asked_by")

    title = models.CharField(pgettext_lazy("task", "what"), max_length=200)
    note = models.TextField(_("note"), blank=True)
    # where colleagues are named in the note: [from, to, user id]
    note_mentions = models.JSONField(default=list, blank=True, editable=False)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    status = StateField(_("status"), choices=Status.choices, default=Status.OPEN, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="tasks",
        verbose_name=pgettext_lazy("task", "for"),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by")
    )

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, related_name="+")
    object_id = models.BigIntegerField(null=True)
    subject = GenericForeignKey("content_type", "object_id")
    customer_id = models.BigIntegerField(null=True, editable=False)

    # What the person's wall clock and calendar show, and the moment that this is; a day without a time ends at midnight.
    due_on = models.DateField(_("due on"), null=True, blank=True)
    due_time = models.TimeField(pgettext_lazy("of day", "time"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, editable=False)
    overdue_at = models.DateTimeField(_("told as overdue at"), null=True, editable=False)
    remind_minutes = models.PositiveIntegerField(_("minutes before it is due"), null=True, blank=True)
    # when to remind; empty once it has been done
    remind_at = models.DateTimeField(_("reminds at"), null=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, editable=False)
    # not to be told before: the last attempt failed
    retry_at = models.DateTimeField(null=True, editable=False)

    series = models.ForeignKey(
        Series,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="tasks",
        verbose_name=pgettext_lazy("task", "series"),
    )
    position = models.PositiveIntegerField(_("place in the series"), default=1, editable=False)
    # the day of the series; postponing the task does not move it
    scheduled_on = models.DateField(null=True, editable=False)

    created_at = models.DateTimeField(_("created"), db_default=ClockTimestamp())
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)

    objects = TaskManager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        permissions = [("manage_team_tasks", _("Can see and change the tasks of the own team"))]
        constraints = [
            models.UniqueConstraint(fields=["series"], condition=Q(status="open"), name="todos_one_open_of_a_series"),
            models.UniqueConstraint(
                fields=["series", "position"], condition=~Q(status="cancelled"), name="todos_each_place_once"
            ),
            models.CheckConstraint(
                name="todos_task_due", condition=Q(due_on=None, due_at=None, due_time=None) | Q(due_on__isnull=False, due_at__isnull=False)
            ),
            models.CheckConstraint(name="todos_task_reminder_has_due", condition=Q(remind_at=None) | Q(due_at__isnull=False)),
            models.CheckConstraint(
                name="todos_task_repeats", condition=Q(series=None) | Q(due_on__isnull=False, scheduled_on__isnull=False)
            ),
            models.CheckConstraint(
                name="todos_task_done", condition=Q(status="done", done_at__isnull=False) | Q(~Q(status="done"), done_at=None)
            ),
            models.CheckConstraint(
                name="todos_task_about_whole", condition=Q(content_type=None, object_id=None) | Q(content_type__isnull=False, object_id__isnull=False)
            ),
        ]  # fmt: skip
        indexes = [
            search_index("todos_task"),
            # my tasks, soonest first
            models.Index(fields=["person", "due_at"], name="todos_task_mine", condition=Q(status="open")),
            # what I asked others for
            models.Index(fields=["asked_by", "due_at"], name="todos_task_asked", condition=Q(status="open")),
            # the record's page
            models.Index(fields=["content_type", "object_id", "-id"], name="todos_task_about"),
            # the round of reminders
            models.Index(
                fields=["remind_at"], name="todos_task_reminds", condition=Q(status="open", remind_at__isnull=False)
            ),
            # the round that tells what is overdue
            models.Index(fields=["due_at"], name="todos_task_overdue", condition=Q(status="open", overdue_at=None)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The task's page."""
        return record_url("todos:task", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """Whose it is and when it is due; what it is about stands with the private words of each event."""
        return {
            "owner_id": self.person_id,
            "priority": self.priority,
            "due_on": self.due_on,
            "due_at": self.due_at if self.due_time is not None else None,
        }

    def search_texts(self) -> list[str]:
        """What is to be done, and the note."""
        return [self.title, self.note]

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do."""
        return self.status == self.Status.OPEN

    def is_overdue(self, now: dt.datetime | None = None) -> bool:
        """Whether it should have been done by now."""
        return self.is_open and self.due_at is not None and self.due_at <= (now or timezone.now())

    # ------------------------------------------------------------ the machine

    @transition(
        status, source=Status.OPEN, target=Status.DONE, label=pgettext_lazy("task", "Done"), event="task.done", primary=True
    )  # fmt: skip
    def finish(self, *, at: dt.datetime) -> None:
        """There is nothing left to do."""
        self.done_at = at

    @transition(
        status, source=[Status.DONE, Status.CANCELLED], target=Status.OPEN, label=_("Reopen"), event="task.reopened"
    )
    def reopen(self) -> None:
        """It was not done after all."""
        self.done_at = None

    @transition(
        status,
        source=Status.OPEN,
        target=Status.CANCELLED,
        label=_("Cancel the task"),
        event="task.cancelled",
        danger=True,
    )
    def cancel(self) -> None:
        """It need not be done any more."""


class Mention(models.Model):
    """One colleague named in one note."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions", verbose_name=_("colleague")
    )
    # The words may be disposed of before the mention: it outlives its event, as a notice does.
    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("task", "by"),
    )
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    created_at = models.DateTimeField(_("created"), db_default=ClockTimestamp())
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["event", "user"], name="todos_mentioned_once")]
        indexes = [
            # my mentions, newest first
            models.Index(fields=["user", "-created_at"], name="todos_mention_mine"),
            # those that I have not read
            models.Index(fields=["user"], name="todos_mention_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.event_id}"
