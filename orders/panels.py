"""What payments and trade documents put into pages that others own: search, the day of finance and of checkers, files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.journal.attachments import register_file_guard
from foundation.lists.search import register_search
from foundation.ui import formats, parts
from foundation.ui.ahead import Wish, register_wishes, wish
from foundation.ui.newest import Newest, draw_newest
from foundation.ui.panels import register_panel
from foundation.ui.prepared import prepared
from orders.models import Payment, TradeDocument
from orders.selectors import documents_to_check_by, payments_to_confirm_by, visible_documents, visible_payments

SHOWN = 5


@prepared
def _to_confirm(*, user: Any) -> QuerySet[Payment]:
    rows = payments_to_confirm_by(user).select_related("customer").order_by("reported_at")
    return rows.only("number", "received", "currency", "reported_at", "customer__name")[:SHOWN]


def payments_of_the_day(*, request: Any, **_context: Any) -> parts.Section | None:
    """On finance's day: reported payments that wait for them, longest first."""
    if not request.user.has_perm("orders.confirm_payment"):
        return None
    shown = [
        Newest(
            row.number,
            row.get_absolute_url(),
            row.customer.name,
            formats.relative(row.reported_at, short=True) if row.reported_at else "",
            amount=formats.money(row.received, row.currency),
        )
        for row in _to_confirm(user=request.user)
    ]
    url = f"{reverse('orders:payments')}?view=confirm"
    return _section(_now("Payments to confirm"), shown, url, "payments")


def wishes(user: Any) -> Iterator[Wish]:
    """What the days of finance and of checkers are about to ask."""
    if user.has_perm("orders.confirm_payment"):
        yield wish(_to_confirm, user=user)
    if user.has_perm("orders.check_document"):
        yield wish(_to_check, user=user)


@prepared
def _to_check(*, user: Any) -> QuerySet[TradeDocument]:
    rows = documents_to_check_by(user).select_related("kind", "order").order_by("submitted_at")
    names = ("kind__name", "kind__name_de", "kind__name_zh_hans", "kind__name_zh_hant")
    return rows.only("number", "submitted_at", "order__number", *names)[:SHOWN]


def documents_of_the_day(*, request: Any, **_context: Any) -> parts.Section | None:
    """On the checkers' day: trade documents that wait for them, longest first."""
    if not request.user.has_perm("orders.check_document"):
        return None
    shown = [
        Newest(
            row.number,
            row.get_absolute_url(),
            str(row.kind),
            formats.relative(row.submitted_at, short=True),
            amount=row.order.number,
        )
        for row in _to_check(user=request.user)
    ]
    url = f"{reverse('orders:documents')}?view=check"
    return _section(_now("Documents to check"), shown, url, "documents")


def _section(title: str, rows: list[Newest], url: str, anchor: str) -> parts.Section | None:
    return parts.Section(title, draw_newest(rows, url), anchor) if rows else None


def register() -> None:
    """Called once, when the application starts."""
    register_wishes("day", wishes)
    register_panel("day.main", payments_of_the_day, 52)
    register_panel("day.main", documents_of_the_day, 54)
    register_search(
        "payments",
        _("Payments"),
        visible=lambda user: visible_payments(user).select_related("customer"),
        subtitle=lambda one: f"{one.customer.name} · {one.get_kind_display()} · {one.get_status_display()}",
        icon="banknotes",
        permission="orders.view_payment",
        order=45,
        list_url_name="orders:payments",
    )
    register_search(
        "documents",
        _("Trade documents"),
        visible=lambda user: visible_documents(user).select_related("customer", "kind"),
        subtitle=lambda one: f"{one.customer.name} · {one.kind} · {one.get_status_display()}",
        icon="document-check",
        permission="orders.view_tradedocument",
        order=46,
        list_url_name="orders:documents",
    )
    register_file_guard(Payment, lambda user, file: visible_payments(user).filter(pk=file.object_id).exists())
    register_file_guard(TradeDocument, lambda user, file: visible_documents(user).filter(pk=file.object_id).exists())
