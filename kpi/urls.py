"""Addresses of the figures."""

from django.urls import path

from kpi import pareto_views, views

app_name = "kpi"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("pareto/", pareto_views.pareto, name="pareto"),
    path("<slug:name>/", views.rows, name="rows"),
]
