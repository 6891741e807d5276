"""Results of a questionnaire: bars that lead to their answers, and everything as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.filters import ResponseFilter
from crm.models import Answer, Questionnaire, Response
from crm.results import Result, answers_like, responses_of, results_of
from foundation.lists.pages import Column, ListPage
from foundation.lists.pages.export import Echo, neutral
from foundation.ui import formats, html, parts

VIEW = "crm.view_questionnaire"
MOST_EXPORTED = 5_000


def _find(pk: int) -> Questionnaire:
    try:
        return get_object_or_404(Questionnaire, pk=pk)
    except OverflowError:
        raise Http404 from None


def _filtered(request: HttpRequest, row: Questionnaire) -> tuple[QuerySet[Response], Any]:
    rows = responses_of(request.user, row)
    chosen = ResponseFilter(request.GET, queryset=rows, request=request)
    return (chosen.qs if chosen.is_valid() else rows), chosen


def _asked(request: HttpRequest) -> list[tuple[str, str]]:
    """The filter of the address, to be carried along."""
    return [(name, request.GET[name]) for name in ResponseFilter.base_filters if request.GET.get(name)]


@login_required
@permission_required(VIEW, raise_exception=True)
@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """Every question with its answers counted."""
    row = _find(pk)
    rows, chosen = _filtered(request, row)
    query = _asked(request)
    found = results_of(row, rows)
    context = {
        "title": _("Results of %(name)s") % {"name": row.name},
        "row": row,
        "filter": chosen.form,
        "is_filtered": bool(query),
        "count": formats.number(rows.order_by().count()),
        "results": [_shown(row, result, query) for result in found],
        "export_url": f"{reverse('crm:questionnaire-export', args=[row.pk])}?{urlencode(query)}",
        "crumbs": [
            parts.Crumb(_("Questionnaires"), reverse("crm:questionnaires")),
            parts.Crumb(row.name, row.get_absolute_url()),
        ],
    }
    return render(request, "crm/questionnaires/results.html", context)


def _shown(row: Questionnaire, result: Result, query: list[tuple[str, str]]) -> dict[str, Any]:
    """One question as the page says it: bars with addresses and widths, figures in words."""
    base = reverse("crm:questionnaire-answers", args=[row.pk])
    code = result.question.code
    figures = []
    if result.mean is not None:
        figures.append(_("mean %(value)s") % {"value": formats.number(round(float(result.mean), 1))})
    if result.question.kind == "number" and result.low is not None and result.high is not None:
        low, high = (formats.number(float(one)) for one in (result.low, result.high))
        figures.append(_("from %(low)s to %(high)s") % {"low": low, "high": high})
    return {
        "question": result.question,
        "answered": result.answered,
        "url": f"{base}?{urlencode([('question', code), *query])}",
        "figures": " · ".join(figures),
        "bars": [
            {
                "label": bar.label,
                "url": f"{base}?{urlencode([('question', code), ('answer', bar.key), *query])}",
                "width": f"{bar.share:.1f}",
                "text": f"{formats.number(bar.count)} · {formats.percent(bar.share, 0)}",
            }
            for bar in result.bars
        ],
    }


class AnswerList(ListPage):
    """The answers behind a bar."""

    model = Answer
    title = gettext_lazy("Answers")
    permission = VIEW
    ordering = ("-response__answered_at", "-pk")
    has_search = False
    filterset_class = None
    columns = (
        Column("customer", gettext_lazy("Customer"),
               lambda one, page: html.link(one.response.customer.name, one.response.customer.get_absolute_url()),
               place="title", plain=lambda one, page: one.response.customer.name),
        Column("question", gettext_lazy("Question"), lambda one, page: one.question.text),
        Column("answer", pgettext_lazy("to a question", "Answer"), lambda one, page: one.said, place="fact"),
        Column("when", gettext_lazy("Answered"), lambda one, page: html.when(one.response.answered_at), place="fact",
               plain=lambda one, page: formats.exact(one.response.answered_at)),
        Column("caller", gettext_lazy("Caller"), lambda one, page: str(one.response.taken_by or "–")),
        Column("call", gettext_lazy("Call"),
               lambda one, page: html.link(one.response.call.number, one.response.call.get_absolute_url()) if hasattr(one.response, "call") else "–",
               place="fact", plain=lambda one, page: one.response.call.number if hasattr(one.response, "call") else ""),
    )  # fmt: skip

    def visible(self, user: Any) -> QuerySet[Answer]:
        row = _find(self.kwargs["pk"])
        responses, _chosen = _filtered(self.request, row)
        rows = Answer.objects.filter(response__in=responses.order_by().values("pk"))
        asked = self.request.GET
        return answers_like(rows, asked.get("question", "")[:40], asked.get("answer", "")[:40])

    def queryset(self) -> QuerySet[Answer]:
        joined = ("response__customer", "response__taken_by", "response__call", "question", "option")
        return super().queryset().select_related(*joined).defer("response__call__draft")


answers = login_required(AnswerList.as_view())


@login_required
@require_safe
def export(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """One row for each answered questionnaire, one column for each question; no cell is a formula."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    row = _find(pk)
    rows, _chosen = _filtered(request, row)
    questions = [one.question for one in results_of(row, rows.none())]
    rows = rows.select_related("customer", "taken_by", "version").order_by("-answered_at", "-pk")
    said = Prefetch("answers", Answer.objects.select_related("question", "option").order_by("pk"))
    answer = StreamingHttpResponse(
        _lines(list(rows.prefetch_related(said)[:MOST_EXPORTED]), questions), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{row.code}.csv"'
    return answer


def _lines(rows: list[Response], questions: list[Any]) -> Iterator[str]:
    writer = csv.writer(Echo())
    heads = [_("Answered"), _("Number"), _("Customer"), _("Caller"), _("Version"), *(one.text for one in questions)]
    yield "\ufeff" + writer.writerow([neutral(head) for head in heads])
    for response in rows:
        said: dict[str, list[str]] = {}
        for one in response.answers.all():
            said.setdefault(one.question.code, []).append(one.said)
        cells: list[object] = [
            formats.exact(response.answered_at),
            response.customer.number,
            response.customer.name,
            str(response.taken_by or ""),
            response.version.number,
            *("; ".join(said.get(one.code, [])) for one in questions),
        ]
        yield writer.writerow([neutral(cell) for cell in cells])
