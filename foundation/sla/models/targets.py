"""What is promised: to whom, how long, in which hours, and what is fair."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.calendars.models import Calendar
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
        return self.label_in(get_language() or "en")

    def label_in(self, language: str) -> str:
        """The name in this language, in English where it has none."""
        kept: str = getattr(self, f"name_{language.replace('-', '_')}", "")
        return kept or self.name


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
