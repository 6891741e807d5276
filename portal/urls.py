"""Customers' pages: one list of addresses for each purpose, each with its module in `portal/views/`."""

from django.urls import URLPattern, path

from portal.throttle import politely_closed
from portal.views import aftersales, inquiry, quotes, samples, tracking, wishes

app_name = "portal"

INQUIRY = [
    path("welcome/", inquiry.landing, name="landing"),
    path("inquiry/", inquiry.ask, name="inquiry"),
    path("inquiry/thanks/", inquiry.thanks, name="inquiry-thanks"),
]

QUOTE = [
    path("p/quote/<str:raw>/", quotes.quote, name="quote"),
    path("p/quote/<str:raw>/pdf/", quotes.quote_pdf, name="quote-pdf"),
]

TRACKING = [path("p/track/<str:raw>/", tracking.track, name="track")]

AFTERSALES = [
    path("complaint/", aftersales.complain, name="complain"),
    path("p/track/<str:raw>/complaint/", aftersales.complain_about, name="complain-about"),
    path("p/ticket/<str:raw>/", aftersales.ticket_page, name="ticket"),
    path("p/ticket/<str:raw>/answer/", aftersales.ticket_answer, name="ticket-answer"),
    path("p/ticket/<str:raw>/decide/<str:answer>/", aftersales.ticket_decide, name="ticket-decide"),
    path("p/survey/<str:raw>/", aftersales.survey_page, name="survey"),
    path("survey/thanks/", aftersales.thanks, name="thanks"),
]

WISHES = [
    path("p/wishes/<str:raw>/", wishes.preferences, name="wishes"),
    path("p/wishes/<str:raw>/stop/", wishes.stop, name="wishes-stop"),
    path("p/wishes/<str:raw>/choose/", wishes.stop_here, name="wishes-stop-here"),
]

SAMPLES = [
    path("p/sample/<str:raw>/", samples.sample, name="sample"),
    path("p/drawings/<str:raw>/", samples.drawing, name="drawings"),
    path("p/drawings/<str:raw>/file/<int:pk>/", samples.drawing_file, name="drawing-file"),
]

urlpatterns: list[URLPattern] = [*INQUIRY, *QUOTE, *TRACKING, *AFTERSALES, *WISHES, *SAMPLES]
for _pattern in urlpatterns:
    _pattern.callback = politely_closed(_pattern.callback)
