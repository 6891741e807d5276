"""Addresses of incoming mail."""

from django.urls import path

from foundation.mailroom import views

app_name = "mailroom"
urlpatterns = [
    path("mail/", views.MailList.as_view(), name="mails"),
    path("mail/<int:pk>/raw/", views.raw, name="raw"),
    *views.mail_page.urls("mail/"),
]
