"""Addresses of the figures."""

from django.urls import path

from kpi import views

app_name = "kpi"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("<slug:name>/", views.rows, name="rows"),
]
