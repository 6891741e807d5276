"""New customers that are being won: that somebody has given one up, and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.customers import Customer


class GivenUp(models.Model):
    """A new customer that nobody works at any more; taken back when somebody begins again."""

    class Reason(models.TextChoices):
        PRICE = "price", pgettext_lazy("reason to give up", "Price")
        COMPETITOR = "competitor", pgettext_lazy("reason to give up", "Buys elsewhere")
        PRODUCT = "product", pgettext_lazy("reason to give up", "Does not need our products")
        VOLUME = "volume", pgettext_lazy("reason to give up", "Too small")
        NO_ANSWER = "no_answer", pgettext_lazy("reason to give up", "Does not answer")
        CREDIT = "credit", pgettext_lazy("reason to give up", "Credit risk")
        OTHER = "other", pgettext_lazy("reason to give up", "Another reason")

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="given_up", verbose_name=_("customer")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), db_default=Now())
    resumed_at = models.DateTimeField(_("taken up again"), null=True)

    class Meta:
        verbose_name = _("customer given up")
        verbose_name_plural = _("customers given up")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(resumed_at=None), name="crm_givenup_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.get_reason_display()}"
