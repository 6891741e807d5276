"""Addresses of people, of oneself and of the company."""

from django.urls import path

from foundation.accounts import absence_views, feed_views, people, views

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
    path("people/<int:pk>/absence/", absence_views.leave_new, name="leave-new"),
    path("people/absences/<int:pk>/off/", absence_views.leave_cancel, name="leave-cancel"),
    path("people/<int:pk>/hand-over/", absence_views.hand_over, name="hand-over"),
    path("people/hand-overs/<int:pk>/", absence_views.handover, name="handover"),
    path("people/hand-overs/<int:pk>/return/", absence_views.handover_return, name="handover-return"),
    path("company/", views.company, name="company"),
    path("company/logo/", views.logo, name="logo"),
    path("join/<str:raw>/", views.join, name="join"),
]
