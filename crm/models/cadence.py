"""The touch cadence: how often a customer should hear from us, and each time that they did."""

from __future__ import annotations

import zoneinfo
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.cadence import MONTH, Rule
from crm.models.customers import Customer
from crm.models.records import ServiceRecord
from foundation.accounts.models import Company
from foundation.notifications.manners.quiet import zone_for
from foundation.notifications.models import Message
from foundation.ui.shelf import Shelf, follow


def company_zone() -> zoneinfo.ZoneInfo:
    """Days of the cadence are those of the company, whoever looks."""
    return zone_for(Company.current().time_zone)


def company_today() -> date:
    """The day that it is at the company."""
    return timezone.now().astimezone(company_zone()).date()


class Way(models.TextChoices):
    """By which way somebody was touched."""

    PHONE = "phone", _("Call")
    EMAIL = "email", _("Email")
    SMS = "sms", _("Text message")
    VISIT = "visit", _("Visit")


class CadenceRule(models.Model):
    """How often customers of a tier hear from us by one of some ways: a row that an administrator edits."""

    tier = models.CharField(
        _("tier"), max_length=20, choices=Customer.Tier.choices, blank=True, help_text=_("Empty: every tier.")
    )
    ways = ArrayField(
        models.CharField(max_length=10, choices=Way.choices),
        verbose_name=_("what counts"),
        help_text=_("The first is what is offered; each of them is enough."),
    )
    every_days = models.PositiveSmallIntegerField(
        _("every so many days"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    per_month = models.PositiveSmallIntegerField(
        _("times a month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MONTH)],
        help_text=_("Give either the days or the times a month."),
    )
    exempt_kinds = ArrayField(
        models.CharField(max_length=20, choices=Customer.Kind.choices),
        default=list,
        blank=True,
        verbose_name=_("not for these kinds of customers"),
    )
    template_key = models.CharField(
        _("template"), max_length=60, blank=True, help_text=_("What an email or text message begins with.")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    # False until what is kept on the customers follows this row.
    is_applied = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("rule of the touch cadence")
        verbose_name_plural = _("touch cadence")
        ordering = ("tier", "pk")
        constraints = [
            models.CheckConstraint(
                name="crm_cadencerule_one_measure",
                condition=Q(every_days__gt=0, per_month=None) | Q(every_days=None, per_month__gt=0),
                violation_error_message=_("Give either the days or the times a month."),
            ),
            models.CheckConstraint(name="crm_cadencerule_has_ways", condition=~Q(ways=[])),
        ]

    def __str__(self) -> str:
        ways = ", ".join(str(Way(one).label) for one in self.ways if one in Way.values)
        return f"{self.get_tier_display() or _('every tier')}: {ways}"

    def as_rule(self) -> Rule:
        """What the arithmetic needs of it."""
        days = self.every_days or max(MONTH // (self.per_month or 1), 1)
        return Rule(self.tier, tuple(self.ways), days, frozenset(self.exempt_kinds), self.template_key)

    @classmethod
    def current(cls) -> list[Rule]:
        """The rules in force."""
        return _shelf.get()


_shelf: Shelf[list[Rule]] = Shelf(lambda: [one.as_rule() for one in CadenceRule.objects.filter(is_active=True)])
follow(CadenceRule)


class CustomerTouch(models.Model):
    """One time that a customer heard of us: the conversation or the message behind it, and when it had been due."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="touches", verbose_name=_("customer"))
    way = models.CharField(_("way"), max_length=10, choices=Way.choices)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    record = models.OneToOneField(
        ServiceRecord, on_delete=models.CASCADE, null=True, related_name="touch", verbose_name=_("service record")
    )
    message = models.OneToOneField(
        Message, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("message")
    )
    due_on = models.DateField(_("had been due"), null=True)
    is_on_time = models.BooleanField(_("on time"), null=True)
    undone_at = models.DateTimeField(pgettext_lazy("at what time", "taken back"), null=True)

    class Meta:
        verbose_name = _("touch of a customer")
        verbose_name_plural = _("touches of customers")
        default_permissions = ("view",)
        indexes = [
            # the last touch of a customer by each way
            models.Index(fields=["customer", "way", "-at"], name="crm_touch_customer"),
            # what was done in a period, and the figure
            models.Index(fields=["at"], name="crm_touch_at", condition=Q(undone_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} #{self.pk}"

    def get_absolute_url(self) -> str:
        """The conversation, or the customer."""
        return self.record.get_absolute_url() if self.record else self.customer.get_absolute_url()

    @property
    def said(self) -> str:
        """What it was about, in the words of the record or the message."""
        if self.record is not None:
            text: Any = self.record.text
            return f"{text.subject}: {text.content}" if text.content else str(text.subject)
        return (self.message.subject_line or self.message.body) if self.message is not None else ""
