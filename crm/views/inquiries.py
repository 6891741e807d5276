"""Inquiries: the list, the page, and taking one down."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import F, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from crm import answering, services
from crm.filters import InquiryFilter
from crm.forms.inquiries import InquiryForm
from crm.models import Customer, IncomingCall, Inquiry
from crm.selectors import (
    due_before,
    known_region,
    visible_customers,
    visible_incoming_calls,
    visible_inquiries,
    with_due_time,
)
from crm.views.customers import local_time
from crm.views.forms import FormPage, asked_key
from crm.views.routing import why_section
from foundation.journal.machine import Action
from foundation.lists.pages import Column, RecordPage, Tab
from foundation.lists.pages.board import BoardPage, Card
from foundation.mailroom.panels import list_action
from foundation.sla.selectors.clocks import badges_for
from foundation.ui import formats, html, parts
from foundation.ui.days import end_of_day
from foundation.ui.phones import e164, shown_phone
from foundation.ui.places import country_cell

# Colour of a state; the word always stands beside it.
STATES = {"new": "soon", "assigned": "plain", "answered": "in-time", "converted": "done", "closed": "paused"}
SOONEST_FIRST = ("mine", "unassigned", "due", "overdue", "open")


def _mine(rows: QuerySet[Inquiry], request: HttpRequest) -> QuerySet[Inquiry]:
    return rows.open().filter(owner=request.user)  # type: ignore[attr-defined]


def _unassigned(rows: QuerySet[Inquiry], request: HttpRequest) -> QuerySet[Inquiry]:
    return rows.open().filter(owner=None)  # type: ignore[attr-defined]


def _due(rows: QuerySet[Inquiry], request: HttpRequest) -> QuerySet[Inquiry]:
    return due_before(rows, end_of_day())


def _overdue(rows: QuerySet[Inquiry], request: HttpRequest) -> QuerySet[Inquiry]:
    return due_before(rows, timezone.now())


def _open(rows: QuerySet[Inquiry], request: HttpRequest) -> QuerySet[Inquiry]:
    return rows.open()  # type: ignore[attr-defined]


class InquiryList(BoardPage):
    """Questions that may start a sale, the one whose answer is due soonest first; as a list or as a board."""

    model = Inquiry
    title = gettext_lazy("Inquiries")
    permission = "crm.view_inquiry"
    ordering = ("-received_at", "-pk")
    filterset_class = InquiryFilter
    columns = (
        Column("subject", gettext_lazy("Subject"),
               lambda one, page: html.two_lines(html.link(one.subject, one.get_absolute_url()), _asked_again(one)),
               sort="subject", place="title", plain=lambda one, page: one.subject),
        Column("number", gettext_lazy("Number"), lambda one, page: html.number(one.number), sort="number", place="fact"),
        Column("clock", gettext_lazy("First response"), lambda one, page: cast(InquiryList, page).clock(one), place="end",
               plain=lambda one, page: formats.exact(one.answered_at) if one.answered_at else ""),
        Column("sender", gettext_lazy("Sender"), lambda one, page: one.sender, place="fact"),
        Column("country", gettext_lazy("Country"), lambda one, page: country_cell(one.country) if one.country else "", sort="country",
               plain=lambda one, page: one.country_label),
        Column("language", gettext_lazy("Language"), lambda one, page: one.language_label, sort="language", place="wide"),
        Column("status", gettext_lazy("Status"), lambda one, page: html.badge(one.get_status_display(), STATES[one.status], quiet=True),
               sort="status", place="fact", plain=lambda one, page: one.get_status_display()),
        Column("owner", gettext_lazy("Owner"), lambda one, page: str(one.owner or "–"), sort="owner__name", place="fact"),
        Column("received", pgettext_lazy("column of inquiries", "Received"), lambda one, page: html.when(one.received_at), sort="received_at",
               plain=lambda one, page: one.received_at),
    )  # fmt: skip
    tabs = (
        Tab("mine", gettext_lazy("Mine"), _mine),
        Tab("unassigned", gettext_lazy("Unassigned"), _unassigned),
        Tab("due", gettext_lazy("Due today"), _due),
        Tab("overdue", gettext_lazy("Overdue"), _overdue),
        Tab("open", pgettext_lazy("list of inquiries", "Open"), _open),
        Tab("all", gettext_lazy("All")),
    )
    fallbacks = ("open", "all")
    ways = {"assign": "assigned", "take": "assigned", "answered": "answered"}

    def visible(self, user: Any) -> QuerySet[Inquiry]:
        return visible_inquiries(user)

    def card(self, obj: Inquiry) -> Card:
        """Subject, who asks, who answers, and how long that may take."""
        clock = self.clock(obj)
        again = _asked_again(obj)
        urgent = html.badge(obj.get_priority_display(), "late") if obj.priority == Inquiry.Priority.URGENT else ""
        return Card(
            obj.subject,
            obj.get_absolute_url(),
            (obj.sender, " · ".join(one for one in (obj.number, str(obj.owner or "")) if one)),
            [one for one in (clock if obj.status in Inquiry.UNANSWERED else "", urgent, again) if one],
            self.row_state(obj),
        )

    def queryset(self) -> QuerySet[Inquiry]:
        rows = super().queryset().select_related("customer", "owner").defer("text")
        return with_due_time(rows) if self._is_soonest_first() else rows

    def _is_soonest_first(self) -> bool:
        return not self.sort and self.tab is not None and self.tab.code in SOONEST_FIRST

    def _order(self) -> tuple[Any, ...]:
        if self._is_soonest_first():
            return (F("due_at").asc(nulls_last=True), "received_at", "pk")
        return super()._order()

    def prepare(self, rows: list[Any]) -> None:
        self.extra["clocks"] = badges_for(Inquiry, [one.pk for one in rows if one.status in Inquiry.UNANSWERED])

    def clock(self, inquiry: Inquiry) -> object:
        """The countdown of an open inquiry, the time of the answer of another."""
        badge = self.extra["clocks"].get(inquiry.pk)
        if badge is not None:
            return badge.html(with_label=False)
        urgent = html.badge(_("urgent"), "late", quiet=True) if inquiry.priority == Inquiry.Priority.URGENT else ""
        return html.when(inquiry.answered_at) if inquiry.answered_at else urgent

    def row_state(self, obj: Inquiry) -> str:
        badge = self.extra["clocks"].get(obj.pk)
        return badge.state if badge is not None and badge.state in ("late", "soon") else ""

    def actions(self) -> list[parts.Action]:
        found = [*super().actions(), *list_action(self.request.user)]
        if self.request.user.has_perm("crm.assign_inquiry"):
            found.append(parts.Action(_("Who would get it?"), reverse("crm:routing"), icon="users"))
        if self.request.user.has_perm("crm.add_inquiry"):
            found.append(parts.Action(_("New inquiry"), reverse("crm:inquiry-new"), icon="plus", style="primary"))
        return found


def _asked_again(inquiry: Inquiry) -> object:
    """“asked 3 times”, where somebody sent the same question again."""
    if inquiry.times_asked < 2:
        return ""
    return html.badge(_("asked %(count)s times") % {"count": inquiry.times_asked}, "soon", quiet=True)


class InquiryPage(RecordPage):
    """What was asked, by whom, and how long the answer may take."""

    model = Inquiry
    namespace = "crm"
    name = "inquiry"
    type_label = gettext_lazy("Inquiry")
    list_label = gettext_lazy("Inquiries")
    list_name = "inquiries"
    permission = "crm.view_inquiry"
    form_template = "crm/inquiry_form.html"

    def visible(self, user: Any) -> QuerySet[Inquiry]:
        return visible_inquiries(user).select_related(
            "customer__owner", "contact__customer", "owner__team", "answered_by", "closing_reason", "source"
        )

    def _form(self, action: Action, request: HttpRequest, obj: Any, *, bound: bool) -> Any:
        form = super()._form(action, request, obj, bound=bound)
        if action.name == "answer" and not bound:
            form.initial.update(answering.filled(request.GET.get("saved", ""), obj, request.user))
        return form

    def _form_page(
        self, request: HttpRequest, obj: Any, action: Action, form: BaseForm, status: int = 200
    ) -> HttpResponse:
        if action.name == "answer":
            obj.saved_answers = answering.offered(request.GET.get("saved", ""))
        return super()._form_page(request, obj, action, form, status)

    def title(self, obj: Inquiry) -> str:
        return f"{obj.number} · {obj.subject}"

    def subtitle(self, obj: Inquiry, request: HttpRequest) -> object:
        return render_to_string("crm/inquiry_sender.html", {"inquiry": obj, "may_open": _may_open(obj, request.user)})

    def facts(self, obj: Inquiry, request: HttpRequest) -> list[parts.Fact]:
        phone = html.phone(e164(obj.phone), shown_phone(obj.phone)) if obj.phone else obj.phone_typed
        found = [
            parts.Fact(_("Owner"), str(obj.owner or "")),
            parts.Fact(_("Email address"), html.email(obj.email) if obj.email else ""),
            parts.Fact(_("Phone"), phone),
            parts.Fact(_("Language"), obj.language_label),
            parts.Fact(_("Country"), " · ".join(one for one in (obj.country_label, obj.region) if one)),
            parts.Fact(_("Local time"), local_time(obj.time_zone)),
            parts.Fact(_("Product"), obj.product_interest),
            parts.Fact(
                pgettext("column of inquiries", "Received"),
                f"{formats.moment(obj.received_at)} · {obj.get_channel_display()}",
            ),
        ]
        found += inquiry_facts(obj)
        if obj.answered_at:
            found.append(
                parts.Fact(_("Answered"), f"{formats.moment(obj.answered_at)} · {obj.answered_by or ''}".rstrip(" ·"))
            )
        if obj.priority == Inquiry.Priority.URGENT:
            found.insert(0, parts.Fact(_("Priority"), html.badge(obj.get_priority_display(), "late")))
        return found

    def sections(self, obj: Inquiry, request: HttpRequest) -> list[object]:
        language = obj.language if obj.language != get_language() else ""
        words = render_to_string("crm/words.html", {"text": obj.text, "language": language})
        found: list[object] = [parts.Section(_("Question"), words)]
        if (why := why_section(obj)) is not None:
            found.append(why)
        return found


def inquiry_facts(inquiry: Inquiry) -> list[parts.Fact]:
    """What is said of some only: a promise, kept or broken; asked again; posted by a machine; how it ended."""
    found = []
    if inquiry.promised_at:
        shown: object = formats.exact(inquiry.promised_at)
        if (inquiry.answered_at or timezone.now()) > inquiry.promised_at:
            shown = html.two_lines(shown, html.badge(_("promise broken"), "late", quiet=True))
        if inquiry.status in Inquiry.UNANSWERED or (inquiry.answered_at or timezone.now()) > inquiry.promised_at:
            found.append(parts.Fact(_("Answer promised for"), shown))
    if inquiry.times_asked > 1 and inquiry.asked_again_at:
        again = html.two_lines(_asked_again(inquiry), html.when(inquiry.asked_again_at))
        found.append(parts.Fact(_("Asked again"), again))
    if inquiry.source is not None:
        found.append(parts.Fact(_("Source"), inquiry.source.name))
    if inquiry.outcome:
        why = inquiry.closing_reason.text if inquiry.closing_reason else ""
        said = (str(inquiry.get_outcome_display()), why, inquiry.competitor, inquiry.reason)
        found.append(parts.Fact(_("Outcome"), " · ".join(one for one in said if one)))
    return found


def _may_open(inquiry: Inquiry, user: Any) -> bool:
    """Whether the sender's customer may be opened by this person, by what is already read."""
    customer = inquiry.customer
    if customer is None or not user.has_perm("crm.view_customer"):
        return False
    if user.has_perm("crm.view_all_customers") or customer.owner_id in (None, user.pk):
        return True
    return bool(user.team_id and customer.owner and customer.owner.team_id == user.team_id)


class NewInquiry(FormPage):
    """Take down a question from a call, an email or a trade platform; `?customer=` knows who asks, `?incoming=` who calls."""

    permission = "crm.add_inquiry"
    title = gettext_lazy("New inquiry")

    def _customer(self) -> Customer | None:
        pk = asked_key(self.request, "customer")
        if pk is not None:
            return visible_customers(self.request.user).filter(pk=pk).first()
        call = self._incoming()
        if call is None or call.customer_id is None:
            return None
        return visible_customers(self.request.user).filter(pk=call.customer_id).first()

    def _incoming(self) -> IncomingCall | None:
        pk = asked_key(self.request, "incoming")
        if pk is None:
            return None
        return visible_incoming_calls(self.request.user).waiting().select_related("contact").filter(pk=pk).first()

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        customer, call = self._customer(), self._incoming()
        known: dict[str, Any] = {"language": get_language()}
        if customer is not None:
            person = (call.contact if call else None) or customer.contacts.first()
            known = {
                "company_name": customer.name,
                "country": customer.country,
                "region": known_region(customer, customer.country),
                "language": person.spoken_language if person else customer.language,
                "contact_name": person.name if person else "",
                "email": person.email if person else "",
                "phone": shown_phone(person.phone or person.mobile) if person else "",
            }
        if call is not None:
            known |= {"channel": Inquiry.Channel.PHONE, "phone": call.shown_number}
        return InquiryForm(data, files, initial=known)

    def save(self, form: Any) -> HttpResponse:
        call = self._incoming()
        values = {**form.cleaned_data, "customer": self._customer()}
        if call is not None:
            inquiry = services.inquiry_of_incoming_call(call.pk, actor=self.request.user, **values)
        else:
            inquiry = services.receive_inquiry(actor=self.request.user, **values)
        if inquiry.was_joined:
            words = _("This was asked before: it is kept with %(number)s, which is still open.")
            return self.saved(inquiry, words % {"number": inquiry.number})
        return self.saved(inquiry, _("Inquiry %(number)s is taken down.") % {"number": inquiry.number})

    def cancel_url(self) -> str:
        return reverse("crm:inquiries")
