"""How much there is, where, why, and what is to come."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.days import company_today
from catalog.models.names import Named
from catalog.models.products import Product
from foundation.journal.machine import guarded, transition
from foundation.journal.models import ClockTimestamp, Subject
from foundation.journal.states import StateField
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url

ZERO = Decimal(0)


class StockPlace(Named):
    """Where goods lie: a warehouse, a showroom, a yard abroad."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("place of stock")
        verbose_name_plural = _("places of stock")
        ordering = ("position", "code")


class StockQuerySet(models.QuerySet["Stock"]):
    """Questions about the stock of many products."""

    def short(self) -> StockQuerySet:
        """Below their minimum."""
        return self.filter(is_short=True)

    def search(self, text: str) -> StockQuerySet:
        """Stock of the products that are found."""
        return self.filter(product__in=Product.objects.search(text)) if text.strip() else self  # type: ignore[attr-defined]


class Stock(models.Model):
    """A product's stock in its own unit: the sum of its places, kept with each movement. Its row is the ledger's lock."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="stock", verbose_name=_("product"))
    on_hand = models.DecimalField(_("on hand"), max_digits=14, decimal_places=3, default=ZERO, editable=False)
    minimum = models.DecimalField(
        _("minimum stock"),
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(ZERO)],
    )
    is_short = models.BooleanField(_("below the minimum"), default=False, editable=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = StockQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        constraints = [
            models.CheckConstraint(
                name="catalog_stock_short_is_true",
                condition=Q(minimum=None, is_short=False)
                | Q(minimum__isnull=False, is_short=True, on_hand__lt=models.F("minimum"))
                | Q(minimum__isnull=False, is_short=False, on_hand__gte=models.F("minimum")),
            ),
        ]
        indexes = [
            # the list of stock: what is short first
            models.Index(fields=["-is_short", "on_hand", "id"], name="catalog_stock_short_first"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.on_hand}"

    def tell_short(self) -> bool:
        """Set `is_short`; whether it has just become so."""
        before = self.is_short
        self.is_short = self.minimum is not None and self.on_hand < self.minimum
        return self.is_short and not before


class StockLevel(models.Model):
    """How much of a product lies at one place, kept in the transaction of each movement."""

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="stock_levels", verbose_name=_("product")
    )
    place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+", verbose_name=_("place"))
    on_hand = models.DecimalField(_("on hand"), max_digits=14, decimal_places=3, default=ZERO)

    class Meta:
        verbose_name = _("stock at a place")
        verbose_name_plural = _("stock by place")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["product", "place"], name="catalog_level_once")]

    def __str__(self) -> str:
        return f"{self.place_id}: {self.on_hand}"


class RestockQuerySet(SearchableQuerySet):
    """Questions about what is to come."""

    def open(self) -> RestockQuerySet:
        """Expected and not arrived."""
        return self.filter(status="expected")

    def overdue(self, today: dt.date) -> RestockQuerySet:
        """Should have arrived."""
        return self.filter(status="expected", expected_on__lt=today)


@guarded("status")
class Restock(Subject, Searchable):
    """Goods that are on order: they arrive and become a receipt, or they are called off."""

    class Status(models.TextChoices):
        EXPECTED = "expected", pgettext_lazy("goods", "Expected")
        ARRIVED = "arrived", pgettext_lazy("goods", "Arrived")
        CANCELLED = "cancelled", pgettext_lazy("goods", "Called off")

    PATH = (Status.EXPECTED, Status.ARRIVED)
    READ_WITH = ("product__unit", "product__family", "place")

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="restocks", verbose_name=_("product"))
    place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+", verbose_name=_("place"))
    quantity = models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=3, validators=[MinValueValidator(Decimal("0.001"))]
    )
    expected_on = models.DateField(_("expected on"))
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    status = StateField(_("status"), choices=Status.choices, default=Status.EXPECTED, editable=False)
    arrived_quantity = models.DecimalField(
        _("arrived quantity"), max_digits=14, decimal_places=3, null=True, editable=False
    )
    arrived_at = models.DateTimeField(_("arrived"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("called off"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(_("entered"), db_default=Now(), editable=False)

    SEARCH_FIELDS = ("number", "reference")
    record_icon = "truck"

    objects = SearchableManager.from_queryset(RestockQuerySet)()

    class Meta:
        verbose_name = _("restock")
        verbose_name_plural = _("restocks")
        constraints = [
            models.CheckConstraint(name="catalog_restock_is_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="catalog_restock_arrived_with_quantity",
                condition=Q(status="arrived", arrived_quantity__isnull=False, arrived_at__isnull=False)
                | (~Q(status="arrived") & Q(arrived_quantity=None, arrived_at=None)),
            ),
        ]
        indexes = [
            search_index("catalog_restock"),
            # what is to come, soonest first; and the next one of a product
            models.Index(fields=["expected_on", "id"], name="catalog_restock_soonest"),
            models.Index(
                fields=["product", "expected_on"], name="catalog_restock_open", condition=Q(status="expected")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The restock's page."""
        return record_url("catalog:restock", self.pk)

    @property
    def is_overdue(self) -> bool:
        """Expected for a day that has passed."""
        return self.status == self.Status.EXPECTED and self.expected_on < company_today()

    def journal_facts(self) -> dict[str, Any]:
        """What events about it say."""
        return {
            "number": self.number,
            "sku": self.product.sku,
            "quantity": f"{self.quantity.normalize():f}",
            "unit": self.product.unit.symbol,
            "expected_on": self.expected_on.isoformat(),
            "reference": self.reference,
        }

    def search_texts(self) -> list[str]:
        """Found by the names of its product."""
        return self.product.all_names()

    def search_numbers(self) -> list[str]:
        """Found by its number, its reference, and the article number."""
        return [self.number, self.reference, self.product.sku]

    @transition(
        status,
        source=Status.EXPECTED,
        target=Status.ARRIVED,
        label=_("Has arrived"),
        event="restock.arrived",
        permission="catalog.add_stockmovement",
        primary=True,
    )
    def arrive(self, *, quantity: Decimal, at: dt.datetime) -> None:
        """The goods are there."""
        self.arrived_quantity, self.arrived_at = quantity, at

    @transition(
        status,
        source=Status.EXPECTED,
        target=Status.CANCELLED,
        label=pgettext_lazy("goods", "Call off"),
        event="restock.cancelled",
        permission="catalog.change_restock",
        danger=True,
    )
    def cancel(self, *, at: dt.datetime) -> None:
        """They will not come."""
        self.cancelled_at = at


class StockMovement(models.Model):
    """One line of the ledger: written once, and never changed. A mistake is put right by a correction."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", pgettext_lazy("stock", "Receipt")
        ISSUE = "issue", pgettext_lazy("stock", "Issue")
        CORRECTION = "correction", pgettext_lazy("stock", "Correction")

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="stock_movements", verbose_name=_("product")
    )
    place = models.ForeignKey(StockPlace, on_delete=models.PROTECT, related_name="+", verbose_name=_("place"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    quantity = models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=3, help_text=_("In the product's unit; what leaves is negative.")
    )
    level_after = models.DecimalField(_("on hand afterwards"), max_digits=14, decimal_places=3)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    restock = models.ForeignKey(Restock, on_delete=models.PROTECT, null=True, blank=True, related_name="movements")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    moved_at = models.DateTimeField(_("when"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("movement of stock")
        verbose_name_plural = _("movements of stock")
        default_permissions = ("add", "view")
        constraints = [
            models.CheckConstraint(
                name="catalog_movement_has_its_sign",
                condition=Q(kind="receipt", quantity__gt=0)
                | Q(kind="issue", quantity__lt=0)
                | (Q(kind="correction") & ~Q(quantity=0) & ~Q(reason="")),
            ),
            models.UniqueConstraint(
                fields=["restock"], condition=Q(restock__isnull=False), name="catalog_movement_one_arrival"
            ),
        ]
        indexes = [
            # the ledger of a product, newest first
            models.Index(fields=["product", "-id"], name="catalog_movement_product"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity}"
