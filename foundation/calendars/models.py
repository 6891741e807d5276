"""Working calendars. A version never changes; an edit adds the next one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Team
from foundation.calendars.engine import BusinessCalendar
from foundation.calendars.zones import load_zone
from foundation.journal.models import ClockTimestamp, Subject
from foundation.ui.addresses import record_url

EIGHT_HOURS = 8 * 3600
_compiled: dict[int, BusinessCalendar] = {}


def forget_compiled() -> None:
    """Let go of every compiled version (another database stands behind the same keys, as in tests)."""
    _compiled.clear()


class Calendar(Subject):
    """Working hours that promises are counted in; `current` is the version that counts now."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    needs_notice = models.BooleanField(
        _("needs the yearly notice"),
        default=False,
        help_text=_(
            "The public holidays of each year come from an official notice; warn while the next one is missing."
        ),
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        help_text=_("Whose public holidays count here; each December we ask for those of the next year."),
    )
    region = models.CharField(
        _("region"), max_length=12, blank=True, help_text=_("Code of the state or province, such as BE for Berlin.")
    )
    current = models.ForeignKey(
        "CalendarVersion",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("current version"),
    )

    class Meta:
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the active language: the names that come with the house are translated."""
        return gettext(self.name) if self.name else ""

    @property
    def number(self) -> str:
        """What people call it by."""
        return self.code

    def journal_facts(self) -> dict[str, Any]:
        """The calendar's code and name."""
        return {"number": self.code, "name": self.name}

    def customer_ref(self) -> int | None:
        """A calendar belongs to no customer."""
        return None

    def get_absolute_url(self) -> str:
        """Its page."""
        return record_url("calendars:calendar", self.pk)

    @property
    def plan(self) -> dict[str, Any]:
        """The plan that counts now."""
        return self.current.plan if self.current else {}

    def today(self) -> date:
        """The date in the calendar's own zone."""
        return timezone.localdate(timezone=load_zone(self.plan.get("tz", "UTC")))

    def missing_notice(self, on: date) -> int | None:
        """The year whose public holidays must be confirmed by this date and are not: next year's from December 1."""
        if not (self.needs_notice or self.country) or self.current is None:
            return None
        wanted = on.year + 1 if on.month == 12 else on.year
        return None if wanted in self.current.plan.get("years", []) else wanted


class CalendarVersion(models.Model):
    """Zone, weekly plan, closed and special dates from one moment on. Written once."""

    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, related_name="versions", verbose_name=_("working calendar")
    )
    number = models.PositiveIntegerField(_("version"))
    plan = models.JSONField(_("plan"))
    day_seconds = models.PositiveIntegerField(_("length of a working day in seconds"), default=EIGHT_HOURS)
    valid_from = models.DateTimeField(_("valid from"), db_default=ClockTimestamp())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("created by")
    )

    class Meta:
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        ordering = ("calendar", "-number")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="calendars_version_once")]

    def __str__(self) -> str:
        return f"{self.calendar} · {self.number}"

    def business(self) -> BusinessCalendar:
        """The arithmetic of this version, compiled once in each process."""
        ready = _compiled.get(self.pk)
        if ready is None:
            ready = BusinessCalendar.from_plan(self.plan)
            if self.pk is not None:
                if len(_compiled) >= 500:
                    _compiled.clear()
                _compiled[self.pk] = ready
        return ready


class HolidayYear(models.Model):
    """The public holidays of one year as a source lists them: a proposal until a person has decided on each day."""

    calendar = models.ForeignKey(
        Calendar, on_delete=models.CASCADE, related_name="holiday_years", verbose_name=_("working calendar")
    )
    year = models.PositiveIntegerField(_("year"))
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region"), max_length=12, blank=True)
    source = models.CharField(_("source"), max_length=60)
    proposed_at = models.DateTimeField(_("proposed"), db_default=ClockTimestamp())
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("proposed by")
    )

    class Meta:
        verbose_name = _("year of public holidays")
        verbose_name_plural = _("years of public holidays")
        default_permissions = ("view",)
        ordering = ("calendar", "-year")
        constraints = [models.UniqueConstraint(fields=["calendar", "year"], name="calendars_one_proposal_a_year")]

    def __str__(self) -> str:
        return f"{self.calendar} · {self.year}"

    def get_absolute_url(self) -> str:
        """The page on which a person decides."""
        return record_url("calendars:holidays", self.pk)


class HolidayDay(models.Model):
    """One date of such a year, and what a person has decided about it."""

    class Kind(models.TextChoices):
        CLOSED = "closed", pgettext_lazy("day", "closed")
        WORKING = "working", _("make-up working day")
        HALF = "half", _("half day")

    class Decision(models.TextChoices):
        OPEN = "open", pgettext_lazy("day", "proposed")
        TAKEN = "taken", _("confirmed")
        LEFT = "left", _("left out")

    holiday_year = models.ForeignKey(HolidayYear, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    spans = models.JSONField(pgettext_lazy("of a day", "hours"), default=list, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, default=Decision.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        verbose_name = _("proposed day")
        verbose_name_plural = _("proposed days")
        default_permissions = ()
        ordering = ("day",)
        constraints = [
            models.UniqueConstraint(fields=["holiday_year", "day"], name="calendars_day_once"),
            models.CheckConstraint(
                name="calendars_decided_has_time", condition=Q(decision="open") | Q(decided_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decision == self.Decision.OPEN


class CalendarUse(models.Model):
    """Which calendar counts for a team, or by agreement for a customer (by bare id: customers live above)."""

    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, related_name="uses", verbose_name=_("working calendar")
    )
    team = models.OneToOneField(
        Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    customer_id = models.BigIntegerField(_("customer"), null=True, blank=True, unique=True)
    set_at = models.DateTimeField(_("since"), auto_now=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("set by")
    )

    class Meta:
        verbose_name = _("use of a calendar")
        verbose_name_plural = _("uses of calendars")
        constraints = [
            models.CheckConstraint(
                name="calendars_use_of_one",
                condition=Q(team=None, customer_id__isnull=False) | Q(team__isnull=False, customer_id=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.calendar} · {self.team or self.customer_id}"
