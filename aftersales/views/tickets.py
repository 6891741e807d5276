"""The list of complaints, the page of one, and the form for a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.filters import SurveyFilter, TicketFilter
from aftersales.forms import TicketForm
from aftersales.models import Solution, Survey, Ticket
from aftersales.models.tickets import CLOSED
from aftersales.selectors import visible_surveys, visible_tickets
from aftersales.services.tickets import Complaint, receive_ticket
from catalog.models import Product
from foundation.journal.machine import Refused
from foundation.journal.models import Attachment
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.sla.selectors.clocks import badges_for
from foundation.ui import formats, html, parts
from foundation.ui.prepared import prepared
from foundation.ui.submissions import submit_once
from orders.models import Order

STATE_COLOURS = {
    "received": "soon",
    "acknowledged": "in-time",
    "investigating": "in-time",
    "proposed": "paused",
    "accepted": "in-time",
    "resolved": "done",
    "closed": "done",
    "cancelled": "plain",
}


SHOWN = ("number", "subject", "status", "waiting_since", "kind", "received_at")


def state_badge(ticket: Ticket) -> SafeString:
    """The state as a word with its mark; a ticket that waits says so."""
    if ticket.waiting_since and ticket.is_open:
        return html.badge(_t("Waiting for the customer"), "paused")
    return html.badge(ticket.get_status_display(), STATE_COLOURS[ticket.status])


def customer_link(customer: Any) -> object:
    """The customer, or a dash while nobody knows whose complaint it is."""
    return html.link(customer.name, customer.get_absolute_url()) if customer else html.empty()


def clock_cell(badge: Any) -> object:
    """The badge of a record's most urgent promise, or nothing."""
    return badge.html(with_label=False) if badge else ""


def still_open(rows: QuerySet[Any], request: HttpRequest | None = None) -> QuerySet[Any]:
    """Tickets on which somebody has something to do."""
    return rows.exclude(status__in=CLOSED)


class TicketList(ListPage):
    """Complaints: mine, nobody's, open, waiting, all."""

    model = Ticket
    title = _("After-sales")
    permission = "aftersales.view_ticket"
    filterset_class = TicketFilter
    ordering = ("-received_at", "-pk")
    is_prepared = True
    fixed_tabs = ("open", "mine", "nobody", "waiting", "all")
    columns = (
        Column("number", _("Complaint"), lambda t, page: html.two_lines(html.link(t.subject, t.get_absolute_url()), html.number(t.number)),
               sort="pk", place="title", plain=lambda t, page: t.number),
        Column("status", _("Status"), lambda t, page: state_badge(t), place="end", plain=lambda t, page: t.get_status_display()),
        Column("customer", _("Customer"), lambda t, page: customer_link(t.customer), sort="customer__name", place="fact",
               plain=lambda t, page: t.customer.name if t.customer else ""),
        Column("clock", _("Promise"), lambda t, page: clock_cell(page.extra["clocks"].get(t.pk)), place="fact"),
        Column("kind", _("Kind"), lambda t, page: t.get_kind_display()),
        Column("owner", _("Owner"), lambda t, page: str(t.owner or "–"), sort="owner__name"),
        Column("received", pgettext_lazy("column of complaints", "Received"), lambda t, page: html.when(t.received_at), sort="received_at",
               plain=lambda t, page: t.received_at.isoformat()),
    )  # fmt: skip
    tabs = (
        Tab("open", pgettext_lazy("complaint", "Open"), still_open),
        Tab("mine", _("Mine"), lambda rows, request: still_open(rows).filter(owner=request.user)),
        Tab("nobody", _("Unassigned"), lambda rows, request: still_open(rows).filter(owner=None)),
        Tab(
            "waiting",
            _("Waiting for the customer"),
            lambda rows, request: still_open(rows).filter(waiting_since__isnull=False),
        ),
        Tab("all", _("All")),
    )

    def visible(self, user: Any) -> QuerySet[Any]:
        """Tickets behind this person's door."""
        return visible_tickets(user)

    def queryset(self) -> QuerySet[Any]:
        """Tickets with customer and owner."""
        rows = self.visible(self.request.user).select_related("customer", "owner")
        return rows.only(*SHOWN, "customer__name", "owner__name", "owner__email")

    def prepare(self, rows: list[Any]) -> None:
        """The most urgent clock of each ticket, in one query."""
        self.extra["clocks"] = badges_for(Ticket, [row.pk for row in rows])

    def actions(self) -> list[parts.Action]:
        """A new complaint."""
        if not self.request.user.has_perm("aftersales.add_ticket"):
            return []
        return [parts.Action(_("New complaint"), reverse("aftersales:ticket-new"), icon="plus", style="primary")]


@prepared
def _order(pk: int) -> QuerySet[Order]:
    return Order.objects.filter(pk=pk).only("number")


@prepared
def _product(pk: int) -> QuerySet[Product]:
    return Product.objects.filter(pk=pk).only("sku", "name")


@prepared
def _solutions(ticket_id: int) -> QuerySet[Solution]:
    return Solution.objects.filter(ticket=ticket_id).select_related("proposed_by")


@prepared
def _files(type_id: int, pk: int) -> QuerySet[Attachment]:
    return Attachment.objects.filter(content_type=type_id, object_id=pk).order_by("-pk")


class TicketPage(RecordPage):
    """One complaint."""

    model = Ticket
    namespace = "aftersales"
    name = "ticket"
    type_label = _("Complaint")
    list_label = _("After-sales")
    list_name = "tickets"
    permission = "aftersales.view_ticket"
    people = ("owner",)
    is_prepared = True

    def visible(self, user: Any) -> QuerySet[Any]:
        """The door, with everything that has one row per ticket."""
        return visible_tickets(user).select_related("customer", "contact")

    def read_more(self, obj: Any) -> None:
        """Order and product, as far as they are named."""
        if obj.order_id is not None:
            obj.order = _order(obj.order_id)[0]
        if obj.product_id is not None:
            obj.product = _product(obj.product_id)[0]

    def title(self, obj: Any) -> str:
        """Number and subject."""
        return f"{obj.number} · {obj.subject}"

    def subtitle(self, obj: Any, request: HttpRequest) -> object:
        """Whose complaint, about which order, by whom."""
        shown = [customer_link(obj.customer)]
        if obj.order:
            shown.append(html.link(obj.order.number, obj.order.get_absolute_url()))
        elif obj.order_reference:
            shown.append(html.esc(_t("order “%(number)s”, not found") % {"number": obj.order_reference}))
        who = obj.complainant_name or (str(obj.contact) if obj.contact else "")
        if who:
            shown.append(html.esc(who))
        return mark_safe(" · ".join(str(one) for one in shown))

    def facts(self, obj: Any, request: HttpRequest) -> list[parts.Fact]:
        """Warranty, fault, demand, and how to reach the complainant."""
        warranty = ""
        if obj.warranty_until:
            word = _t("free of charge if it is our fault") if obj.in_warranty() else _t("has ended")
            warranty = html.two_lines(formats.day(obj.warranty_until), word)
        rate = formats.percent(obj.defect_rate) if obj.defect_rate is not None else ""
        return [
            parts.Fact(_("Warranty until"), warranty),
            parts.Fact(_("Fault"), obj.get_fault_display()),
            parts.Fact(_("Kind"), html.two_lines(obj.get_kind_display(), obj.get_priority_display())),
            parts.Fact(_("Customer wants"), obj.get_demand_display() if obj.demand else ""),
            parts.Fact(_("Product"), html.two_lines(str(obj.product), obj.defect) if obj.product else obj.defect),
            parts.Fact(_("Defect rate"), rate),
            parts.Fact(_("Owner"), str(obj.owner or "")),
            parts.Fact(_("Came in by"), html.two_lines(obj.get_channel_display(), formats.exact(obj.received_at))),
            parts.Fact(_("Email address"), html.email(obj.complainant_email) if obj.complainant_email else ""),
            parts.Fact(_("Phone"), html.phone(obj.complainant_phone) if obj.complainant_phone else ""),
        ]

    def sections(self, obj: Any, request: HttpRequest) -> list[object]:
        """What happened, what we proposed, what was done."""
        solutions = _solutions(obj.pk)
        files = _files(ContentType.objects.get_for_model(Ticket).pk, obj.pk)
        context = {"ticket": obj, "solutions": solutions, "files": files}
        found: list[object] = [
            parts.Section(_("What happened"), render_to_string("aftersales/_what.html", context), "what")
        ]
        if solutions:
            body = render_to_string("aftersales/_solutions.html", context)
            found.append(parts.Section(_("Proposed solutions"), body, "solutions"))
        if obj.signed_by:
            body = render_to_string("aftersales/_signoff.html", context)
            found.append(parts.Section(_("Sign-off"), body, "sign-off"))
        return found


@permission_required("aftersales.add_ticket", raise_exception=True)
@submit_once
def new_ticket(request: HttpRequest) -> HttpResponse:
    """Take in a complaint that came by phone, letter or word of mouth."""
    initial = {key: request.GET[key] for key in ("customer", "order") if request.GET.get(key)}
    bound = request.method == "POST"
    form = TicketForm(
        request.POST if bound else None, request.FILES if bound else None, actor=request.user, initial=initial
    )
    if bound and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
        values["files"] = values.pop("photos", [])
        try:
            ticket = receive_ticket(Complaint(**values), actor=request.user)
        except Refused as refusal:
            form.add_error("photos" if refusal.field == "file" else None, refusal.message)
        else:
            messages.success(request, _t("Complaint %(number)s is taken in.") % {"number": ticket.number})
            return redirect(ticket.get_absolute_url())
    context = {
        "form": form,
        "title": _t("New complaint"),
        "submit": _t("Take in"),
        "cancel_url": reverse("aftersales:tickets"),
        "crumbs": [parts.Crumb(_t("After-sales"), reverse("aftersales:tickets"))],
    }
    return render(request, "ui/form.html", context, status=422 if bound else 200)


class SurveyList(ListPage):
    """What customers said."""

    model = Survey
    title = _("Surveys")
    permission = "aftersales.view_survey"
    filterset_class = SurveyFilter
    has_search = False
    ordering = ("-requested_at", "-pk")
    columns = (
        Column("number", pgettext_lazy("of satisfaction", "Survey"), lambda s, page: html.link(s.number, s.get_absolute_url(), css="nr"), sort="pk", place="title",
               plain=lambda s, page: s.number),
        Column("score", _("Overall satisfaction"), lambda s, page: score_badge(s), sort="score", place="end",
               plain=lambda s, page: s.score or ""),
        Column("customer", _("Customer"), lambda s, page: customer_link(s.customer), sort="customer__name", place="fact",
               plain=lambda s, page: s.customer.name if s.customer else ""),
        Column("ticket", _("Complaint"), lambda s, page: html.link(s.ticket.number, s.ticket.get_absolute_url(), css="nr") if s.ticket else "",
               place="fact", plain=lambda s, page: s.ticket.number if s.ticket else ""),
        Column("answered", _("Answered"), lambda s, page: html.when(s.answered_at), sort="answered_at",
               plain=lambda s, page: s.answered_at.isoformat() if s.answered_at else ""),
    )  # fmt: skip
    tabs = (
        Tab("answered", _("Answered"), lambda rows, request: rows.filter(status="answered")),
        Tab("asked", _("Not answered yet"), lambda rows, request: rows.filter(status="requested")),
        Tab("all", _("All")),
    )

    def visible(self, user: Any) -> QuerySet[Any]:
        """Surveys behind this person's door."""
        return visible_surveys(user)

    def queryset(self) -> QuerySet[Any]:
        """Surveys with customer and complaint."""
        return self.visible(self.request.user).select_related("customer", "ticket")


def score_badge(survey: Survey) -> object:
    """The score with its colour."""
    if survey.score is None:
        return html.badge(survey.get_status_display(), "plain")
    state = "in-time" if survey.score >= 4 else "soon" if survey.score == 3 else "late"
    return html.badge(_t("%(score)s of 5") % {"score": survey.score}, state)


class SurveyPage(RecordPage):
    """One survey and its answers."""

    model = Survey
    namespace = "aftersales"
    name = "survey"
    type_label = pgettext_lazy("of satisfaction", "Survey")
    list_label = _("Surveys")
    list_name = "surveys"
    permission = "aftersales.view_survey"

    def visible(self, user: Any) -> QuerySet[Any]:
        """The door."""
        return visible_surveys(user).select_related("customer", "ticket", "owner")

    def title(self, obj: Any) -> str:
        """Number and customer."""
        return f"{obj.number} · {obj.customer.name}" if obj.customer else obj.number

    def facts(self, obj: Any, request: HttpRequest) -> list[parts.Fact]:
        """Score, customer, complaint."""
        return [
            parts.Fact(_("Overall satisfaction"), score_badge(obj)),
            parts.Fact(_("Customer"), customer_link(obj.customer)),
            parts.Fact(
                _("Complaint"), html.link(obj.ticket.number, obj.ticket.get_absolute_url()) if obj.ticket else ""
            ),
            parts.Fact(_("Asked"), formats.exact(obj.requested_at)),
            parts.Fact(_("Answered"), formats.exact(obj.answered_at) if obj.answered_at else ""),
            parts.Fact(_("Owner"), str(obj.owner or "")),
        ]

    def sections(self, obj: Any, request: HttpRequest) -> list[object]:
        """The answers."""
        answers = list(obj.answers.order_by("question__position", "pk"))
        if not answers:
            return []
        return [
            parts.Section(_("Answers"), render_to_string("aftersales/_answers.html", {"answers": answers}), "answers")
        ]
