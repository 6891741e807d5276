"""Forms of the ledger and of what is to come. Quantities may be given in any unit that the product knows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.conversion import content_of
from catalog.days import company_today
from catalog.models import Product, StockMovement, Unit
from catalog.selectors import all_units, places_in_use, unit_symbol
from foundation.ui.forms import SubjectForm
from foundation.ui.numbers import AmountField, DayField

Kind = StockMovement.Kind
COUNT = "count"
SIZES: dict[str, Any] = {"max_digits": 14, "decimal_places": 3}


def units_of(product: Product) -> list[tuple[str, str]]:
    """The units in which a quantity of this product can be counted: its own first."""
    known = [unit for unit in all_units().values() if unit.is_active and content_of(product, unit) is not None]
    known.sort(key=lambda unit: (unit.pk != product.unit_id, unit.dimension != product.unit.dimension, unit.code))
    return [(unit.code, unit_symbol(unit.code)) for unit in known]


class _Counted(forms.Form):
    """A quantity with its unit; `own_quantity()` counts it in the product's own."""

    def _offer(self, product: Product) -> None:
        self.product = product
        self.fields["unit"].choices = units_of(product)  # type: ignore[attr-defined]
        self.fields["unit"].initial = product.unit.code

    def own_quantity(self) -> Decimal:
        """What was entered, in the product's unit."""
        unit: Unit = all_units()[self.cleaned_data["unit"]]
        content = content_of(self.product, unit)
        assert content is not None  # only such units are offered
        return Decimal(self.cleaned_data["quantity"] * content)


class MoveForm(_Counted):
    """One movement of a product: came, left, corrected, or counted."""

    kind = forms.ChoiceField(
        label=_("What happened"), choices=[*Kind.choices, (COUNT, _("Counted: this much is there"))]
    )
    place: Any = forms.ModelChoiceField(label=_("Place"), queryset=None, empty_label=None)
    quantity = AmountField(
        label=_("Quantity"), help_text=_("Only a correction may be negative: what was missing."), **SIZES
    )
    unit = forms.ChoiceField(label=_("Unit"))
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=200,
        help_text=_("Needed for a correction and a count."),
    )
    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=120, help_text=_("Delivery note, order, count sheet.")
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places_in_use()  # type: ignore[attr-defined]
        self._offer(product)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        quantity, kind = values.get("quantity"), values.get("kind")
        if quantity is not None:
            if kind in (Kind.RECEIPT, Kind.ISSUE) and quantity <= 0:
                self.add_error("quantity", _now("Enter how much came or left, without a sign."))
            elif kind == COUNT and quantity < 0:
                self.add_error("quantity", _now("Less than nothing cannot be counted."))
            elif kind == Kind.CORRECTION and quantity == 0:
                self.add_error("quantity", _now("A correction of nothing corrects nothing."))
        if kind in (Kind.CORRECTION, COUNT) and not values.get("reason", "").strip():
            self.add_error("reason", _now("Say why the books are corrected."))
        return values


class MinimumForm(forms.Form):
    """How much there should always be."""

    minimum = AmountField(label=_("Minimum stock"), required=False, min_value=Decimal(0), **SIZES)

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minimum"].help_text = _now(
            "In %(unit)s; the order desk and logistics hear of it when there is less. Empty: no minimum."
        ) % {"unit": unit_symbol(product.unit.code)}


class ExpectForm(_Counted):
    """Goods on order."""

    quantity = AmountField(label=_("Quantity"), min_value=Decimal("0.001"), **SIZES)
    unit = forms.ChoiceField(label=_("Unit"))
    expected_on = DayField(label=_("Expected on"))
    place: Any = forms.ModelChoiceField(label=_("Place"), queryset=None, empty_label=None)
    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=120, help_text=_("Number of the purchase or production order.")
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places_in_use()  # type: ignore[attr-defined]
        self._offer(product)

    def clean_expected_on(self) -> Any:
        """What is to come lies ahead."""
        day = self.cleaned_data["expected_on"]
        if day < company_today():
            raise forms.ValidationError(_now("This day has passed. Enter what is there as a receipt."), code="past")
        return day


class RestockForm(SubjectForm):
    """Another day or quantity of a restock, in the product's unit."""

    quantity = AmountField(label=_("Quantity"), min_value=Decimal("0.001"), **SIZES)
    expected_on = DayField(label=_("Expected on"))
    reference = forms.CharField(label=_("Reference"), required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].help_text = _in_unit(self.instance)


class ArriveForm(SubjectForm):
    """How much has arrived."""

    quantity = AmountField(label=_("Quantity that arrived"), min_value=Decimal("0.001"), **SIZES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].help_text = _in_unit(self.instance)


def _in_unit(restock: Any) -> str:
    if restock is None:
        return ""
    words = {"unit": unit_symbol(restock.product.unit.code), "place": restock.place}
    return _now("In %(unit)s. It becomes a receipt at “%(place)s”.") % words
