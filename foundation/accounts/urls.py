"""Addresses of people, of oneself and of the company."""

from django.urls import path

from foundation.accounts import feed_views, people, views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/calendar/", feed_views.feed, name="feed"),
    path("profile/calendar/close/", feed_views.close, name="feed-close"),
    path("feed/<str:raw>.ics", feed_views.feed_file, name="feed-file"),
    path("preferences/", views.preferences, name="preferences"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/invite/", people.invite_again, name="invite-again"),
    path("people/<int:pk>/off/", people.deactivate, name="deactivate"),
    path("people/<int:pk>/on/", people.reactivate, name="reactivate"),
    path("company/", views.company, name="company"),
    path("company/logo/", views.logo, name="logo"),
    path("join/<str:raw>/", views.join, name="join"),
]
