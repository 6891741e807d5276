"""Customers' pages: one list of addresses for each purpose, each with its module in `portal/views/`."""

from django.urls import URLPattern, path

from portal.views import inquiry

app_name = "portal"

INQUIRY = [
    path("inquiry/", inquiry.ask, name="inquiry"),
    path("inquiry/thanks/", inquiry.thanks, name="inquiry-thanks"),
]

urlpatterns: list[URLPattern] = [*INQUIRY]
