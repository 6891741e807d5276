"""Addresses of the clocks."""

from django.urls import path

from foundation.sla import views

app_name = "sla"
urlpatterns = [path("clocks/<int:pk>/", views.clock, name="clock")]
