"""Promises, their clocks, and why each clock stands where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.calendars.models import Calendar, CalendarVersion
from foundation.journal.models import ClockTimestamp
from foundation.ui.addresses import record_url


def codes(label: Any, **kwargs: Any) -> ArrayField:
    """A list of short codes, empty when nothing is said."""
    return ArrayField(models.CharField(max_length=60), verbose_name=label, default=list, blank=True, **kwargs)


class Named(models.Model):
    """Something that is called by a name of its own in each language."""

    name = models.CharField(_("name"), max_length=120)
    name_zh_hans = models.CharField(_("name in Simplified Chinese"), max_length=120, blank=True)
    name_zh_hant = models.CharField(_("name in Traditional Chinese"), max_length=120, blank=True)
    name_de = models.CharField(_("name in German"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def names(self) -> dict[str, str]:
        """The name in every language that has one."""
        all_names = {"en": self.name, "zh-hans": self.name_zh_hans, "zh-hant": self.name_zh_hant, "de": self.name_de}
        return {language: name for language, name in all_names.items() if name}

    @property
    def label(self) -> str:
        """The name in the active language."""
        return self.names.get(get_language() or "en") or self.name


class PauseReason(Named):
    """Why a clock may wait for a customer: chosen by whoever pauses it."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    position = models.PositiveIntegerField(pgettext_lazy("place in a sequence", "position"), default=100)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("reason to wait")
        verbose_name_plural = _("reasons to wait")
        ordering = ("position", "code")


class Target(Named):
    """A promise: which events start, stop, pause and resume its clock, for whom, how long, in which hours."""

    EVENT_FIELDS = (
        "start_events",
        "stop_events",
        "restart_events",
        "pause_events",
        "resume_events",
        "retarget_events",
    )
    # condition field -> the fact of the event that it is compared with
    CONDITIONS = {
        "kinds": "kind",
        "priorities": "priority",
        "tiers": "tier",
        "languages": "language",
        "channels": "channel",
    }

    class Unit(models.TextChoices):
        MINUTES = "minutes", _("minutes")
        HOURS = "hours", _("hours")
        WORKING_DAYS = "working_days", _("working days")

    class Side(models.TextChoices):
        AFTER = "after", _("after that moment")
        BEFORE = "before", _("before that moment")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    metric = models.SlugField(
        _("metric"),
        max_length=40,
        help_text=_(
            "What is measured, such as first_response; of several targets for one metric the first that fits counts."
        ),
    )
    position = models.PositiveIntegerField(
        pgettext_lazy("place in a sequence", "position"), default=100, help_text=_("Lower ones are tried first.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    start_events = codes(_("started by"))
    stop_events = codes(_("stopped by"))
    restart_events = codes(
        _("begun anew by"),
        help_text=_("Events that end one clock as kept and begin the next, such as news to a customer."),
    )
    pause_events = codes(_("paused by"))
    resume_events = codes(_("resumed by"))
    retarget_events = codes(
        _("chosen anew by"), help_text=_("Events, such as a new priority, after which the target is looked up again.")
    )

    kinds = codes(_("only kinds"))
    priorities = codes(_("only priorities"))
    tiers = codes(_("only customer tiers"))
    languages = codes(_("only languages"))
    channels = codes(_("only channels"))

    amount = models.PositiveIntegerField(_("time allowed"), validators=[MaxValueValidator(1_000_000)])
    anchor_fact = models.CharField(
        _("counted from the date"),
        max_length=60,
        blank=True,
        help_text=_(
            "A fact of the event that holds a day or a moment, such as promised_on. Without one, time runs from the start."
        ),
    )
    anchor_side = models.CharField(_("side of that date"), max_length=10, choices=Side.choices, default=Side.AFTER)
    unit = models.CharField(_("unit"), max_length=20, choices=Unit.choices, default=Unit.HOURS)
    calendar = models.ForeignKey(
        Calendar,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("working calendar"),
        help_text=_("Without one, every hour of the week counts."),
    )
    warning_percent = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(99)]),
        verbose_name=_("warning levels in percent"),
        default=list,
        blank=True,
    )
    escalate_after = ArrayField(
        models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(1_000_000)]),
        verbose_name=_("escalation steps"),
        default=list,
        blank=True,
        help_text=_("Minutes of working time after the breach, one for each step."),
    )
    # whom each of these steps tells, and how; see `foundation.sla.escalation`
    escalation = models.JSONField(_("whom the steps tell"), default=list, blank=True)

    # What was promised before: clocks keep the rules of the revision under which they began.
    revision = models.PositiveIntegerField(default=1, editable=False)
    # clocks of earlier revisions than this one are moved to it
    spread_revision = models.PositiveIntegerField(default=0, editable=False)
    # [{"until": revision, "stop_events": [...], ...}], oldest first
    former_events = models.JSONField(default=list, blank=True, editable=False)
    problem = models.CharField(_("last problem"), max_length=300, blank=True, editable=False)
    problem_at = models.DateTimeField(_("problem seen at"), null=True, editable=False)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ("metric", "position", "code")

    def fits(self, facts: dict[str, Any]) -> bool:
        """Whether the facts of an event meet all conditions."""
        return all(
            not getattr(self, name) or facts.get(fact) in getattr(self, name) for name, fact in self.CONDITIONS.items()
        )

    def seconds(self, day_seconds: int) -> int:
        """The target in whole seconds, given the length of a working day."""
        return length(self.amount, self.unit, day_seconds)

    def events_for(self, revision: int) -> dict[str, list[str]]:
        """What moves a clock that began under this revision: field name -> codes."""
        for former in self.former_events:
            if revision <= former["until"]:
                return {name: former.get(name, []) for name in self.EVENT_FIELDS}
        return {name: getattr(self, name) for name in self.EVENT_FIELDS}

    def heard_events(self) -> set[str]:
        """Every code that some clock of this target listens to."""
        sets = [self.events_for(self.revision), *self.former_events]
        return {code for one in sets for name in self.EVENT_FIELDS for code in one.get(name, [])}

    def journal_facts(self) -> dict[str, Any]:
        """Its code and its names."""
        return {"number": self.code, "promise": self.names}

    def get_absolute_url(self) -> str:
        """Its page for managers."""
        return record_url("sla:target", self.pk)

    def clean(self) -> None:
        """Refuse a target that could never start, or whose clock would chase itself."""
        from foundation.sla.checks import check_target

        check_target(self)


def length(amount: int, unit: str, day_seconds: int) -> int:
    """So many minutes, hours or working days in whole seconds."""
    return amount * {"minutes": 60, "hours": 3600, "working_days": day_seconds}[unit]


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
        """Not overdue yet, but a quarter of the time or four hours are all that is left."""
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
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", db_index=False)
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
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    # level in percent -> POSIX second at which it is or will be reached, null while nobody can say
    levels = models.JSONField(default=dict)
    started_at = models.DateTimeField(_("started at"))
    # the event's code, and behind a colon the reason's
    paused_by = models.CharField(_("paused by"), max_length=100, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True)
    # from then on the promise is due soon: a quarter of the working time is left, or four hours by the wall clock
    soon_at = models.DateTimeField(_("due soon from"), null=True)
    breached_at = models.DateTimeField(_("breached at"), null=True)
    met_at = models.DateTimeField(_("met at"), null=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True)
    # a person set the due time: nothing but another person moves it
    is_due_fixed = models.BooleanField(_("due time set by hand"), default=False, db_default=False)
    # begun afresh: this cycle was neither kept nor, unless it says so, missed
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

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="entries")
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


class FairnessPolicy(models.Model):
    """What the house holds to be fair: one row."""

    fair_share_percent = models.PositiveSmallIntegerField(
        _("fair share in percent"),
        default=25,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "Who takes a promise over with less than this share of its time left is not blamed for a miss within that share."
        ),
    )

    class Meta:
        verbose_name = _("fairness")
        verbose_name_plural = _("fairness")
        default_permissions = ("view", "change")
        constraints = [models.CheckConstraint(name="sla_fairness_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(_("Fairness"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> FairnessPolicy:
        """The policy; its defaults where nobody has changed them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
