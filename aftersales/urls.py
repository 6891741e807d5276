"""Addresses of the time after the sale."""

from django.urls import path

from aftersales.views.tickets import SurveyList, SurveyPage, TicketList, TicketPage, new_ticket

app_name = "aftersales"
urlpatterns = [
    path("", TicketList.as_view(), name="tickets"),
    path("new/", new_ticket, name="ticket-new"),
    path("surveys/", SurveyList.as_view(), name="surveys"),
    *SurveyPage().urls("surveys/"),
    *TicketPage().urls(),
]
