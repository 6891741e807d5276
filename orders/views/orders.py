"""Orders: list, record, create, edit."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from catalog.selectors import unit_symbol
from crm.models import Address
from crm.selectors import visible_customers
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import formats, html, parts
from foundation.ui.places import country_name
from foundation.ui.prepared import keep_rows, prepared
from foundation.ui.submissions import submit_once
from orders import services
from orders.filters import OrderFilter
from orders.forms.heads import OrderForm
from orders.forms.lines import initial_lines
from orders.models import CostKind, Order, OrderCost, OrderLine, Payment, TradeDocument
from orders.papers import unit_price_text
from orders.selectors import mismatched_units, visible_orders
from orders.views.documents import SECTION_SHOWN as DOCUMENT_SHOWN
from orders.views.documents import documents_section
from orders.views.editing import Editor, asked_for, choose_customer
from orders.views.payments import SECTION_SHOWN as PAYMENT_SHOWN
from orders.views.payments import payments_section

MARKS = {
    "draft": "plain",
    "in_review": "soon",
    "confirmed": "in-time",
    "in_delivery": "in-time",
    "delivered": "done",
    "completed": "done",
    "cancelled": "paused",
}
LIST = gettext_lazy("Orders")
SHOWN = (
    "number", "status", "incoterm", "incoterm_place", "total", "currency", "promised_on", "contract_number", "ordered_at",
)  # fmt: skip


def status_badge(order: Order) -> object:
    """The state in a word, with its mark."""
    return html.badge(order.get_status_display(), MARKS[order.status])


def terms(order: Order) -> str:
    """CIF Hamburg."""
    return f"{order.incoterm} {order.incoterm_place}".strip()


def _open(rows: Any, _request: HttpRequest) -> Any:
    return rows.open()


def _mine(rows: Any, request: HttpRequest) -> Any:
    return rows.open().filter(owner=request.user)


def _to_review(rows: Any, _request: HttpRequest) -> Any:
    return rows.awaiting_review()


class OrderList(ListPage):
    """Every order that this person may see."""

    model = Order
    title = LIST
    permission = "orders.view_order"
    filterset_class = OrderFilter
    ordering = ("-ordered_at", "-pk")
    is_prepared = True
    fixed_tabs = ("open", "mine", "review", "drafts", "all")
    columns = (
        Column(
            "number",
            gettext_lazy("Number"),
            lambda o, p: html.link(o.number, o.get_absolute_url(), css="nr"),
            sort="number",
            place="title",
            plain=lambda o, p: o.number,
        ),  # fmt: skip
        Column(
            "customer",
            gettext_lazy("Customer"),
            lambda o, p: html.link(o.customer.name, o.customer.get_absolute_url()),
            sort="customer__name",
            place="fact",
        ),  # fmt: skip
        Column("status", gettext_lazy("State"), lambda o, p: status_badge(o), sort="status", place="end"),
        Column("terms", gettext_lazy("Terms of delivery"), lambda o, p: terms(o)),
        Column(
            "total",
            gettext_lazy("Total"),
            lambda o, p: formats.money(o.total, o.currency),
            sort="total",
            place="fact",
            is_number=True,
            plain=lambda o, p: o.total,
        ),  # fmt: skip
        Column(
            "promised_on",
            gettext_lazy("Promised for"),
            lambda o, p: html.day(o.promised_on),
            sort="promised_on",
            plain=lambda o, p: o.promised_on,
        ),  # fmt: skip
        Column(
            "contract", gettext_lazy("Contract"), lambda o, p: html.number(o.contract_number), sort="contract_number"
        ),
        Column("owner", gettext_lazy("Owner"), lambda o, p: str(o.owner or "–"), sort="owner__name"),
        Column(
            "ordered_at",
            gettext_lazy("Ordered"),
            lambda o, p: html.when(o.ordered_at),
            sort="ordered_at",
            plain=lambda o, p: o.ordered_at,
        ),  # fmt: skip
    )
    tabs = (
        Tab("open", gettext_lazy("Open"), _open),
        Tab("mine", gettext_lazy("Mine"), _mine),
        Tab("review", gettext_lazy("To review"), _to_review, "orders.review_order"),
        Tab("drafts", gettext_lazy("Drafts"), lambda rows, request: rows.filter(status="draft")),
        Tab("all", gettext_lazy("All")),
    )

    def visible(self, user: Any) -> Any:
        return visible_orders(user)

    def queryset(self) -> Any:
        rows = self.visible(self.request.user).select_related("customer", "owner")
        return rows.only(*SHOWN, "customer__name", "owner__name", "owner__email")

    def links(self) -> list[parts.Action]:
        found = [
            parts.Action(_("Quotes"), reverse("orders:quotes"), icon="document-text"),
            parts.Action(_("Products"), reverse("catalog:products"), icon="cube"),
            parts.Action(pgettext("of trade", "Documents"), reverse("orders:documents"), icon="document-check"),
        ]
        if self.request.user.has_perm("orders.view_payment"):
            found.append(parts.Action(_("Payments"), reverse("orders:payments"), icon="banknotes"))
        return found

    def actions(self) -> list[parts.Action]:
        if not self.request.user.has_perm("orders.add_order"):
            return []
        return [parts.Action(_("New order"), reverse("orders:order-new"), icon="plus", style="primary")]


@prepared
def _lines(order_id: int) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order=order_id).select_related("product__unit")


@prepared
def _costs(order_id: int) -> QuerySet[OrderCost]:
    return OrderCost.objects.filter(order=order_id)


@prepared
def _payments(order_id: int) -> QuerySet[Payment]:
    return Payment.objects.filter(order=order_id).only(*PAYMENT_SHOWN).order_by("pk")


@prepared
def _documents(order_id: int) -> QuerySet[TradeDocument]:
    return TradeDocument.objects.filter(order=order_id).select_related("kind").only(*DOCUMENT_SHOWN).order_by("pk")


class OrderPage(RecordPage):
    """One order."""

    model = Order
    namespace = "orders"
    name = "order"
    type_label = gettext_lazy("Order")
    list_label = LIST
    list_name = "orders"
    permission = "orders.view_order"
    people = ("owner", "created_by", "submitted_by", "reviewed_by")
    is_prepared = True

    def visible(self, user: Any) -> Any:
        rows = visible_orders(user)
        return rows.select_related("customer", "contact", "consignee_address", "payment_term", "quote")

    def read_more(self, obj: Order) -> None:
        lines = _lines(obj.pk)
        if any(line.product and line.unit and line.unit != line.product.unit.code for line in lines):
            prefetch_related_objects(lines, "product__packs")  # only another unit than the product's own asks for them
        keep_rows(obj, "lines", lines)
        keep_rows(obj, "costs", _costs(obj.pk) if obj.quote_id else [])  # they come from the quote
        keep_rows(obj, "payments", _payments(obj.pk) if obj.payment_term_id else [])  # they follow from the terms
        keep_rows(obj, "documents", _documents(obj.pk))

    def title(self, obj: Order) -> str:
        return f"{obj.number} · {obj.customer.name}"

    def subtitle(self, obj: Order, request: HttpRequest) -> object:
        links = [html.link(obj.customer.name, obj.customer.get_absolute_url())]
        if obj.quote:
            links.append(html.link(f"{_('Quote')} {obj.quote.reference}", obj.quote.get_absolute_url()))
        if obj.customer_reference:
            links.append(html.link(f"{_('Their reference')} {obj.customer_reference}", ""))
        return mark_safe(" · ".join(links))  # each is escaped

    def facts(self, obj: Order, request: HttpRequest) -> list[parts.Fact]:
        edit = self.edit_url(obj, request.user)
        contract = html.two_lines(obj.contract_number, formats.day(obj.contract_date) if obj.contract_date else "")
        review = obj.reviewed_by or obj.submitted_by
        return [
            parts.Fact(_("Total"), formats.money(obj.total, obj.currency)),
            parts.Fact(_("Terms of delivery"), terms(obj), edit),
            parts.Fact(_("Payment terms"), str(obj.payment_term or ""), edit),
            parts.Fact(_("Promised for"), formats.day(obj.promised_on) if obj.promised_on else "", edit),
            parts.Fact(_("Contact"), str(obj.contact or ""), edit),
            parts.Fact(_("Delivery address"), self._address(obj), edit),
            parts.Fact(_("Contract"), contract if obj.contract_number else "", edit),
            parts.Fact(_("Owner"), str(obj.owner or "")),
            parts.Fact(_("Reviewed by") if obj.reviewed_by else _("Submitted by"), str(review) if review else "–"),
            parts.Fact(_("Entered"), html.two_lines(formats.moment(obj.ordered_at), obj.created_by or "")),
        ]

    @staticmethod
    def _address(obj: Order) -> object:
        text = obj.delivery_address
        if not text and obj.consignee_address:
            text = "\n".join(obj.consignee_address.lines())
        if not text and obj.destination_country:
            text = country_name(obj.destination_country)
        return text.replace("\n", ", ")

    def sections(self, obj: Order, request: HttpRequest) -> list[object]:
        rows = list(obj.lines.all())
        context = {"lines": [_line(row, obj) for row in rows], "goods": formats.money(obj.goods_total, obj.currency)}
        costs = [(str(CostKind(row.kind).label), formats.money(row.amount, obj.currency)) for row in obj.costs.all()]
        context |= {"costs": costs, "total": formats.money(obj.total, obj.currency), "term": terms(obj)}
        context["warnings"] = mismatched_units(rows)
        found: list[object] = [
            parts.Section(_("Lines"), mark_safe(render_to_string("orders/parts/lines.html", context)), "lines")
        ]
        found += [*payments_section(obj, request.user), *documents_section(obj, request.user)]
        if obj.remark:
            words = render_to_string("orders/parts/words.html", {"words": [obj.remark]})
            found.append(parts.Section(_("Remark"), mark_safe(words)))
        return found

    def edit_url(self, obj: Order, user: Any) -> str:
        may = obj.is_editable and user.has_perm("orders.change_order")
        return reverse("orders:order-edit", args=[obj.pk]) if may else ""


def _line(row: OrderLine, order: Order) -> dict[str, Any]:
    return {
        "position": row.position,
        "sku": row.product.sku if row.product else "",
        "url": row.product.get_absolute_url() if row.product else "",
        "name": row.description,
        "details": row.specification,
        "quantity": formats.quantity(row.quantity, unit_symbol(row.unit)),
        "unit_price": unit_price_text(row.unit_price, order.currency),
        "amount": formats.money(row.amount, order.currency),
    }


# ---------------------------------------------------------------- create and edit


@permission_required("orders.add_order", raise_exception=True)
@submit_once
def order_new(request: HttpRequest) -> HttpResponse:
    """Enter an order for `?customer=` that comes without a quote."""
    crumbs = [parts.Crumb(LIST, reverse("orders:orders"))]
    key = asked_for(request, "customer")
    if key is None:
        return choose_customer(request, title=_("New order: for which customer?"), crumbs=crumbs)
    customer = get_object_or_404(visible_customers(request.user), pk=key)
    address = customer.addresses.filter(kind=Address.Kind.DELIVERY).first()
    initial = {
        "contact": customer.contacts.filter(left_at=None).first(),
        "consignee_address": address,
        "destination_country": address.country if address else customer.country,
        "currency": "USD",
    }

    def save(form: OrderForm, formset: Any) -> Order:
        return services.create_order(actor=request.user, customer=customer, lines=formset.lines(), **form.values())

    return Editor(
        request,
        OrderForm,
        customer,
        _("New order of %(customer)s") % {"customer": customer.name},
        initial,
        [],
        save,
        _("Order saved as a draft."),
        customer.get_absolute_url(),
        crumbs,
    ).respond()


@permission_required("orders.change_order", raise_exception=True)
@submit_once
def order_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    order = get_object_or_404(visible_orders(request.user).select_related("customer"), pk=pk)
    if not order.is_editable and request.method != "POST":
        return redirect(order.get_absolute_url())

    def save(form: OrderForm, formset: Any) -> Order:
        seen = form.cleaned_data["seen"]
        return services.update_order(pk, actor=request.user, seen=seen, lines=formset.lines(), **form.values())

    return Editor(
        request,
        OrderForm,
        order.customer,
        _("Edit order %(number)s") % {"number": order.number},
        OrderForm.initial_of(order),
        initial_lines(order.lines.select_related("product")),
        save,
        _("Order saved."),
        order.get_absolute_url(),
        [parts.Crumb(LIST, reverse("orders:orders")), parts.Crumb(order.number, order.get_absolute_url())],
    ).respond()
