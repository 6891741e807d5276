"""What the list of products can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.currencies import CURRENCIES
from catalog.models import Family, Price, PriceList, Product, Restock, Stock, StockMovement, StockPlace
from catalog.selectors import unit_choices


class ProductFilter(django_filters.FilterSet):
    """Products by family and brand."""

    family = django_filters.ModelChoiceFilter(label=_("Family"), queryset=Family.objects.all())
    brand = django_filters.CharFilter(label=_("Brand"), lookup_expr="iexact")

    class Meta:
        model = Product
        fields: tuple[str, ...] = ()


class _OfProduct(django_filters.FilterSet):
    """A filter by product that comes from a link and shows the product's article number."""

    product = django_filters.NumberFilter(label=_("Product"), widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        text = str((data or {}).get("product", ""))
        if "product" in self.form.fields and text.isascii() and text.isdigit() and len(text) < 18:
            sku = Product.objects.filter(pk=int(text)).values_list("sku", flat=True).first()
            self.form.fields["product"].choices = [(text, sku or text)]  # type: ignore[attr-defined]


class PriceFilter(_OfProduct):
    """Prices by type, currency, unit, family."""

    price_list = django_filters.ModelChoiceFilter(label=_("Price type"), queryset=PriceList.objects.all())
    currency = django_filters.ChoiceFilter(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    unit = django_filters.ChoiceFilter(label=_("Unit"), field_name="unit__code", choices=unit_choices)
    family = django_filters.ModelChoiceFilter(
        label=_("Family"), field_name="product__family", queryset=Family.objects.all()
    )

    class Meta:
        model = Price
        fields: tuple[str, ...] = ()


class StockFilter(django_filters.FilterSet):
    """Stock by family and place."""

    family = django_filters.ModelChoiceFilter(
        label=_("Family"), field_name="product__family", queryset=Family.objects.all()
    )
    place = django_filters.ModelChoiceFilter(label=_("Place"), queryset=StockPlace.objects.all(), method="at_place")

    class Meta:
        model = Stock
        fields: tuple[str, ...] = ()

    def at_place(self, rows: Any, name: str, value: Any) -> Any:
        """Products of which something lies there."""
        return rows.filter(product__stock_levels__place=value, product__stock_levels__on_hand__gt=0)


class MovementFilter(_OfProduct):
    """Movements by kind and place."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=StockMovement.Kind.choices)
    place = django_filters.ModelChoiceFilter(label=_("Place"), queryset=StockPlace.objects.all())

    class Meta:
        model = StockMovement
        fields: tuple[str, ...] = ()


class RestockFilter(_OfProduct):
    """Restocks by state and place."""

    status = django_filters.ChoiceFilter(label=_("State"), choices=Restock.Status.choices)
    place = django_filters.ModelChoiceFilter(label=_("Place"), queryset=StockPlace.objects.all())

    class Meta:
        model = Restock
        fields: tuple[str, ...] = ()
