"""Technical requests: the list of the team's work, the page with its drawings, asking for them."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.forms.lines import Dimensions
from crm.forms.technical import TechnicalForm
from crm.models import DrawingRevision, TechnicalRequest
from crm.models.cadence import company_today
from crm.sample_filters import TechnicalFilter
from crm.sample_selectors import visible_technical_requests, waiting_for_sales
from crm.services.technical import BRIEF, MOST_DIMENSIONS, change_request, request_drawings
from crm.views.row_forms import RowFormPage
from crm.views.samples import customer_line
from foundation.journal.attachments import attachments_of
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.sla.selectors.clocks import badges_for
from foundation.ui import formats, html, parts
from foundation.ui.addresses import page_url

STATES = {
    "new": "soon",
    "in_work": "in-time",
    "waiting": "paused",
    "to_release": "soon",
    "released": "soon",
    "sent": "in-time",
    "approved": "done",
    "done": "done",
    "abandoned": "paused",
}
OUTCOMES = {"approved": "done", "changes": "soon", "returned": "late"}
LIST = gettext_lazy("Technical requests")


def status_badge(request: TechnicalRequest) -> object:
    """The state in a word, with its mark."""
    return html.badge(request.get_status_display(), STATES[request.status], quiet=True)


def _mine(rows: Any, request: HttpRequest) -> Any:
    """On one's desk, on nobody's, and a colleague's drawings to release."""
    desk = Q(owner=request.user.pk) | Q(owner=None)
    return rows.to_draw().filter(desk | Q(status="to_release") & ~Q(drawn_by=request.user.pk))


def _for_sales(rows: Any, request: HttpRequest) -> Any:
    return rows.filter(pk__in=waiting_for_sales(request.user).order_by().values("pk"))


def _asked_by_me(rows: Any, request: HttpRequest) -> Any:
    return rows.open().filter(salesperson=request.user.pk)


def _open(rows: Any, request: HttpRequest) -> Any:
    return rows.open()


def kind_cell(one: TechnicalRequest) -> object:
    """What it is about; the urgent ones are marked."""
    urgent = html.badge(one.get_priority_display(), "late", quiet=True) if one.priority == "urgent" else ""
    return html.two_lines(str(one.kind), urgent)


class TechnicalList(ListPage):
    """What the technical team has to do, and what became of it."""

    model = TechnicalRequest
    title = LIST
    permission = "crm.view_technicalrequest"
    ordering = ("-pk",)
    filterset_class = TechnicalFilter
    columns = (
        Column("subject", gettext_lazy("Subject"), lambda one, page: html.link(one.subject, one.get_absolute_url()),
               sort="subject", place="title", plain=lambda one, page: one.subject),
        Column("number", gettext_lazy("Number"), lambda one, page: html.number(one.number), sort="number", place="fact"),
        Column("clock", gettext_lazy("Drawings due"), lambda one, page: cast(TechnicalList, page).clock(one), place="end", plain=lambda one, page: ""),
        Column("kind", gettext_lazy("Kind"), lambda one, page: kind_cell(one), place="wide", plain=lambda one, page: str(one.kind)),
        Column("customer", gettext_lazy("Customer"), lambda one, page: one.customer.name, sort="customer__name", place="fact"),
        Column("status", gettext_lazy("Status"), lambda one, page: status_badge(one), sort="status", place="fact",
               plain=lambda one, page: one.get_status_display()),
        Column("revision", gettext_lazy("Revision"), lambda one, page: one.letter or "–", sort="revision", place="wide"),
        Column("wanted", gettext_lazy("Wanted by"), lambda one, page: html.day(one.wanted_on), sort="wanted_on",
               plain=lambda one, page: one.wanted_on),
        Column("owner", gettext_lazy("Drawn by"), lambda one, page: str(one.owner or "–"), sort="owner__name", place="fact"),
        Column("salesperson", gettext_lazy("Salesperson"), lambda one, page: str(one.salesperson or "–"), sort="salesperson__name", place="wide"),
    )  # fmt: skip
    tabs = (
        Tab("mine", gettext_lazy("My desk"), _mine, "crm.draw_technicalrequest"),
        Tab("sales", gettext_lazy("Wait for me"), _for_sales, "crm.send_technicalrequest"),
        Tab("asked", gettext_lazy("Asked by me"), _asked_by_me, "crm.add_technicalrequest"),
        Tab("nobody", gettext_lazy("Nobody's"), lambda rows, request: rows.filter(status="new")),
        Tab("release", gettext_lazy("To be released"), lambda rows, request: rows.filter(status="to_release")),
        Tab("with-customer", gettext_lazy("With the customer"), lambda rows, request: rows.filter(status="sent")),
        Tab("open", pgettext_lazy("list of technical requests", "Open"), _open),
        Tab("all", gettext_lazy("All")),
    )
    fallbacks = ("open", "all")

    def visible(self, user: Any) -> QuerySet[TechnicalRequest]:
        return visible_technical_requests(user)

    def queryset(self) -> QuerySet[TechnicalRequest]:
        return super().queryset().select_related("customer", "owner", "salesperson", "kind")

    def prepare(self, rows: list[Any]) -> None:
        self.extra["clocks"] = badges_for(TechnicalRequest, [one.pk for one in rows if one.status in one.TO_DRAW])

    def clock(self, one: TechnicalRequest) -> object:
        """The countdown while it is being drawn."""
        badge = self.extra["clocks"].get(one.pk)
        return badge.html(with_label=False) if badge is not None else ""

    def row_state(self, obj: TechnicalRequest) -> str:
        badge = self.extra["clocks"].get(obj.pk)
        return badge.state if badge is not None and badge.state in ("late", "soon") else ""

    def actions(self) -> list[parts.Action]:
        if not self.request.user.has_perm("crm.add_technicalrequest"):
            return []
        new = page_url("crm:technical-request-new")
        return [parts.Action(_("New technical request"), new, icon="plus", style="primary")]


class TechnicalPage(RecordPage):
    """One technical request: what is wanted, questions back, drawings in all their revisions."""

    model = TechnicalRequest
    namespace = "crm"
    name = "technical-request"
    type_label = gettext_lazy("Technical request")
    list_label = LIST
    list_name = "technical-requests"
    permission = "crm.view_technicalrequest"
    people = ("drawn_by",)

    def visible(self, user: Any) -> QuerySet[TechnicalRequest]:
        return visible_technical_requests(user).select_related(
            "customer", "contact", "inquiry", "kind", "owner__team", "salesperson"
        )

    def title(self, obj: TechnicalRequest) -> str:
        return f"{obj.number} · {obj.subject}"

    def subtitle(self, obj: TechnicalRequest, request: HttpRequest) -> object:
        return customer_line(obj, request)

    def edit_url(self, obj: TechnicalRequest, user: Any) -> str:
        may = obj.status in TechnicalRequest.TO_DRAW and user.has_perm("crm.change_technicalrequest")
        return reverse("crm:technical-request-edit", args=[obj.pk]) if may else ""

    def facts(self, obj: TechnicalRequest, request: HttpRequest) -> list[parts.Fact]:
        late = obj.wanted_on is not None and obj.wanted_on < company_today() and obj.status in obj.TO_DRAW
        wanted = formats.day(obj.wanted_on) if obj.wanted_on else ""
        found = [
            parts.Fact(_("Kind"), str(obj.kind)),
            parts.Fact(
                _("Priority"),
                html.badge(obj.get_priority_display(), "late")
                if obj.priority == "urgent"
                else str(obj.get_priority_display()),
            ),
            parts.Fact(_("Wanted by"), html.badge(wanted, "late", quiet=True) if late else wanted),
            parts.Fact(_("Drawn by"), str(obj.owner or _("nobody yet"))),
            parts.Fact(_("Salesperson"), str(obj.salesperson or "")),
            parts.Fact(_("Revision"), obj.letter),
            parts.Fact(_("Click system"), obj.click_system),
            parts.Fact(
                _("Inquiry"), html.link(obj.inquiry.number, obj.inquiry.get_absolute_url()) if obj.inquiry else ""
            ),
        ]
        if obj.status == TechnicalRequest.Status.SENT and obj.follow_up_on:
            found.append(parts.Fact(_("Ask the customer on"), formats.day(obj.follow_up_on)))
        if obj.approved_digest:
            found.append(parts.Fact(_("Approved content"), html.number(f"{obj.approved_digest[:12]}…")))
        if obj.outcome:
            found.append(parts.Fact(_("Outcome"), html.two_lines(obj.get_outcome_display(), obj.reason)))
        return found

    def sections(self, obj: TechnicalRequest, request: HttpRequest) -> list[object]:
        found: list[object] = [
            parts.Section(_("What is wanted"), render_to_string("crm/words.html", {"text": obj.wish}))
        ]
        sizes = [
            {
                "label": one.get_name_display(),
                "value": formats.quantity(one.value, one.unit),
                "tolerance": one.tolerance,
            }
            for one in obj.dimensions.all()
        ]
        if sizes:
            body = render_to_string("crm/technical/_dimensions.html", {"dimensions": sizes})
            found.append(parts.Section(_("Dimensions"), body, "dimensions"))
        files = list(attachments_of(obj, purpose=BRIEF))
        if files:
            body = render_to_string("crm/files.html", {"files": files})
            found.append(parts.Section(_("Customer's drawings and photos"), body, "files"))
        asked = [_question(one) for one in obj.questions.select_related("asked_by")]
        if asked:
            body = render_to_string("crm/technical/_questions.html", {"questions": asked})
            found.append(parts.Section(_("Questions"), body, "questions"))
        if obj.revision:
            found.insert(0, parts.Section(_("Drawings"), revisions_of(obj), "drawings"))
        return found


def _question(one: Any) -> dict[str, Any]:
    return {
        "who": one.get_to_display(),
        "by": str(one.asked_by or ""),
        "at": formats.moment(one.asked_at),
        "text": one.text,
        "answer": one.answer,
        "answered_by": one.answered_by,
        "answered": formats.moment(one.answered_at) if one.answered_at else "",
    }


def revisions_of(obj: TechnicalRequest) -> str:
    """All revisions with their files, the newest first. Two queries."""
    rows = obj.revisions.select_related("drawn_by", "released_by").prefetch_related("files__attachment")
    return render_to_string("crm/technical/_revisions.html", {"rows": [_revision(one) for one in rows]})


def _revision(one: DrawingRevision) -> dict[str, Any]:
    files = [
        {
            "title": file.attachment.title,
            "url": file.attachment.get_absolute_url(),
            "size": formats.file_size(file.attachment.size),
        }
        for file in one.files.all()
    ]
    decided = ""
    if one.outcome and one.decided_at:
        via = str(one.get_decided_via_display()) if one.decided_via else ""
        decided = " · ".join(part for part in (one.decided_by, via, formats.moment(one.decided_at)) if part)
    names = {"who": one.drawn_by or "–", "when": formats.moment(one.drawn_at)}
    released = ""
    if one.released_at and one.released_by:
        said = {"who": one.released_by, "when": formats.moment(one.released_at)}
        released = _("released by %(who)s, %(when)s") % said
    return {
        "revision": one,
        "files": files,
        "badge": html.badge(one.get_outcome_display(), OUTCOMES[one.outcome], quiet=True) if one.outcome else "",
        "drawn": _("drawn by %(who)s, %(when)s") % names,
        "released": released,
        "sent": _("sent %(when)s") % {"when": formats.moment(one.sent_at)} if one.sent_at else "",
        "decided": decided,
    }


class _TechnicalForm(RowFormPage):
    """What new and changed requests share."""

    list_label = LIST
    list_name = "crm:technical-requests"
    form_class = TechnicalForm
    rows_class = Dimensions
    rows_title = gettext_lazy("Dimensions")
    row_template = "crm/technical/_row.html"
    most_rows = MOST_DIMENSIONS


class NewTechnical(_TechnicalForm):
    """Ask the technical team; `?customer=` knows for whom, `?inquiry=` why."""

    permission = "crm.add_technicalrequest"
    title = gettext_lazy("New technical request")

    def first_values(self) -> dict[str, Any]:
        return {**TechnicalForm.first_values(self.customer), "inquiry": self.request.GET.get("inquiry", "")}

    def save(self, form: Any, rows: Any) -> TechnicalRequest:
        values = form.cleaned_data
        return request_drawings(self.customer.pk, actor=self.request.user, dimensions=rows.measures(), **values)

    def done(self, record: TechnicalRequest) -> str:
        return _("Technical request %(number)s is with the technical team.") % {"number": record.number}


class EditTechnical(_TechnicalForm):
    """Say it better, or add a drawing of the customer's."""

    permission = "crm.change_technicalrequest"
    title = gettext_lazy("Edit technical request")

    def load(self, pk: int) -> None:
        rows = visible_technical_requests(self.request.user).select_related("customer")
        self.object = get_object_or_404(rows, pk=pk)
        self.customer = self.object.customer

    def first_values(self) -> dict[str, Any]:
        return TechnicalForm.values_of(self.object)

    def first_rows(self) -> list[dict[str, Any]]:
        return [
            {"name": one.name, "value": one.value.normalize(), "unit": one.unit, "tolerance": one.tolerance}
            for one in self.object.dimensions.all()
        ]

    def save(self, form: Any, rows: Any) -> TechnicalRequest:
        values = form.cleaned_data
        return change_request(self.object.pk, actor=self.request.user, dimensions=rows.measures(), **values)

    def done(self, record: TechnicalRequest) -> str:
        return _("Saved.")
