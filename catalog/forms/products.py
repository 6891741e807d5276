"""The form of a product: its own fields, and those that its family's attributes ask for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.models import Attribute, Product, Unit
from catalog.models.attributes import LONGEST_TEXT
from foundation.ui.numbers import AmountField
from foundation.ui.places import lazy_countries

PREFIX = "attribute_"
SPECIFICATIONS = ("specification", "specification_de", "specification_zh_hans", "specification_zh_hant")
HEAD = ("sku", "name", "name_de", "name_zh_hans", "name_zh_hant", "family")
FACTS = ("brand", "unit", "hs_code", "origin_country", "weight_kg")


def attributes_of(family: Any) -> list[Attribute]:
    """A family's attributes with their options, in their order."""
    if not family:
        return []
    return list(Attribute.objects.filter(family=family).order_by("position", "pk").prefetch_related("options"))


def value_field(attribute: Attribute) -> forms.Field:
    """The field that takes a value of this attribute."""
    label = capfirst(str(attribute))
    required = attribute.is_required
    if attribute.kind == Attribute.Kind.NUMBER:
        label = f"{label} ({attribute.unit})" if attribute.unit else label
        return AmountField(label=label, required=required, max_digits=14, decimal_places=4, min_value=Decimal(0))
    if attribute.kind == Attribute.Kind.CHOICE:
        choices = [(str(one.pk), str(one)) for one in attribute.options.all()]
        return forms.ChoiceField(label=label, required=required, choices=[("", "–"), *choices])
    if attribute.kind == Attribute.Kind.TRUTH:
        words = [("", "–"), ("yes", _("yes")), ("no", _("no"))]
        return forms.ChoiceField(label=label, required=required, choices=words)
    return forms.CharField(label=label, required=required, max_length=LONGEST_TEXT)


class ProductForm(forms.ModelForm):
    """What people enter about a product; import marks and tokens are not theirs to set."""

    origin_country = forms.ChoiceField(label=_("Country of origin"), required=False)
    # the family whose attributes were shown: who changes the family is asked for those of the new one
    shown_family = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Product
        fields = (*HEAD, *FACTS, *SPECIFICATIONS, "description", "is_active")
        widgets = {
            **{name: forms.Textarea(attrs={"rows": 2}) for name in SPECIFICATIONS},
            "description": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["origin_country"].choices = [("", "–"), *lazy_countries()]  # type: ignore[attr-defined]
        self.attributes: Sequence[Attribute] = attributes_of(self._family_key())
        for attribute in self.attributes:
            self.fields[PREFIX + attribute.code] = value_field(attribute)
        if not self.is_bound:
            self.initial["shown_family"] = str(self._family_key() or "")
            self.initial.update(self._stored())

    def _family_key(self) -> int | None:
        if not self.is_bound:
            return self.instance.family_id or self.initial.get("family")
        text = str(self.data.get("family") or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None

    def _stored(self) -> dict[str, Any]:
        if self.instance.pk is None:
            return {}
        found: dict[str, Any] = {}
        for row in self.instance.values.select_related("attribute", "option"):
            value = row.value
            if row.option_id:
                value = str(row.option_id)
            elif row.truth is not None:
                value = "yes" if row.truth else "no"
            found[PREFIX + row.attribute.code] = value
        return found

    def has_new_family(self) -> bool:
        """Whether the family was changed and its attributes have not been shown yet."""
        shown = str(self.data.get("shown_family") or "")
        return bool(self.attributes) and shown != str(self._family_key() or "") and "shown_family" in self.data

    def values(self) -> dict[Attribute, Any]:
        """What the product has of each attribute, as the service takes it."""
        found: dict[Attribute, Any] = {}
        for attribute in self.attributes:
            value = self.cleaned_data.get(PREFIX + attribute.code)
            if value in ("", None):
                found[attribute] = None
            elif attribute.kind == Attribute.Kind.CHOICE:
                found[attribute] = next(one for one in attribute.options.all() if str(one.pk) == value)
            elif attribute.kind == Attribute.Kind.TRUTH:
                found[attribute] = value == "yes"
            else:
                found[attribute] = value
        return found

    def groups(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """Fields in the order in which a person would tell them, each group with its heading."""
        return [
            ("", "field-grid", [self[name] for name in HEAD]),
            (_now("Facts"), "field-grid", [self[name] for name in FACTS]),
            (_now("Attributes"), "field-grid", [self[PREFIX + one.code] for one in self.attributes]),
            (_now("Words"), "", [self[name] for name in (*SPECIFICATIONS, "description", "is_active")]),
        ]


class PacksForm(forms.Form):
    """What each kind of pack holds of the product's own unit; an empty one is not used."""

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        known = {pack.unit_id: pack.quantity for pack in product.packs.all()}
        units = Unit.objects.filter(dimension=Unit.Dimension.PACK).exclude(pk=product.unit_id)
        self.units = {f"pack_{unit.pk}": unit for unit in units if unit.is_active or unit.pk in known}
        initial = {name: known.get(unit.pk) for name, unit in self.units.items()}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        symbol = product.unit
        for name, unit in self.units.items():
            self.fields[name] = AmountField(
                label=_now("1 %(pack)s holds (%(unit)s)") % {"pack": unit, "unit": symbol},
                required=False,
                max_digits=14,
                decimal_places=6,
                min_value=Decimal("0.000001"),
            )

    def packs(self) -> dict[Unit, Decimal | None]:
        """What each pack holds."""
        return {unit: self.cleaned_data.get(name) for name, unit in self.units.items()}
