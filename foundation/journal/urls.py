"""Addresses of the journal."""

from django.urls import path

from foundation.journal import views

app_name = "journal"
urlpatterns = [path("files/<int:pk>/", views.download, name="file")]
