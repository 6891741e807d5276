"""Rows below a form: the lines of a sample request, the dimensions of a technical request. Works without scripts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from catalog.selectors import unit_choices
from crm.forms.fields import LineField
from crm.models import Dimension
from crm.services.samples import MOST_LINES, Article
from crm.services.technical import MOST_DIMENSIONS, Measure

SUGGESTED = 300
FIRST_ROWS = 2


def number_field(label: Any, *, digits: int, places: int, least: str) -> forms.DecimalField:
    """A decimal number in the notation of the language, never required by itself."""
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=digits,
        decimal_places=places,
        min_value=Decimal(least),
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8}),
    )


def product_suggestions() -> list[tuple[str, str]]:
    """Article number and name of products that the form suggests while somebody types."""
    rows = Product.objects.active().only("sku", "name", "name_de", "name_zh_hans", "name_zh_hant").order_by("sku")  # type: ignore[attr-defined]
    return [(row.sku, str(row).removeprefix(row.sku).strip()) for row in rows[:SUGGESTED]]


class _Row(forms.Form):
    """One row; left blank it is none."""

    chosen_anyway: tuple[str, ...] = ()  # fields that always say something, as a unit does

    @property
    def is_blank(self) -> bool:
        """Whether nobody typed anything here."""
        names = [name for name in self.fields if name not in (*self.chosen_anyway, "DELETE")]
        return not any(self.cleaned_data.get(name) not in (None, "") for name in names)


class _Rows(forms.BaseFormSet):
    """Rows together."""

    def kept(self) -> list[Any]:
        """The rows that say something and are not taken out, in their order."""
        return [form for form in self.forms if not form.is_blank and not form.cleaned_data.get("DELETE")]


class SampleLineForm(_Row):
    """One thing in the parcel: an article of ours, or anything in words."""

    chosen_anyway = ("unit",)

    sku = forms.CharField(
        label=_("Article number"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "products", "autocomplete": "off", "size": 14}),
    )
    quantity = number_field(_("Quantity"), digits=12, places=3, least="0.001")
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    charge = number_field(_("Charge, empty: free"), digits=9, places=2, least="0")
    description = LineField(label=_("Description"), required=False, max_length=250)
    variant = LineField(label=_("Colour and size"), required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [("", "–"), *unit_choices()]


class BaseSampleLines(_Rows):
    """The lines together: products are found in one query."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.products: dict[str, Product] = {}

    def clean(self) -> None:
        if any(self.errors):
            return
        wanted = {form.cleaned_data.get("sku", "").strip() for form in self.forms} - {""}
        found = Product.objects.select_related("unit").filter(sku__in=wanted)
        self.products = {product.sku: product for product in found}
        for form in self.kept():
            sku = form.cleaned_data["sku"].strip()
            if sku and sku not in self.products:
                form.add_error("sku", gettext("No article has this number."))
            elif not sku and not form.cleaned_data["description"]:
                form.add_error("description", gettext("Say what it is, or name an article."))
            if not form.cleaned_data.get("quantity"):
                form.add_error("quantity", gettext("How many?"))
            if not sku and not form.cleaned_data["unit"]:
                form.add_error("unit", gettext("Choose a unit."))
        if not self.kept():
            raise forms.ValidationError(gettext("Say what is wanted: at least one line."))

    def articles(self) -> list[Article]:
        """What was entered."""
        return [
            Article(
                product=self.products.get(values["sku"].strip()),
                description=values["description"],
                variant=values["variant"],
                quantity=values["quantity"],
                unit=values["unit"],
                charge=values["charge"],
            )
            for values in (form.cleaned_data for form in self.kept())
        ]


SampleLines = forms.formset_factory(
    SampleLineForm,
    formset=BaseSampleLines,
    extra=0,
    can_delete=True,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES + 5,
    validate_max=True,
)


class DimensionForm(_Row):
    """One measure."""

    chosen_anyway = ("name", "unit")

    name = forms.ChoiceField(label=_("Dimension"), choices=Dimension.Name.choices)
    value = number_field(pgettext_lazy("dimension", "Value"), digits=10, places=3, least="0.001")
    unit = forms.ChoiceField(label=_("Unit"), choices=Dimension.Unit.choices)
    tolerance = LineField(label=_("Tolerance"), required=False, max_length=40)


class BaseDimensions(_Rows):
    """The measures together."""

    def clean(self) -> None:
        if any(self.errors):
            return
        for form in self.kept():
            if form.cleaned_data.get("value") is None:
                form.add_error("value", gettext("Say how much."))

    def measures(self) -> list[Measure]:
        """What was entered."""
        rows = (form.cleaned_data for form in self.kept())
        return [Measure(row["name"], row["value"], row["unit"], row["tolerance"]) for row in rows]


Dimensions = forms.formset_factory(
    DimensionForm,
    formset=BaseDimensions,
    extra=0,
    can_delete=True,
    max_num=MOST_DIMENSIONS,
    absolute_max=MOST_DIMENSIONS + 5,
    validate_max=True,
)


def with_one_more(data: Any, most: int, prefix: str = "lines") -> Any:
    """The posted data with an empty row appended: what the button “Add a line” does."""
    changed = data.copy()
    try:
        count = int(changed.get(f"{prefix}-TOTAL_FORMS") or 0)
    except ValueError:
        count = 0
    changed[f"{prefix}-TOTAL_FORMS"] = str(min(count + 1, most))
    return changed


def silence(form: Any, formset: Any) -> None:
    """Show what was typed without complaints: nobody has pressed Save yet."""
    for one in [form, *formset.forms]:
        one._errors = ErrorDict()
        one.cleaned_data = {}
    formset._errors = [{} for _form in formset.forms]
    formset._non_form_errors = ErrorList()
