"""What we offer to a customer who complained, and what they said to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.models.tickets import Ticket


class Solution(models.Model):
    """One proposal. At most one of a ticket's waits for an answer."""

    class Decision(models.TextChoices):
        OPEN = "open", _("Waiting for the customer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="solutions", verbose_name=_("ticket"))
    kind = models.CharField(_("kind"), max_length=16, choices=Ticket.Demand.choices, default=Ticket.Demand.REPLACEMENT)
    text = models.TextField(_("solution"))
    ready_on = models.DateField(_("done by"), null=True, blank=True)
    cost = models.DecimalField(_("cost to the customer"), max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), db_default=Now())
    decision = models.CharField(
        pgettext_lazy("to a proposal", "answer"), max_length=10, choices=Decision.choices, default=Decision.OPEN
    )
    decided_at = models.DateTimeField(_("answered"), null=True, blank=True)
    decided_by = models.CharField(_("answered by"), max_length=120, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("solution")
        verbose_name_plural = _("solutions")
        default_permissions = ("view",)
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(decision="open"), name="aftersales_solution_one_open"
            ),
            models.CheckConstraint(name="aftersales_solution_cost_not_negative", condition=Q(cost__gte=0)),
        ]

    def __str__(self) -> str:
        return self.text[:80]
