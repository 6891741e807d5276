"""Receptions: the list, the page, booking one, and somebody who is here now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from crm import services
from crm.filters import ReceptionFilter
from crm.forms.receptions import ReceptionForm, WalkInForm
from crm.forms.visits import OwnItemForm
from crm.models import Customer, Reception
from crm.selectors import visible_customers, visible_receptions
from crm.services.preparation import add_item, tick_items
from crm.services.receptions import may_lead
from crm.views.forms import FormPage, asked_start
from crm.views.visitors import visitors_context
from crm.views.visits import time_span
from foundation.journal.machine import Refused
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import formats, html, parts
from foundation.ui.addresses import page_url
from foundation.ui.days import end_of_day, start_of_day
from foundation.ui.places import language_name
from foundation.ui.submissions import submit_once

# Colour of a state; the word always stands beside it.
STATES = {
    "planned": "plain",
    "arrived": "soon",
    "under_way": "in-time",
    "ended": "done",
    "no_show": "late",
    "cancelled": "paused",
}
RIGHT = "crm.hold_reception"


def _mine(rows: Any, request: HttpRequest) -> Any:
    return rows.open().of(request.user.pk)


def _today(rows: Any, request: HttpRequest) -> Any:
    return rows.between(start_of_day(), end_of_day())


def _open(rows: Any, request: HttpRequest) -> Any:
    return rows.open()


def _without_outcome(rows: Any, request: HttpRequest) -> Any:
    """They have been here, or should have been, and nobody has written down what came of it."""
    return rows.open().filter(planned_end__lt=timezone.now())


class ReceptionList(ListPage):
    """Everybody who came, comes or is here."""

    model = Reception
    title = gettext_lazy("Receptions")
    permission = "crm.view_reception"
    ordering = ("-planned_start", "-pk")
    filterset_class = ReceptionFilter
    columns = (
        Column("purpose", gettext_lazy("Interested in"), lambda one, page: html.link(one.purpose, one.get_absolute_url()),
               sort="purpose", place="title", plain=lambda one, page: one.purpose),
        Column("number", gettext_lazy("Number"), lambda one, page: html.number(one.number), sort="number", place="fact"),
        Column("customer", gettext_lazy("Customer"), lambda one, page: one.customer.name, sort="customer__name", place="fact"),
        Column("start", gettext_lazy("When"), lambda one, page: time_span(one.planned_start, one.planned_end),
               sort="planned_start", place="fact", plain=lambda one, page: one.planned_start),
        Column("status", gettext_lazy("Status"), lambda one, page: html.badge(one.get_status_display(), STATES[one.status], quiet=True),
               sort="status", place="fact", plain=lambda one, page: one.get_status_display()),
        Column("owner", gettext_lazy("Host"), lambda one, page: str(one.owner or "–"), sort="owner__name", place="fact"),
        Column("assistant", gettext_lazy("Assistant"), lambda one, page: str(one.assistant or "–"), sort="assistant__name"),
        Column("visitors", gettext_lazy("Visitors"), lambda one, page: str(one.head_count), sort="head_count"),
        Column("result", gettext_lazy("Result"), lambda one, page: one.get_result_display() if one.result else "–", sort="result"),
    )  # fmt: skip
    tabs = (
        Tab("mine", gettext_lazy("Mine"), _mine),
        Tab("today", gettext_lazy("Today"), _today),
        Tab("no-outcome", gettext_lazy("Without an outcome"), _without_outcome),
        Tab("open", pgettext_lazy("list of receptions", "Open"), _open),
        Tab("all", gettext_lazy("All")),
    )
    fallbacks = ("open", "all")

    def visible(self, user: Any) -> QuerySet[Reception]:
        return visible_receptions(user)

    def queryset(self) -> QuerySet[Reception]:
        return super().queryset().select_related("customer", "owner", "assistant")

    def actions(self) -> list[parts.Action]:
        if not self.request.user.has_perm(RIGHT):
            return []
        return [
            parts.Action(_("New reception"), page_url("crm:reception-new"), icon="plus", style="primary"),
            parts.Action(_("Somebody is here now"), page_url("crm:reception-walk-in"), icon="building-storefront"),
        ]


class ReceptionPage(RecordPage):
    """One reception: who comes when, what to have ready, how it went, who signed."""

    model = Reception
    namespace = "crm"
    name = "reception"
    type_label = gettext_lazy("Reception")
    list_label = gettext_lazy("Receptions")
    list_name = "receptions"
    permission = "crm.view_reception"

    def visible(self, user: Any) -> QuerySet[Reception]:
        return visible_receptions(user).select_related(
            "customer", "contact", "owner__team", "assistant", "outcome__text"
        )

    def title(self, obj: Reception) -> str:
        return f"{obj.number} · {obj.purpose}"

    def subtitle(self, obj: Reception, request: HttpRequest) -> object:
        seen = visible_customers(request.user).filter(pk=obj.customer_id).exists()
        name = html.link(obj.customer.name, obj.customer.get_absolute_url()) if seen else obj.customer.name
        return format_html("{} · {}", name, obj.contact.name) if obj.contact else name

    def after(self, obj: Reception, action: str, result: Any) -> str:
        user = getattr(result, "acting_user", None)
        if action == "arrive" and user is not None and may_lead(obj, user):
            return reverse("crm:reception-floor", args=[obj.pk])
        return super().after(obj, action, result)

    def facts(self, obj: Reception, request: HttpRequest) -> list[parts.Fact]:
        found = [
            parts.Fact(_("When"), time_span(obj.planned_start, obj.planned_end)),
            parts.Fact(_("Host"), str(obj.owner or "")),
            parts.Fact(_("Assistant"), str(obj.assistant or "")),
            parts.Fact(_("Assistant told"), formats.day(obj.briefed_on) if obj.briefed_on else _("not yet")),
            parts.Fact(_("Expected visitors"), str(obj.head_count)),
            parts.Fact(_("Language"), language_name(obj.language)),
            parts.Fact(_("Asked for"), " · ".join(obj.wish_labels)),
        ]
        if obj.is_walk_in:
            found.append(parts.Fact(_("Appointment"), _("came without one")))
        if obj.result:
            found.append(parts.Fact(_("Result"), obj.get_result_display()))
            found.append(parts.Fact(_("Thanks"), _thanks(obj)))
        if obj.no_next_step_reason:
            found.append(parts.Fact(_("Why nothing follows"), obj.no_next_step_reason))
        if obj.reason:
            found.append(parts.Fact(_("Reason"), obj.reason))
        return found

    def sections(self, obj: Reception, request: HttpRequest) -> list[object]:
        may_act = obj.status in obj.OPEN and request.user.has_perm(RIGHT) and may_lead(obj, request.user)
        floor = parts.Action(_("Open the showroom page"), reverse("crm:reception-floor", args=[obj.pk]))
        steps = list(obj.steps.select_related("step"))
        found: list[object] = [
            parts.Section(
                _("Steps: %(minutes)s min") % {"minutes": sum(one.minutes() for one in steps)},
                render_to_string("crm/receptions/_steps_read.html", {"steps": steps}),
                action=floor if may_act else None,
            ),
            preparation(obj, request, may_act),
        ]
        visitors = list(obj.visitors.select_related("signature"))
        if visitors:
            context = visitors_context(obj, visitors, request)
            shown = render_to_string("crm/receptions/_visitors.html", context, request)
            found.append(parts.Section(_("Visitors"), shown))
        if obj.outcome is not None:
            words = render_to_string("crm/words.html", {"text": obj.outcome.text.whole})
            record = parts.Action(_("Service record"), obj.outcome.get_absolute_url())
            found.append(parts.Section(_("What was discussed"), words, action=record))
        return found


def _thanks(reception: Reception) -> str:
    if reception.thanked_at:
        return _("written %(when)s") % {"when": formats.moment(reception.thanked_at)}
    return formats.exact(reception.thanks_at) if reception.thanks_at else _("none")


def preparation(reception: Reception, request: HttpRequest, may_tick: bool) -> parts.Section:
    """What to have ready, to be ticked."""
    items = list(reception.items.select_related("row", "done_by"))
    context = {
        "items": items,
        "save_url": reverse("crm:reception-checklist", args=[reception.pk]),
        "add_url": reverse("crm:reception-item", args=[reception.pk]),
        "may_tick": may_tick,
        "form": OwnItemForm(auto_id=f"own-{reception.pk}-%s"),
    }
    ready = sum(one.done_at is not None for one in items)
    title = _("Preparation: %(ready)s of %(all)s") % {"ready": ready, "all": len(items)}
    return parts.Section(title, render_to_string("crm/checklist.html", context, request), id="preparation")


def held_reception(request: HttpRequest, pk: int) -> Reception:
    """The reception, for somebody who may act on it; 403 or 404 for others."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    reception = get_object_or_404(visible_receptions(request.user).select_related("customer", "owner"), pk=pk)
    if not may_lead(reception, request.user):
        raise PermissionDenied
    return reception


@require_POST
@submit_once
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the ticks as they stand on the screen."""
    reception = held_reception(request, pk)
    done = {int(one) for one in request.POST.getlist("done") if one.isascii() and one.isdigit() and len(one) < 18}
    return _kept(
        request,
        reception,
        lambda: tick_items(Reception, pk, actor=request.user, done=done, event="reception.checked"),
    )


@require_POST
@submit_once
def own_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One more thing to have ready."""
    reception = held_reception(request, pk)
    form = OwnItemForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write down what to have ready."))
        return redirect(f"{reception.get_absolute_url()}#preparation")
    text = form.cleaned_data["text"]
    return _kept(
        request, reception, lambda: add_item(Reception, pk, actor=request.user, text=text, event="reception.checked")
    )


def _kept(request: HttpRequest, reception: Reception, change: Any) -> HttpResponse:
    try:
        change()
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The checklist is saved."))
    return redirect(f"{reception.get_absolute_url()}#preparation")


class NewReception(FormPage):
    """Book an appointment in the showroom; `?customer=` knows whom."""

    permission = RIGHT
    title = gettext_lazy("New reception")
    lead = gettext_lazy("A customer comes to the showroom.")

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        customer = self._customer()
        person = customer.contacts.filter(left_at=None).first() if customer else None
        initial = {
            "customer": customer.pk if customer else None,
            "contact": person.pk if person else None,
            "owner": self.request.user.pk,
            "start": asked_start(self.request),
        }
        return ReceptionForm(data, files, actor=self.request.user, customer=customer, initial=initial)

    def _customer(self) -> Customer | None:
        asked = self.request.GET.get("customer", "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
            return None
        return visible_customers(self.request.user).filter(pk=asked).first()

    def save(self, form: Any) -> HttpResponse:
        values = dict(form.cleaned_data)
        customer = values.pop("customer")
        reception = services.book_reception(customer.pk, actor=self.request.user, **values)
        return self.saved(reception, _("Reception %(number)s is planned.") % {"number": reception.number})

    def cancel_url(self) -> str:
        return page_url("crm:receptions")


class WalkIn(FormPage):
    """Somebody is here now: straight to the showroom page."""

    permission = RIGHT
    title = gettext_lazy("Somebody is here now")
    lead = gettext_lazy("Choose the customer, or say who it is: a new customer is made.")
    submit = gettext_lazy("Begin")

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return WalkInForm(data, files, actor=self.request.user, initial={"owner": self.request.user.pk})

    def save(self, form: Any) -> HttpResponse:
        reception = services.walk_in(actor=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Reception %(number)s has begun.") % {"number": reception.number})
        if may_lead(reception, self.request.user):
            return redirect("crm:reception-floor", reception.pk)
        return redirect(reception.get_absolute_url())

    def cancel_url(self) -> str:
        return page_url("crm:receptions")
