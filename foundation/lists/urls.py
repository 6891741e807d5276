"""Addresses of search."""

from django.urls import path

from foundation.lists import views

app_name = "lists"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("palette/", views.palette, name="palette"),
]
