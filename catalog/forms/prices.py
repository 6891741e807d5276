"""The forms of a price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.currencies import CURRENCIES
from catalog.days import company_today
from catalog.forms.stock import units_of
from catalog.models import Price, PriceList, Product, Unit
from catalog.selectors import all_units
from foundation.ui.numbers import AmountField, DayField


class PriceForm(forms.Form):
    """A price of one product."""

    price_list = forms.ModelChoiceField(label=_("Price type"), queryset=PriceList.objects.all(), empty_label=None)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    amount = AmountField(label=_("Price"), max_digits=14, decimal_places=4, min_value=Decimal(0))
    unit = forms.ChoiceField(label=_("Per unit"))
    min_quantity = AmountField(
        label=_("From quantity"),
        required=False,
        max_digits=14,
        decimal_places=3,
        min_value=Decimal(0),
        help_text=_("In the unit of the price; empty: from the first one on."),
    )
    valid_from = DayField(label=_("Valid from"))
    valid_until = DayField(
        label=_("Valid until"), required=False, help_text=_("The last day; empty: until further notice.")
    )
    ends_earlier = forms.BooleanField(
        label=_("End the price before it on the day before"), required=False, initial=True
    )

    def __init__(self, *args: Any, product: Product, price: Price | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"unit": product.unit.code, "valid_from": company_today(), "currency": "USD"}
        if price is not None:
            plain = ("price_list", "currency", "amount", "min_quantity", "valid_from", "valid_until")
            initial = {**{name: getattr(price, name) for name in plain}, "unit": price.unit.code}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units_of(product)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        unit: Unit = all_units()[self.cleaned_data["unit"]]
        return {**self.cleaned_data, "unit": unit, "min_quantity": self.cleaned_data["min_quantity"] or Decimal(0)}


class EndPriceForm(forms.Form):
    """The last day of a price."""

    on = DayField(
        label=pgettext_lazy("a price", "Last day"), help_text=_("A price that has not begun by then is taken away.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": company_today()})
        super().__init__(*args, **kwargs)
