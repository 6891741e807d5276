"""Samples: the list, the page, asking for them, the slip in the parcel."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.forms.lines import SampleLines, product_suggestions
from crm.forms.samples import SampleForm
from crm.models import Sample, SampleLine
from crm.models.cadence import company_today
from crm.sample_filters import SampleFilter
from crm.sample_papers import lines_of, print_slip
from crm.sample_selectors import visible_samples
from crm.selectors import visible_customers
from crm.services.samples import MOST_LINES, change_sample, request_sample
from crm.views.row_forms import RowFormPage
from foundation.documents.pdf import PdfRefused
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.sla.selectors.clocks import badges_for
from foundation.ui import formats, html, parts
from foundation.ui.addresses import page_url

# Colour of a state; the word always stands beside it.
STATES = {
    "requested": "soon",
    "prepared": "plain",
    "sent": "in-time",
    "received": "in-time",
    "approved": "done",
    "rejected": "late",
    "cancelled": "paused",
}
LIST = gettext_lazy("Samples")


def status_badge(sample: Sample) -> object:
    """The state in a word, with its mark."""
    return html.badge(sample.get_status_display(), STATES[sample.status], quiet=True)


def _mine(rows: Any, request: HttpRequest) -> Any:
    return rows.filter(owner=request.user.pk, status__in=Sample.OPEN)


def _to_send(rows: Any, request: HttpRequest) -> Any:
    return rows.to_send()


def _today(rows: Any, request: HttpRequest) -> Any:
    return rows.to_send().filter(wanted_on__lte=company_today())


def _with_customer(rows: Any, request: HttpRequest) -> Any:
    return rows.with_customer()


def _to_ask(rows: Any, request: HttpRequest) -> Any:
    return rows.to_follow_up(company_today())


def follow_up_cell(sample: Sample) -> object:
    """When we ask the customer, marked once that day is past."""
    if sample.follow_up_on is None or sample.status not in Sample.WITH_CUSTOMER:
        return "–"
    shown = formats.day(sample.follow_up_on)
    return html.badge(shown, "late", quiet=True) if sample.follow_up_on < company_today() else shown


class SampleList(ListPage):
    """Every parcel of samples, the newest first."""

    model = Sample
    title = LIST
    permission = "crm.view_sample"
    ordering = ("-pk",)
    filterset_class = SampleFilter
    columns = (
        Column("purpose", gettext_lazy("Purpose"), lambda one, page: html.link(one.purpose, one.get_absolute_url()),
               sort="purpose", place="title", plain=lambda one, page: one.purpose),
        Column("number", gettext_lazy("Number"), lambda one, page: html.number(one.number), sort="number", place="fact"),
        Column("customer", gettext_lazy("Customer"), lambda one, page: one.customer.name, sort="customer__name", place="fact"),
        Column("status", gettext_lazy("Status"), lambda one, page: status_badge(one), sort="status", place="end",
               plain=lambda one, page: one.get_status_display()),
        Column("wanted", gettext_lazy("Wanted by"), lambda one, page: html.day(one.wanted_on), sort="wanted_on", place="fact",
               plain=lambda one, page: one.wanted_on),
        Column("sent", gettext_lazy("Sent on"), lambda one, page: html.two_lines(html.day(one.sent_on), f"{one.courier} {one.waybill}".strip()),
               sort="sent_on", plain=lambda one, page: one.sent_on),
        Column("waybill", gettext_lazy("Waybill number"), lambda one, page: html.number(one.waybill or "–"), place="wide"),
        Column("follow_up", gettext_lazy("Ask on"), lambda one, page: follow_up_cell(one), sort="follow_up_on",
               plain=lambda one, page: one.follow_up_on),
        Column("owner", gettext_lazy("Salesperson"), lambda one, page: str(one.owner or "–"), sort="owner__name", place="fact"),
    )  # fmt: skip
    tabs = (
        Tab("mine", gettext_lazy("Mine"), _mine, "crm.add_sample"),
        Tab("to-send", gettext_lazy("To be sent"), _to_send),
        Tab("today", gettext_lazy("To be sent today"),
            _today),
        Tab("with-customer", gettext_lazy("With the customer"), _with_customer),
        Tab("to-ask", gettext_lazy("To be asked"), _to_ask),
        Tab("rejected", pgettext_lazy("list of samples", "Rejected"), lambda rows, request: rows.filter(status="rejected")),
        Tab("all", gettext_lazy("All")),
    )  # fmt: skip
    fallbacks = ("with-customer", "all")

    def visible(self, user: Any) -> QuerySet[Sample]:
        return visible_samples(user)

    def queryset(self) -> QuerySet[Sample]:
        return super().queryset().select_related("customer", "owner")

    def prepare(self, rows: list[Any]) -> None:
        self.extra["clocks"] = badges_for(Sample, [one.pk for one in rows if one.status in Sample.OPEN])

    def row_state(self, obj: Sample) -> str:
        badge = self.extra["clocks"].get(obj.pk)
        return badge.state if badge is not None and badge.state in ("late", "soon") else ""

    def actions(self) -> list[parts.Action]:
        if not self.request.user.has_perm("crm.add_sample"):
            return []
        return [parts.Action(_("New sample request"), page_url("crm:sample-new"), icon="plus", style="primary")]


class SamplePage(RecordPage):
    """One parcel: what is in it, where it is, what the customer says."""

    model = Sample
    namespace = "crm"
    name = "sample"
    type_label = gettext_lazy("Sample request")
    list_label = LIST
    list_name = "samples"
    permission = "crm.view_sample"
    people = ("prepared_by", "sent_by", "created_by")

    def visible(self, user: Any) -> QuerySet[Sample]:
        return visible_samples(user).select_related("customer", "contact", "inquiry", "owner__team", "replaces")

    def title(self, obj: Sample) -> str:
        return f"{obj.number} · {obj.purpose}"

    def subtitle(self, obj: Sample, request: HttpRequest) -> object:
        return customer_line(obj, request)

    def edit_url(self, obj: Sample, user: Any) -> str:
        may = obj.status in Sample.TO_SEND and user.has_perm("crm.change_sample")
        return reverse("crm:sample-edit", args=[obj.pk]) if may else ""

    def facts(self, obj: Sample, request: HttpRequest) -> list[parts.Fact]:
        found = [
            parts.Fact(_("Salesperson"), str(obj.owner or "")),
            parts.Fact(_("Wanted by"), formats.day(obj.wanted_on) if obj.wanted_on else ""),
            parts.Fact(
                _("Inquiry"), html.link(obj.inquiry.number, obj.inquiry.get_absolute_url()) if obj.inquiry else ""
            ),
            parts.Fact(_("Sent"), _dispatch(obj)),
            parts.Fact(_("Received"), " · ".join(p for p in (_day(obj.received_on), obj.received_by) if p)),
        ]
        if obj.status in Sample.WITH_CUSTOMER:
            found.append(parts.Fact(_("Ask the customer on"), follow_up_cell(obj)))
        if obj.decided_at:
            said = (str(obj.get_decided_via_display()), formats.moment(obj.decided_at))
            found.append(parts.Fact(_("Decided"), html.two_lines(obj.decided_by or "–", " · ".join(said))))
        if obj.reason:
            found.append(parts.Fact(_("Reason"), obj.reason))
        if obj.replaces:
            found.append(parts.Fact(_("Instead of"), html.link(obj.replaces.number, obj.replaces.get_absolute_url())))
        return found

    def sections(self, obj: Sample, request: HttpRequest) -> list[object]:
        lines = lines_of(obj, get_language() or "en")
        slip = parts.Action(_("Delivery slip"), reverse("crm:sample-slip", args=[obj.pk]), icon="printer")
        found: list[object] = [
            parts.Section(_("Lines"), render_to_string("crm/samples/_lines.html", {"lines": lines}), "lines", slip),
            parts.Section(_("Delivery address"), render_to_string("crm/words.html", {"text": obj.delivery_address})),
        ]
        if obj.note:
            found.append(
                parts.Section(_("Note for whoever sends it"), render_to_string("crm/words.html", {"text": obj.note}))
            )
        later = list(obj.successors.only("number", "purpose")) if obj.status == Sample.Status.REJECTED else []
        if later:
            links = [html.link(f"{one.number} · {one.purpose}", one.get_absolute_url()) for one in later]
            found.append(parts.Section(_("New samples instead"), format_html("<p>{}</p>", links[0])))
        return found

    def after(self, obj: Sample, action: str, result: Any) -> str:
        return str(result.get_absolute_url()) if action == "again" else super().after(obj, action, result)


def customer_line(obj: Any, request: HttpRequest) -> object:
    """The customer, as a link for whoever may open it, and the contact."""
    seen = visible_customers(request.user).filter(pk=obj.customer_id).exists()
    name = html.link(obj.customer.name, obj.customer.get_absolute_url()) if seen else obj.customer.name
    return format_html("{} · {}", name, obj.contact.name) if obj.contact else name


def _day(day: Any) -> str:
    return formats.day(day) if day else ""


def _dispatch(obj: Sample) -> object:
    if obj.sent_on is None:
        return ""
    number = html.link(obj.waybill or _("Tracking page"), obj.tracking_url) if obj.tracking_url else obj.waybill
    return html.two_lines(formats.day(obj.sent_on), format_html("{} {}", obj.courier, number))


@require_safe
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The delivery slip, printed as it stands now."""
    if not request.user.has_perm("crm.view_sample"):
        raise PermissionDenied
    rows = visible_samples(request.user).select_related("customer", "inquiry", "owner")
    sample = get_object_or_404(rows, pk=pk)
    try:
        data = print_slip(sample)
    except PdfRefused as refused:
        messages.error(request, refused.message)
        return redirect(sample.get_absolute_url())
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{sample.number}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


class _SampleForm(RowFormPage):
    """What new and changed requests share."""

    list_label = LIST
    list_name = "crm:samples"
    form_class = SampleForm
    rows_class = SampleLines
    rows_title = gettext_lazy("Lines")
    row_template = "crm/samples/_row.html"
    most_rows = MOST_LINES

    def more(self) -> dict[str, Any]:
        return {"products": product_suggestions()}


class NewSample(_SampleForm):
    """Ask for samples; `?customer=` knows for whom, `?inquiry=` why."""

    permission = "crm.add_sample"
    title = gettext_lazy("New sample request")

    def first_values(self) -> dict[str, Any]:
        return {**SampleForm.first_values(self.customer), "inquiry": self.request.GET.get("inquiry", "")}

    def save(self, form: Any, rows: Any) -> Sample:
        values = form.cleaned_data
        return request_sample(self.customer.pk, actor=self.request.user, lines=rows.articles(), **values)

    def done(self, record: Sample) -> str:
        return _("Sample %(number)s is requested.") % {"number": record.number}


class EditSample(_SampleForm):
    """Change what was asked for, while it is in the house."""

    permission = "crm.change_sample"
    title = gettext_lazy("Edit sample request")

    def load(self, pk: int) -> None:
        rows = visible_samples(self.request.user).select_related("customer")
        self.object = get_object_or_404(rows, pk=pk)
        self.customer = self.object.customer

    def first_values(self) -> dict[str, Any]:
        return SampleForm.values_of(self.object)

    def first_rows(self) -> list[dict[str, Any]]:
        return [_row(line) for line in self.object.lines.select_related("product")]

    def save(self, form: Any, rows: Any) -> Sample:
        return change_sample(self.object.pk, actor=self.request.user, lines=rows.articles(), **form.cleaned_data)

    def done(self, record: Sample) -> str:
        return _("Saved.")


def _row(line: SampleLine) -> dict[str, Any]:
    return {
        "sku": line.product.sku if line.product else "",
        "description": line.description,
        "variant": line.variant,
        "quantity": line.quantity.normalize(),
        "unit": line.unit,
        "charge": line.charge,
    }
