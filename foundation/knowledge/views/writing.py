"""Writing articles: a new one, its words, its settings, its versions side by side."""

from __future__ import annotations

import difflib
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.journal.attachments import attach
from foundation.journal.machine import Refused
from foundation.knowledge.forms.articles import NewArticleForm, SettingsForm, WordsForm, settings_of
from foundation.knowledge.models import Article
from foundation.knowledge.selectors import may_write, versions_of, visible_articles
from foundation.knowledge.services.articles import change_article, create_article, mark_of, write_words
from foundation.knowledge.situations import NAMES
from foundation.knowledge.words import COLUMNS, LANGUAGE_LABELS
from foundation.ui import parts
from foundation.ui.submissions import submit_once

SETTINGS = ("kind", "situations", "families", "keywords", "owner", "review_on")


@login_required
@permission_required("knowledge.add_article", raise_exception=True)
@submit_once
def new_article(request: HttpRequest) -> HttpResponse:
    """A new article with its first draft."""
    bound = request.method == "POST"
    form = NewArticleForm(request.POST if bound else None, request.FILES if bound else None, actor=request.user)
    if bound and form.is_valid():
        values = {name: form.cleaned_data[name] for name in SETTINGS}
        try:
            with transaction.atomic():
                article = create_article(actor=request.user, texts=form.texts, **values)
                _keep_files(article, form, request.user)
        except Refused as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("The draft is kept. Ask for its publication when it is ready."))
            return redirect(article.get_absolute_url())
    around = [form[name] for name in SETTINGS]
    return _page(request, form, _("New article"), None, around, status=422 if bound else 200)


@login_required
@submit_once
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """The words in four languages; saved as a draft."""
    article = writable(request, pk)
    latest = article.latest
    bound = request.method == "POST"
    form = WordsForm(request.POST if bound else None, request.FILES if bound else None, version=latest)
    if bound and form.is_valid():
        values = form.cleaned_data
        try:
            with transaction.atomic():
                write_words(
                    pk, actor=request.user, texts=form.texts, change=values["change"], seen=values["seen"]
                )  # fmt: skip
                _keep_files(article, form, request.user)
        except Refused as refusal:
            _say(form, refusal)
            if refusal.reason == "state":
                latest = Article.objects.select_related("latest").get(pk=pk).latest
                data = request.POST.copy()
                data["seen"] = mark_of(latest) if latest else ""
                form.data = data
        else:
            messages.success(request, _("The draft is kept. Readers see it once it is published."))
            return redirect(f"{article.get_absolute_url()}?version=draft")
    return _page(
        request, form, _("Write: %(article)s") % {"article": article}, article, [], status=422 if bound else 200
    )


def writable(request: HttpRequest, pk: int) -> Article:
    """The article; 404 for one that this person may not see, 403 for one that they may not write."""
    rows = visible_articles(request.user).select_related("current", "latest__written_by", "owner")
    article = get_object_or_404(rows, pk=min(pk, 2**63 - 1))
    if not may_write(request.user, article):
        raise PermissionDenied
    return article


def _keep_files(article: Article, form: WordsForm, actor: Any) -> None:
    for one in form.cleaned_data["pictures"]:
        attach(article, one, actor=actor, purpose="article")


def _say(form: Any, refusal: Refused) -> None:
    if refusal.reason == "permission":
        raise PermissionDenied from refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def _page(
    request: HttpRequest, form: Any, title: str, article: Article | None, around: Any, status: int
) -> HttpResponse:
    back = article.get_absolute_url() if article else reverse("knowledge:articles")
    crumbs = [parts.Crumb(_("Knowledge base"), reverse("knowledge:articles"))]
    if article is not None:
        crumbs.append(parts.Crumb(str(article), back))
    context = {
        "form": form, "title": title, "cancel_url": back, "crumbs": crumbs, "around": around, "names": NAMES, "article": article,
    }  # fmt: skip
    return render(request, "knowledge/write.html", context, status=status)


@login_required
@submit_once
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands around the words."""
    article = writable(request, pk)
    bound = request.method == "POST"
    form = SettingsForm(request.POST) if bound else SettingsForm(initial=settings_of(article))
    if bound and form.is_valid():
        try:
            change_article(pk, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("The settings are changed."))
            return redirect(article.get_absolute_url())
    context = {
        "form": form,
        "title": _("Settings of the article"),
        "lead": str(article),
        "cancel_url": article.get_absolute_url(),
        "crumbs": [parts.Crumb(str(article), article.get_absolute_url())],
    }
    return render(request, "ui/form.html", context, status=422 if bound else 200)


# ---------------------------------------------------------------- versions side by side


@login_required
@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what when, and two versions against each other."""
    article = writable(request, pk)
    rows = versions_of(article)
    if not rows:
        raise Http404
    by_number = {str(one.number): one for one in rows}
    new = by_number.get(request.GET.get("new", ""), rows[0])
    old = by_number.get(request.GET.get("old", ""), next((one for one in rows if one.number < new.number), rows[-1]))
    context = {
        "article": article,
        "versions": rows,
        "old": old,
        "new": new,
        "changes": _changes(old, new) if old.pk != new.pk else [],
        "crumbs": [
            parts.Crumb(_("Knowledge base"), reverse("knowledge:articles")),
            parts.Crumb(str(article), article.get_absolute_url()),
        ],
    }
    return render(request, "knowledge/versions.html", context)


def _changes(old: Any, new: Any) -> list[dict[str, Any]]:
    """For each language that differs: its lines, each kept, added or taken away."""
    found = []
    for column, language in COLUMNS.items():
        before, after = (
            [getattr(one, f"title_{column}"), *getattr(one, f"body_{column}").splitlines()] for one in (old, new)
        )
        if before != after:
            found.append({"language": language, "label": LANGUAGE_LABELS[column], "lines": _lines(before, after)})
    return found


def _lines(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    kinds = {" ": "same", "+": "added", "-": "removed"}
    return [(kinds[line[0]], line[2:]) for line in difflib.ndiff(before, after) if line[0] in kinds]
