"""What providers report afterwards: notices that were taken, and receipts for messages that we do not know."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.journal.models import ClockTimestamp


class TakenNotice(models.Model):
    """A signed notice that was taken: the same one again has no effect. Kept for longer than any notice is accepted."""

    notice_id = models.CharField(max_length=160, primary_key=True)
    received_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("notice taken")
        verbose_name_plural = _("notices taken")
        default_permissions = ()

    def __str__(self) -> str:
        return self.notice_id


class StrayReceipt(models.Model):
    """A receipt for a message that we do not know: another system's, or one that came before the provider's answer to us.

    The round that looks for receipts tries the second sort again.
    """

    class Outcome(models.TextChoices):
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")

    channel = models.CharField(_("channel"), max_length=20)
    provider_id = models.CharField(_("provider's ID"), max_length=200, blank=True)
    reference = models.CharField(_("message ID"), max_length=120, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    blame = models.CharField(max_length=12, blank=True)
    detail = models.TextField(_("detail"), blank=True)
    count = models.PositiveIntegerField(_("how often"), default=1)
    received_at = models.DateTimeField(_("received"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("receipt without a message")
        verbose_name_plural = _("receipts without a message")
        default_permissions = ("view",)
        ordering = ("-received_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "provider_id", "reference", "outcome"], name="notifications_stray_once"
            ),
            models.CheckConstraint(
                name="notifications_stray_outcome_known", condition=Q(outcome__in=["delivered", "failed"])
            ),
        ]
        indexes = [
            # those that have grown old
            models.Index(fields=["received_at"], name="notifications_stray_received")
        ]

    def __str__(self) -> str:
        return self.provider_id or self.reference
