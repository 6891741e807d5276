"""What the finder asks: the family, its attributes, budget, quantity, day. All of it stands in the address."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Case, When
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.currencies import CURRENCIES
from catalog.finding import Demand, Need
from catalog.models import Attribute, Family, PriceList
from catalog.selectors import all_units, unit_choices
from foundation.ui.numbers import AmountField, DayField

Asked = Attribute.Asked
NUMBER: dict[str, Any] = {"required": False, "max_digits": 14, "decimal_places": 4, "min_value": Decimal(0)}
SHARED = 2  # attributes that so many families have are asked when no family is chosen


def asked_attributes(family: int | None) -> list[Attribute]:
    """What is asked about a family; without one, what several families have in common."""
    rows = Attribute.objects.exclude(asked="").order_by("position", "pk").prefetch_related("options")
    if family:
        return list(rows.filter(family=family))
    found: dict[str, list[Attribute]] = {}
    for one in rows:
        found.setdefault(one.code, []).append(one)
    return [mine[0] for mine in found.values() if len(mine) >= SHARED]


class FinderForm(forms.Form):
    """A form that is only read: its fields are the address."""

    family = forms.ModelChoiceField(
        label=_("Family"), queryset=Family.objects.all(), required=False, empty_label=_("any")
    )
    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    quantity = AmountField(label=_("Quantity wanted"), **NUMBER)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    needed_on = DayField(label=_("Needed by"), required=False)
    budget = AmountField(label=_("Budget per unit"), **NUMBER)
    budget_unit = forms.ChoiceField(label=_("Per"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=[(code, code) for code in CURRENCIES])
    price_list = forms.ModelChoiceField(
        label=_("Price type"), queryset=PriceList.objects.all(), required=False, empty_label=None
    )
    words = forms.ChoiceField(
        label=_("Say it in"),
        required=False,
        choices=[("", _("my language")), *settings.LANGUAGES],
        help_text=_("The language of names and specifications, for reading to a customer."),
    )

    def __init__(self, data: Any) -> None:
        usual = usual_list()
        data = data.copy()  # what the address leaves open is shown as it is taken
        for name, value in (
            ("price_list", usual.pk if usual else ""),
            ("currency", "USD"),
            ("unit", "m2"),
            ("budget_unit", "m2"),
        ):
            data.setdefault(name, value)
        super().__init__(data)
        units = unit_choices()
        self.fields["unit"].choices = self.fields["budget_unit"].choices = units  # type: ignore[attr-defined]
        text = str(data.get("family") or "")
        self.family_key = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
        self.attributes = asked_attributes(self.family_key)
        for attribute in self.attributes:
            self.fields.update(_fields_of(attribute))

    def asking(self) -> list[forms.BoundField]:
        """The fields of the attributes, in their order."""
        return [self[name] for one in self.attributes for name in _fields_of(one)]

    def is_asked(self) -> bool:
        """Whether the address asks for anything."""
        return any(
            self.data.get(name)
            for name in self.fields
            if name not in ("unit", "budget_unit", "currency", "price_list", "words")
        )

    def need(self) -> Need:
        """What is looked for."""
        values = self.cleaned_data
        demands = {one.code: demand for one in self.attributes if (demand := _demand(one, values)) is not None}
        units = all_units()
        price_list = values.get("price_list")
        return Need(
            family=self.family_key,
            text=values.get("q", ""),
            demands=demands,
            budget=values.get("budget"),
            budget_unit=units.get(values.get("budget_unit") or "m2"),
            currency=values.get("currency") or "USD",
            price_list=price_list.pk if price_list else None,
            quantity=values.get("quantity"),
            unit=units.get(values.get("unit") or "m2"),
            needed_on=values.get("needed_on"),
        )


def usual_list() -> PriceList | None:
    """The type of price where none is chosen: the list price, or else the first."""
    return PriceList.objects.order_by(Case(When(code="list", then=0), default=1), "pk").first()


def _fields_of(attribute: Attribute) -> dict[str, forms.Field]:
    label = capfirst(str(attribute))
    unit = f" ({attribute.unit})" if attribute.unit else ""
    code = attribute.code
    if attribute.kind == Attribute.Kind.NUMBER:
        words = {"attribute": f"{label}{unit}"}
        low = AmountField(label=_now("%(attribute)s at least") % words, **NUMBER)
        if attribute.asked == Asked.LEAST:
            return {f"{code}_min": low}
        return {f"{code}_min": low, f"{code}_max": AmountField(label=_now("%(attribute)s at most") % words, **NUMBER)}
    if attribute.kind == Attribute.Kind.TRUTH:
        choices: Iterable[Any] = [("", _("any")), ("yes", _("yes")), ("no", _("no"))]
        return {code: forms.ChoiceField(label=label, required=False, choices=choices)}
    options = [("", _now("any")), *((one.code, str(one)) for one in attribute.options.all())]
    if attribute.asked == Asked.LEAST:
        label = _now("%(attribute)s at least") % {"attribute": label}
    return {code: forms.ChoiceField(label=label, required=False, choices=options)}


def _demand(attribute: Attribute, values: dict[str, Any]) -> Demand | None:
    code = attribute.code
    if attribute.kind == Attribute.Kind.NUMBER:
        low, high = values.get(f"{code}_min"), values.get(f"{code}_max")
        return Demand(least=low, most=high) if low is not None or high is not None else None
    said = values.get(code)
    if not said:
        return None
    if attribute.kind == Attribute.Kind.TRUTH:
        return Demand(truth=said == "yes")
    return Demand(at_least=said) if attribute.asked == Asked.LEAST else Demand(options=(said,))
