"""When an order is paid: a share as deposit, the rest before dispatch or after delivery."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.names import Named

FIXED_ONCE_USED = ("deposit_percent", "deposit_days", "balance_due", "balance_days")


class PaymentTerm(Named):
    """One way to pay, chosen on a quote or an order. Its figures stand once an order is confirmed under it."""

    class BalanceDue(models.TextChoices):
        BEFORE_DISPATCH = "before_dispatch", _("before dispatch")
        AFTER_DELIVERY = "after_delivery", _("after delivery")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)
    deposit_percent = models.DecimalField(
        _("deposit in % of the total"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    deposit_days = models.PositiveSmallIntegerField(
        _("deposit due (days after confirmation)"), default=7, validators=[MaxValueValidator(365)]
    )
    balance_due = models.CharField(
        _("balance due"), max_length=16, choices=BalanceDue.choices, default=BalanceDue.BEFORE_DISPATCH
    )
    balance_days = models.PositiveSmallIntegerField(
        _("balance due (days after delivery)"),
        default=0,
        validators=[MaxValueValidator(365)],
        help_text=_("Counts only where the balance is due after delivery."),
    )

    class Meta:
        verbose_name = _("payment terms")
        verbose_name_plural = _("payment terms")
        ordering = ("position", "code")
        constraints = [
            models.CheckConstraint(
                name="orders_paymentterm_percent", condition=Q(deposit_percent__gte=0, deposit_percent__lte=100)
            )
        ]

    @property
    def is_used(self) -> bool:
        """Whether a quote that was sent, or an order that was submitted, promises these figures."""
        from orders.models.orders import Order
        from orders.models.quotes import Quote

        return any(
            model._default_manager.filter(payment_term=self.pk).exclude(status="draft").exists()
            for model in (Quote, Order)
        )

    def clean(self) -> None:
        """What a customer was offered is not changed behind their back."""
        before = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        changed: dict[str, Any] = {
            name: _("Quotes or orders rely on this. Make new terms, and take these out of use.")
            for name in FIXED_ONCE_USED
            if before is not None and getattr(before, name) != getattr(self, name)
        }
        if changed and self.is_used:
            raise ValidationError(changed)
