"""What the company sells, and at which prices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from catalog.models.names import Named
from catalog.models.units import Unit
from foundation.journal.models import Subject
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, search_index
from foundation.ui.addresses import record_url

validate_currency = RegexValidator(r"^[A-Z]{3}\Z", _("A currency has three capital letters, such as USD."))
validate_hs_code = RegexValidator(
    r"^[0-9]{4}(\.?[0-9]{2}){0,4}\Z", _("An HS code has four to twelve digits, such as 3918.10.")
)


# Who reads one script mostly reads the other one sooner than English.
NEAREST = {"zh-hans": "zh-hant", "zh-hant": "zh-hans"}


class Family(Named):
    """A family of products: SPC floors, WPC floors, a partition series."""

    code = models.SlugField(_("code"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("product family")
        verbose_name_plural = _("product families")
        ordering = ("code",)


class ProductQuerySet(SearchableQuerySet):
    """Questions about sets of products."""

    def active(self) -> ProductQuerySet:
        """Products that may be offered."""
        return self.filter(is_active=True)


class Product(Subject, Searchable, Named):
    """One thing that can be quoted, ordered and shipped."""

    sku = models.CharField(_("article number"), max_length=60, unique=True)
    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("family")
    )
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    hs_code = models.CharField(_("HS code"), max_length=16, blank=True, validators=[validate_hs_code])
    origin_country = models.CharField(_("country of origin"), max_length=2, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="products", verbose_name=_("unit"))
    weight_kg = models.DecimalField(
        _("weight of one unit in kg"),
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    specification = models.TextField(
        _("specification"), blank=True, help_text=_("Size, thickness, class: what a quote says about it.")
    )
    specification_de = models.TextField(_("specification in German"), blank=True)
    specification_zh_hans = models.TextField(_("specification in Simplified Chinese"), blank=True)
    specification_zh_hant = models.TextField(_("specification in Traditional Chinese"), blank=True)
    description = models.TextField(_("description"), blank=True)
    is_active = models.BooleanField(_("may be offered"), default=True)
    external_ref = models.CharField(_("reference elsewhere"), max_length=120, blank=True)
    import_source = models.CharField(_("imported from"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    SEARCH_FIELDS = ("sku", "name", "name_de", "name_zh_hans", "name_zh_hant", "brand", "hs_code", "external_ref")
    record_icon = "cube"

    objects = SearchableManager.from_queryset(ProductQuerySet)()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.CheckConstraint(name="catalog_product_named", condition=~Q(name="") & ~Q(sku="")),
            models.UniqueConstraint(
                fields=["import_source", "external_ref"],
                condition=~Q(external_ref=""),
                name="catalog_product_imported_once",
            ),
        ]
        indexes = [
            search_index("catalog_product"),
            # the list in its default order
            models.Index(fields=["name", "id"], name="catalog_product_name"),
            # choosers in forms
            models.Index(fields=["sku"], name="catalog_product_active", condition=Q(is_active=True)),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {super().__str__()}"

    def get_absolute_url(self) -> str:
        """The product's page."""
        return record_url("catalog:product", self.pk)

    @property
    def number(self) -> str:
        """People know a product by its article number."""
        return self.sku

    def specification_in(self, language: str) -> str:
        """The specification in `language`; the other Chinese or the English one where there is none."""
        for code in (language, NEAREST.get(language, "")):
            if found := getattr(self, f"specification_{code.replace('-', '_')}", "") if code else "":
                return str(found)
        return self.specification

    def journal_facts(self) -> dict[str, Any]:
        """What events about the product say."""
        return {"number": self.sku, "family": self.family.code if self.family else ""}

    def search_texts(self) -> list[str]:
        """Found by its names and its brand."""
        return [*self.all_names(), self.brand]

    def search_numbers(self) -> list[str]:
        """Found by any part of its article number, HS code or reference."""
        return [self.sku, self.hs_code, self.external_ref]


class PriceList(Named):
    """A type of price: list price, dealers' price, project price."""

    code = models.SlugField(_("code"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("price type")
        verbose_name_plural = _("price types")
        ordering = ("code",)


class PriceQuerySet(models.QuerySet["Price"]):
    """Questions about sets of prices."""

    def valid_on(self, day: dt.date) -> PriceQuerySet:
        """Prices in force on that day."""
        return self.filter(Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gte=day))

    def coming(self, day: dt.date) -> PriceQuerySet:
        """Prices that begin after that day."""
        return self.filter(valid_from__gt=day)

    def ended(self, day: dt.date) -> PriceQuerySet:
        """Prices that were in force before that day."""
        return self.filter(valid_until__lt=day)

    def search(self, text: str) -> PriceQuerySet:
        """Prices of the products that are found."""
        return self.filter(product__in=Product.objects.search(text)) if text.strip() else self  # type: ignore[attr-defined]

    def clashing_with(self, price: Price) -> PriceQuerySet:
        """Other prices of the same type, currency, unit and step on days on which this one is to be in force."""
        rows = self.filter(
            Q(valid_until=None) | Q(valid_until__gte=price.valid_from),
            product=price.product_id,
            price_list=price.price_list_id,
            currency=price.currency,
            unit=price.unit_id,
            min_quantity=price.min_quantity,
        ).exclude(pk=price.pk)
        return rows.filter(valid_from__lte=price.valid_until) if price.valid_until else rows


class Price(models.Model):
    """What one unit of a product costs, in one type of price and one currency, from a quantity and from a day on."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="prices", verbose_name=_("product"))
    price_list = models.ForeignKey(
        PriceList, on_delete=models.PROTECT, related_name="prices", verbose_name=_("price type")
    )
    currency = models.CharField(_("currency"), max_length=3, validators=[validate_currency])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    min_quantity = models.DecimalField(_("from quantity"), max_digits=14, decimal_places=3, default=Decimal(0))
    amount = models.DecimalField(
        _("price"), max_digits=14, decimal_places=4, validators=[MinValueValidator(Decimal(0))]
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = PriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ("product", "price_list", "currency", "min_quantity", "-valid_from")
        indexes = [
            # the price list: the newest prices of one type and currency first
            models.Index(fields=["price_list", "currency", "-valid_from"], name="catalog_price_of_list"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "price_list", "currency", "unit", "min_quantity", "valid_from"],
                name="catalog_price_once",
            ),
            models.CheckConstraint(
                name="catalog_price_not_negative", condition=Q(amount__gte=0) & Q(min_quantity__gte=0)
            ),
            models.CheckConstraint(
                name="catalog_price_validity",
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} / {self.unit_id}"
