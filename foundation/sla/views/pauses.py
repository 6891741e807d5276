"""Pauses that the customer did not cause, month by month."""

from __future__ import annotations

from datetime import date, datetime, time

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.sla.selectors.pauses import MOST, pauses_against_customers
from foundation.ui import formats


@login_required
@permission_required("sla.view_clock", raise_exception=True)
@require_safe
def pauses(request: HttpRequest) -> HttpResponse:
    """Whose clock stood still although the customer had written; `?month=2026-03`."""
    month = _month(request.GET.get("month", ""))
    following, previous = _shift(month, 1), _shift(month, -1)
    rows = pauses_against_customers(_begin(month), _begin(following))
    context = {
        "title": _("Pauses although the customer had written"),
        "rows": [{"pause": one, "length": formats.span(one.seconds)} for one in rows],
        "is_cut": len(rows) >= MOST,
        "most": MOST,
        "month": f"{month:%Y-%m}",
        "name": formats.month_and_year(month),
        "previous": f"{previous:%Y-%m}",
        "following": f"{following:%Y-%m}" if following <= timezone.localdate() else "",
    }
    return render(request, "sla/pauses.html", context)


def _month(text: str) -> date:
    """The first day of the month that the address names; of this month for anything else."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = timezone.localdate().replace(day=1)
    return found if 2000 <= found.year <= 2200 else timezone.localdate().replace(day=1)


def _shift(month: date, by: int) -> date:
    """So many months later."""
    count = month.year * 12 + month.month - 1 + by
    return date(count // 12, count % 12 + 1, 1)


def _begin(month: date) -> datetime:
    return timezone.make_aware(datetime.combine(month, time()))
