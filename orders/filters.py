"""What lists of quotes and orders can be narrowed by; each filter is a part of the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.selectors import visible_customers
from foundation.ui.places import lazy_countries
from orders.forms.heads import CURRENCIES
from orders.models import DocumentVersion, Order, Payment, Quote, TradeDocument
from orders.selectors import document_kinds


class _OfCustomer(django_filters.FilterSet):
    """A filter by customer that comes from a link and shows the customer's name."""

    customer = django_filters.NumberFilter(label=_("Customer"), widget=forms.HiddenInput)
    currency = django_filters.ChoiceFilter(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        text = str((data or {}).get("customer", ""))
        if text.isascii() and text.isdigit() and len(text) < 18 and self.request is not None:
            name = visible_customers(self.request.user).filter(pk=int(text)).values_list("name", flat=True).first()
            self.form.fields["customer"].choices = [(text, name or text)]  # type: ignore[attr-defined]


class QuoteFilter(_OfCustomer):
    """Quotes by state, currency and validity."""

    status = django_filters.MultipleChoiceFilter(label=_("State"), choices=Quote.Status.choices, distinct=False)
    valid_until = django_filters.DateFromToRangeFilter(label=_("Valid until"), widget=django_filters.widgets.DateRangeWidget(attrs={"type": "date"}))  # fmt: skip

    class Meta:
        model = Quote
        fields: tuple[str, ...] = ()


class OrderFilter(_OfCustomer):
    """Orders by state, product, contract, destination and promised date (ORD-12)."""

    status = django_filters.MultipleChoiceFilter(label=_("State"), choices=Order.Status.choices, distinct=False)
    sku = django_filters.CharFilter(label=_("Article number"), method="with_product")
    contract_number = django_filters.CharFilter(label=_("Contract number"), lookup_expr="iexact")
    destination_country = django_filters.ChoiceFilter(label=_("Country of destination"), choices=lazy_countries)
    promised_on = django_filters.DateFromToRangeFilter(label=_("Promised for"), widget=django_filters.widgets.DateRangeWidget(attrs={"type": "date"}))  # fmt: skip

    ordered_at = django_filters.DateFromToRangeFilter(label=_("Ordered"), widget=django_filters.widgets.DateRangeWidget(attrs={"type": "date"}))  # fmt: skip

    class Meta:
        model = Order
        fields: tuple[str, ...] = ()

    def with_product(self, rows: Any, name: str, value: str) -> Any:
        """Orders with a line of this article."""
        return rows.filter(lines__product__sku__iexact=value.strip()).distinct()


class PaymentFilter(_OfCustomer):
    """Payments by state, kind, currency and due day."""

    status = django_filters.MultipleChoiceFilter(label=_("State"), choices=Payment.Status.choices, distinct=False)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Payment.Kind.choices)
    order = django_filters.CharFilter(label=_("Order number"), field_name="order__number", lookup_expr="iexact")
    due_on = django_filters.DateFromToRangeFilter(label=pgettext_lazy("payment", "Due on"), widget=django_filters.widgets.DateRangeWidget(attrs={"type": "date"}))  # fmt: skip

    class Meta:
        model = Payment
        fields: tuple[str, ...] = ()


class DocumentFilter(django_filters.FilterSet):
    """Trade documents by state, kind, order and what was found wrong."""

    status = django_filters.MultipleChoiceFilter(label=_("State"), choices=TradeDocument.Status.choices, distinct=False)
    kind = django_filters.ModelChoiceFilter(label=_("Kind"), queryset=lambda request: document_kinds())
    order = django_filters.CharFilter(label=_("Order number"), field_name="order__number", lookup_expr="iexact")
    error = django_filters.ChoiceFilter(
        label=_("Error found"), choices=DocumentVersion.Error.choices, method="with_error"
    )

    class Meta:
        model = TradeDocument
        fields: tuple[str, ...] = ()

    def with_error(self, rows: Any, name: str, value: str) -> Any:
        """Documents of which some version had this kind of error."""
        return rows.filter(pk__in=DocumentVersion.objects.filter(error=value).values("document"))
