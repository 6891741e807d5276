"""Working calendars. A version never changes; an edit adds the next one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.calendars.engine import BusinessCalendar
from foundation.journal.models import ClockTimestamp, Subject
from foundation.ui.addresses import record_url

EIGHT_HOURS = 8 * 3600
_compiled: dict[int, BusinessCalendar] = {}


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
        """Its page in the administration."""
        return record_url("admin:calendars_calendar_change", self.pk)

    def missing_notice(self, on: date) -> int | None:
        """The year whose notice must be there by this date and is not: next year's from December 1."""
        if not self.needs_notice or self.current is None:
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
