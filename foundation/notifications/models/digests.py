"""Digests: one email for many. Which messages a digest tells, who wants which, and from how many on they gather by themselves."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.journal.models import ClockTimestamp


class Digest(models.Model):
    """One letter to one colleague that takes in others until it leaves. One at most is open for each person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The letter itself: a row of the outbox like any other, whose words are written when it leaves.
    message = models.OneToOneField("notifications.Message", on_delete=models.CASCADE, related_name="digest")
    opened_at = models.DateTimeField(db_default=ClockTimestamp())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user"], name="notifications_one_open_digest", condition=Q(closed_at=None)),
        ]
        indexes = [
            # when the last one left
            models.Index(fields=["user", "-closed_at"], name="notifications_last_digest"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class DigestLine(models.Model):
    """A message that a digest tells instead: it stays in the outbox as not sent, and says where it went."""

    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="lines")
    message = models.OneToOneField("notifications.Message", on_delete=models.CASCADE, related_name="digest_line")
    # Why the digest said nothing of it in the end, in English as `selectors.explain` finds it; empty: it stands in it.
    left_out = models.TextField(blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("line of a digest")
        verbose_name_plural = _("lines of digests")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.message_id}"


class DigestChoice(models.Model):
    """How one colleague wants email of the house: as it comes, every hour, or once a day."""

    class Mode(models.TextChoices):
        AT_ONCE = "at once", _("Each as it comes")
        HOURLY = "hourly", _("Together, every hour")
        DAILY = "daily", _("Together, once a day")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+", verbose_name=_("user")
    )
    mode = models.CharField(_("email about your work"), max_length=10, choices=Mode.choices, default=Mode.AT_ONCE)
    at = models.TimeField(_("time of the daily email"), default=time(8))

    class Meta:
        verbose_name = _("wish for digests")
        verbose_name_plural = _("wishes for digests")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="notifications_digest_mode_known", condition=Q(mode__in=["at once", "hourly", "daily"])
            ),
        ]

    def __str__(self) -> str:
        return self.mode


class DigestPolicy(models.Model):
    """From how many emails on a colleague gets one instead. One row."""

    most = models.PositiveSmallIntegerField(
        _("single emails at most"), default=5, help_text=_("What comes beyond leaves together in one email.")
    )
    minutes = models.PositiveSmallIntegerField(
        _("within minutes"), default=10, help_text=_("A further such email to the same person leaves no sooner.")
    )

    class Meta:
        verbose_name = _("bundling of emails to colleagues")
        verbose_name_plural = _("bundling of emails to colleagues")
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(name="notifications_digest_one_row", condition=Q(pk=1)),
            models.CheckConstraint(name="notifications_digest_minutes", condition=Q(minutes__gte=1, most__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.most} / {self.minutes}"
