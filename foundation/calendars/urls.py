"""Addresses of the working calendars."""

from django.urls import path

from foundation.calendars.views import calendars, changes, diary, team_feed

app_name = "calendars"
urlpatterns = [
    path("calendars/", calendars.CalendarList.as_view(), name="calendars"),
    path("calendars/new/", changes.new, name="new"),
    path("calendars/<int:pk>/edit/", changes.edit, name="edit"),
    path("calendars/<int:pk>/closures/<int:number>/", changes.closure, name="closure"),
    path("calendars/<int:pk>/closures/<int:number>/take-back/", changes.take_back, name="take-back"),
    path("calendars/<int:pk>/teams/<int:use>/end/", changes.end_team, name="end-team"),
    path("calendars/holidays/<int:pk>/", changes.holidays, name="holidays"),
    path("calendar/", diary.diary, name="diary"),
    path("calendar/new/", diary.begin, name="diary-new"),
    path("calendar/team-feed/", team_feed.team_feed, name="team-feed"),
    path("calendar/team-feed/close/", team_feed.close, name="team-feed-close"),
    path("feed/team/<str:raw>.ics", team_feed.team_feed_file, name="team-feed-file"),
    path("calendar/undo/", diary.undo, name="diary-undo"),
    path("calendar/<slug:code>/<int:pk>/move/", diary.move, name="diary-move"),
    *calendars.CalendarPage().urls("calendars/"),
]
