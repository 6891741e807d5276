"""Payments: finance's list, the page of one, and what an order's page shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from foundation.journal.models import Attachment
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import formats, html, parts
from foundation.ui.prepared import prepared
from orders.filters import PaymentFilter
from orders.models import Order, Payment
from orders.selectors import payments_to_confirm_by, visible_payments

MARKS = {"expected": "plain", "reported": "soon", "confirmed": "done", "waived": "paused", "cancelled": "paused"}
LIST = gettext_lazy("Payments")
SECTION_SHOWN = (
    "number", "status", "order", "kind", "amount", "currency", "due_on", "received", "is_before_dispatch", "requested_at",
    "closed_at",
)  # fmt: skip
SHOWN = (*SECTION_SHOWN, "paid_on", "reference", "customer__name", "order__number")


def is_overdue(payment: Payment) -> bool:
    """Open, and its day is over."""
    return payment.is_open and payment.due_on is not None and payment.due_on < timezone.localdate()


def status_badge(payment: Payment) -> SafeString:
    """The state in a word, with its mark; what is overdue says so."""
    if payment.status == Payment.Status.EXPECTED and is_overdue(payment):
        return html.badge(_("Overdue"), "late")
    if payment.status == Payment.Status.EXPECTED and payment.requested_at is None:
        return html.badge(_("Planned"), "plain", quiet=True)
    return html.badge(payment.get_status_display(), MARKS[payment.status])


def amount(payment: Payment) -> object:
    """What was agreed, and beneath it what came where that differs."""
    agreed = formats.money(payment.amount, payment.currency)
    if payment.received is None or payment.received == payment.amount:
        return agreed
    return html.two_lines(agreed, _("received %(sum)s") % {"sum": formats.money(payment.received, payment.currency)})


def _open(rows: Any, _request: HttpRequest) -> Any:
    return rows.open()


def _overdue(rows: Any, _request: HttpRequest) -> Any:
    return rows.overdue(today=timezone.localdate())


def _to_confirm(rows: Any, request: HttpRequest) -> Any:
    return rows.filter(pk__in=payments_to_confirm_by(request.user).values("pk"))


# What finance compares with the bank: columns of the file alone, the page shows the sums that differ beneath the amount.
ONLY_IN_FILES = (
    Column("currency", gettext_lazy("Currency"), lambda p, page: p.currency),
    Column("received", pgettext_lazy("money", "Received"),
           lambda p, page: formats.money(p.received, p.currency) if p.received is not None else html.empty(),
           is_number=True, plain=lambda p, page: p.received if p.received is not None else ""),
    Column("paid_on", gettext_lazy("Paid on"), lambda p, page: html.day(p.paid_on), plain=lambda p, page: p.paid_on or ""),
    Column("reference", pgettext_lazy("payment", "Reference"), lambda p, page: p.reference or html.empty(),
           plain=lambda p, page: p.reference),
)  # fmt: skip


class PaymentList(ListPage):
    """Every payment of customers whom this person may see, what is due first."""

    model = Payment
    title = LIST
    permission = "orders.view_payment"
    filterset_class = PaymentFilter
    ordering = ("due_on", "pk")
    columns = (
        Column("number", gettext_lazy("Number"), lambda p, page: html.link(p.number, p.get_absolute_url(), css="nr"),
               sort="number", place="title", plain=lambda p, page: p.number),
        Column("customer", gettext_lazy("Customer"), lambda p, page: html.link(p.customer.name, p.customer.get_absolute_url()),
               sort="customer__name", place="fact", plain=lambda p, page: p.customer.name),
        Column("order", gettext_lazy("Order"), lambda p, page: html.link(p.order.number, p.order.get_absolute_url(), css="nr"),
               sort="order__number", plain=lambda p, page: p.order.number),
        Column("kind", gettext_lazy("Kind"), lambda p, page: p.get_kind_display()),
        Column("amount", gettext_lazy("Amount"), lambda p, page: amount(p), sort="amount", place="fact", is_number=True,
               plain=lambda p, page: p.amount),
        Column("due_on", pgettext_lazy("payment", "Due on"), lambda p, page: html.day(p.due_on), sort="due_on", place="fact",
               plain=lambda p, page: p.due_on or ""),
        Column("status", gettext_lazy("State"), lambda p, page: status_badge(p), sort="status", place="end",
               plain=lambda p, page: p.get_status_display()),
    )  # fmt: skip
    tabs = (
        Tab("open", gettext_lazy("Open"), _open),
        Tab("confirm", gettext_lazy("To confirm"), _to_confirm, "orders.confirm_payment"),
        Tab("overdue", gettext_lazy("Overdue"), _overdue),
        Tab("reported", pgettext_lazy("payments", "Reported"), lambda rows, request: rows.filter(status="reported")),
        Tab("all", gettext_lazy("All")),
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the file with more columns."""
        if request.GET.get("format") == "csv":
            self.columns = (*self.columns, *ONLY_IN_FILES)  # type: ignore[misc, assignment]
        return super().get(request, *args, **kwargs)

    def visible(self, user: Any) -> QuerySet[Any]:
        """Payments behind this person's door."""
        return visible_payments(user)

    def queryset(self) -> QuerySet[Any]:
        """Payments with customer and order."""
        return self.visible(self.request.user).select_related("customer", "order").only(*SHOWN)

    def row_state(self, obj: Payment) -> str:
        return "late" if is_overdue(obj) else ""


@prepared
def _proof(pk: int) -> QuerySet[Attachment]:
    return Attachment.objects.filter(pk=pk)


@prepared
def _rest(pk: int) -> QuerySet[Payment]:
    return Payment.objects.filter(rest_of=pk).only(*SECTION_SHOWN, "rest_of")


@prepared
def _first(pk: int) -> QuerySet[Payment]:
    return Payment.objects.filter(pk=pk).only("number")


class PaymentPage(RecordPage):
    """One payment."""

    model = Payment
    namespace = "orders"
    name = "payment"
    type_label = gettext_lazy("Payment")
    list_label = LIST
    list_name = "payments"
    permission = "orders.view_payment"
    people = ("reported_by", "confirmed_by")
    is_prepared = True

    def visible(self, user: Any) -> QuerySet[Any]:
        """The door, with order, customer and the order's contact."""
        return visible_payments(user).select_related("customer", "order__contact", "order__owner")

    def title(self, obj: Payment) -> str:
        return f"{obj.number} · {obj.customer.name}"

    def subtitle(self, obj: Payment, request: HttpRequest) -> object:
        order = html.link(f"{_('Order')} {obj.order.number}", obj.order.get_absolute_url())
        links = [html.link(obj.customer.name, obj.customer.get_absolute_url()), order]
        if obj.rest_of_id is not None:
            first = _first(obj.rest_of_id)[0]
            links.append(html.link(_("Rest of %(number)s") % {"number": first.number}, first.get_absolute_url()))
        return mark_safe(" · ".join(links))  # each is escaped

    def facts(self, obj: Payment, request: HttpRequest) -> list[parts.Fact]:
        due = html.two_lines(formats.day(obj.due_on), _("overdue") if is_overdue(obj) else "") if obj.due_on else ""
        came = formats.money(obj.received, obj.currency) if obj.received is not None else ""
        reported = html.two_lines(str(obj.reported_by), formats.moment(obj.reported_at)) if obj.reported_at else ""
        confirmed = html.two_lines(str(obj.confirmed_by), formats.moment(obj.closed_at)) if obj.confirmed_by_id and obj.closed_at else ""  # fmt: skip
        return [
            parts.Fact(_("Kind"), html.two_lines(obj.get_kind_display(), self._consequence(obj))),
            parts.Fact(_("Amount agreed"), formats.money(obj.amount, obj.currency)),
            parts.Fact(pgettext("payment", "Due on"), due or self._when(obj)),
            parts.Fact(_("Amount received"), html.two_lines(came, difference(obj)) if came else ""),
            parts.Fact(_("Paid on"), formats.day(obj.paid_on) if obj.paid_on else ""),
            parts.Fact(_("Reference of the transfer"), obj.reference),
            parts.Fact(_("Reported by"), reported),
            parts.Fact(_("Confirmed by"), confirmed),
            parts.Fact(_("Owner"), str(obj.owner or "")),
        ]

    @staticmethod
    def _consequence(obj: Payment) -> str:
        return _("goods wait for it") if obj.is_before_dispatch else ""

    @staticmethod
    def _when(obj: Payment) -> str:
        if not obj.is_open:
            return ""
        return _("when the deposit is settled") if obj.is_before_dispatch else _("after delivery")

    def sections(self, obj: Payment, request: HttpRequest) -> list[object]:
        found: list[object] = []
        if obj.proof_id is not None:
            (file,) = _proof(obj.proof_id)
            body = render_to_string("orders/parts/files.html", {"files": [(file, formats.file_size(file.size))]})
            found.append(parts.Section(_("Proof of payment"), mark_safe(body), "proof"))
        if obj.status == Payment.Status.CONFIRMED and obj.difference < 0 and (rest := _rest(obj.pk)):
            found.append(parts.Section(_("What is still missing"), _table(rest), "rest"))
        return found


def difference(payment: Payment) -> str:
    """How far what came differs from what was agreed; empty where it does not."""
    if not payment.difference:
        return ""
    words = {"sum": formats.money(abs(payment.difference), payment.currency)}
    return _("%(sum)s too much") % words if payment.difference > 0 else _("%(sum)s too little") % words


def _table(rows: Sequence[Payment], **more: Any) -> SafeString:
    shown = [
        {
            "number": row.number,
            "url": row.get_absolute_url(),
            "kind": row.get_kind_display(),
            "badge": status_badge(row),
            "amount": amount(row),
            "due": formats.day(row.due_on) if row.due_on else "",
        }
        for row in rows
    ]
    return mark_safe(render_to_string("orders/parts/payments.html", {"rows": shown, **more}))


def payments_section(order: Order, user: Any) -> list[parts.Section]:
    """The payments of an order with their sums, and whether its goods wait for one."""
    rows = list(order.payments.all()) if user.has_perm("orders.view_payment") else []
    if not rows:
        return []
    held = [row.number for row in rows if row.is_open and row.is_before_dispatch]
    is_held = bool(held) and order.status == Order.Status.CONFIRMED
    return [
        parts.Section(
            _("Payments"),
            _table(rows, sums=_sums(order, rows), held=", ".join(held) if is_held else ""),
            "payments",
        )
    ]


def _sums(order: Order, rows: Sequence[Payment]) -> list[tuple[str, str]]:
    """What came, what is open, and what came beyond what was agreed; nothing is set off silently."""
    zero = Decimal(0)
    confirmed = [row for row in rows if row.status == Payment.Status.CONFIRMED]
    came = sum((row.received or zero for row in confirmed), zero)
    still = sum((row.amount for row in rows if row.is_open), zero)
    over = sum((max(row.difference, zero) for row in confirmed), zero)
    found = [(_("Received and confirmed"), came), (_("Still open"), still)]
    if over:
        found.append((_("Paid too much"), over))
    return [(label, formats.money(value, order.currency)) for label, value in found]
