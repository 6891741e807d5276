"""Account plans: what we want to reach with a key customer in a year, who decides there, and what is in the way."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.products import validate_currency
from crm.models.customers import Contact, Customer, owned_within
from foundation.journal.machine import guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.ui.addresses import record_url

# Customers of these tiers are looked after by a plan.
PLANNED_TIERS = (Customer.Tier.KEY, Customer.Tier.STRATEGIC, Customer.Tier.GROUP)


class AccountPlanQuerySet(models.QuerySet["AccountPlan"]):
    """Questions about sets of plans."""

    def visible_to(self, user: Any) -> AccountPlanQuerySet:
        """Plans of customers that this person may see, and one's own."""
        if user.has_perm("crm.view_all_customers"):
            return self
        return self.filter(owned_within(user, "customer__") | Q(owner=user.pk))

    def to_review(self, today: date) -> AccountPlanQuerySet:
        """Plans in force whose day of review has come."""
        return self.filter(status=AccountPlan.Status.ACTIVE, review_on__lte=today)


@guarded("status")
class AccountPlan(Subject):
    """One customer, one year."""

    READ_WITH = ("customer__owner__team", "owner")

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("account plan", "Draft")
        ACTIVE = "active", pgettext_lazy("account plan", "In force")
        ARCHIVED = "archived", pgettext_lazy("account plan", "Archived")

    PATH = (Status.DRAFT, Status.ACTIVE, Status.ARCHIVED)
    OPEN = (Status.DRAFT, Status.ACTIVE)

    status = StateField(_("status"), choices=Status.choices, default=Status.DRAFT, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="account_plans", verbose_name=_("customer")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2000), MaxValueValidator(2200)])
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="account_plans",
        verbose_name=_("leads the plan"),
    )
    goals = models.TextField(pgettext_lazy("account plan", "goals"), blank=True)
    volume_goal = models.DecimalField(_("volume wanted"), max_digits=14, decimal_places=2, null=True, blank=True)
    potential = models.DecimalField(_("potential"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="USD", validators=[validate_currency])
    competitors = models.TextField(_("competitors"), blank=True)
    risks = models.TextField(_("risks"), blank=True)
    review_on = models.DateField(_("next review"), null=True, blank=True)
    # the day of review of which the owner has been told
    told_of = models.DateField(null=True, editable=False)
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="following", verbose_name=_("follows")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    activated_at = models.DateTimeField(pgettext_lazy("at what time", "put into force"), null=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)

    record_icon = "chart-bar"

    objects = AccountPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("account plan")
        verbose_name_plural = _("account plans")
        default_permissions = ("view",)
        permissions = [("plan_account", "Can write account plans")]
        constraints = [
            models.UniqueConstraint(fields=["customer", "year"], name="crm_accountplan_one_a_year"),
            models.CheckConstraint(name="crm_accountplan_not_negative", condition=Q(volume_goal=None) | Q(volume_goal__gte=0)),
        ]  # fmt: skip
        indexes = [
            # the reviews of the day
            models.Index(fields=["review_on"], name="crm_accountplan_review", condition=Q(status="active")),
            # the list
            models.Index(fields=["-year", "id"], name="crm_accountplan_year"),
        ]

    def __str__(self) -> str:
        return f"{self.customer.name} {self.year}"

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return record_url("crm:account-plan", self.pk)

    def customer_ref(self) -> int | None:
        """It stands on its customer's timeline."""
        return self.customer_id

    def journal_facts(self) -> dict[str, Any]:
        """What rules may ask."""
        return {
            "year": self.year,
            "status": self.status,
            "tier": self.customer.tier,
            "owner_id": self.owner_id,
            "review_on": self.review_on.isoformat() if self.review_on else "",
        }

    @transition(
        status,
        source="draft",
        target="active",
        label=pgettext_lazy("verb", "Put into force"),
        permission="crm.plan_account",
        event="account_plan.activated",
        primary=True,
    )
    def activate(self, *, at: datetime) -> None:
        """From now on its reviews are due."""
        self.activated_at = at

    @transition(
        status,
        source=["draft", "active"],
        target="archived",
        label=pgettext_lazy("verb", "Archive"),
        permission="crm.plan_account",
        event="account_plan.archived",
    )
    def archive(self, *, at: datetime) -> None:
        """The year is over; what was written stays."""
        self.archived_at = at


class PlanPerson(models.Model):
    """What somebody at the customer means for the plan."""

    class Influence(models.TextChoices):
        DECIDES = "decides", pgettext_lazy("influence", "Decides")
        ADVISES = "advises", pgettext_lazy("influence", "Advises")
        USES = "uses", pgettext_lazy("influence", "Uses it")
        GUARDS = "guards", pgettext_lazy("influence", "Guards the door")

    class Attitude(models.TextChoices):
        FOR_US = "for_us", pgettext_lazy("attitude", "For us")
        OPEN = "open", pgettext_lazy("attitude", "Open")
        AGAINST = "against", pgettext_lazy("attitude", "For somebody else")

    plan = models.ForeignKey(
        AccountPlan, on_delete=models.CASCADE, related_name="people", verbose_name=_("account plan")
    )
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", verbose_name=_("contact"))
    influence = models.CharField(_("influence"), max_length=10, choices=Influence.choices, default=Influence.ADVISES)
    attitude = models.CharField(_("attitude"), max_length=10, choices=Attitude.choices, default=Attitude.OPEN)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("person of an account plan")
        verbose_name_plural = _("people of account plans")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["plan", "contact"], name="crm_planperson_once")]

    def __str__(self) -> str:
        return str(self.contact)
