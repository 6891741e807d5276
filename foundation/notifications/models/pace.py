"""How fast a channel may go, and what its workers have taken up lately."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.journal.models import ClockTimestamp


class ChannelLimit(models.Model):
    """The most messages that all workers together take up of one channel. Without a row there is no limit."""

    channel = models.CharField(_("channel"), max_length=20, unique=True)
    per_second = models.PositiveIntegerField(_("at most in a second"), null=True, blank=True)
    per_minute = models.PositiveIntegerField(_("at most in a minute"), null=True, blank=True)

    class Meta:
        verbose_name = _("limit of a channel")
        verbose_name_plural = _("limits of channels")
        ordering = ("channel",)
        constraints = [
            models.CheckConstraint(
                name="notifications_pace_above_nothing",
                condition=(Q(per_second=None) | Q(per_second__gte=1)) & (Q(per_minute=None) | Q(per_minute__gte=1)),
            )
        ]

    def __str__(self) -> str:
        return self.channel

    def clean(self) -> None:
        """A limit of nothing would be a channel that is switched off unnoticed."""
        if 0 in (self.per_second, self.per_minute):
            raise ValidationError(_("At least one. To stop a channel, take it out of the rules."))


class ChannelTake(models.Model):
    """So many messages of a limited channel were taken up at once. Kept for a minute."""

    channel = models.CharField(max_length=20)
    taken_at = models.DateTimeField(db_default=ClockTimestamp())
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("messages taken up")
        verbose_name_plural = _("messages taken up")
        default_permissions = ()
        indexes = [
            # how many a worker may take now
            models.Index(fields=["channel", "taken_at"], name="notifications_taken")
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.count}"
