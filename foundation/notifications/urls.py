"""Addresses of inbox and messages."""

from django.urls import path

from foundation.notifications import composer_pages, rule_pages, template_pages, views
from foundation.notifications.channels.email.hooks import tracking_door
from foundation.notifications.channels.sms import hooks
from foundation.notifications.manners import report

app_name = "notifications"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<int:pk>/open/", views.open_item, name="open"),
    path("inbox/read/", views.read_all, name="read-all"),
    path("hooks/receipts/email/", tracking_door, name="receipts-email"),
    path("hooks/receipts/sms/", hooks.generic, name="receipts-sms"),
    path("hooks/receipts/twilio/", hooks.twilio, name="receipts-twilio"),
    path("hooks/receipts/aliyun/<str:secret>/", hooks.aliyun, name="receipts-aliyun"),
    path("messages/", views.MessageList.as_view(), name="messages"),
    path("messages/many/<slug:action>/", views.bulk, name="messages-bulk"),
    path("messages/held-back/", report.suppressed, name="held-back"),
    *views.message_page.urls("messages/"),
    path("messages/<int:pk>/take-back/", composer_pages.take_back, name="take-back"),
    path("messages/rules/", rule_pages.rules, name="rules"),
    path("messages/rules/new/", rule_pages.rule, name="rule-new"),
    path("messages/rules/<int:pk>/", rule_pages.rule, name="rule"),
    path("messages/words/", template_pages.templates, name="templates"),
    path("messages/words/<str:key>/", template_pages.template, name="template"),
    path("messages/words/<str:key>/<slug:language>/history/", template_pages.history, name="template-history"),
    path("messages/words/<str:key>/<slug:language>/put-back/", template_pages.put_back, name="template-put-back"),
    path("messages/words/<str:key>/<slug:language>/preview/", template_pages.preview_part, name="template-preview"),
    path("messages/words/<str:key>/<slug:language>/letter/", template_pages.preview_letter, name="template-letter"),
    path("messages/words/<str:key>/<slug:language>/trial/", template_pages.send_trial, name="template-trial"),
]
