"""Customers' pages: one list of addresses for each purpose, each with its module in `portal/views/`."""

from django.urls import URLPattern, path

from portal.views import inquiry, quotes, tracking

app_name = "portal"

INQUIRY = [
    path("inquiry/", inquiry.ask, name="inquiry"),
    path("inquiry/thanks/", inquiry.thanks, name="inquiry-thanks"),
]

QUOTE = [
    path("p/quote/<str:raw>/", quotes.quote, name="quote"),
    path("p/quote/<str:raw>/pdf/", quotes.quote_pdf, name="quote-pdf"),
]

TRACKING = [path("p/track/<str:raw>/", tracking.track, name="track")]

urlpatterns: list[URLPattern] = [*INQUIRY, *QUOTE, *TRACKING]
