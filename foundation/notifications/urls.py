"""Addresses of inbox and messages."""

from django.urls import path

from foundation.notifications import views

app_name = "notifications"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<int:pk>/open/", views.open_item, name="open"),
    path("inbox/read/", views.read_all, name="read-all"),
    path("messages/", views.MessageList.as_view(), name="messages"),
    *views.message_page.urls("messages/"),
]
