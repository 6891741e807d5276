"""Money figures of a customer: open quotes, orders of this year and the last, overdue payments, each currency by itself.

There are no exchange rates in the house, so nothing is added up over currencies. The sums ride along with the newest
quotes and orders that the customer's page reads anyway.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.models import AccountPlan
from crm.models.cadence import company_zone
from foundation.ui import formats, html, parts
from foundation.ui.addresses import page_url
from foundation.ui.escape import esc
from foundation.ui.lines import draw_facts
from foundation.ui.prepared import prepared
from orders.models import Order, Payment, Quote
from orders.models.payments import OPEN

# What counts as bought: confirmed by a second person, and not cancelled.
BOUGHT = (Order.Status.CONFIRMED, Order.Status.IN_DELIVERY, Order.Status.DELIVERED, Order.Status.COMPLETED)


@dataclass(frozen=True)
class Years:
    """When this year and the last began, on the company's clock."""

    this: datetime
    last: datetime
    today: date

    @classmethod
    def now(cls) -> Years:
        """As of this moment."""
        here = timezone.now().astimezone(company_zone())
        first = here.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        return cls(first, first.replace(year=first.year - 1), here.date())


def _by_currency(rows: QuerySet[Any], **sums: Any) -> ArraySubquery:
    """For each currency an object with `currency`, `count` and the sums, as texts so that no cent is lost."""
    grouped = rows.order_by().values("currency").annotate(count=Count("pk"), **sums)
    told: dict[str, Any] = {name: Cast(name, TextField()) for name in sums}
    return ArraySubquery(grouped.values(said=JSONObject(currency="currency", count="count", **told)))


def open_quotes(customer_id: int) -> ArraySubquery:
    """Quotes that wait for the customer's answer."""
    return _by_currency(Quote.objects.filter(customer=customer_id, status=Quote.Status.SENT), total_of=Sum("total"))


def bought(customer_id: int, this: datetime, last: datetime) -> ArraySubquery:
    """Orders of this year and of the last."""
    rows = Order.objects.filter(customer=customer_id, status__in=BOUGHT, ordered_at__gte=last)
    return _by_currency(
        rows, now=Sum("total", filter=Q(ordered_at__gte=this)), before=Sum("total", filter=Q(ordered_at__lt=this))
    )


def overdue(customer_id: int, today: date) -> ArraySubquery:
    """Payments whose day is past."""
    return _by_currency(
        Payment.objects.filter(customer=customer_id, status__in=OPEN, due_on__lt=today), amount_of=Sum("amount")
    )


@dataclass
class Line:
    """One currency. None means that there is nothing, which is not the same as zero."""

    quoted: Decimal | None = None
    quotes: int = 0
    now: Decimal | None = None
    before: Decimal | None = None
    overdue: Decimal | None = None


@dataclass
class Money:
    """All currencies of a customer."""

    lines: dict[str, Line] = field(default_factory=dict)

    def add(self, said: list[dict[str, Any]] | None, **names: str) -> None:
        """Take in what a subquery gave: `names` are from the line's to the object's."""
        for one in said or ():
            line = self.lines.setdefault(one["currency"], Line())
            for mine, its in names.items():
                value = one[its]
                setattr(line, mine, value if mine == "quotes" else Decimal(value) if value is not None else None)


def money_of(quotes: list[Any], orders: list[Any]) -> Money:
    """From what rides along with the newest quotes and orders; no query."""
    found = Money()
    if quotes:
        found.add(quotes[0].sums, quoted="total_of", quotes="count")
    if orders:
        found.add(orders[0].sums, now="now", before="before")
        found.add(orders[0].overdue, overdue="amount_of")
    return found


def drawn(money: Money, customer_id: int, years: Years) -> SafeString:
    """The table, each sum leading to exactly its rows."""
    heads = [_("Open quotes"), _("Orders this year"), _("Orders last year"), _("Overdue payments")]
    out = [f'<th scope="col" class="num">{esc(head)}</th>' for head in heads]
    first = esc(_("Currency"))
    body = "".join(_row(code, line, customer_id, years) for code, line in sorted(money.lines.items()))
    return mark_safe(
        f'<div class="table-box"><table class="rows is-plain"><caption class="sr">{esc(_("Money"))}</caption><thead><tr>'
        f'<th scope="col">{first}</th>{"".join(out)}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _row(code: str, line: Line, customer_id: int, years: Years) -> str:
    last_day = years.this.date().replace(year=years.this.year - 1, month=12, day=31)
    cells = [
        _cell(line.quoted, code, _quotes_url(customer_id, code), line.quotes),
        _cell(line.now, code, orders_url(customer_id, code, years.this.date(), None)),
        _cell(line.before, code, orders_url(customer_id, code, years.last.date(), last_day)),
        _cell(line.overdue, code, _overdue_url(customer_id, code), is_late=True),
    ]
    return f'<tr><th scope="row">{esc(code)}</th>{"".join(cells)}</tr>'


def _cell(amount: Decimal | None, code: str, url: str, count: int = 0, *, is_late: bool = False) -> str:
    if amount is None:
        return '<td class="num muted">–</td>'
    said = html.link(formats.money(amount, code), url)
    more = f' <span class="muted">({count})</span>' if count else ""
    return f'<td class="num{" late" if is_late else ""}">{said}{more}</td>'


def orders_url(customer_id: int, code: str, first: date | None, last: date | None) -> str:
    """The orders behind a sum."""
    asked: list[tuple[str, object]] = [("view", "all"), ("customer", customer_id), ("currency", code)]
    asked += [("status", one.value) for one in BOUGHT]
    asked += [("ordered_at_after", first.isoformat())] if first else []
    asked += [("ordered_at_before", last.isoformat())] if last else []
    return f"{page_url('orders:orders')}?{urlencode(asked)}"


def _quotes_url(customer_id: int, code: str) -> str:
    asked = {"view": "all", "customer": customer_id, "currency": code, "status": "sent"}
    return f"{page_url('orders:quotes')}?{urlencode(asked)}"


def _overdue_url(customer_id: int, code: str) -> str:
    return f"{page_url('orders:payments')}?{urlencode({'view': 'overdue', 'customer': customer_id, 'currency': code})}"


# ---------------------------------------------------------------- account plans


@prepared
def _volumes(customer_id: int, first: datetime, end: datetime) -> QuerySet[Order]:
    rows = Order.objects.filter(customer=customer_id, status__in=BOUGHT, ordered_at__gte=first, ordered_at__lt=end)
    return rows.only("total", "currency")


def plan_volume(*, subject: Any, request: Any, **_context: Any) -> parts.Section | None:
    """On an account plan: what was wanted, and what was bought in its year so far."""
    if not isinstance(subject, AccountPlan) or not request.user.has_perm("orders.view_order"):
        return None
    first = datetime(subject.year, 1, 1, tzinfo=company_zone())
    sums: dict[str, Decimal] = {}
    for order in _volumes(subject.customer_id, first, first.replace(year=subject.year + 1)):
        sums[order.currency] = sums.get(order.currency, Decimal(0)) + order.total
    last_day = date(subject.year, 12, 31)
    shown = [
        parts.Fact(
            _("Bought in %(currency)s") % {"currency": code},
            html.link(formats.money(total, code), orders_url(subject.customer_id, code, first.date(), last_day)),
        )
        for code, total in sorted(sums.items())
    ]
    actual = sums.get(subject.currency, Decimal(0))
    if subject.volume_goal:
        shown.insert(0, parts.Fact(pgettext("account plan", "Reached"), _share(actual, subject.volume_goal, subject)))
    if subject.potential:
        shown.insert(0, parts.Fact(_("Share of the potential"), formats.percent(100 * actual / subject.potential)))
    if not shown:
        shown = [parts.Fact(_("Bought"), _("nothing yet"))]
    return parts.Section(pgettext("account plan", "Volume"), draw_facts(shown), "volume")


def _share(actual: Decimal, goal: Decimal, plan: AccountPlan) -> SafeString:
    """“61.2 % of 500,000 USD”, marked by how much of the year is over."""
    share = 100 * actual / goal
    here = timezone.now().astimezone(company_zone()).date()
    over = Decimal(100 * min(max((here - date(plan.year, 1, 1)).days, 0), 365)) / 365
    state = "in-time" if share >= over else "soon" if share >= over * 9 / 10 else "late"
    words = _("%(share)s of %(goal)s") % {"share": formats.percent(share), "goal": formats.money(goal, plan.currency)}
    return html.badge(words, state, quiet=True)
