"""Visits: the list, the page, and proposing one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.context_processors import csrf
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST

from crm import services
from crm.filters import VisitFilter
from crm.forms.visits import OwnItemForm, VisitForm
from crm.models import Customer, Visit
from crm.selectors import neighbours_of, visible_customers, visible_visits
from crm.services.preparation import add_item, tick_items
from crm.views.customers import local_time
from crm.views.forms import FormPage, asked_start
from foundation.journal.attachments import attachments_of
from foundation.journal.machine import Refused
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.sla.selectors.clocks import badges_for
from foundation.ui import formats, html, parts
from foundation.ui.addresses import page_url
from foundation.ui.days import end_of_day, start_of_day
from foundation.ui.lines import draw_files
from foundation.ui.submissions import submit_once

# Colour of a state; the word always stands beside it.
STATES = {
    "proposed": "soon",
    "agreed": "plain",
    "planned": "plain",
    "on_the_way": "in-time",
    "arrived": "in-time",
    "done": "done",
    "missed": "late",
    "cancelled": "paused",
}


def time_span(start: Any, end: Any) -> str:
    """The day and from when to when, in the reader's zone."""
    if start is None:
        return ""
    here = timezone.localtime(start)
    until = f"–{formats.clock_time(timezone.localtime(end))}" if end else ""
    return f"{formats.day(here)} {formats.clock_time(here)}{until}"


def punctuality(visit: Visit) -> object:
    """How the arrival was; empty before it."""
    if visit.is_punctual is None:
        return (
            html.badge(pgettext("visit", "missed"), "late", quiet=True) if visit.missed_by == Visit.MissedBy.US else ""
        )
    word, state = (_("punctual"), "in-time") if visit.is_punctual else (pgettext("visit", "late"), "late")
    return html.badge(word, state, quiet=True)


def _mine(rows: Any, request: HttpRequest) -> Any:
    return rows.open().of(request.user.pk)


def _today(rows: Any, request: HttpRequest) -> Any:
    return rows.between(start_of_day(), end_of_day())


def _open(rows: Any, request: HttpRequest) -> Any:
    return rows.open()


def _without_outcome(rows: Any, request: HttpRequest) -> Any:
    """Nobody has written down what came of it: arrived, or planned for a time that has passed."""
    arrived = rows.filter(status="arrived")
    return arrived | rows.filter(status__in=["planned", "on_the_way"], planned_end__lt=timezone.now())


class VisitList(ListPage):
    """Every journey to a customer."""

    model = Visit
    title = gettext_lazy("Visits")
    permission = "crm.view_visit"
    ordering = ("-planned_start", "-pk")
    filterset_class = VisitFilter
    columns = (
        Column("purpose", gettext_lazy("Purpose"), lambda one, page: html.link(one.purpose, one.get_absolute_url()),
               sort="purpose", place="title", plain=lambda one, page: one.purpose),
        Column("number", gettext_lazy("Number"), lambda one, page: html.number(one.number), sort="number", place="fact"),
        Column("customer", gettext_lazy("Customer"), lambda one, page: one.customer.name, sort="customer__name", place="fact"),
        Column("start", gettext_lazy("When"), lambda one, page: time_span(one.planned_start, one.planned_end) or "–",
               sort="planned_start", place="fact", plain=lambda one, page: one.planned_start),
        Column("status", gettext_lazy("Status"), lambda one, page: html.badge(one.get_status_display(), STATES[one.status], quiet=True),
               sort="status", place="fact", plain=lambda one, page: one.get_status_display()),
        Column("owner", gettext_lazy("Salesperson"), lambda one, page: str(one.owner or "–"), sort="owner__name", place="fact"),
        Column("arrived", pgettext_lazy("visit", "Arrived"), lambda one, page: html.two_lines(html.when(one.arrived_at), punctuality(one)),
               sort="arrived_at", plain=lambda one, page: one.arrived_at),
        Column("result", gettext_lazy("Result"), lambda one, page: one.get_result_display() if one.result else "–", sort="result"),
    )  # fmt: skip
    tabs = (
        Tab("mine", gettext_lazy("Mine"), _mine),
        Tab("today", gettext_lazy("Today"), _today),
        Tab("to-agree", gettext_lazy("To be agreed"), lambda rows, request: rows.filter(status="proposed")),
        Tab("no-outcome", gettext_lazy("Without an outcome"), _without_outcome),
        Tab("open", pgettext_lazy("list of visits", "Open"), _open),
        Tab("all", gettext_lazy("All")),
    )
    fallbacks = ("open", "all")

    def visible(self, user: Any) -> QuerySet[Visit]:
        return visible_visits(user)

    def queryset(self) -> QuerySet[Visit]:
        return super().queryset().select_related("customer", "owner")

    def prepare(self, rows: list[Any]) -> None:
        self.extra["clocks"] = badges_for(Visit, [one.pk for one in rows if one.status in ("planned", "on_the_way")])

    def row_state(self, obj: Visit) -> str:
        badge = self.extra["clocks"].get(obj.pk)
        return badge.state if badge is not None and badge.state in ("late", "soon") else ""

    def actions(self) -> list[parts.Action]:
        week = parts.Action(_("Week plan"), page_url("crm:week"), icon="calendar-days")
        if not self.request.user.has_perm("crm.plan_visit"):
            return [week]
        return [parts.Action(_("New visit"), page_url("crm:visit-new"), icon="plus", style="primary"), week]


class VisitPage(RecordPage):
    """One visit: when, where, with whom, what to take along, what came of it."""

    model = Visit
    namespace = "crm"
    name = "visit"
    type_label = gettext_lazy("Visit")
    list_label = gettext_lazy("Visits")
    list_name = "visits"
    permission = "crm.view_visit"
    form_template = "crm/visit_form.html"

    def visible(self, user: Any) -> QuerySet[Visit]:
        rows = visible_visits(user).select_related(
            "customer", "contact", "address", "owner__team", "check_in", "consent_noted_by", "outcome__text"
        )
        return rows.prefetch_related("companions")

    def title(self, obj: Visit) -> str:
        return f"{obj.number} · {obj.purpose}"

    def subtitle(self, obj: Visit, request: HttpRequest) -> object:
        seen = visible_customers(request.user).filter(pk=obj.customer_id).exists()
        name = html.link(obj.customer.name, obj.customer.get_absolute_url()) if seen else obj.customer.name
        return format_html("{} · {}", name, obj.contact.name) if obj.contact else name

    def facts(self, obj: Visit, request: HttpRequest) -> list[parts.Fact]:
        found = [
            parts.Fact(_("When"), time_span(obj.planned_start, obj.planned_end)),
            parts.Fact(_("Arrive by"), formats.exact(obj.arrive_by) if obj.arrive_by else ""),
            parts.Fact(_("Where"), str(obj.address or "")),
            parts.Fact(_("Customer's local time"), local_time(obj.customer.time_zone)),
            parts.Fact(_("Salesperson"), str(obj.owner or "")),
            parts.Fact(_("Companions"), ", ".join(str(one) for one in obj.companions.all())),
            parts.Fact(_("Asked for"), " · ".join([*obj.wish_labels, *([obj.wish_note] if obj.wish_note else [])])),
            parts.Fact(_("Consent"), _consent(obj)),
        ]
        if obj.result:
            found.append(parts.Fact(_("Result"), obj.get_result_display()))
        if obj.no_next_step_reason:
            found.append(parts.Fact(_("Why nothing follows"), obj.no_next_step_reason))
        if obj.reason:
            word = obj.get_missed_by_display() if obj.missed_by else ""
            found.append(parts.Fact(_("Reason"), " · ".join(part for part in (word, obj.reason) if part)))
        return found

    def sections(self, obj: Visit, request: HttpRequest) -> list[object]:
        found: list[object] = [checklist_section(obj, request, "crm:visit-checklist", "crm:visit-item")]
        if hasattr(obj, "check_in"):
            context = {"visit": obj, "one": obj.check_in, "punctuality": punctuality(obj)}
            found.append(parts.Section(_("Arrival"), render_to_string("crm/check_in.html", context)))
        if obj.outcome is not None:
            words = render_to_string("crm/words.html", {"text": obj.outcome.text.whole})
            record = parts.Action(_("Service record"), obj.outcome.get_absolute_url())
            found.append(parts.Section(_("What was discussed"), words, action=record))
            files = [(one.title, one.get_absolute_url()) for one in attachments_of(obj, purpose="photo")]
            if files:
                found.append(parts.Section(_("Photos, papers, voice"), mark_safe(draw_files(files))))
        if obj.status in Visit.BEFORE:
            near = neighbours_of(request.user, obj.address)
            if near:
                may_plan = request.user.has_perm("crm.plan_visit")
                context = {"neighbours": near, "visit": obj, "may_plan": may_plan, **csrf(request)}
                found.append(parts.Section(_("Customers nearby"), render_to_string("crm/neighbours.html", context)))
        return found


def _consent(visit: Visit) -> object:
    if visit.consent_at is None:
        return html.badge(_("not yet"), "soon", quiet=True)
    how = visit.get_consent_channel_display()
    return f"{visit.consent_by} · {how} · {formats.moment(visit.consent_at)}"


def checklist_section(subject: Any, request: HttpRequest, save: str, add: str) -> parts.Section:
    """The preparation of an appointment, to be ticked where one stands."""
    items = list(subject.items.select_related("row", "done_by"))
    ready = sum(one.done_at is not None for one in items)
    may_tick = subject.status in subject.OPEN and request.user.has_perm("crm.plan_visit")
    context = {
        "items": items,
        "save_url": reverse(save, args=[subject.pk]),
        "add_url": reverse(add, args=[subject.pk]),
        "may_tick": may_tick,
        "form": OwnItemForm(auto_id=f"own-{subject.pk}-%s"),
    }
    title = _("Preparation: %(ready)s of %(all)s") % {"ready": ready, "all": len(items)}
    return parts.Section(title, render_to_string("crm/checklist.html", context, request), id="preparation")


def _visit(request: HttpRequest, pk: int) -> Visit:
    if not request.user.has_perm("crm.plan_visit"):
        raise PermissionDenied
    return get_object_or_404(visible_visits(request.user), pk=pk)


@require_POST
@submit_once
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the ticks as they stand on the screen."""
    visit = _visit(request, pk)
    done = {int(one) for one in request.POST.getlist("done") if one.isascii() and one.isdigit() and len(one) < 18}
    return _kept(request, visit, lambda: tick_items(Visit, pk, actor=request.user, done=done, event="visit.checked"))


@require_POST
@submit_once
def own_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One more thing to take along."""
    visit = _visit(request, pk)
    form = OwnItemForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write down what to take along."))
        return redirect(f"{visit.get_absolute_url()}#preparation")
    text = form.cleaned_data["text"]
    return _kept(request, visit, lambda: add_item(Visit, pk, actor=request.user, text=text, event="visit.checked"))


def _kept(request: HttpRequest, visit: Visit, change: Any) -> HttpResponse:
    try:
        change()
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The checklist is saved."))
    return redirect(f"{visit.get_absolute_url()}#preparation")


@require_POST
@submit_once
def nearby(request: HttpRequest, pk: int, customer_pk: int) -> HttpResponse:
    """See a customer nearby on the same trip: proposed with one click, to be agreed with them."""
    visit = _visit(request, pk)
    customer = get_object_or_404(visible_customers(request.user).active(), pk=customer_pk)
    try:
        planned = services.visit_nearby(visit.pk, customer.pk, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(visit.get_absolute_url())
    messages.success(request, _("Visit %(number)s is proposed.") % {"number": planned.number})
    return redirect(planned.get_absolute_url())


class NewVisit(FormPage):
    """Propose a visit; `?customer=` knows whom."""

    permission = "crm.plan_visit"
    title = gettext_lazy("New visit")
    lead = gettext_lazy("The customer is asked before the visit can be planned.")

    def _customer(self) -> Customer | None:
        asked = self.request.GET.get("customer", "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
            return None
        return visible_customers(self.request.user).filter(pk=asked).first()

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        customer = self._customer()
        person = customer.contacts.filter(left_at=None).first() if customer else None
        initial = {
            "customer": customer.pk if customer else None,
            "contact": person.pk if person else None,
            "owner": self.request.user.pk,
            "start": asked_start(self.request),
        }
        return VisitForm(data, files, actor=self.request.user, customer=customer, initial=initial)

    def save(self, form: Any) -> HttpResponse:
        values = dict(form.cleaned_data)
        customer = values.pop("customer")
        visit = services.propose_visit(customer.pk, actor=self.request.user, **values)
        return self.saved(visit, _("Visit %(number)s is proposed.") % {"number": visit.number})

    def cancel_url(self) -> str:
        return page_url("crm:visits")
