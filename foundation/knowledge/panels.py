"""What the knowledge base shows on pages that belong to others: what helps beside a record, the search, the shell's links."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.journal.attachments import register_file_guard
from foundation.knowledge.badges import state_badge
from foundation.knowledge.helping import best_for
from foundation.knowledge.models import Article, Standing
from foundation.knowledge.plan import lines_of
from foundation.knowledge.selectors import visible_articles
from foundation.knowledge.services.career import may_judge
from foundation.knowledge.situations import circumstances_of
from foundation.lists.search import register_search
from foundation.ui import parts
from foundation.ui.nav import register_link
from foundation.ui.panels import register_panel
from foundation.ui.shortcuts import register_shortcut

VIEW = "knowledge.view_article"


def helping(record: Any, user: Any) -> list[dict[str, Any]]:
    """The articles that help most with a record, each with the address at which it opens beside it. Mostly no query."""
    found = circumstances_of(record) if user.has_perm(VIEW) else None
    if found is None:
        return []
    kinds = dict(Article.Kind.choices)
    query = urlencode({"for": f"{record._meta.label_lower}:{record.pk}"})
    return [
        {
            "title": entry.title,
            "kind": kinds[entry.kind],
            "beside_url": f"{reverse('knowledge:article-beside', args=[entry.pk])}?{query}",
        }
        for entry in best_for(found)
    ]


def draw_helping(record: Any, user: Any) -> str:
    """The list for pages that have a place of their own for it; empty where nothing helps."""
    found = helping(record, user)
    return render_to_string("knowledge/_panel.html", {"found": found}) if found else ""


def record_main(subject: Any = None, request: Any = None, **_context: Any) -> parts.Section | None:
    """`record.main`: what helps here."""
    body = draw_helping(subject, request.user) if request is not None else ""
    if not body:
        return None
    return parts.Section(_("What helps here"), body, "helps", parts.Action(_("Search"), reverse("knowledge:articles")))


def person_main(person: Any = None, request: Any = None, **_context: Any) -> parts.Section | None:
    """`person.main`: what a colleague has completed and what is open, for them and for those who look after them."""
    if request is None or (person.pk != request.user.pk and not may_judge(request.user, person)):
        return None
    standing = Standing.objects.filter(person=person.pk).select_related("level").order_by("-pk").first()
    context = {
        "lines": [(line, state_badge(line)) for line in lines_of([person])],
        "level": standing and standing.level,
    }
    if not context["lines"] and standing is None:
        return None
    url = reverse("knowledge:person", args=[person.pk])
    body = render_to_string("knowledge/_person.html", context)
    return parts.Section(_("Training"), body, "training", parts.Action(_("All of it"), url))


def search_subtitle(article: Article) -> str:
    """Its kind, and where it stands when it is not published."""
    state = "" if article.status == Article.Status.PUBLISHED else article.get_status_display()
    return " · ".join(part for part in (str(article.get_kind_display()), state) if part)


def register() -> None:
    """Put everything in its place."""
    register_panel("record.main", record_main, order=50)
    register_panel("person.main", person_main)
    register_link("knowledge", "knowledge:articles")
    register_link("training", "knowledge:training")
    register_shortcut("g k", "click:[data-knowledge]", gettext_lazy("Go to the knowledge base"))
    register_file_guard(Article, lambda user, one: visible_articles(user).filter(pk=one.object_id).exists())
    register_search(
        "knowledge",
        gettext_lazy("Knowledge base"),
        visible=lambda user: visible_articles(user).published().select_related("current"),  # type: ignore[attr-defined]
        title=lambda one: one.title,
        subtitle=search_subtitle,
        icon="book-open",
        permission=VIEW,
        order=95,
        list_url_name="knowledge:articles",
    )
