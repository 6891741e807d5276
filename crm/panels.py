"""The stage's places in the shell: rail, New menu, search."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count, Min
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.day import day_today, planned_calls, wishes
from crm.models import Contact, Customer, Inquiry, Reception, ServiceRecord, Visit
from crm.selectors import (
    due_before,
    sees_customer,
    touches_due,
    visible_calls,
    visible_contacts,
    visible_customers,
    visible_inquiries,
    visible_receptions,
    visible_service_records,
    visible_visits,
)
from foundation.accounts.feeds import register_feed
from foundation.journal.attachments import register_file_guard
from foundation.lists.search import register_search
from foundation.ui.addresses import page_url
from foundation.ui.ahead import register_wishes
from foundation.ui.context import provide
from foundation.ui.days import end_of_day
from foundation.ui.nav import register_area, register_below, register_counter, register_new
from foundation.ui.panels import register_panel
from foundation.ui.shortcuts import register_shortcut


def waiting(user: Any) -> tuple[int, bool]:
    """How many inquiries wait for an answer of this person or for anybody, and whether one is overdue. Two queries."""
    rows = visible_inquiries(user).unanswered()  # type: ignore[attr-defined]
    own = rows.filter(owner=user) | rows.filter(owner=None)
    return own.count(), due_before(own, timezone.now()).exists()


def calls_due(user: Any) -> tuple[int, bool]:
    """How many calls this person has to make today, and whether one is overdue. One query."""
    if not user.has_perm("crm.make_call"):
        return 0, False
    mine = visible_calls(user).open().filter(owner=user.pk, due_at__lt=end_of_day())
    found = mine.aggregate(count=Count("pk"), first=Min("due_at"))
    return found["count"], bool(found["first"] and found["first"] < timezone.now())


def _contact_line(contact: Contact) -> str:
    return " · ".join(part for part in (contact.customer.name, contact.position, contact.email) if part)


def _ringing_url(request: HttpRequest) -> str:
    """What open pages ask while a telephone may ring; nothing without a telephone system."""
    if not settings.TELEPHONE_KEYS or not request.user.has_perm("crm.view_incomingcall"):
        return ""
    return page_url("crm:incoming-ringing")


def register() -> None:
    """Called once, when the apps are ready."""
    provide("ringing_url", _ringing_url)
    register_panel("day.today", day_today, 10)
    register_wishes("day", wishes)
    register_area("inquiries", _("Inquiries"), "inbox-arrow-down", "crm:inquiries", 10, "crm.view_inquiry", waiting)
    register_area(
        "customers", _("Customers"), "building-office", "crm:customers", 20, "crm.view_customer", calls_due,
        also=("/contacts/", "/calls/", "/incoming/", "/questionnaires/", "/questions/"),
    )  # fmt: skip
    register_below("customers", "/touches/")
    register_below("customers", "/pool/")
    register_counter("customers", touches_due)
    register_feed("calls", planned_calls, _("Calls"))
    register_below("diary", "/visits/")
    register_below("diary", "/receptions/")
    register_new("inquiry", _("Inquiry"), "inbox-arrow-down", "crm:inquiry-new", 10, "crm.add_inquiry")
    register_new("call-note", _("Note a call"), "phone", "crm:record-new", 5, "crm.add_servicerecord")
    register_shortcut("l", "go:/service-records/new/", _("Note a call"), permission="crm.add_servicerecord")
    register_below("customers", "/service-records/")
    register_file_guard(
        ServiceRecord, lambda user, one: visible_service_records(user).filter(pk=one.object_id).exists()
    )
    register_new("incoming", _("Incoming call"), "phone", "crm:incoming-number", 15, "crm.note_incomingcall")
    register_new("customer", _("Customer"), "building-office", "crm:customer-new", 20, "crm.add_customer")
    register_new("visit", _("Visit"), "map-pin", "crm:visit-new", 25, "crm.plan_visit")
    register_new("reception", _("Reception"), "building-storefront", "crm:reception-new", 26, "crm.hold_reception")
    _register_searches()
    register_file_guard(Reception, lambda user, one: visible_receptions(user).filter(pk=one.object_id).exists())
    register_file_guard(Visit, lambda user, one: visible_visits(user).filter(pk=one.object_id).exists())
    register_file_guard(Inquiry, lambda user, one: visible_inquiries(user).filter(pk=one.object_id).exists())
    register_file_guard(Customer, lambda user, one: sees_customer(user, one.object_id))


def _register_searches() -> None:
    register_search(
        "customers",
        _("Customers"),
        visible=lambda user: visible_customers(user).active(),  # type: ignore[attr-defined]
        title=lambda one: one.name,
        subtitle=lambda one: " · ".join(part for part in (one.number, one.country_label) if part),
        icon="building-office",
        permission="crm.view_customer",
        order=10,
        list_url_name="crm:customers",
    )
    register_search(
        "contacts",
        _("Contacts"),
        visible=lambda user: visible_contacts(user).select_related("customer"),
        title=lambda one: one.name,
        subtitle=_contact_line,
        icon="user",
        permission="crm.view_contact",
        order=20,
        list_url_name="crm:customers",
    )
    register_search(
        "inquiries",
        _("Inquiries"),
        visible=lambda user: visible_inquiries(user).select_related("customer"),
        title=lambda one: f"{one.number} · {one.subject}",
        subtitle=lambda one: one.sender,
        icon="inbox-arrow-down",
        permission="crm.view_inquiry",
        order=30,
        list_url_name="crm:inquiries",
    )
    register_search(
        "calls",
        _("Calls"),
        visible=lambda user: visible_calls(user).select_related("customer"),
        title=lambda one: f"{one.number} · {one.customer.name}",
        subtitle=lambda one: " · ".join(part for part in (one.reason, one.get_status_display()) if part),
        icon="phone",
        permission="crm.view_call",
        order=35,
        list_url_name="crm:calls",
    )
    _register_appointment_searches()


def _register_appointment_searches() -> None:
    register_search(
        "visits",
        _("Visits"),
        visible=lambda user: visible_visits(user).select_related("customer"),
        title=lambda one: f"{one.number} · {one.purpose}",
        subtitle=lambda one: one.customer.name,
        icon="map-pin",
        permission="crm.view_visit",
        order=35,
        list_url_name="crm:visits",
    )
    register_search(
        "receptions",
        _("Receptions"),
        visible=lambda user: visible_receptions(user).select_related("customer"),
        title=lambda one: f"{one.number} · {one.purpose}",
        subtitle=lambda one: one.customer.name,
        icon="building-storefront",
        permission="crm.view_reception",
        order=36,
        list_url_name="crm:receptions",
    )
