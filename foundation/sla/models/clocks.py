"""Clocks, what they have still to say, and why each stands where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.calendars.models import CalendarVersion
from foundation.journal.models import ClockTimestamp
from foundation.sla.models.targets import Target
from foundation.ui.addresses import record_url


class ClockQuerySet(models.QuerySet["Clock"]):
    """Questions about sets of clocks."""

    def blame_free(self) -> ClockQuerySet:
        """Stopped clocks that missed only because time was taken away: in time by what their owner had, or never had."""
        return self.filter(stopped_at__isnull=False, breached_at__isnull=False, fair_s__gte=models.F("consumed_s"))

    def counted(self) -> ClockQuerySet:
        """Stopped clocks that say something about a promise: not those begun afresh before they were missed."""
        return self.filter(Q(is_reset=False) | Q(breached_at__isnull=False), stopped_at__isnull=False)

    def about(self, subject: models.Model) -> ClockQuerySet:
        """Clocks of one record."""
        content_type = ContentType.objects.get_for_model(subject, for_concrete_model=False)
        return self.filter(content_type=content_type, object_id=subject.pk)

    def open(self) -> ClockQuerySet:
        """Clocks that nobody stopped."""
        return self.filter(stopped_at=None)

    def of(self, user: Any) -> ClockQuerySet:
        """Clocks that one person answers for."""
        return self.filter(owner_id=user.pk)

    def overdue(self, now: datetime) -> ClockQuerySet:
        """Open and past due, paused after the breach or not."""
        return self.open().filter(due_at__lt=now)

    def due_soon(self, now: datetime) -> ClockQuerySet:
        """Not overdue yet, but what `SoonPolicy` calls soon is all that is left."""
        return self.open().filter(soon_at__lte=now, due_at__gte=now)

    def due_later(self, now: datetime, until: datetime) -> ClockQuerySet:
        """Due before `until`, and not soon yet."""
        return self.open().filter(soon_at__gt=now, due_at__gte=now, due_at__lt=until)

    def due_between(self, now: datetime, until: datetime) -> ClockQuerySet:
        """Due from now on and before `until`."""
        return self.open().filter(due_at__gte=now, due_at__lt=until)

    def soonest_first(self) -> ClockQuerySet:
        """Overdue before due; paused ones, which have no due time, last."""
        return self.order_by(models.F("due_at").asc(nulls_last=True), "pk")


class Clock(models.Model):
    """One promise to one record, counted once: the row of `foundation.sla.engine.Clock`."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")

    # The indexes below are all that anybody asks for: each one more is paid for by every step of every clock.
    # No kind of record and no version of a calendar ever goes: that the database checks them, too, would only cost.
    content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    object_id = models.BigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    metric = models.SlugField(_("metric"), max_length=40, db_index=False)
    cycle = models.PositiveIntegerField(_("cycle"), default=1)
    target = models.ForeignKey(
        Target, on_delete=models.PROTECT, related_name="clocks", verbose_name=_("target"), db_index=False
    )
    target_revision = models.PositiveIntegerField(default=1, db_default=1)
    target_s = models.BigIntegerField(_("target in seconds"))
    consumed_s = models.BigIntegerField(_("consumed seconds"), default=0)
    consumed_until = models.DateTimeField(_("consumed until"))
    # null: every second counts
    calendar_version = models.ForeignKey(
        CalendarVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("calendar version"),
        db_index=False,
        db_constraint=False,
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    # level in percent -> POSIX second at which it is or will be reached, null while nobody can say
    levels = models.JSONField(default=dict)
    started_at = models.DateTimeField(_("started at"))
    # the event's code, and behind a colon the reason's
    paused_by = models.CharField(_("paused by"), max_length=100, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True)
    # from then on the promise is due soon: see `SoonPolicy`
    soon_at = models.DateTimeField(_("due soon from"), null=True)
    breached_at = models.DateTimeField(_("breached at"), null=True)
    met_at = models.DateTimeField(_("met at"), null=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True)
    # a person set the due time: nothing but another person moves it
    is_due_fixed = models.BooleanField(_("due time set by hand"), default=False, db_default=False)
    # begun afresh, or called off with its record: this cycle was neither kept nor, unless it says so, missed
    is_reset = models.BooleanField(_("begun afresh"), default=False, db_default=False)
    # the latest change that took time from whoever answers for it; the ledger keeps them all
    tightened_at = models.DateTimeField(_("tightened at"), null=True)
    tightened_from = models.DateTimeField(_("due before it was tightened"), null=True)
    # consumed seconds up to which nobody is blamed, because that is what its owner had or never had
    fair_s = models.BigIntegerField(_("fair time in seconds"), null=True)

    # Copied from the events, so that lists and the scanner need no other table.
    number = models.CharField(_("number"), max_length=60, blank=True)
    customer_id = models.BigIntegerField(null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("owner"),
        db_constraint=False,
        db_index=False,
    )
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=200, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        default_permissions = ("view",)
        permissions = [
            ("set_due", _("Can set a due time by hand")),
            ("reset_clock", _("Can begin a promise afresh")),
        ]
        db_table = "sla_clock"
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "metric", "cycle"], name="sla_clock_cycle"),
            models.UniqueConstraint(
                fields=["content_type", "object_id", "metric"], condition=Q(stopped_at=None), name="sla_clock_one_open"
            ),
            models.CheckConstraint(
                name="sla_clock_stopped",
                condition=Q(state="stopped", stopped_at__isnull=False) | Q(~Q(state="stopped"), stopped_at=None),
            ),
            models.CheckConstraint(
                name="sla_clock_met", condition=Q(met_at=None) | Q(breached_at=None, met_at=models.F("stopped_at"))
            ),
        ]
        indexes = [
            # my deadlines, soonest first
            models.Index(fields=["owner", "due_at", "id"], name="sla_clock_mine", condition=Q(stopped_at=None)),
            # the board and the rail: how many of a person's are overdue or due soon
            models.Index(fields=["owner", "soon_at", "due_at"], name="sla_clock_soon", condition=Q(stopped_at=None)),
            # the board: everybody's, soonest first
            models.Index(fields=["due_at"], name="sla_clock_soonest", condition=Q(stopped_at=None)),
            # a change of the customer's tier reaches these
            models.Index(fields=["customer_id"], name="sla_clock_customer", condition=Q(stopped_at=None)),
            # clocks that still run on a superseded version
            models.Index(fields=["calendar_version"], name="sla_clock_version", condition=Q(stopped_at=None)),
            # the open clocks of a target: how many, soonest first, and which a change has yet to reach
            models.Index(
                fields=["target", "target_revision"], name="sla_clock_target_open", condition=Q(stopped_at=None)
            ),
            # the figures: what ended on a day
            models.Index(
                fields=["metric", "stopped_at"], name="sla_clock_stopped_on", condition=Q(stopped_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.metric}"

    def get_absolute_url(self) -> str:
        """The ledger's page."""
        return record_url("sla:clock", self.pk)

    @property
    def is_open(self) -> bool:
        """Whether nobody stopped it."""
        return self.stopped_at is None


class Timer(models.Model):
    """Something that a clock must say at `due_at`, once: `breach`, `warn:90`, `escalate:1`."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="timers", db_index=False)
    kind = models.CharField(_("kind"), max_length=20)
    due_at = models.DateTimeField(_("due at"), null=True)
    fired_at = models.DateTimeField(_("fired at"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    is_skipped = models.BooleanField(_("skipped"), default=False)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        default_permissions = ()
        db_table = "sla_timer"
        constraints = [models.UniqueConstraint(fields=["clock", "kind"], name="sla_timer_once")]
        indexes = [
            # the scanner
            models.Index(fields=["due_at"], name="sla_timer_open", condition=Q(fired_at=None, cancelled_at=None)),
        ]

    def __str__(self) -> str:
        return self.kind


class Entry(models.Model):
    """One line of a clock's ledger: what happened, when it counts, and where it left the clock. Append-only."""

    # written by whoever holds the clock's lock, and its timers keep it from going: a second check would only cost
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="entries", db_constraint=False)
    kind = models.CharField(_("kind"), max_length=20)
    at = models.DateTimeField(_("counts at"))
    recorded_at = models.DateTimeField(_("recorded at"), db_default=ClockTimestamp())
    event_id = models.BigIntegerField(null=True)
    # no version ever goes: the check of the database would only cost
    calendar_version = models.ForeignKey(
        CalendarVersion, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    target_s = models.BigIntegerField()
    consumed_s = models.BigIntegerField()
    due_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=60, blank=True)
    level = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        default_permissions = ()
        db_table = "sla_entry"
        ordering = ("pk",)
        indexes = [
            # the pauses of a month
            models.Index(fields=["at"], name="sla_entry_pauses", condition=Q(kind="pause")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M:%S}"


class Holder(models.Model):
    """Since when somebody, and their team, answer for a clock. Append-only; the next row ends the one before."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="holders")
    owner_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    since = models.DateTimeField(_("since"))
    event_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("holder of a clock")
        verbose_name_plural = _("holders of a clock")
        default_permissions = ()
        db_table = "sla_holder"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.clock_id}: {self.owner_id}"
