"""Addresses of the working calendars."""

from django.urls import path

from foundation.calendars.views import calendars, changes

app_name = "calendars"
urlpatterns = [
    path("calendars/", calendars.CalendarList.as_view(), name="calendars"),
    path("calendars/new/", changes.new, name="new"),
    path("calendars/<int:pk>/edit/", changes.edit, name="edit"),
    path("calendars/<int:pk>/closures/<int:number>/", changes.closure, name="closure"),
    path("calendars/<int:pk>/closures/<int:number>/take-back/", changes.take_back, name="take-back"),
    path("calendars/<int:pk>/teams/<int:use>/end/", changes.end_team, name="end-team"),
    path("calendars/holidays/<int:pk>/", changes.holidays, name="holidays"),
    *calendars.CalendarPage().urls("calendars/"),
]
