"""The manager's figures, each one click from its rows."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from foundation.lists.pages.export import neutral
from foundation.ui import charts, formats, html, parts
from foundation.ui.places import country_name
from foundation.ui.table import Head, Row, render_rows
from kpi.figures import Figure, Result, get_figure, measure, measure_by
from kpi.panels import card_dict, unit_word
from kpi.periods import Period, company_zone, last_days
from kpi.selectors import Card, cards, cards_key, rows_of
from logistics.models import Shipment

PAGE_SIZE = 25
MOST_EXPORTED = 5000
PRESETS = {"30": 30, "90": 90, "365": 365}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _period(request: HttpRequest, zone: ZoneInfo | None = None) -> tuple[Period, dict[str, str]]:
    """The period in the address, and the address's words for it; the last 90 days where there is none."""
    first, last = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    if first or last:
        words = {"from": first.isoformat() if first else "", "to": last.isoformat() if last else ""}
        return Period(first, last), {key: value for key, value in words.items() if value}
    preset = request.GET.get("period", "90")
    if preset == "all":
        return Period(), {"period": "all"}
    if preset not in PRESETS:
        preset = "90"
    return last_days(PRESETS[preset], zone), {"period": preset}


def _period_tabs(request: HttpRequest, words: dict[str, str], keep: dict[str, str]) -> list[parts.Tab]:
    labels = [("30", _("30 days")), ("90", _("90 days")), ("365", _("12 months")), ("all", _("Everything"))]
    return [
        parts.Tab(label, "?" + urlencode({**keep, "period": code}), None, words.get("period") == code)
        for code, label in labels
    ]


def _drawn(card: Card, words: dict[str, str]) -> dict[str, Any]:
    """A card with its chart, for the page."""
    points = [(formats.month(month), None if r.value is None else float(r.value)) for month, r in card.course]
    figure = charts.Figure(
        title=card.figure.label,
        points=points,
        unit=unit_word(card.figure.unit),
        goal=float(card.goal) if card.goal is not None else None,
        is_percent=card.figure.unit == "percent",
    )
    url = f"{reverse('kpi:rows', args=[card.figure.name])}?{urlencode(words)}"
    return {**card_dict(card), "url": url, "chart": charts.framed(figure, charts.line(figure)) if points else ""}


@permission_required("kpi.view_figures", raise_exception=True)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """All figures over one period, with their course over a year."""
    zone = company_zone()
    period, words = _period(request, zone)
    counted = cards(period, last_days(365, zone), zone)
    context = {
        "title": _("Figures"),
        # Drawing takes longer than counting: the fragment is kept for as long as it would come out the same.
        "cards_key": cards_key(counted, words),
        "cards": lambda: [_drawn(card, words) for card in counted],
        "tabs": _period_tabs(request, words, {}),
        "as_of": formats.exact(timezone.now()),
        "from": words.get("from", ""),
        "to": words.get("to", ""),
    }
    return render(request, "kpi/figures.html", context)


@permission_required("kpi.view_figures", raise_exception=True)
@require_safe
def rows(request: HttpRequest, name: str) -> HttpResponse:
    """The rows behind a figure: as many as its denominator, those that missed first."""
    try:
        figure = get_figure(name)
    except LookupError as unknown:
        raise Http404 from unknown
    period, words = _period(request)
    by = request.GET.get("by", "")
    by = by if by in figure.fields else ""
    key = request.GET.get("key", "") if by and "key" in request.GET else None
    is_narrowed = bool(by and key is not None)
    found = rows_of(figure, period, by if is_narrowed else "", key)
    missed_first = "-counts" if figure.lower_is_better else "counts"
    order = (missed_first, f"-{figure.day}", "-pk") if figure.hit is not None else ("-part", f"-{figure.day}", "-pk")
    found = found.select_related(*figure.related).order_by(*order)
    if request.GET.get("format") == "csv":
        return _csv(figure, found)
    total = found.order_by().count()
    number = _page(request, total)
    start = (number - 1) * PAGE_SIZE
    shown = list(found[start : start + PAGE_SIZE])
    keep = {**words, **({"by": by} if by else {}), **({"key": key or ""} if is_narrowed else {})}
    context = {
        "title": figure.label,
        "figure": figure,
        "total": total,
        "heads": _heads(figure),
        "rows": render_rows(_heads(figure), [Row(_cells(figure, row), row.pk) for row in shown]),
        "split": _split(figure, period, by, words) if by and not is_narrowed else None,
        "fields": [(field, _field_word(field), "?" + urlencode({**words, "by": field})) for field in figure.fields],
        "by": by,
        "by_label": _field_word(by),
        "shown_total": formats.number(total),
        "part": _key_word(by, key or None) if is_narrowed else "",
        "said": _said(figure, measure(figure, period)) if not is_narrowed else "",
        "excused": _excused(figure, found),
        "clear_url": "?" + urlencode(words),
        "tabs": _period_tabs(request, words, {"by": by} if by else {}),
        "pager": parts.Pager(
            number=number,
            previous_url="?" + urlencode({**keep, "page": number - 1}) if number > 1 else "",
            next_url="?" + urlencode({**keep, "page": number + 1}) if start + len(shown) < total else "",
            shown=f"{start + 1}–{start + len(shown)}" if shown else "",
            total=str(total),
        ),
        "export_url": "?" + urlencode({**keep, "format": "csv"}),
        "crumbs": [parts.Crumb(_("Figures"), reverse("kpi:figures") + "?" + urlencode(words))],
    }
    return render(request, "kpi/rows.html", context)


def _said(figure: Figure, result: Result) -> str:
    """The figure in one line: 9,138 of 10,324 = 88.51 %."""
    if result.value is None:
        return ""
    if figure.unit != "percent":
        return f"{formats.number(result.value, 2)}\u00a0{unit_word(figure.unit)}"
    words = {"above": formats.number(result.numerator), "below": formats.number(result.denominator)}
    return _("%(above)s of %(below)s") % words + f" = {formats.percent(result.value, 2)}"


def _excused(figure: Figure, found: Any) -> str:
    """How many of the misses are nobody's fault, because the time was taken away on the way; empty for none."""
    count = figure.excused(found).order_by().count() if figure.excused is not None else 0
    if not count:
        return ""
    return ngettext(
        "%(count)s miss was tightened on the way: nobody is blamed for time they never had.",
        "%(count)s misses were tightened on the way: nobody is blamed for time they never had.",
        count,
    ) % {"count": formats.number(count)}


def _page(request: HttpRequest, total: int) -> int:
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    return number if 1 <= number <= max(1, -(-total // PAGE_SIZE)) else 1


def _field_word(field: str) -> str:
    return {"incoterm": _("Incoterm"), "country": _("Country"), "mode": _("Mode"), "carrier": _("Carrier"),
            "kind": _("Kind"), "error": _("Kind of error")}.get(field, field)  # fmt: skip


def _heads(figure: Figure) -> list[Head]:
    result = _("Result") if figure.hit is not None else unit_word(figure.unit)
    return [Head(_("Record"), "title"), Head(_("Day"), "fact"), Head(result, "end", is_number=figure.hit is None)]


def _cells(figure: Figure, row: Any) -> list[object]:
    label, url = figure.link(row)
    when = getattr(row, figure.day)
    if figure.hit is not None:
        result: object = (
            html.badge(_("reached"), "in-time", quiet=True)
            if row.counts != figure.lower_is_better
            else html.badge(pgettext("goal", "missed"), "late", quiet=True)
        )
    else:
        result = formats.number(row.part, 2)
    return [html.link(label, url), formats.day(when), result]


def _key_word(field: str, key: str | None) -> str:
    """A stored key as people read it."""
    if key is None:
        return _("unknown")
    if field == "country":
        return country_name(key)
    if field == "mode":
        return str(dict(Shipment.Mode.choices).get(key, key))
    return key


def _split(figure: Figure, period: Period, by: str, words: dict[str, str]) -> list[dict[str, Any]]:
    shown = []
    for part in measure_by(figure, period, by):
        value = (
            "–"
            if part.value is None
            else formats.percent(part.value)
            if figure.unit == "percent"
            else formats.number(part.value)
        )
        url = "?" + urlencode({**words, "by": by, "key": part.key or ""})
        shown.append(
            {"key": _key_word(by, part.key), "value": value, "count": formats.number(part.denominator), "url": url}
        )
    return shown


def _csv(figure: Figure, found: Any) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{figure.name}.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow([_("Record"), _("Day"), _("Result")])
    for row in found[:MOST_EXPORTED]:
        when = getattr(row, figure.day)
        result = int(row.counts) if figure.hit is not None else row.part
        writer.writerow([neutral(figure.link(row)[0]), when.isoformat(), result])
    return answer
