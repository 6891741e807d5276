"""What this stage puts into pages that others own: the rail, the search box, the customer's page, files."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext

from crm.development import Step, register_first_order, register_step
from crm.models import Customer, Inquiry
from foundation.journal.attachments import register_file_guard
from foundation.lists.search import register_search
from foundation.ui import formats, parts
from foundation.ui.addresses import page_url
from foundation.ui.ahead import Wish, register_wishes, wish
from foundation.ui.nav import register_area, register_new
from foundation.ui.newest import Newest, draw_newest
from foundation.ui.panels import register_panel
from foundation.ui.prepared import prepared
from foundation.ui.presence import lacks, register_presence
from orders.models import Order, Quote
from orders.money import BOUGHT, Years, bought, drawn, money_of, open_quotes, overdue, plan_volume
from orders.selectors import awaiting_review_by, orders_awaiting, visible_orders, visible_quotes

SHOWN = 5
_SUMMED = ("number", "status", "total", "currency", "created_at")
NAMED = {"quote": (*_SUMMED, "version", "valid_until"), "order": _SUMMED}


def _newest(kind: str, subject: Customer, request: Any) -> list[Any]:
    """The newest quotes or orders of a customer, read once for counter and list; one more than is shown."""
    kept: dict[str, list[Any]] = request.__dict__.setdefault("_newest_of_customer", {})
    if kind not in kept:
        kept[kind] = [] if lacks(subject, f"{kind}s") else _ask(kind, subject.pk, request.user)
    return kept[kind]


def _ask(kind: str, customer_id: int, user: Any) -> list[Any]:
    ask, values, fixed = _wish(kind, customer_id, user)
    found: list[Any] = ask(*values, **fixed)
    return found


def _wish(kind: str, customer_id: int, user: Any) -> Wish:
    if kind == "quote":
        return wish(_quotes_of, customer_id, user=user)
    years = Years.now()
    return wish(_orders_of, customer_id, years.this, years.last, years.today, user=user)


def customer_wishes(user: Any, customer: Customer) -> list[Wish]:
    """What a customer's page will ask for its quotes and orders."""
    kinds = [kind for kind in NAMED if user.has_perm(f"orders.view_{kind}") and not lacks(customer, f"{kind}s")]
    return [_wish(kind, customer.pk, user) for kind in kinds]


@prepared
def _quotes_of(customer_id: int, *, user: Any) -> QuerySet[Any]:
    rows = visible_quotes(user).filter(customer=customer_id).annotate(sums=open_quotes(customer_id))
    return rows.only(*NAMED["quote"]).order_by("-pk")[: SHOWN + 1]


@prepared
def _orders_of(customer_id: int, this: datetime, last: datetime, today: date, *, user: Any) -> QuerySet[Any]:
    rows = visible_orders(user).filter(customer=customer_id)
    rows = rows.annotate(sums=bought(customer_id, this, last), overdue=overdue(customer_id, today))
    return rows.only(*NAMED["order"]).order_by("-pk")[: SHOWN + 1]


def customer_money(*, subject: Any, request: Any, **_context: Any) -> parts.Section | None:
    """The customer's money figures; nothing where there is neither a quote nor an order."""
    if not isinstance(subject, Customer):
        return None
    quotes = _newest("quote", subject, request) if request.user.has_perm("orders.view_quote") else []
    orders = _newest("order", subject, request) if request.user.has_perm("orders.view_order") else []
    money = money_of(quotes, orders)
    return parts.Section(_now("Money"), drawn(money, subject.pk, Years.now()), "money") if money.lines else None


def _counted(kind: str, subject: Any, request: Any) -> int | None:
    if not isinstance(subject, Customer) or not request.user.has_perm(f"orders.view_{kind}"):
        return None
    count = len(_newest(kind, subject, request))
    if count > SHOWN:
        rows = visible_quotes(request.user) if kind == "quote" else visible_orders(request.user)
        count = rows.filter(customer=subject).count()
    return count


def count_quotes(*, subject: Any, request: Any, **_context: Any) -> parts.Related | None:
    """How many quotes a customer has."""
    if (count := _counted("quote", subject, request)) is None:
        return None
    url = f"{page_url('orders:quotes')}?view=all&customer={subject.pk}"
    return parts.Related(npgettext("counter", "Quote", "Quotes", count), url, count)


def count_orders(*, subject: Any, request: Any, **_context: Any) -> parts.Related | None:
    """How many orders a customer has."""
    if (count := _counted("order", subject, request)) is None:
        return None
    url = f"{page_url('orders:orders')}?view=all&customer={subject.pk}"
    return parts.Related(npgettext("counter", "Order", "Orders", count), url, count)


def customer_quotes(*, subject: Any, request: Any, **_context: Any) -> parts.Section | None:
    """The newest quotes on the customer's page, with a link to all."""
    if not isinstance(subject, Customer) or not request.user.has_perm("orders.view_quote"):
        return None
    from orders.views.quotes import status_badge

    new = page_url("orders:quote-new") if request.user.has_perm("orders.add_quote") else ""
    return _section(
        _now("Quotes"),
        "quotes",
        _newest("quote", subject, request),
        status_badge,
        f"{reverse('orders:quotes')}?view=all&customer={subject.pk}",
        new and f"{new}?customer={subject.pk}",
        _now("New quote"),
    )


def inquiry_quotes(*, subject: Any, request: Any, **_context: Any) -> parts.Section | None:
    """The quotes that answer an inquiry, and the way to a new one once its customer is known."""
    if not isinstance(subject, Inquiry) or not request.user.has_perm("orders.view_quote"):
        return None
    from orders.views.quotes import status_badge

    rows = list(visible_quotes(request.user).filter(inquiry=subject).select_related("customer").order_by("-pk")[: SHOWN + 1])  # fmt: skip
    may = subject.customer_id is not None and request.user.has_perm("orders.add_quote")
    new = f"{reverse('orders:quote-new')}?inquiry={subject.pk}" if may else ""
    if not rows and not new:
        return None
    url = f"{reverse('orders:quotes')}?view=all&customer={subject.customer_id}"
    return _section(_now("Quotes"), "quotes", rows, status_badge, url, new, _now("New quote"))


def customer_orders(*, subject: Any, request: Any, **_context: Any) -> parts.Section | None:
    """The newest orders on the customer's page, with a link to all."""
    if not isinstance(subject, Customer) or not request.user.has_perm("orders.view_order"):
        return None
    from orders.views.orders import status_badge

    new = page_url("orders:order-new") if request.user.has_perm("orders.add_order") else ""
    return _section(
        _now("Orders"),
        "orders",
        _newest("order", subject, request),
        status_badge,
        f"{reverse('orders:orders')}?view=all&customer={subject.pk}",
        new and f"{new}?customer={subject.pk}",
        _now("New order"),
    )


@prepared
def _to_review(*, user: Any) -> QuerySet[Order]:
    rows = awaiting_review_by(user).select_related("customer").order_by("submitted_at")
    return rows.only("number", "total", "currency", "submitted_at", "customer__name")[:SHOWN]


def wishes(user: Any) -> list[Wish]:
    """What `reviews_of_the_day` is about to ask."""
    return [wish(_to_review, user=user)] if user.has_perm("orders.review_order") else []


def reviews_of_the_day(*, request: Any, **_context: Any) -> parts.Section | None:
    """On the reviewers' day: orders that wait for them, longest first."""
    if not request.user.has_perm("orders.review_order"):
        return None
    rows = _to_review(user=request.user)
    shown = [
        Newest(
            row.number,
            row.get_absolute_url(),
            row.customer.name,
            formats.relative(row.submitted_at, short=True) if row.submitted_at else "",
            amount=formats.money(row.total, row.currency),
        )
        for row in rows
    ]
    if not shown:
        return None
    url = f"{reverse('orders:orders')}?view=review"
    return parts.Section(_now("Orders to review"), draw_newest(shown, url), "reviews")


def _section(title: str, anchor: str, rows: list[Any], badge: Any, url: str, new: str, new_label: str) -> parts.Section:
    shown = [
        Newest(
            str(row),
            row.get_absolute_url(),
            badge(row),
            formats.day(row.created_at),
            amount=formats.money(row.total, row.currency),
        )
        for row in rows[:SHOWN]
    ]
    body = draw_newest(shown, url, has_more=len(rows) > SHOWN)
    return parts.Section(title, body, anchor, parts.Action(new_label, new, icon="plus") if new else None)


def first_order() -> Subquery:
    """For a query of customers: when the first order came that counts."""
    rows = Order.objects.filter(customer=OuterRef("pk"), status__in=BOUGHT).order_by().values("customer")
    return Subquery(rows.annotate(first=Min("ordered_at")).values("first"))


def register() -> None:
    """Called once, when the application starts."""
    register_area(
        "orders",
        _("Orders"),
        "clipboard-document-check",
        "orders:orders",
        40,
        "orders.view_order",
        lambda user: orders_awaiting(user) if user.has_perm("orders.review_order") else 0,
        also=("/quotes/", "/products/", "/payments/", "/documents/"),
    )
    register_new("quote", _("Quote"), "document-text", "orders:quote-new", 30, "orders.add_quote")
    register_new("order", _("Order"), "clipboard-document-check", "orders:order-new", 40, "orders.add_order")
    register_search(
        "orders",
        _("Orders"),
        visible=lambda user: visible_orders(user).select_related("customer"),
        subtitle=lambda order: f"{order.customer.name} · {order.get_status_display()}",
        icon="clipboard-document-check",
        permission="orders.view_order",
        order=30,
        list_url_name="orders:orders",
    )
    register_search(
        "quotes",
        _("Quotes"),
        visible=lambda user: visible_quotes(user).select_related("customer"),
        subtitle=lambda quote: f"{quote.customer.name} · {quote.get_status_display()}",
        icon="document-text",
        permission="orders.view_quote",
        order=40,
        list_url_name="orders:quotes",
    )
    register_presence("quotes", lambda model: Quote.objects.filter(customer=OuterRef("pk")))
    register_presence("orders", lambda model: Order.objects.filter(customer=OuterRef("pk")))
    register_panel("record.related", count_quotes, 200)
    register_panel("record.related", count_orders, 210)
    register_panel("day.main", reviews_of_the_day, 50)
    register_wishes("day", wishes)
    register_wishes("customer", customer_wishes)
    register_panel("record.main", customer_money, 190)
    register_panel("record.main", plan_volume, 10)
    register_panel("record.main", customer_quotes, 200)
    register_panel("record.main", customer_orders, 210)
    register_panel("record.main", inquiry_quotes, 220)
    register_step(Step("quotes", _("Quotes"), lambda: Quote.objects.exclude(status="draft"), "orders:quotes", order=60))
    register_step(
        Step("orders", _("Orders"), lambda: Order.objects.filter(status__in=BOUGHT), "orders:orders", order=70)
    )
    register_first_order(first_order)
    register_file_guard(Quote, lambda user, attachment: visible_quotes(user).filter(pk=attachment.object_id).exists())
    register_file_guard(Order, lambda user, attachment: visible_orders(user).filter(pk=attachment.object_id).exists())
