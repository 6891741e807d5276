"""From when on a promise counts as due soon."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.ui.once import once
from foundation.ui.shelf import Shelf, follow

MOST_MINUTES = 60 * 24 * 14


class SoonPolicy(models.Model):
    """What the house calls soon: one row that an administrator edits."""

    share_percent = models.PositiveSmallIntegerField(
        _("share of the time left, in percent"),
        default=25,
        validators=[MaxValueValidator(100)],
        help_text=_("From this share of its working time on, every promise is due soon."),
    )
    badge_minutes = models.PositiveIntegerField(
        _("badges: at least so many working minutes before"),
        default=30,
        validators=[MaxValueValidator(MOST_MINUTES)],
        help_text=_("Never more than half of the promised time."),
    )
    list_minutes = models.PositiveIntegerField(
        _("lists and counters: at least so many minutes before"),
        default=240,
        validators=[MaxValueValidator(MOST_MINUTES)],
        help_text=_("By the wall clock, over nights and weekends too."),
    )
    # up to which clock the running ones have followed the last change; empty when all have
    followed_to = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("what is due soon")
        verbose_name_plural = _("what is due soon")
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(name="sla_soon_one_row", condition=Q(pk=1)),
            models.CheckConstraint(name="sla_soon_share", condition=Q(share_percent__lte=100)),
        ]

    def __str__(self) -> str:
        return str(_("What is due soon"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> SoonPolicy:
        """The policy in force, its defaults where nobody has made the row. It is shared: to change it, read the row."""
        return once("sla.soon", policy.get)

    def share_of(self, seconds: int) -> int:
        """The last part of so many seconds."""
        return seconds * self.share_percent // 100

    def badge_seconds(self, target_s: int) -> int:
        """From this much working time left on, a badge says soon."""
        return max(self.share_of(target_s), min(self.badge_minutes * 60, target_s // 2))


def _read() -> SoonPolicy:
    return SoonPolicy.objects.filter(pk=1).first() or SoonPolicy(pk=1)


policy: Shelf[SoonPolicy] = Shelf(_read, of=[SoonPolicy])
follow(SoonPolicy)
