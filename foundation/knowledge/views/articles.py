"""The list of articles with its search, and the page on which one is read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override, pgettext_lazy
from django.utils.translation import gettext as _

from foundation.knowledge.filters import ArticleFilter
from foundation.knowledge.models import Article, all_situations
from foundation.knowledge.rendering import render
from foundation.knowledge.selectors import (
    PUBLISH,
    WRITE,
    counts_of,
    files_of,
    found_passage,
    lacking,
    may_write,
    never_used,
    pictures_of,
    to_publish,
    visible_articles,
    with_counts,
)
from foundation.knowledge.words import COLUMNS, words_of
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import formats, html, parts

STATES = {"draft": "paused", "published": "done", "retired": "plain"}


def status_badge(article: Article) -> object:
    """Where it stands, and whether a draft waits behind the published words."""
    badge = html.badge(article.get_status_display(), STATES[article.status], quiet=True)
    if article.status == Article.Status.PUBLISHED and article.has_draft:
        return html.two_lines(badge, _("a draft waits"))
    return badge


def missing_badge(article: Article) -> object:
    """The languages that are missing, or nothing."""
    missing = article.missing
    names = [dict(LANGUAGE_NAMES)[one] for one in missing]
    if not missing:
        return html.badge(_("complete"), "plain", quiet=True)
    return html.badge(_("missing: %(languages)s") % {"languages": ", ".join(names)}, "soon", quiet=True)


LANGUAGE_NAMES = (("en", "EN"), ("zh-hans", "简"), ("zh-hant", "繁"), ("de", "DE"))


def _title(article: Article, page: ListPage) -> object:
    found = page.extra.get("passages", {}).get(article.pk)
    if found is None:
        return html.link(article.title, article.get_absolute_url())
    language, title, passage = found
    query = "" if language == (get_language() or "en") else f"?{urlencode({'in': language})}"
    return html.two_lines(html.link(title, f"{article.get_absolute_url()}{query}"), html.foreign(passage, language))


def _situations(article: Article, page: ListPage) -> str:
    labels = page.extra["labels"]
    return ", ".join(labels.get(code, code) for code in article.situations) or "–"


def _review(article: Article) -> object:
    return html.day(article.review_on)


class ArticleList(ListPage):
    """Articles: published ones to read; drafts, what waits to be published, gaps, and what nobody uses, for writers."""

    model = Article
    title = gettext_lazy("Knowledge base")
    permission = "knowledge.view_article"
    filterset_class = ArticleFilter
    ordering = ("kind", "position", "pk")
    columns = (
        Column("title", gettext_lazy("Title"), _title, place="title", plain=lambda a, page: a.title),
        Column("kind", gettext_lazy("Kind"), lambda a, page: a.get_kind_display(), sort=("kind", "position"), place="fact"),
        Column("situations", gettext_lazy("Situations"), _situations, place="wide"),
        Column("status", gettext_lazy("Status"), lambda a, page: status_badge(a), sort="status", place="end", plain=lambda a, page: a.get_status_display()),
        Column("languages", gettext_lazy("Languages"), lambda a, page: missing_badge(a), plain=lambda a, page: " ".join(a.missing)),
        Column("used", pgettext_lazy("how often", "Used"), lambda a, page: formats.number(a.times_used), sort="times_used", is_number=True,
               plain=lambda a, page: a.times_used),
        Column("helped", pgettext_lazy("how many readers", "Helped"), lambda a, page: f"{a.helped} / {a.helped + a.not_helped}", is_number=True),
        Column("owner", gettext_lazy("Owner"), lambda a, page: str(a.owner or "–"), sort="owner__name"),
        Column("review", gettext_lazy("To be looked at"), lambda a, page: _review(a), sort="review_on", plain=lambda a, page: a.review_on),
    )  # fmt: skip
    tabs = (
        Tab("read", pgettext_lazy("articles", "Published"), lambda rows, request: rows.filter(status="published")),
        Tab("scripts", gettext_lazy("Scripts"), lambda rows, request: rows.filter(status="published", kind="script")),
        Tab("faq", gettext_lazy("Usual questions"), lambda rows, request: rows.filter(status="published", kind="faq")),
        Tab("mine", gettext_lazy("Mine"), lambda rows, request: rows.filter(owner=request.user.pk), permission=WRITE),
        Tab("drafts", gettext_lazy("Drafts"), lambda rows, request: rows.filter(latest__published_at=None), permission=WRITE),
        Tab("asked", gettext_lazy("To be published"), lambda rows, request: to_publish(rows), permission=PUBLISH),
        Tab("lacking", gettext_lazy("Translation missing"), lambda rows, request: lacking(rows), permission=WRITE),
        Tab("most", gettext_lazy("Most used"), lambda rows, request: rows.filter(times_used__gt=0), permission=WRITE),
        Tab("never", gettext_lazy("Never used"), lambda rows, request: never_used(rows), permission=WRITE),
        Tab("all", gettext_lazy("All")),
    )  # fmt: skip

    def visible(self, user: Any) -> QuerySet[Any]:
        """What this person may read."""
        return visible_articles(user)

    def queryset(self) -> QuerySet[Any]:
        """With words, owner and counts."""
        return with_counts(self.visible(self.request.user)).select_related("current", "latest", "owner")

    def prepare(self, rows: list[Any]) -> None:
        """What the situations are called; for a search, where the words stand."""
        self.extra["labels"] = {one.code: one.title for one in all_situations()}
        if words := self._text():
            self.extra["passages"] = {row.pk: found_passage(row, words) for row in rows}

    def _order(self) -> tuple[str, ...]:
        """What is used most, first."""
        if self.tab is not None and self.tab.code == "most" and not self.sort:
            return ("-times_used", "-pk")
        return super()._order()

    def actions(self) -> list[parts.Action]:
        """A new article; training is next door."""
        found = [parts.Action(_("Training"), reverse("knowledge:training"), icon="academic-cap")]
        if self.request.user.has_perm("knowledge.add_article"):
            new = parts.Action(_("New article"), reverse("knowledge:article-new"), icon="plus", style="primary")
            found.append(new)
        return found


class ArticlePage(RecordPage):
    """One article, to be read: in the reader's language, or in another one."""

    model = Article
    namespace = "knowledge"
    name = "article"
    type_label = gettext_lazy("Knowledge base")
    list_label = gettext_lazy("Knowledge base")
    list_name = "articles"
    permission = "knowledge.view_article"
    template_name = "knowledge/article.html"
    takes_notes = False

    def visible(self, user: Any) -> QuerySet[Any]:
        """The door, with the words."""
        return visible_articles(user).select_related("current__published_by", "latest__written_by", "owner")

    def show(
        self, request: HttpRequest, obj: Any, *, note: str = "", error: str = "", status: int = 200
    ) -> HttpResponse:
        """With what the template of this page needs besides."""
        request.article_reading = reading_of(obj, request)  # type: ignore[attr-defined]
        return super().show(request, obj, note=note, error=error, status=status)

    def edit_url(self, obj: Any, user: Any) -> str:
        """Where the words are written."""
        return reverse("knowledge:article-words", args=[obj.pk]) if may_write(user, obj) else ""

    def subtitle(self, obj: Any, request: HttpRequest) -> object:
        """Kind and situations."""
        labels = {one.code: one.title for one in all_situations()}
        return " · ".join([str(obj.get_kind_display()), *(labels.get(code, code) for code in obj.situations)])

    def _timeline(self, request: HttpRequest, obj: Any, note: str, error: str) -> Any:
        """Its history is for those who write."""
        return super()._timeline(request, obj, note, error) if may_write(request.user, obj) else None

    def facts(self, obj: Any, request: HttpRequest) -> list[parts.Fact]:
        """Who looks after it, and how old it is."""
        shown = obj.shown
        facts = [
            parts.Fact(_("Owner"), str(obj.owner or "")),
            parts.Fact(_("Version"), formats.number(shown.number) if shown else ""),
            parts.Fact(_("Published"), html.when(shown.published_at) if shown and shown.published_at else ""),
            parts.Fact(_("To be looked at again by"), html.day(obj.review_on) if obj.review_on else ""),
            parts.Fact(_("Languages"), missing_badge(obj)),
        ]
        if obj.families:
            facts.append(parts.Fact(_("Product families"), ", ".join(obj.families)))
        return facts

    def sections(self, obj: Any, request: HttpRequest) -> list[object]:
        """Files, and what can be said about the article."""
        reading = request.article_reading  # type: ignore[attr-defined]
        found: list[object] = []
        if obj.status == Article.Status.PUBLISHED:
            counts = counts_of(obj, request.user)
            body = render_to_string("knowledge/_verdict.html", {"article": obj, **counts}, request)
            found.append(parts.Section(_("Was this helpful?"), body, "helpful"))
        if reading["files"]:
            body = render_to_string("knowledge/_files.html", reading)
            found.append(parts.Section(_("Pictures and files"), body, "files"))
        if may_write(request.user, obj):
            found.append(self._for_writers(obj))
        return found

    def _for_writers(self, obj: Any) -> parts.Section:
        settings = parts.Action(_("Change the settings"), reverse("knowledge:article-settings", args=[obj.pk]))
        body = render_to_string(
            "knowledge/_writers.html", {"article": obj, "draft": obj.latest if obj.has_draft else None}
        )
        return parts.Section(_("For those who write"), body, "writing", settings)


def reading_of(article: Article, request: HttpRequest, *, language: str = "", **filled: Any) -> dict[str, Any]:
    """What is shown of an article: the words of `?in=`, or of the reader's language; a draft where `?version=draft` asks."""
    wants_draft = request.GET.get("version") == "draft" and may_write(request.user, article)
    version = article.latest if wants_draft else article.shown
    asked = request.GET.get("in", "") or language
    language = asked if asked in COLUMNS.values() else get_language() or "en"
    missing = version.missing if version else []
    read = language if language not in missing else "en"
    files = files_of(article)
    with override(read):  # dates and gaps are said in the language of the text
        body = render(words_of(version, "body", read), pictures=pictures_of(files), **filled) if version else ""
    return {
        "article": article,
        "version": version,
        "is_draft": bool(version and version.is_draft),
        "language": read,
        "is_substitute": read != language,
        "heading": words_of(version, "title", read) if version else "",
        "body": body,
        "files": files,
        "languages": [
            {"code": code, "name": name, "is_current": code == read, "is_missing": code in missing}
            for code, name in LANGUAGE_LINKS
        ],
    }


LANGUAGE_LINKS = (("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("de", "Deutsch"))
