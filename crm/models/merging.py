"""Two customers that became one, and everything that is needed to take it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.customers import Customer
from crm.models.ownership import OwnershipPolicy
from foundation.ui.addresses import record_url


class CustomerMerge(models.Model):
    """The loser became a part of the winner. `moved` holds the keys of what was moved by table and column."""

    winner = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", verbose_name=_("stays"))
    loser = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", verbose_name=_("was merged"))
    winner_before = models.JSONField(default=dict)
    winner_after = models.JSONField(default=dict)
    loser_before = models.JSONField(default=dict)
    moved = models.JSONField(default=dict)
    flags = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("merged by")
    )
    merged_at = models.DateTimeField(_("merged"), db_default=Now(), editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone"), null=True)
    not_undone = models.JSONField(_("what could not be undone"), default=list)

    class Meta:
        verbose_name = _("merge of customers")
        verbose_name_plural = _("merges of customers")
        default_permissions = ("view",)
        permissions = [("merge_customers", "Can merge customers and undo it")]
        constraints = [
            models.CheckConstraint(name="crm_customermerge_of_two", condition=~Q(winner=F("loser"))),
            models.UniqueConstraint(fields=["loser"], condition=Q(undone_at=None), name="crm_customermerge_once"),
        ]
        indexes = [
            # what was merged of late, to be followed and undone
            models.Index(fields=["-merged_at"], name="crm_customermerge_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.loser} → {self.winner}"

    def get_absolute_url(self) -> str:
        """Its page, where it is undone."""
        return record_url("crm:merge", self.pk)

    @property
    def undo_until(self) -> Any:
        """The moment after which it stays."""
        return self.merged_at + timedelta(days=OwnershipPolicy.current().merge_undo_days)

    @property
    def can_be_undone(self) -> bool:
        """Whether it is still time."""
        return self.undone_at is None and timezone.now() <= self.undo_until
