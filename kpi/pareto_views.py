"""The Pareto report: a table, a chart, a file; each line one click from its orders."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from crm.models import Customer
from foundation.accounts.models import Team
from foundation.lists.pages.export import neutral
from foundation.ui import charts, formats, html, parts
from foundation.ui.table import Head, Row, render_rows
from kpi.models import ParetoPolicy
from kpi.pareto import CLASSES, Share, currencies_in, curve, orders_in, shares_of
from kpi.views import _page, _period, _period_tabs
from orders.money import orders_url

PAGE_SIZE = 25
STATES = {"A": "in-time", "B": "soon", "C": "plain"}


@permission_required("kpi.view_figures", raise_exception=True)
@require_safe
def pareto(request: HttpRequest) -> HttpResponse:
    """Who makes the revenue of a period."""
    period, words = _period(request)
    offered = currencies_in(period)
    asked = request.GET.get("currency", "")
    currency = asked if asked in dict(offered) else offered[0][0] if offered else ""
    teams = list(Team.objects.order_by("name"))
    team = next((one for one in teams if str(one.pk) == request.GET.get("team", "")), None)
    policy = ParetoPolicy.current()
    shares = shares_of(orders_in(period, currency, team.pk if team else None), policy) if currency else []
    keep = {**words, "currency": currency, **({"team": str(team.pk)} if team else {})}
    letter = request.GET.get("class", "")
    listed = [one for one in shares if one.letter == letter] if letter in CLASSES else shares
    if request.GET.get("format") == "csv":
        return _csv(listed, currency)
    number = _page(request, len(listed))
    shown = listed[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    context = {
        "title": _("Who makes the revenue"),
        "policy": policy,
        "tabs": _period_tabs(request, words, {key: value for key, value in keep.items() if key not in words}),
        "currencies": [(code, "?" + urlencode({**keep, "currency": code}), code == currency) for code, _n in offered],
        "teams": [(one, "?" + urlencode({**keep, "team": one.pk}), one == team) for one in teams],
        "every_team": "?" + urlencode({key: value for key, value in keep.items() if key != "team"}),
        "team": team,
        "classes": _classes(shares, currency, keep, letter),
        "letter": letter if letter in CLASSES else "",
        "every_class": "?" + urlencode(keep),
        "chart": _chart(shares) if shares else "",
        "heads": _heads(),
        "rows": render_rows(_heads(), _rows(shown, currency, period)),
        "total": len(listed),
        "shown_total": formats.number(len(listed)),
        "pager": _pager(number, len(listed), len(shown), {**keep, **({"class": letter} if letter in CLASSES else {})}),
        "export_url": "?" + urlencode({**keep, **({"class": letter} if letter in CLASSES else {}), "format": "csv"}),
        "crumbs": [parts.Crumb(_("Figures"), reverse("kpi:figures"))],
    }
    return render(request, "kpi/pareto.html", context)


def _pager(number: int, total: int, shown: int, keep: dict[str, Any]) -> parts.Pager:
    start = (number - 1) * PAGE_SIZE
    return parts.Pager(
        number=number,
        previous_url="?" + urlencode({**keep, "page": number - 1}) if number > 1 else "",
        next_url="?" + urlencode({**keep, "page": number + 1}) if start + shown < total else "",
        shown=f"{start + 1}–{start + shown}" if shown else "",
        total=formats.number(total),
    )


def _classes(shares: Sequence[Share], currency: str, keep: dict[str, Any], letter: str) -> list[dict[str, Any]]:
    """A, B and C with how many they are and what they make."""
    found = []
    for one in CLASSES:
        mine = [share for share in shares if share.letter == one]
        revenue = sum(share.revenue for share in mine)
        found.append(
            {
                "letter": html.badge(one, STATES[one]),
                "count": ngettext("%(count)s customer", "%(count)s customers", len(mine)) % {"count": formats.number(len(mine))},
                "revenue": formats.money(revenue, currency) if currency else "–",
                "percent": formats.percent(sum(share.percent for share in mine)) if shares else "–",
                "url": "?" + urlencode({**keep, "class": one}),
                "is_current": one == letter,
            }
        )  # fmt: skip
    return found


def _chart(shares: Sequence[Share]) -> Any:
    figure = charts.Figure(
        title=_("Share of the revenue by share of the customers"),
        points=[(f"{tenth}\u00a0%", float(together)) for tenth, together in curve(shares)],
        is_percent=True,
        source=_("Confirmed orders of the period, the largest customers first."),
    )
    return charts.framed(figure, charts.line(figure))


def _heads() -> list[Head]:
    return [
        Head(_("Customer"), "title"),
        Head(_("Class"), "end"),
        Head(_("Revenue"), "fact", is_number=True),
        Head(_("Orders"), "extra", is_number=True),
        Head(_("Share"), "fact", is_number=True),
        Head(_("Together"), "extra", is_number=True),
    ]


def _names(shares: Sequence[Share]) -> dict[int, Customer]:
    keys = [one.customer_id for one in shares]
    return Customer.objects.only("name", "number").in_bulk(keys)


def _rows(shares: Sequence[Share], currency: str, period: Any) -> list[Row]:
    known = _names(shares)
    return [
        Row(
            [
                html.link(known[one.customer_id].name, known[one.customer_id].get_absolute_url()),
                html.badge(one.letter, STATES[one.letter], quiet=True),
                html.link(formats.money(one.revenue, currency), orders_url(one.customer_id, currency, period.first, period.last)),
                formats.number(one.orders),
                formats.percent(one.percent),
                formats.percent(one.together),
            ],
            one.customer_id,
        )
        for one in shares
    ]  # fmt: skip


def _csv(shares: Sequence[Share], currency: str) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="pareto.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow([pgettext("in a ranking", "Place"), _("Number"), _("Customer"), _("Class"), _("Revenue"), _("Currency"), _("Orders"), _("Share"), _("Together")])  # fmt: skip
    known = _names(shares)
    for one in shares:
        customer = known[one.customer_id]
        share, together = round(one.percent, 2), round(one.together, 2)
        writer.writerow([one.place, customer.number, neutral(customer.name), one.letter, one.revenue, currency, one.orders, share, together])  # fmt: skip
    return answer
