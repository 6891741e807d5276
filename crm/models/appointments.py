"""What an administrator decides about visits, and what they are prepared with."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.ui.once import once
from foundation.ui.shelf import Shelf, follow


class Worded(models.Model):
    """A line that an administrator words in every language."""

    text_en = models.CharField(_("English"), max_length=200)
    text_zh_hans = models.CharField(_("Simplified Chinese"), max_length=200, blank=True)
    text_zh_hant = models.CharField(_("Traditional Chinese"), max_length=200, blank=True)
    text_de = models.CharField(_("German"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The line in the active language, in English where nobody has translated it."""
        column = f"text_{(get_language() or 'en').replace('-', '_')}"
        return getattr(self, column, "") or self.text_en


class AppointmentPolicy(models.Model):
    """How visits are planned: one row."""

    arrive_early_minutes = models.PositiveSmallIntegerField(
        _("minutes to arrive before a visit begins"),
        default=10,
        validators=[MaxValueValidator(240)],
        help_text=_("Who arrives later than that is not punctual. Visits that are planned already keep their time."),
    )
    visit_minutes = models.PositiveSmallIntegerField(
        _("usual length of a visit in minutes"), default=60, validators=[MinValueValidator(5)]
    )
    travel_minutes = models.PositiveSmallIntegerField(
        _("travel time in minutes where it can be neither known nor estimated"), default=30
    )
    speed_kmh = models.PositiveSmallIntegerField(
        _("average speed in km/h, for estimates"),
        default=40,
        validators=[MinValueValidator(1), MaxValueValidator(300)],
    )
    detour_percent = models.PositiveSmallIntegerField(
        _("how much longer roads are than the straight line, in percent"),
        default=30,
        validators=[MaxValueValidator(500)],
    )
    start_latitude = models.DecimalField(
        _("latitude of where the day begins"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("The office or the showroom. Empty: the way to the first visit is not estimated."),
    )
    start_longitude = models.DecimalField(
        _("longitude of where the day begins"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )

    ask_early_hours = models.PositiveSmallIntegerField(
        _("hours before its time from which a check-in asks whether the visit takes place now"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("So that the wrong visit of the list does not count as a punctual one."),
    )
    check_in_days = models.PositiveSmallIntegerField(
        _("days within which a check-in is entered afterwards"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    exact_metres = models.PositiveIntegerField(
        _("how exact a position must be to become that of the address, in metres"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(5000)],
    )
    consent_days = models.PositiveSmallIntegerField(
        _("days for which a consent from a call is offered for a visit"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("What a customer said in a call is not held against them for ever."),
    )
    nearby_days = models.PositiveSmallIntegerField(
        _("days ahead of a touch in which a customer on the way is suggested"),
        default=7,
        validators=[MaxValueValidator(90)],
    )

    reception_minutes = models.PositiveSmallIntegerField(
        _("usual length of a reception in minutes"), default=90, validators=[MinValueValidator(5)]
    )
    brief_at = models.TimeField(
        _("when the assistant hears of the receptions of the day"),
        default=time(8),
        help_text=_("In the company's time zone."),
    )
    thanks_evening_at = models.TimeField(_("thanks in the evening"), default=time(18))
    thanks_morning_at = models.TimeField(_("thanks on the next working morning"), default=time(9))

    class Meta:
        verbose_name = _("rules for visits")
        verbose_name_plural = _("rules for visits")
        constraints = [
            models.CheckConstraint(name="crm_appointmentpolicy_one_row", condition=Q(pk=1)),
            models.CheckConstraint(
                name="crm_appointmentpolicy_start_whole",
                condition=Q(start_latitude=None, start_longitude=None)
                | Q(start_latitude__isnull=False, start_longitude__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Rules for visits"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> AppointmentPolicy:
        """The rules in force. They are shared: to change them, read the row."""
        return once("crm.appointmentpolicy", _shelf.get)


_shelf: Shelf[AppointmentPolicy] = Shelf(lambda: AppointmentPolicy.objects.get_or_create(pk=1)[0])
follow(AppointmentPolicy)


class Wish(models.TextChoices):
    """What a customer may ask for before we meet."""

    SAMPLES = "samples", _("Samples")
    QUOTE = "quote", _("Prices or a quote")
    MEASURING = "measuring", _("Measuring on site")
    REFERENCES = "references", _("Reference projects")
    TECHNICAL = "technical", _("Data sheets and test reports")


class PreparationRow(Worded):
    """One thing to have ready, always or when the customer asked for something."""

    class UsedFor(models.TextChoices):
        VISIT = "visit", _("Visits at customers")
        RECEPTION = "reception", _("Receptions in the showroom")

    used_for = models.CharField(_("used for"), max_length=12, choices=UsedFor.choices, default=UsedFor.VISIT)
    is_per_head = models.BooleanField(
        _("one for each visitor"), default=False, help_text=_("A reception says how many: water and tea, for instance.")
    )
    code = models.SlugField(_("code"), max_length=40, unique=True)
    wanted_for = models.CharField(
        _("only when asked for"), max_length=12, choices=Wish.choices, blank=True, help_text=_("Empty: always.")
    )
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("line of the checklist")
        verbose_name_plural = _("checklists of visits and receptions")
        ordering = ("position", "pk")


class CheckItem(models.Model):
    """One line of the checklist of one appointment, ticked by whoever packed it."""

    row = models.ForeignKey(PreparationRow, on_delete=models.SET_NULL, null=True, related_name="+")
    own_text = models.CharField(_("text"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """What to have ready: the template's line in the reader's language, or what somebody wrote."""
        return self.row.text if self.row is not None else self.own_text
