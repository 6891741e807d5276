"""What readers do: open an article beside a record, say whether it helped, note that they used it, send a remark."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.journal.machine import Refused
from foundation.knowledge.forms.articles import RemarkForm
from foundation.knowledge.models import Article
from foundation.knowledge.selectors import counts_of, is_used_on, record_named, visible_articles
from foundation.knowledge.services.articles import give_verdict, note_use, send_remark
from foundation.knowledge.situations import NAMES, circumstances_of, values_for
from foundation.knowledge.views.articles import reading_of
from foundation.knowledge.words import COLUMNS
from foundation.ui import parts
from foundation.ui.submissions import submit_once

VIEW = "knowledge.view_article"


def _article(request: HttpRequest, pk: int) -> Article:
    rows = visible_articles(request.user).select_related("current__published_by", "latest__written_by", "owner")
    return get_object_or_404(rows, pk=min(pk, 2**63 - 1))


def _record(request: HttpRequest, ref: str) -> Any:
    record = record_named(request.user, ref)
    if record is None:
        raise Http404
    return record


@login_required
@permission_required(VIEW, raise_exception=True)
@require_safe
def beside(request: HttpRequest, pk: int) -> HttpResponse:
    """An article as it is read beside a record: its names filled in, in the customer's language where we have words in it."""
    article = _article(request, pk)
    record = _record(request, request.GET.get("for", ""))
    found = circumstances_of(record)
    spoken = found.language.lower() if found is not None else ""
    if article.kind != Article.Kind.SCRIPT or spoken not in COLUMNS.values() or spoken in article.missing:
        spoken = ""  # only what is said to customers is said in their language
    values = values_for(record, request.user)
    reading = reading_of(article, request, language=spoken, values=values, names=NAMES)
    ref = request.GET["for"]
    for one in reading["languages"]:
        one["query"] = urlencode({"for": ref, "in": one["code"]})
    context = {
        **reading,
        "record": record,
        "ref": ref,
        "is_used": is_used_on(article, record, request.user),
        "crumbs": [parts.Crumb(str(record), record.get_absolute_url())],
    }
    return render(request, "knowledge/beside.html", context)


@login_required
@permission_required(VIEW, raise_exception=True)
@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Note on the record that it was used there; back to the record."""
    article = _article(request, pk)
    record = _record(request, request.POST.get("for", ""))
    try:
        note_use(article.pk, record, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if request.headers.get("HX-Request"):
            return render(request, "knowledge/_used.html", {"article": article, "is_used": True})
        messages.success(request, _("Noted: “%(article)s” was used here.") % {"article": article})
    return redirect(record.get_absolute_url())


@login_required
@permission_required(VIEW, raise_exception=True)
@require_POST
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether it helped; answers where it was pressed."""
    article = _article(request, pk)
    has_helped = request.POST.get("helped") == "yes"
    give_verdict(article.pk, actor=request.user, has_helped=has_helped)
    if request.headers.get("HX-Request"):
        context = {"article": article, "said": True, **counts_of(article, request.user)}
        return render(request, "knowledge/_verdict.html", context)
    messages.success(request, _("Thank you."))
    return redirect(f"{article.get_absolute_url()}#helpful")


@login_required
@permission_required(VIEW, raise_exception=True)
@submit_once
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """What is missing or wrong: a task for the owner."""
    article = _article(request, pk)
    bound = request.method == "POST"
    form = RemarkForm(request.POST if bound else None)
    if bound and form.is_valid():
        try:
            task = send_remark(article.pk, actor=request.user, text=form.cleaned_data["text"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Thank you. %(person)s looks at it.") % {"person": task.person})
            return redirect(article.get_absolute_url())
    context = {
        "form": form,
        "title": _("Send a remark"),
        "lead": str(article),
        "submit": _("Send"),
        "cancel_url": article.get_absolute_url(),
        "crumbs": [parts.Crumb(str(article), article.get_absolute_url())],
        "action": request.get_full_path(),
    }
    return render(request, "ui/form.html", context, status=422 if bound else 200)
