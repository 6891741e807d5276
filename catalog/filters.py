"""What the list of products can be narrowed by."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from catalog.models import Family, Product


class ProductFilter(django_filters.FilterSet):
    """Products by family and brand."""

    family = django_filters.ModelChoiceFilter(label=_("Family"), queryset=Family.objects.all())
    brand = django_filters.CharFilter(label=_("Brand"), lookup_expr="iexact")

    class Meta:
        model = Product
        fields: tuple[str, ...] = ()
