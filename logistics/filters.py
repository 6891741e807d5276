"""What the list of shipments can be narrowed by."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from logistics.models import Carrier, Shipment


class ShipmentFilter(django_filters.FilterSet):
    """State, mode, carrier, customer, order and expected day."""

    status = django_filters.ChoiceFilter(label=_("State"), choices=Shipment.Status.choices)
    mode = django_filters.ChoiceFilter(label=_("Mode"), choices=Shipment.Mode.choices)
    carrier = django_filters.ModelChoiceFilter(label=_("Carrier"), queryset=Carrier.objects.all())
    eta = django_filters.DateFromToRangeFilter(label=_("Expected arrival"))

    class Meta:
        model = Shipment
        fields = ("status", "mode", "carrier", "eta")
