"""The lines of a quote or an order as a form: one row each, found by article number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from catalog.selectors import unit_choices
from orders.forms.fields import AmountField
from orders.services.parts import MOST_LINES, LineData

SUGGESTED = 300
NARROW = {"size": 10}


def product_suggestions() -> list[tuple[str, str]]:
    """Article number and name of products that forms suggest while somebody types."""
    rows = Product.objects.active().only("sku", "name", "name_de", "name_zh_hans", "name_zh_hant").order_by("sku")  # type: ignore[attr-defined]
    return [(row.sku, str(row).removeprefix(row.sku).strip()) for row in rows[:SUGGESTED]]


class LineForm(forms.Form):
    """One line. A draft may lack anything; what is filled must make sense."""

    sku = forms.CharField(
        label=_("Article number"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "products", "autocomplete": "off", "size": 14}),
    )
    description = forms.CharField(label=_("Description"), required=False, max_length=250)
    specification = forms.CharField(label=_("Specification"), required=False, max_length=500)
    quantity = AmountField(
        label=_("Quantity"), required=False, max_digits=14, decimal_places=3, min_value=Decimal("0.001")
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    unit_price = AmountField(
        label=_("Unit price"), required=False, max_digits=14, decimal_places=4, min_value=Decimal(0)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = unit_choices()
        stored = self.initial.get("unit")
        if stored and stored not in dict(choices):
            choices.append((stored, stored))
        self.fields["unit"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]

    @property
    def is_blank(self) -> bool:
        """Whether nobody typed anything here: such a row is no line."""
        return not any(self.cleaned_data.get(name) not in (None, "") for name in self.fields if name != "unit")


class BaseLineFormSet(forms.BaseFormSet):
    """The rows together: products are found in one query."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.products: dict[str, Product] = {}  # by their numbers; stays empty where the rows are not even a form

    def clean(self) -> None:
        if any(self.errors):
            return
        wanted = {form.cleaned_data.get("sku", "").strip() for form in self.forms} - {""}
        found = Product.objects.select_related("unit").filter(sku__in=wanted)
        self.products = {product.sku: product for product in found}
        for form in self.forms:
            sku = form.cleaned_data.get("sku", "").strip()
            if sku and sku not in self.products and not self._is_removed(form):
                form.add_error("sku", self._nearest(sku))

    def _nearest(self, sku: str) -> str:
        hits = [row.sku for row in Product.objects.active().search(sku).only("sku")[:3]]  # type: ignore[attr-defined]
        if hits:
            return _now("No article has this number. Did you mean %(numbers)s?") % {"numbers": ", ".join(hits)}
        return _now("No article has this number.")

    def _is_removed(self, form: Any) -> bool:
        return bool(form.cleaned_data.get("DELETE"))

    def lines(self) -> list[LineData]:
        """The lines that were filled, in their order."""
        kept = [form for form in self.forms if not form.is_blank and not self._is_removed(form)]
        return [self._line(form.cleaned_data) for form in kept]

    def _line(self, values: Mapping[str, Any]) -> LineData:
        return LineData(
            product=self.products.get(values["sku"].strip()),
            description=values["description"],
            specification=values["specification"],
            quantity=values["quantity"],
            unit=values["unit"],
            unit_price=values["unit_price"],
        )


LineFormSet = forms.formset_factory(
    LineForm,
    formset=BaseLineFormSet,
    extra=0,
    can_delete=True,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES + 20,
    validate_max=True,
)


def initial_lines(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Stored lines as the form shows them."""
    return [
        {
            "sku": row.product.sku if row.product else "",
            "description": row.description,
            "specification": row.specification,
            "quantity": row.quantity,
            "unit": row.unit,
            "unit_price": row.unit_price,
        }
        for row in rows
    ]


def with_one_more(data: Any, prefix: str = "lines") -> Any:
    """The posted data with an empty row appended: what the button “Add a line” does without scripts."""
    changed = data.copy()
    try:
        count = int(changed.get(f"{prefix}-TOTAL_FORMS") or 0)
    except ValueError:
        count = 0
    changed[f"{prefix}-TOTAL_FORMS"] = str(min(count + 1, MOST_LINES))
    return changed
