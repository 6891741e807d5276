"""Addresses of the shell, mounted at ``ui/``."""

from django.urls import path

from foundation.ui import views

app_name = "ui"
urlpatterns = [
    path("tick/", views.tick, name="tick"),
    path("accent/<str:color>.css", views.accent, name="accent"),
    path("help/", views.help_page, name="help"),
]
