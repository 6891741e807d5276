"""Addresses of goods on the way."""

from django.urls import path

from logistics.views import planning
from logistics.views.shipments import ShipmentList, ShipmentPage

app_name = "logistics"
urlpatterns = [
    path("", ShipmentList.as_view(), name="shipments"),
    path("new/", planning.plan, name="plan"),
    path("<int:pk>/share/", planning.share, name="share"),
    path("<int:pk>/unshare/", planning.unshare, name="unshare"),
    *ShipmentPage().urls(),
]
