"""Orders: what was agreed, reviewed by a second person before it binds anybody."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models.products import validate_currency
from crm.models import Address, Contact, Customer
from foundation.journal.machine import guarded, transition
from foundation.journal.models import Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url
from orders.models.conditions import is_complete, is_not_held, is_second_person, is_settled
from orders.models.incoterms import EDITION
from orders.models.lines import NOT_NEGATIVE, CostItem, Line, locked_with
from orders.models.merged import locked_but_for_merges
from orders.models.quotes import Quote
from orders.models.terms import PaymentTerm


class OrderQuerySet(SearchableQuerySet):
    """Questions about sets of orders."""

    def open(self) -> OrderQuerySet:
        """Orders that somebody still works on."""
        return self.exclude(status__in=("completed", "cancelled"))

    def awaiting_review(self) -> OrderQuerySet:
        """Submitted, and not yet reviewed."""
        return self.filter(status="in_review")


@pgtrigger.register(
    locked_but_for_merges(
        "locked_after_draft",
        pgtrigger.Q(old__status__df="draft")
        & pgtrigger.Q(old__import_source="")
        & (
            pgtrigger.Q(old__total__df=pgtrigger.F("new__total"))
            | pgtrigger.Q(old__goods_total__df=pgtrigger.F("new__goods_total"))
            | pgtrigger.Q(old__currency__df=pgtrigger.F("new__currency"))
            | pgtrigger.Q(old__customer_id__df=pgtrigger.F("new__customer_id"))
            | pgtrigger.Q(old__quote_id__df=pgtrigger.F("new__quote_id"))
            | pgtrigger.Q(old__incoterm__df=pgtrigger.F("new__incoterm"))
            | pgtrigger.Q(old__incoterm_place__df=pgtrigger.F("new__incoterm_place"))
            | pgtrigger.Q(old__delivery_address__df=pgtrigger.F("new__delivery_address"))
            | pgtrigger.Q(old__payment_term_id__df=pgtrigger.F("new__payment_term_id"))
            | pgtrigger.Q(old__created_by_id__df=pgtrigger.F("new__created_by_id"))
            | pgtrigger.Q(old__edited_by_id__df=pgtrigger.F("new__edited_by_id"))
        ),
    )
)
@guarded("status")
class Order(Subject, Searchable):
    """A customer's order. Once it has left the draft nobody changes it: it is returned first, or changed by a request."""

    READ_WITH = ("customer", "contact", "owner__manager", "owner__team__lead")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        CONFIRMED = "confirmed", _("Confirmed")
        IN_DELIVERY = "in_delivery", _("In delivery")
        DELIVERED = "delivered", pgettext_lazy("order", "Delivered")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")

    PATH = (
        Status.DRAFT,
        Status.IN_REVIEW,
        Status.CONFIRMED,
        Status.IN_DELIVERY,
        Status.DELIVERED,
        Status.COMPLETED,
    )

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    status = StateField(_("status"), choices=Status.choices, default=Status.DRAFT, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders", verbose_name=_("customer"))
    quote = models.OneToOneField(
        Quote, on_delete=models.PROTECT, null=True, blank=True, related_name="order", verbose_name=_("quote")
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("contact")
    )
    consignee_address = models.ForeignKey(
        Address,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("delivery address"),
    )
    delivery_address = models.TextField(
        _("delivery address as agreed"),
        blank=True,
        editable=False,
        help_text=_("Kept as it was when the order was submitted."),
    )
    destination_country = models.CharField(_("country of destination"), max_length=2, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="USD", validators=[validate_currency])
    incoterm = models.CharField(_("Incoterm"), max_length=3, blank=True)
    incoterm_edition = models.PositiveSmallIntegerField(_("edition of the Incoterms"), default=EDITION)
    incoterm_place = models.CharField(_("named place"), max_length=120, blank=True)
    payment_term = models.ForeignKey(
        PaymentTerm, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("payment terms")
    )
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    contract_number = models.CharField(_("contract number"), max_length=60, blank=True)
    contract_date = models.DateField(_("contract date"), null=True, blank=True)
    customer_reference = models.CharField(_("customer's reference"), max_length=80, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    goods_total = models.DecimalField(_("goods"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("owner"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("last changed by"),
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    confirmed_at = models.DateTimeField(pgettext_lazy("at what time", "confirmed"), null=True, editable=False)
    delivered_at = models.DateTimeField(_("delivered"), null=True, editable=False)
    ordered_at = models.DateTimeField(_("ordered"), db_default=Now(), editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)
    external_ref = models.CharField(_("reference elsewhere"), max_length=120, blank=True)
    import_source = models.CharField(_("imported from"), max_length=60, blank=True)

    SEARCH_FIELDS = ("number", "customer", "contract_number", "customer_reference", "external_ref")
    record_icon = "clipboard-document-check"

    objects = SearchableManager.from_queryset(OrderQuerySet)()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        permissions = [
            ("submit_order", "Can submit an order for review"),
            ("review_order", "Can review and confirm an order"),
            ("cancel_order", "Can cancel an order"),
            ("complete_order", "Can complete an order"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["import_source", "external_ref"],
                condition=~Q(external_ref=""),
                name="orders_order_imported_once",
            ),
            models.CheckConstraint(
                name="orders_order_second_person",
                condition=Q(reviewed_by=None)
                | (
                    (Q(submitted_by=None) | ~Q(submitted_by=F("reviewed_by")))
                    & (Q(edited_by=None) | ~Q(edited_by=F("reviewed_by")))
                    & (Q(created_by=None) | ~Q(created_by=F("reviewed_by")))
                ),
            ),
            models.CheckConstraint(
                name="orders_order_confirmed_has_reviewer",
                condition=Q(status__in=["draft", "in_review", "cancelled"])
                | Q(reviewed_by__isnull=False, confirmed_at__isnull=False)
                | ~Q(import_source=""),
            ),
        ]
        indexes = [
            search_index("orders_order"),
            # the list in its default order
            models.Index(fields=["-ordered_at", "-id"], name="orders_order_ordered"),
            # the list of open orders in its default order, and how many there are
            models.Index(
                fields=["-ordered_at", "-id"],
                name="orders_order_open",
                condition=~Q(status__in=("completed", "cancelled")),
            ),
            # a customer's orders
            models.Index(fields=["customer", "-ordered_at"], name="orders_order_customer"),
            # a person's list
            models.Index(fields=["owner", "status", "-ordered_at"], name="orders_order_owner"),
            # the reviewers' worklist and its counter
            models.Index(fields=["submitted_at"], name="orders_order_review", condition=Q(status="in_review")),
            # what is promised next
            models.Index(
                fields=["promised_on"],
                name="orders_order_promised",
                condition=Q(status__in=["draft", "in_review", "confirmed", "in_delivery"]),
            ),
            # finding by contract
            models.Index(fields=["contract_number"], name="orders_order_contract", condition=~Q(contract_number="")),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The order's page."""
        return record_url("orders:order", self.pk)

    def journal_facts(self) -> dict[str, Any]:
        """What clocks, rules and figures may ask about this order."""
        customer = self.customer
        return {
            "number": self.number,
            "status": self.status,
            "currency": self.currency,
            "total": str(self.total),
            "incoterm": self.incoterm,
            "promised_on": self.promised_on,
            "destination_country": self.destination_country,
            "owner_id": self.owner_id,
            "team_id": self.owner.team_id if self.owner else None,
            "language": customer.language,
            "time_zone": customer.time_zone,
            "tier": customer.tier,
            "kind": customer.kind,
            "country": customer.country,
        }

    def search_texts(self) -> list[str]:
        """Found by the customer."""
        return [self.customer.name, self.customer.local_name]

    def search_numbers(self) -> list[str]:
        """Found by any part of its number, contract or reference."""
        return [self.number, self.contract_number, self.customer_reference, self.external_ref]

    @property
    def is_editable(self) -> bool:
        """Only a draft is changed; everything later is locked."""
        return self.status == self.Status.DRAFT

    @property
    def hands(self) -> set[int]:
        """Who had a hand in the order, and therefore does not review it."""
        return {pk for pk in (self.created_by_id, self.edited_by_id, self.submitted_by_id) if pk is not None}

    # ------------------------------------------------------------ the machine: called by services through perform() only

    @transition(
        status,
        source="draft",
        target="in_review",
        label=_("Submit for review"),
        permission="orders.submit_order",
        event="order.submitted",
        primary=True,
        when=[is_complete],
    )
    def submit(self, *, by: Any, delivery_address: str = "") -> None:
        """Entered completely; now a second person looks."""
        self.submitted_by = by
        self.submitted_at = timezone.now()
        self.delivery_address = delivery_address or self.delivery_address

    @transition(
        status,
        source="in_review",
        target="confirmed",
        label=_("Review and confirm"),
        permission="orders.review_order",
        event="order.confirmed",
        primary=True,
        when=[is_complete, is_second_person],
    )
    def confirm(self, *, by: Any) -> None:
        """Checked by a second person, released to the warehouse, and locked."""
        self.reviewed_by = by
        self.confirmed_at = timezone.now()

    @transition(
        status,
        source="in_review",
        target="draft",
        label=_("Return for correction"),
        permission="orders.review_order",
        event="order.returned",
    )
    def return_to_draft(self) -> None:
        """Something is wrong: back to whoever entered it, with the reason."""
        self.submitted_by = None
        self.submitted_at = None

    @transition(
        status,
        source="confirmed",
        target="in_delivery",
        label=_("Start delivery"),
        event="order.delivery_started",
        when=[is_not_held],
    )
    def start_delivery(self) -> None:
        """The first goods have left; logistics says so."""

    @transition(
        status,
        source="in_delivery",
        target="delivered",
        label=pgettext_lazy("order", "Delivered"),
        event="order.delivered",
    )
    def deliver(self) -> None:
        """All goods are signed for; logistics says so."""
        self.delivered_at = timezone.now()

    @transition(
        status,
        source="delivered",
        target="completed",
        label=_("Complete the order"),
        permission="orders.complete_order",
        event="order.completed",
        primary=True,
        when=[is_settled],
    )
    def complete(self) -> None:
        """Nothing more is owed by anybody."""

    @transition(
        status,
        source=["draft", "in_review", "confirmed"],
        target="cancelled",
        label=_("Cancel the order"),
        permission="orders.cancel_order",
        event="order.cancelled",
        danger=True,
    )
    def cancel(self) -> None:
        """Called off, by the one department that may."""


@pgtrigger.register(locked_with("orders_order", "order_id", origin="import_source"))
class OrderLine(Line):
    """One line of an order: what was agreed for it, whatever happens to the product later."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", verbose_name=_("order"))
    pack_price = models.DecimalField(
        _("price of a pack"), max_digits=14, decimal_places=4, null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    weight_kg = models.DecimalField(
        _("weight in kg"), max_digits=14, decimal_places=3, null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    external_ref = models.CharField(_("reference elsewhere"), max_length=120, blank=True)
    import_source = models.CharField(_("imported from"), max_length=60, blank=True)

    class Meta(Line.Meta):
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of an order")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"], name="orders_orderline_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["import_source", "external_ref"],
                condition=~Q(external_ref=""),
                name="orders_orderline_imported_once",
            ),
        ]


@pgtrigger.register(locked_with("orders_order", "order_id", origin="import_source"))
class OrderCost(CostItem):
    """One cost of an order, taken over from its quote."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="costs", verbose_name=_("order"))

    class Meta(CostItem.Meta):
        verbose_name = _("cost of an order")
        verbose_name_plural = _("costs of an order")
        constraints = [models.UniqueConstraint(fields=["order", "kind"], name="orders_ordercost_once")]
