"""Samples: asked for by sales, sent by the order desk, logistics or the technical team, decided about by the customer."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import Product
from catalog.models.products import validate_currency
from crm.models.customers import Contact, Customer, customer_facts, owned_within
from crm.models.inquiries import Inquiry
from crm.models.sample_policy import DecidedBy
from foundation.journal.machine import guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.todos.models import Task
from foundation.ui.addresses import record_url

LEFT_THE_HOUSE = ["sent", "received", "approved", "rejected"]


class SampleQuerySet(SearchableQuerySet):
    """Questions about sets of sample requests."""

    def visible_to(self, user: Any) -> SampleQuerySet:
        """All; or those of theirs and their team's, and those of customers whom they see."""
        if user.has_perm("crm.view_all_customers"):
            return self
        theirs = Q(owner=user.pk) | (Q(owner__team=user.team_id) if user.team_id else Q())
        return self.filter(theirs | owned_within(user, "customer__"))

    def to_send(self) -> SampleQuerySet:
        """Still in the house."""
        return self.filter(status__in=Sample.TO_SEND)

    def with_customer(self) -> SampleQuerySet:
        """Left the house, and nobody has decided yet."""
        return self.filter(status__in=Sample.WITH_CUSTOMER)

    def to_follow_up(self, day: date) -> SampleQuerySet:
        """At the customer's, and the day on which we wanted to ask has come."""
        return self.filter(status__in=Sample.WITH_CUSTOMER, follow_up_on__lte=day)


@guarded("status")
class Sample(Subject, Searchable):
    """One parcel of samples for one customer, from the wish to the customer's decision."""

    READ_WITH = ("customer", "contact__customer", "owner__manager", "owner__team__lead")

    class Status(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("sample", "Requested")
        PREPARED = "prepared", pgettext_lazy("sample", "Prepared")
        SENT = "sent", pgettext_lazy("sample", "Sent")
        RECEIVED = "received", pgettext_lazy("sample", "Received")
        APPROVED = "approved", pgettext_lazy("sample", "Approved")
        REJECTED = "rejected", pgettext_lazy("sample", "Rejected")
        CANCELLED = "cancelled", pgettext_lazy("sample", "Cancelled")

    TO_SEND = (Status.REQUESTED, Status.PREPARED)
    WITH_CUSTOMER = (Status.SENT, Status.RECEIVED)
    OPEN = (*TO_SEND, *WITH_CUSTOMER)
    PATH = (Status.REQUESTED, Status.PREPARED, Status.SENT, Status.RECEIVED, Status.APPROVED)

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    status = StateField(_("status"), choices=Status.choices, default=Status.REQUESTED, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="samples", verbose_name=_("customer"))
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="samples", verbose_name=_("contact")
    )
    inquiry = models.ForeignKey(
        Inquiry, on_delete=models.PROTECT, null=True, blank=True, related_name="samples", verbose_name=_("inquiry")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="samples",
        verbose_name=_("salesperson"),
    )
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="successors",
        verbose_name=_("instead of"),
    )
    purpose = models.CharField(_("purpose"), max_length=200)
    wanted_on = models.DateField(_("wanted by"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="USD", validators=[validate_currency])
    # As it is printed on the slip: what becomes of the customer's address later changes no paper that was sent.
    delivery_address = models.TextField(_("delivery address"), max_length=600)
    note = models.TextField(_("note for whoever sends it"), max_length=1000, blank=True)

    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("prepared by"),
    )
    prepared_at = models.DateTimeField(_("prepared"), null=True, editable=False)
    courier = models.CharField(_("courier"), max_length=80, blank=True, editable=False)
    waybill = models.CharField(_("waybill number"), max_length=80, blank=True, editable=False)
    tracking_url = models.URLField(_("tracking page"), max_length=300, blank=True, editable=False)
    sent_on = models.DateField(_("sent on"), null=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("sent by"),
    )
    days_to_send = models.PositiveSmallIntegerField(
        _("days from the request to the dispatch"), null=True, editable=False
    )
    received_on = models.DateField(_("received on"), null=True, editable=False)
    received_by = models.CharField(_("received by"), max_length=120, blank=True, editable=False)
    follow_up_on = models.DateField(_("ask the customer on"), null=True, editable=False)
    asked_at = models.DateTimeField(_("asked for the decision"), null=True, editable=False)
    reminder = models.ForeignKey(Task, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.CharField(_("who decided"), max_length=120, blank=True, editable=False)
    decided_via = models.CharField(
        _("decision heard by"), max_length=10, choices=DecidedBy.choices, blank=True, editable=False
    )
    reason = models.CharField(_("reason"), max_length=1000, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("requested by"),
    )
    created_at = models.DateTimeField(_("requested"), db_default=Now(), editable=False)

    SEARCH_FIELDS = ("number", "purpose", "customer", "waybill")
    record_icon = "archive-box"

    objects = SearchableManager.from_queryset(SampleQuerySet)()

    class Meta:
        verbose_name = _("sample request")
        verbose_name_plural = _("sample requests")
        permissions = [
            ("send_sample", "Can prepare samples and send them"),
            ("decide_sample", "Can note what a customer says about samples"),
        ]
        constraints = [
            models.CheckConstraint(
                name="crm_sample_sent_has_day", condition=~Q(status__in=LEFT_THE_HOUSE) | Q(sent_on__isnull=False)
            ),
            models.CheckConstraint(
                name="crm_sample_received_has_day", condition=~Q(status="received") | Q(received_on__isnull=False)
            ),
            models.CheckConstraint(
                name="crm_sample_received_later",
                condition=Q(received_on=None) | Q(sent_on=None) | Q(received_on__gte=F("sent_on")),
            ),
            models.CheckConstraint(
                name="crm_sample_decided_whole",
                condition=~Q(status__in=["approved", "rejected"]) | (Q(decided_at__isnull=False) & ~Q(decided_via="")),
            ),
            models.CheckConstraint(
                name="crm_sample_off_has_reason", condition=~Q(status__in=["rejected", "cancelled"]) | ~Q(reason="")
            ),
        ]
        indexes = [
            search_index("crm_sample"),
            # a customer's samples
            models.Index(fields=["customer", "-id"], name="crm_sample_customer"),
            # what the senders have to send, the soonest wanted first
            models.Index(
                fields=["wanted_on", "id"], name="crm_sample_to_send", condition=Q(status__in=["requested", "prepared"])
            ),
            # whom a salesperson has to ask
            models.Index(
                fields=["owner", "follow_up_on"],
                name="crm_sample_follow_up",
                condition=Q(status__in=["sent", "received"]),
            ),
            # the figures, by the day of the decision and of the dispatch
            models.Index(fields=["decided_at"], name="crm_sample_decided", condition=Q(decided_at__isnull=False)),
            models.Index(fields=["sent_on"], name="crm_sample_sent", condition=Q(sent_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The sample's page."""
        return record_url("crm:sample", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """What clocks and rules may ask about this sample."""
        return {
            "number": self.number,
            "status": self.status,
            **customer_facts(self.customer, self.owner),
            "wanted_on": self.wanted_on,
        }

    def search_texts(self) -> list[str]:
        """Found by its purpose and its customer."""
        return [self.purpose, self.customer.name, self.customer.local_name]

    def search_numbers(self) -> list[str]:
        """Found by any part of its number and of its waybill."""
        return [self.number, self.waybill]

    # ------------------------------------------------------------ the machine: called by services through perform() only

    @transition(
        status,
        source="requested",
        target="prepared",
        label=_("Samples are ready"),
        permission="crm.send_sample",
        event="sample.prepared",
    )
    def prepare(self, *, by: Any, at: datetime) -> None:
        """Cut, packed and labelled."""
        self.prepared_by, self.prepared_at = by, at

    @transition(
        status,
        source=["requested", "prepared"],
        target="sent",
        label=_("Note the dispatch"),
        permission="crm.send_sample",
        event="sample.sent",
        primary=True,
    )
    def send(
        self, *, by: Any, on: date, took: int, courier: str, waybill: str, tracking_url: str, follow_up_on: date | None
    ) -> None:
        """With the courier, so many days after the request; from now on the customer may decide."""
        self.sent_by, self.sent_on, self.follow_up_on = by, on, follow_up_on
        self.days_to_send = took
        self.courier, self.waybill, self.tracking_url = courier, waybill, tracking_url

    @transition(
        status,
        source="sent",
        target="received",
        label=_("Note the receipt"),
        permission="crm.decide_sample",
        event="sample.received",
        primary=True,
    )
    def receive(self, *, on: date, by: str, follow_up_on: date | None) -> None:
        """In the customer's hands."""
        self.received_on, self.received_by, self.follow_up_on = on, by, follow_up_on

    @transition(
        status,
        source=["sent", "received"],
        target="approved",
        label=_("Note the approval"),
        permission="crm.decide_sample",
        event="sample.approved",
        primary=True,
    )
    def approve(self, *, by: str, via: str, at: datetime) -> None:
        """The customer likes it."""
        self.decided_by, self.decided_via, self.decided_at = by, via, at

    @transition(
        status,
        source=["sent", "received"],
        target="rejected",
        label=_("Note the rejection"),
        permission="crm.decide_sample",
        event="sample.rejected",
    )
    def reject(self, *, by: str, via: str, at: datetime, reason: str) -> None:
        """The customer says no, and why."""
        self.decided_by, self.decided_via, self.decided_at, self.reason = by, via, at, reason

    @transition(
        status,
        source=["requested", "prepared", "sent", "received"],
        target="cancelled",
        label=_("Cancel"),
        permission="crm.change_sample",
        event="sample.cancelled",
        danger=True,
    )
    def cancel(self, *, reason: str) -> None:
        """Nobody needs it any more."""
        self.reason = reason


class SampleLine(models.Model):
    """One thing in the parcel, and what the customer says about it."""

    class Decision(models.TextChoices):
        APPROVED = "approved", pgettext_lazy("line of a sample", "Approved")
        REJECTED = "rejected", pgettext_lazy("line of a sample", "Rejected")

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="lines", verbose_name=_("sample request"))
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"))
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    description = models.CharField(_("description"), max_length=250)
    variant = models.CharField(_("colour and size"), max_length=120, blank=True)
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=3, validators=[MinValueValidator(Decimal("0.001"))]
    )
    unit = models.CharField(_("unit"), max_length=12)
    charge = models.DecimalField(
        _("charge"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(9_999_999))],
        help_text=_("Empty: free of charge."),
    )
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True, editable=False)

    class Meta:
        verbose_name = _("line of a sample request")
        verbose_name_plural = _("lines of sample requests")
        default_permissions = ()
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(name="crm_sampleline_named", condition=~Q(description="")),
            models.CheckConstraint(name="crm_sampleline_some", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="crm_sampleline_charge", condition=Q(charge=None) | Q(charge__gte=0)),
        ]

    def __str__(self) -> str:
        return self.description

    def name_in(self, language: str) -> str:
        """The product's name in that language where nobody wrote another."""
        if self.product is not None and self.description == self.product.name:
            return self.product.name_in(language)
        return self.description
