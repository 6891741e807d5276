"""Inquiries: the list, the page, and taking one down."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from crm import services
from crm.filters import InquiryFilter
from crm.forms.inquiries import InquiryForm
from crm.models import Customer, Inquiry
from crm.selectors import due_before, visible_customers, visible_inquiries, with_due_time
from crm.views.customers import local_time
from crm.views.forms import FormPage
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
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


class InquiryList(ListPage):
    """Questions that may start a sale, the one whose answer is due soonest first."""

    model = Inquiry
    title = gettext_lazy("Inquiries")
    permission = "crm.view_inquiry"
    ordering = ("-received_at", "-pk")
    filterset_class = InquiryFilter
    columns = (
        Column("subject", gettext_lazy("Subject"),
               lambda one, page: html.link(one.subject, one.get_absolute_url()),
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

    def visible(self, user: Any) -> QuerySet[Inquiry]:
        return visible_inquiries(user)

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
        found = list_action(self.request.user)
        if self.request.user.has_perm("crm.add_inquiry"):
            found.append(parts.Action(_("New inquiry"), reverse("crm:inquiry-new"), icon="plus", style="primary"))
        return found


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
            "customer__owner", "contact__customer", "owner__team", "answered_by"
        )

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
            parts.Fact(_("Country"), obj.country_label),
            parts.Fact(_("Local time"), local_time(obj.time_zone)),
            parts.Fact(_("Product"), obj.product_interest),
            parts.Fact(
                pgettext("column of inquiries", "Received"),
                f"{formats.moment(obj.received_at)} · {obj.get_channel_display()}",
            ),
        ]
        if obj.promised_at and obj.status in Inquiry.UNANSWERED:
            found.append(parts.Fact(_("Answer promised for"), formats.exact(obj.promised_at)))
        if obj.answered_at:
            found.append(
                parts.Fact(_("Answered"), f"{formats.moment(obj.answered_at)} · {obj.answered_by or ''}".rstrip(" ·"))
            )
        if obj.outcome:
            found.append(
                parts.Fact(_("Outcome"), " · ".join(p for p in (str(obj.get_outcome_display()), obj.reason) if p))
            )
        if obj.priority == Inquiry.Priority.URGENT:
            found.insert(0, parts.Fact(_("Priority"), html.badge(obj.get_priority_display(), "late")))
        return found

    def sections(self, obj: Inquiry, request: HttpRequest) -> list[object]:
        language = obj.language if obj.language != get_language() else ""
        words = render_to_string("crm/words.html", {"text": obj.text, "language": language})
        return [parts.Section(_("Question"), words)]


def _may_open(inquiry: Inquiry, user: Any) -> bool:
    """Whether the sender's customer may be opened by this person, by what is already read."""
    customer = inquiry.customer
    if customer is None or not user.has_perm("crm.view_customer"):
        return False
    if user.has_perm("crm.view_all_customers") or customer.owner_id in (None, user.pk):
        return True
    return bool(user.team_id and customer.owner and customer.owner.team_id == user.team_id)


class NewInquiry(FormPage):
    """Take down a question from a call, an email or a trade platform; `?customer=` knows who asks."""

    permission = "crm.add_inquiry"
    title = gettext_lazy("New inquiry")

    def _customer(self) -> Customer | None:
        asked = self.request.GET.get("customer", "")
        return (
            visible_customers(self.request.user).filter(pk=asked).first()
            if asked.isascii() and asked.isdigit() and len(asked) < 18
            else None
        )

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        customer = self._customer()
        if customer is None:
            return InquiryForm(data, files, initial={"language": get_language()})
        person = customer.contacts.first()
        initial = {
            "company_name": customer.name,
            "country": customer.country,
            "language": person.spoken_language if person else customer.language,
            "contact_name": person.name if person else "",
            "email": person.email if person else "",
            "phone": shown_phone(person.phone or person.mobile) if person else "",
        }
        return InquiryForm(data, files, initial=initial)

    def save(self, form: Any) -> HttpResponse:
        inquiry = services.receive_inquiry(actor=self.request.user, customer=self._customer(), **form.cleaned_data)
        return self.saved(inquiry, _("Inquiry %(number)s is taken down.") % {"number": inquiry.number})

    def cancel_url(self) -> str:
        return reverse("crm:inquiries")
