"""What good manners remember: addresses that take no messages."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.journal.models import ClockTimestamp


class DeadAddressQuerySet(models.QuerySet["DeadAddress"]):
    """Questions about sets of addresses."""

    def dead(self) -> DeadAddressQuerySet:
        """Those that get nothing any more, until a person tries them again."""
        return self.filter(since__isnull=False, lifted_at=None)


class DeadAddress(models.Model):
    """An address that sent our messages back: dead after one lasting refusal, or three passing ones in a row."""

    channel = models.CharField(_("channel"), max_length=20)
    address = models.CharField(_("address"), max_length=254)
    reason = models.TextField(_("reason"), blank=True)
    hard_count = models.PositiveIntegerField(_("lasting refusals"), default=0)
    soft_count = models.PositiveIntegerField(_("passing refusals in a row"), default=0)
    # The message that came back last: the provider and the mailbox may both report the same one.
    last_message = models.ForeignKey(
        "notifications.Message", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("last message")
    )
    bounced_at = models.DateTimeField(_("last refusal"), db_default=ClockTimestamp())
    since = models.DateTimeField(_("dead since"), null=True)
    lifted_at = models.DateTimeField(_("tried again"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("tried again by"),
    )

    objects = DeadAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address that takes no messages")
        verbose_name_plural = _("addresses that take no messages")
        default_permissions = ("view", "change")
        ordering = ("-bounced_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["channel", "address"], name="notifications_address_once"),
            models.CheckConstraint(
                name="notifications_lifted_was_dead", condition=Q(lifted_at=None) | Q(since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_dead(self) -> bool:
        """Whether messages to it are held back."""
        return self.since is not None and self.lifted_at is None
