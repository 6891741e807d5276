"""What an administrator decides here: the carriers. Shipments and papers move only through their own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from logistics.models import Carrier, ProofOfDelivery, Shipment, TrackingEvent


@admin.register(Carrier)
class CarrierAdmin(admin.ModelAdmin):
    """Carriers with their tracking addresses and the days that they have for the signed paper."""

    list_display = ("name", "kind", "phone", "email", "pod_days", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "contact_name", "email")
    readonly_fields = ("external_ref", "import_source")


class LookOnly(admin.ModelAdmin):
    """Rows that may be looked at: their machine, or the journal, has the only pen."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Shipment)
class ShipmentAdmin(LookOnly):
    list_display = ("number", "status", "customer", "carrier", "waybill_number", "eta")
    list_filter = ("status", "mode")
    search_fields = ("number", "waybill_number", "container_number")
    list_select_related = ("customer", "carrier")


@admin.register(ProofOfDelivery)
class ProofOfDeliveryAdmin(LookOnly):
    list_display = ("shipment", "status", "due_on", "received_at", "archived_at")
    list_filter = ("status",)
    search_fields = ("shipment__number",)
    list_select_related = ("shipment",)


@admin.register(TrackingEvent)
class TrackingEventAdmin(LookOnly):
    list_display = ("shipment", "kind", "at", "place", "source", "recorded_at")
    list_filter = ("source", "kind")
    search_fields = ("shipment__number", "external_id")
    list_select_related = ("shipment",)
