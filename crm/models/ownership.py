"""Whose a customer is: the pool of those that are nobody's, its rules, shares, requests and the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.customers import Customer
from foundation.journal.machine import guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.ui.addresses import record_url
from foundation.ui.shelf import Shelf, follow


class OwnershipPolicy(models.Model):
    """What an administrator decides about the ownership of customers: one row."""

    is_on = models.BooleanField(
        _("customers return to the pool"),
        default=False,
        help_text=_("Switched off, nobody loses a customer by time and the limits below do not hold."),
    )
    started_on = models.DateField(_("switched on since"), null=True, editable=False)
    claims_a_day = models.PositiveSmallIntegerField(
        _("claims a day"), default=5, null=True, blank=True, help_text=_("Empty: no limit.")
    )
    claims_a_week = models.PositiveSmallIntegerField(
        _("claims a week"), default=15, null=True, blank=True, help_text=_("Empty: no limit.")
    )
    most_held = models.PositiveIntegerField(
        _("customers that one person may have"), default=300, null=True, blank=True, help_text=_("Empty: no limit.")
    )
    cool_down_days = models.PositiveSmallIntegerField(
        _("days before the former owner may claim again"), default=30, validators=[MaxValueValidator(1000)]
    )
    exempt_people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("whose customers stay"), blank=True, related_name="+"
    )
    merge_undo_days = models.PositiveSmallIntegerField(
        _("days within which a merge can be undone"), default=30, validators=[MaxValueValidator(1000)]
    )
    # False until what is kept on the customers follows this row and the rules.
    is_applied = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("ownership of customers")
        verbose_name_plural = _("ownership of customers")
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return str(_("Ownership of customers"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> OwnershipPolicy:
        """The row, or the shipped values where there is none."""
        return _rules.get().policy


class PoolRule(models.Model):
    """After how long customers of a tier return to the pool: a row that an administrator edits."""

    tier = models.CharField(
        _("tier"), max_length=20, choices=Customer.Tier.choices, blank=True, help_text=_("Empty: every other tier.")
    )
    contact_days = models.PositiveSmallIntegerField(
        _("days without contact"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3000)]
    )
    deal_days = models.PositiveSmallIntegerField(
        _("days without a deal"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3000)]
    )
    warn_days = models.PositiveSmallIntegerField(
        _("days before it that the owner is warned"), default=7, validators=[MaxValueValidator(365)]
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("rule of the pool")
        verbose_name_plural = _("rules of the pool")
        ordering = ("tier",)
        constraints = [
            models.UniqueConstraint(fields=["tier"], name="crm_poolrule_one_a_tier"),
            models.CheckConstraint(
                name="crm_poolrule_measures",
                condition=Q(contact_days__gt=0) | Q(deal_days__gt=0),
                violation_error_message=_("Give the days without contact, without a deal, or both."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_tier_display() or _("every other tier"))


@dataclass(frozen=True)
class Rules:
    """Policy and rules as they are in force."""

    policy: OwnershipPolicy
    by_tier: dict[str, PoolRule]
    exempt: frozenset[int]

    def rule_for(self, tier: str, owner_id: int | None) -> PoolRule | None:
        """The rule of a customer that has this owner; None where it does not return by itself."""
        if not self.policy.is_on or owner_id is None or owner_id in self.exempt:
            return None
        rule = self.by_tier.get(tier) or self.by_tier.get("")
        return rule if rule is not None and rule.is_active else None

    @classmethod
    def current(cls) -> Rules:
        """Those in force."""
        return _rules.get()


def _read() -> Rules:
    policy = OwnershipPolicy.objects.first() or OwnershipPolicy()
    exempt = frozenset(policy.exempt_people.values_list("pk", flat=True)) if policy.pk and policy.is_on else frozenset()
    by_tier = {one.tier: one for one in PoolRule.objects.all()} if policy.is_on else {}
    return Rules(policy, by_tier, exempt)


_rules: Shelf[Rules] = Shelf(_read, of=(OwnershipPolicy, PoolRule))
follow(OwnershipPolicy, PoolRule)


class OwnershipSpell(models.Model):
    """The time during which somebody had a customer: how it began and how it ended."""

    class How(models.TextChoices):
        CREATED = "created", pgettext_lazy("beginning of ownership", "Entered")
        CLAIMED = "claimed", _("Claimed from the pool")
        ASSIGNED = "assigned", _("Assigned")
        HANDED = "handed", _("Handed over")
        RELEASED = "released", _("Released into the pool")
        RETURNED = "returned", _("Returned to the pool by time")
        MERGED = "merged", pgettext_lazy("ownership", "Merged")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="spells", verbose_name=_("customer"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("owner")
    )
    began_at = models.DateTimeField(_("from"))
    began_by = models.CharField(_("how it began"), max_length=10, choices=How.choices)
    ended_at = models.DateTimeField(_("until"), null=True)
    ended_by = models.CharField(_("how it ended"), max_length=10, choices=How.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("time of ownership")
        verbose_name_plural = _("times of ownership")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(ended_at=None), name="crm_ownershipspell_one_running"
            )
        ]
        indexes = [
            # the owners of a customer, and since when somebody may claim again
            models.Index(fields=["customer", "owner", "-ended_at"], name="crm_ownershipspell_customer"),
            # how many somebody has claimed of late
            models.Index(
                fields=["owner", "began_at"], name="crm_ownershipspell_claims", condition=Q(began_by="claimed")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner} #{self.customer_id}"


class CustomerShare(models.Model):
    """A colleague who sees a customer of somebody else's."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="shares", verbose_name=_("customer"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("shared with")
    )
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("share of a customer")
        verbose_name_plural = _("shares of customers")
        default_permissions = ("view",)
        # the rule of visibility asks by the person
        constraints = [models.UniqueConstraint(fields=["user", "customer"], name="crm_customershare_once")]

    def __str__(self) -> str:
        return f"{self.user} #{self.customer_id}"


class OwnershipRequestQuerySet(models.QuerySet["OwnershipRequest"]):
    """Questions about sets of requests."""

    def visible_to(self, user: Any) -> OwnershipRequestQuerySet:
        """One's own; all for whoever answers them."""
        return self if user.has_perm("crm.answer_ownershiprequest") else self.filter(asker=user.pk)

    def waiting(self) -> OwnershipRequestQuerySet:
        """Those that nobody has answered."""
        return self.filter(status=OwnershipRequest.Status.OPEN)


@guarded("status")
class OwnershipRequest(Subject):
    """Somebody met a customer that belongs to a colleague, and asks the manager."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("request", "Waiting")
        SHARED = "shared", pgettext_lazy("request", "Shared")
        HANDED = "handed", pgettext_lazy("request", "Handed over")
        REFUSED = "refused", pgettext_lazy("request", "Refused")

    READ_WITH = ("customer__owner", "asker")
    record_icon = "hand-raised"

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="ownership_requests", verbose_name=_("customer")
    )
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("asked by")
    )
    typed = models.CharField(_("what was entered"), max_length=300, blank=True)
    note = models.CharField(_("why it is asked for"), max_length=1000, blank=True)
    status = StateField(_("status"), choices=Status.choices, default=Status.OPEN, editable=False)
    reason = models.CharField(_("answer"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("answered by")
    )
    decided_at = models.DateTimeField(_("answered"), null=True)
    asked_at = models.DateTimeField(pgettext_lazy("request", "asked"), db_default=Now(), editable=False)

    objects = OwnershipRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a customer")
        verbose_name_plural = _("requests for customers")
        default_permissions = ("view", "add")
        permissions = [("answer_ownershiprequest", "Can answer requests for customers")]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "asker"], condition=Q(status="open"), name="crm_ownershiprequest_one_open"
            )
        ]
        indexes = [
            # what waits for an answer, the oldest first
            models.Index(fields=["asked_at"], name="crm_ownershiprequest_open", condition=Q(status="open")),
        ]

    def __str__(self) -> str:
        return str(_("Request #%(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        """Its page."""
        return record_url("crm:ownership-request", self.pk)

    def customer_ref(self) -> int | None:
        """It stands on the customer's timeline."""
        return self.customer_id

    def journal_facts(self) -> dict[str, Any]:
        """Whom it concerns."""
        owner = self.customer.owner
        return {
            "request_id": self.pk,
            "asker_id": self.asker_id,
            "owner_id": self.customer.owner_id,
            "team_id": owner.team_id if owner else None,
        }

    def _decide(self, by: Any, at: Any, reason: str) -> None:
        self.decided_by, self.decided_at, self.reason = by, at, reason

    @transition(status, source=Status.OPEN, target=Status.SHARED, label=_("Share the customer"), event="ownership.shared",
          permission="crm.answer_ownershiprequest", primary=True)  # fmt: skip
    def share(self, *, by: Any, at: Any, reason: str = "") -> None:
        """The asker sees the customer, whose owner stays."""
        self._decide(by, at, reason)

    @transition(status, source=Status.OPEN, target=Status.HANDED, label=_("Give the customer to the asker"),
          event="ownership.handed", permission="crm.answer_ownershiprequest")  # fmt: skip
    def hand(self, *, by: Any, at: Any, reason: str = "") -> None:
        """The customer is the asker's from now on."""
        self._decide(by, at, reason)

    @transition(status, source=Status.OPEN, target=Status.REFUSED, label=_("Refuse the request"),
          event="ownership.refused", permission="crm.answer_ownershiprequest", danger=True)  # fmt: skip
    def refuse(self, *, by: Any, at: Any, reason: str = "") -> None:
        """Everything stays as it is."""
        self._decide(by, at, reason)


def shared_with(user: Any) -> Any:
    """For a query: the customers that were shared with this person."""
    return CustomerShare.objects.filter(user=user.pk).values("customer")


__all__ = [
    "CustomerShare",
    "OwnershipPolicy",
    "OwnershipRequest",
    "OwnershipSpell",
    "PoolRule",
    "Rules",
    "shared_with",
]
