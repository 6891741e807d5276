"""Trade documents: what is to be checked, the page of one with its versions, and what an order's page shows of them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import formats, html, parts
from foundation.ui.prepared import keep_rows, prepared
from orders.filters import DocumentFilter
from orders.models import DocumentVersion, Order, TradeDocument
from orders.selectors import documents_to_check_by, visible_documents

MARKS = {"submitted": "soon", "returned": "late", "approved": "done"}
LIST = gettext_lazy("Trade documents")
_KIND = ("kind__name", "kind__name_de", "kind__name_zh_hans", "kind__name_zh_hant")
SECTION_SHOWN = ("number", "status", "order", "reference", "version", "submitted_at", *_KIND)
SHOWN = (*SECTION_SHOWN, "customer__name", "order__number", "submitted_by__name", "submitted_by__email")


def status_badge(document: TradeDocument) -> SafeString:
    """The state in a word, with its mark."""
    return html.badge(document.get_status_display(), MARKS[document.status])


def _to_check(rows: Any, request: HttpRequest) -> Any:
    return rows.filter(pk__in=documents_to_check_by(request.user).values("pk"))


def _kind(document: TradeDocument) -> object:
    return html.two_lines(document.kind, document.reference)


class DocumentList(ListPage):
    """Every trade document of customers whom this person may see, the newest first."""

    model = TradeDocument
    title = LIST
    permission = "orders.view_tradedocument"
    filterset_class = DocumentFilter
    ordering = ("-submitted_at", "-pk")
    columns = (
        Column("number", gettext_lazy("Number"), lambda d, page: html.link(d.number, d.get_absolute_url(), css="nr"),
               sort="number", place="title", plain=lambda d, page: d.number),
        Column("kind", gettext_lazy("Kind"), lambda d, page: _kind(d), place="fact", plain=lambda d, page: str(d.kind)),
        Column("order", gettext_lazy("Order"), lambda d, page: html.link(d.order.number, d.order.get_absolute_url(), css="nr"),
               sort="order__number", place="fact", plain=lambda d, page: d.order.number),
        Column("customer", gettext_lazy("Customer"), lambda d, page: html.link(d.customer.name, d.customer.get_absolute_url()),
               sort="customer__name", plain=lambda d, page: d.customer.name),
        Column("version", gettext_lazy("Version"), lambda d, page: str(d.version), is_number=True),
        Column("submitted_by", gettext_lazy("Submitted by"), lambda d, page: str(d.submitted_by or "–")),
        Column("submitted_at", gettext_lazy("Submitted"), lambda d, page: html.when(d.submitted_at), sort="submitted_at",
               place="fact", plain=lambda d, page: d.submitted_at),
        Column("status", gettext_lazy("State"), lambda d, page: status_badge(d), sort="status", place="end",
               plain=lambda d, page: d.get_status_display()),
    )  # fmt: skip
    tabs = (
        Tab("check", gettext_lazy("To check"), _to_check, "orders.check_document"),
        Tab("open", gettext_lazy("Not approved"), lambda rows, request: rows.exclude(status="approved")),
        Tab("returned", pgettext_lazy("documents", "Returned"), lambda rows, request: rows.filter(status="returned")),
        Tab("all", gettext_lazy("All")),
    )
    fallbacks = ("open", "all")

    def visible(self, user: Any) -> QuerySet[Any]:
        """Documents behind this person's door."""
        return visible_documents(user)

    def queryset(self) -> QuerySet[Any]:
        """Documents with kind, order, customer and who submitted them."""
        rows = self.visible(self.request.user).select_related("kind", "order", "customer", "submitted_by")
        return rows.only(*SHOWN)


@prepared
def _versions(document_id: int) -> QuerySet[DocumentVersion]:
    rows = DocumentVersion.objects.filter(document=document_id)
    return rows.select_related("attachment", "submitted_by", "checked_by").order_by("-number")


class DocumentPage(RecordPage):
    """One trade document with all its versions."""

    model = TradeDocument
    namespace = "orders"
    name = "document"
    type_label = gettext_lazy("Trade document")
    list_label = LIST
    list_name = "documents"
    permission = "orders.view_tradedocument"
    people = ("submitted_by", "approved_by")
    is_prepared = True

    def visible(self, user: Any) -> QuerySet[Any]:
        """The door, with kind, order and customer."""
        return visible_documents(user).select_related("kind", "customer", "order__contact", "order__owner")

    def read_more(self, obj: TradeDocument) -> None:
        keep_rows(obj, "versions", _versions(obj.pk))

    def title(self, obj: TradeDocument) -> str:
        return f"{obj.number} · {obj.kind}"

    def subtitle(self, obj: TradeDocument, request: HttpRequest) -> object:
        order = html.link(f"{_('Order')} {obj.order.number}", obj.order.get_absolute_url())
        return mark_safe(f"{html.link(obj.customer.name, obj.customer.get_absolute_url())} · {order}")

    def facts(self, obj: TradeDocument, request: HttpRequest) -> list[parts.Fact]:
        approved = html.two_lines(str(obj.approved_by), formats.moment(obj.approved_at)) if obj.approved_at else ""
        errors = [one for one in obj.versions.all() if one.error]
        return [
            parts.Fact(_("Kind"), str(obj.kind)),
            parts.Fact(_("Number on the document"), obj.reference),
            parts.Fact(_("Version"), str(obj.version)),
            parts.Fact(_("Submitted by"), html.two_lines(str(obj.submitted_by), formats.moment(obj.submitted_at))),
            parts.Fact(_("Approved by"), approved),
            parts.Fact(
                _("Approved content"), html.number(f"{obj.approved_digest[:12]}…") if obj.approved_digest else ""
            ),
            parts.Fact(_("Errors found"), str(len(errors))),
            parts.Fact(_("Owner"), str(obj.owner or "")),
        ]

    def sections(self, obj: TradeDocument, request: HttpRequest) -> list[object]:
        rows = [
            {
                "version": one,
                "badge": _outcome(one),
                "size": formats.file_size(one.attachment.size),
                "submitted": formats.moment(one.submitted_at),
                "checked": formats.moment(one.checked_at) if one.checked_at else "",
            }
            for one in obj.versions.all()
        ]
        body = render_to_string("orders/parts/versions.html", {"rows": rows})
        return [parts.Section(_("Versions"), mark_safe(body), "versions")]


def _outcome(version: DocumentVersion) -> SafeString:
    if not version.outcome:
        return html.badge(TradeDocument.Status.SUBMITTED.label, MARKS["submitted"])
    return html.badge(version.get_outcome_display(), MARKS[version.outcome])


def documents_section(order: Order, user: Any) -> list[parts.Section]:
    """The trade documents of an order with where their checks stand."""
    rows = list(order.documents.all()) if user.has_perm("orders.view_tradedocument") else []
    if not rows:
        return []
    shown = [
        {
            "document": row,
            "url": row.get_absolute_url(),
            "badge": status_badge(row),
            "at": formats.day(row.submitted_at),
        }
        for row in rows
    ]
    body = render_to_string("orders/parts/documents.html", {"rows": shown})
    return [parts.Section(_("Trade documents"), mark_safe(body), "documents")]
