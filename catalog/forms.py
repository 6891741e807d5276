"""The form of a product."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from foundation.ui.places import lazy_countries


class ProductForm(forms.ModelForm):
    """What people enter about a product; import marks and tokens are not theirs to set."""

    origin_country = forms.ChoiceField(label=_("country of origin"), required=False)

    class Meta:
        model = Product
        fields = (
            "sku",
            "name",
            "name_de",
            "name_zh_hans",
            "name_zh_hant",
            "family",
            "brand",
            "unit",
            "hs_code",
            "origin_country",
            "weight_kg",
            "specification",
            "description",
            "is_active",
        )
        widgets = {"specification": forms.Textarea(attrs={"rows": 3}), "description": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["origin_country"].choices = [("", "–"), *lazy_countries()]  # type: ignore[attr-defined]
