"""Complaining, following the complaint, and saying how we did: the customer's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_ratelimit.decorators import ratelimit

from aftersales.forms import AnswerForm, ComplaintForm, DeclineForm, SurveyForm
from aftersales.models import Survey, Ticket
from aftersales.selectors import active_questions, proposed_to, replies_of
from aftersales.services.surveys import answer_survey
from aftersales.services.tickets import Complaint, accept_solution, customer_replied, receive_ticket, reject_solution
from crm.models import Contact
from foundation.accounts import tokens
from foundation.accounts.addresses import ratelimit_key
from foundation.journal.machine import Refused
from foundation.ui import parts
from foundation.ui.errors import error_page
from foundation.ui.prepared import prepared
from foundation.ui.submissions import submit_once
from logistics.models import Shipment
from orders.models import Order
from portal.reading import closed, opened, public, read_as

READS = "60/m"
WRITES = "5/m"
REACHED = {
    "received": 0,
    "acknowledged": 1,
    "investigating": 1,
    "proposed": 2,
    "accepted": 3,
    "resolved": 4,
    "closed": 4,
}


def _zone(customer: Any) -> str:
    return customer.time_zone if customer else settings.TIME_ZONE


# ---------------------------------------------------------------- complaining


@login_not_required
@ratelimit(key=ratelimit_key, rate=WRITES, method="POST", block=False)
@submit_once
def complain(request: HttpRequest) -> HttpResponse:
    """The form for somebody who has no link: the order is found by its number together with a known address."""
    if getattr(request, "limited", False):
        return error_page(request, 429)
    return _complaint(request, shipment=None, action=reverse("portal:complain"))


@login_not_required
@ratelimit(key=ratelimit_key, rate=WRITES, method="POST", block=False)
@submit_once
def complain_about(request: HttpRequest, raw: str) -> HttpResponse:
    """The form behind the tracking page's link: the shipment and its order are known."""
    if getattr(request, "limited", False):
        return error_page(request, 429)
    found = opened("track", raw, Shipment, Shipment.objects.select_related("customer"))
    if found is None:
        return closed(request)
    shipment = found[1]
    read_as(request, shipment.customer.language, shipment.customer.time_zone)
    return _complaint(request, shipment=shipment, action=reverse("portal:complain-about", args=[raw]))


def _complaint(request: HttpRequest, *, shipment: Shipment | None, action: str) -> HttpResponse:
    order = _order_of(shipment)
    bound = request.method == "POST"
    form = ComplaintForm(request.POST, request.FILES) if bound else ComplaintForm()
    if order is not None:
        form.fields["order"].widget = forms.HiddenInput()
        form.fields["order"].initial = order.number
    if bound and form.is_valid():
        try:
            ticket, raw = _take_in(form.cleaned_data, shipment, order)
        except Refused as refusal:
            form.add_error("photos" if refusal.field == "file" else None, refusal.message)
        else:
            messages.success(
                request, _("Thank you. Your complaint has the number %(number)s.") % {"number": ticket.number}
            )
            return redirect("portal:ticket", raw=raw)
    context = {"form": form, "action": action, "order": order, "shipment": shipment}
    return public(request, "portal/complaint.html", context, status=422 if bound else 200)


def _order_of(shipment: Shipment | None) -> Order | None:
    if shipment is None:
        return None
    return Order.objects.filter(lines__shipment_lines__shipment=shipment).order_by("pk").first()


@transaction.atomic
def _take_in(values: dict[str, Any], shipment: Shipment | None, order: Order | None) -> tuple[Ticket, str]:
    """Open the ticket and the customer's page for it. An order number alone opens nobody's order: the address must fit."""
    given = values["order"].strip()
    contact = Contact.objects.reached_by(email=values["email"]).select_related("customer").first()
    if order is None and given and contact is not None:
        order = Order.objects.filter(number__iexact=given, customer=contact.customer_id).first()
    customer = order.customer if order else shipment.customer if shipment else contact.customer if contact else None
    if contact is not None and customer is not None and contact.customer_id != customer.pk:
        contact = None
    ticket = receive_ticket(
        Complaint(
            subject=values["subject"],
            description=values["description"],
            channel=Ticket.Channel.PORTAL,
            kind=values["kind"],
            demand=values["demand"],
            language=get_language() or "en",
            customer=customer,
            contact=contact,
            order=order,
            shipment=shipment,
            complainant_name=values["name"],
            complainant_email=values["email"],
            complainant_phone=str(values["phone"] or ""),
            order_reference=given,
            files=values["photos"],
        )
    )
    return ticket, tokens.issue("ticket", ticket, days=365)


# ---------------------------------------------------------------- following


# What the page shows and nothing else: naming a column costs about as much as reading it.
SHOWN = (
    "number", "status", "subject", "description", "language", "complainant_name", "waiting_since", "resolution", "resolved_at",
    "customer", "customer__name", "customer__language", "customer__time_zone",
)  # fmt: skip


@prepared
def _shown(pk: int) -> QuerySet[Ticket]:
    return Ticket.objects.filter(pk=pk).select_related("customer").only(*SHOWN)


def _open_ticket(request: HttpRequest, raw: str) -> Ticket | None:
    found = opened("ticket", raw, Ticket, _shown)
    if found is None:
        return None
    ticket = found[1]
    read_as(request, ticket.language, _zone(ticket.customer))
    return ticket


@login_not_required
@ratelimit(key=ratelimit_key, rate=READS, block=False)
def ticket_page(request: HttpRequest, raw: str) -> HttpResponse:
    """Where the complaint stands, what we propose, and a place to answer."""
    if getattr(request, "limited", False):
        return error_page(request, 429)
    ticket = _open_ticket(request, raw)
    if ticket is None:
        return closed(request)
    return _show(request, ticket, raw)


def _show(
    request: HttpRequest, ticket: Ticket, raw: str, *, answer: Any = None, decline: Any = None, status: int = 200
) -> HttpResponse:
    solution = proposed_to(ticket)
    labels = [_("Received"), _("Being looked into"), _("Solution proposed"), _("Being carried out"), _("Resolved")]
    here = REACHED.get(ticket.status)
    steps = [
        parts.Step(label, "done" if here is not None and n < here else "current" if n == here else "future")
        for n, label in enumerate(labels)
    ]
    context = {
        "ticket": ticket,
        "raw": raw,
        "path": parts.Path(steps) if here is not None else None,
        "solution": solution,
        "can_decide": ticket.status == Ticket.Status.PROPOSED and solution is not None,
        "replies": [(at, said.get("text", "")) for at, said in replies_of(ticket)],
        "answer": answer or AnswerForm(),
        "decline": decline or DeclineForm(prefix="decline"),
    }
    return public(request, "portal/ticket.html", context, status=status)


@login_not_required
@require_POST
@ratelimit(key=ratelimit_key, rate=WRITES, method="POST", block=False)
@submit_once
def ticket_answer(request: HttpRequest, raw: str) -> HttpResponse:
    """The customer writes to us; the clock runs again."""
    if getattr(request, "limited", False):
        return error_page(request, 429)
    ticket = _open_ticket(request, raw)
    if ticket is None:
        return closed(request)
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, ticket, raw, answer=form, status=422)
    try:
        customer_replied(ticket.pk, text=form.cleaned_data["text"], files=form.cleaned_data["photos"])
    except Refused as refusal:
        form.add_error("photos" if refusal.field == "file" else None, refusal.message)
        return _show(request, ticket, raw, answer=form, status=409)
    messages.success(request, _("Thank you, we have your message."))
    return redirect("portal:ticket", raw=raw)


@login_not_required
@require_POST
@ratelimit(key=ratelimit_key, rate=WRITES, method="POST", block=False)
@submit_once
def ticket_decide(request: HttpRequest, raw: str, answer: str) -> HttpResponse:
    """The customer accepts or declines the proposed solution; of two answers at once, one counts."""
    if getattr(request, "limited", False):
        return error_page(request, 429)
    ticket = _open_ticket(request, raw)
    if ticket is None:
        return closed(request)
    who = ticket.complainant_name or (ticket.customer.name if ticket.customer else "")
    form = DeclineForm(request.POST, prefix="decline")
    if answer not in ("accept", "decline"):
        return closed(request)
    if answer == "decline" and not form.is_valid():
        return _show(request, ticket, raw, decline=form, status=422)
    try:
        if answer == "accept":
            accept_solution(ticket.pk, actor=None, by=who, check=False)
        else:
            reject_solution(ticket.pk, actor=None, by=who, reason=form.cleaned_data["reason"], check=False)
    except Refused:
        messages.error(request, _("This has been answered already."))
        return redirect("portal:ticket", raw=raw)
    messages.success(request, _("Thank you, we have your answer."))
    return redirect("portal:ticket", raw=raw)


# ---------------------------------------------------------------- saying how we did


@login_not_required
@ratelimit(key=ratelimit_key, rate=WRITES, method="POST", block=False)
@submit_once
def survey_page(request: HttpRequest, raw: str) -> HttpResponse:
    """The survey: read as often as one likes (mail scanners do), answered once."""
    if getattr(request, "limited", False):
        return error_page(request, 429)
    found = opened("survey", raw, Survey, Survey.objects.select_related("customer", "ticket"))
    if found is None:
        return closed(request)
    token, survey = found
    read_as(request, survey.language, _zone(survey.customer))
    bound = request.method == "POST"
    form = SurveyForm(request.POST if bound else None, questions=active_questions())
    if bound and form.is_valid():
        try:
            with transaction.atomic():
                tokens.consume(token)
                answer_survey(survey.pk, answers=form.answers())
        except Refused:
            return closed(request)
        return redirect("portal:thanks")
    return public(request, "portal/survey.html", {"form": form, "survey": survey}, status=422 if bound else 200)


@login_not_required
def thanks(request: HttpRequest) -> HttpResponse:
    """After the survey."""
    return public(request, "portal/thanks.html", {})
