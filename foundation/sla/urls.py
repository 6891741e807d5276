"""Addresses of the clocks."""

from django.urls import path

from foundation.sla.views import clocks

app_name = "sla"
urlpatterns = [path("clocks/<int:pk>/", clocks.clock, name="clock")]
