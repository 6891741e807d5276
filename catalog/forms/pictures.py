"""The form of a product's pictures: new ones, and what becomes of those that are there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductPicture
from catalog.services.pictures import ALTS, MOST_PICTURES, PictureChange
from foundation.ui.forms import ManyFilesField, ManyFilesInput

LABELS = {
    "alt": _("What it shows"),
    "alt_de": _("What it shows, in German"),
    "alt_zh_hans": _("What it shows, in Simplified Chinese"),
    "alt_zh_hant": _("What it shows, in Traditional Chinese"),
}


class PicturesForm(forms.Form):
    """All pictures of a product at once."""

    pictures = ManyFilesField(
        label=_("New pictures"),
        required=False,
        most=MOST_PICTURES,
        widget=ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP, at most 10 MB each. The first picture stands in lists."),
    )

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: list[ProductPicture] = list(product.pictures.all())
        for place, picture in enumerate(self.known, 1):
            self.fields[f"place_{picture.pk}"] = forms.IntegerField(
                label=_now("Place"), min_value=1, max_value=MOST_PICTURES * 2, initial=place, required=False
            )
            for name in ALTS:
                self.fields[f"{name}_{picture.pk}"] = forms.CharField(
                    label=LABELS[name], max_length=200, required=False, initial=getattr(picture, name)
                )
            self.fields[f"remove_{picture.pk}"] = forms.BooleanField(label=_now("Take away"), required=False)

    def rows(self) -> list[dict[str, Any]]:
        """Each picture with its fields."""
        names = (("place", *ALTS, "remove"),)
        return [{"picture": one, "fields": [self[f"{name}_{one.pk}"] for name in names[0]]} for one in self.known]

    def changes(self) -> dict[int, PictureChange]:
        """What the service takes."""
        found = {}
        for place, picture in enumerate(self.known, 1):
            words = {name: self.cleaned_data.get(f"{name}_{picture.pk}", "") for name in ALTS}
            found[picture.pk] = PictureChange(
                self.cleaned_data.get(f"place_{picture.pk}") or place,
                words,
                bool(self.cleaned_data.get(f"remove_{picture.pk}")),
            )
        return found
