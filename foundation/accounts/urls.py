"""Addresses of people, of oneself and of the company."""

from django.urls import path

from foundation.accounts import people, views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
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
