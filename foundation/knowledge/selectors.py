"""The doors to articles, and what pages show of them."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from foundation.accounts.models import User
from foundation.journal.attachments import attachments_of
from foundation.journal.models import Attachment
from foundation.knowledge.models import Article, ArticleVersion, Use, Verdict
from foundation.knowledge.passages import holds, marked, passage, spans_of
from foundation.knowledge.rendering import plain
from foundation.knowledge.situations import door_of
from foundation.knowledge.words import COLUMNS, words_of
from foundation.lists.pages.record import page_of
from foundation.notifications.texts import PLACE

WRITE, PUBLISH = "knowledge.change_article", "knowledge.publish_article"
MOST_FAQ = 60
MOST_VERSIONS = 50


def visible_articles(user: Any) -> QuerySet[Article]:
    """What is published, to everybody; drafts and what is retired to those who write."""
    rows: QuerySet[Article] = Article.objects.all()
    if user.has_perm(WRITE) or user.has_perm(PUBLISH):
        return rows
    return rows.filter(status=Article.Status.PUBLISHED)


def may_write(user: Any, article: Article) -> bool:
    """Who writes articles, and the owner of this one."""
    return bool(user.has_perm(WRITE) or article.owner_id == user.pk)


def publishers() -> QuerySet[User]:
    """Colleagues who may publish what others have written."""
    codename = PUBLISH.partition(".")[2]
    has = Q(groups__permissions__codename=codename, groups__permissions__content_type__app_label="knowledge")
    return User.objects.filter(has, is_active=True).distinct().order_by("pk")


def with_counts(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With how often they were used, and how many readers they have helped or not."""
    return rows.annotate(
        times_used=Count("uses", distinct=True),
        helped=Count("verdicts", filter=Q(verdicts__has_helped=True), distinct=True),
        not_helped=Count("verdicts", filter=Q(verdicts__has_helped=False), distinct=True),
    )


def never_used(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Published and used on no record yet."""
    return rows.filter(~Exists(Use.objects.filter(article=OuterRef("pk"))), status=Article.Status.PUBLISHED)


def to_publish(rows: Any) -> QuerySet[Any]:
    """Drafts whose writers have asked somebody to publish them."""
    found: QuerySet[Any] = rows.to_publish()
    return found


def lacking(rows: Any) -> QuerySet[Any]:
    """Articles that are not there in every language."""
    found: QuerySet[Any] = rows.exclude(status=Article.Status.RETIRED).lacking()
    return found


def counts_of(article: Article, user: Any) -> dict[str, Any]:
    """How often the article was used, whom it has helped, and what this reader said. Two queries."""
    found = article.verdicts.aggregate(
        helped=Count("pk", filter=Q(has_helped=True)), not_helped=Count("pk", filter=Q(has_helped=False))
    )
    own = Verdict.objects.filter(article=article, user=user.pk).values_list("has_helped", flat=True).first()
    return {**found, "own": own, "used": article.uses.count()}


def versions_of(article: Article) -> list[ArticleVersion]:
    """The latest versions, newest first, with who wrote and published them."""
    return list(article.versions.select_related("written_by", "published_by")[:MOST_VERSIONS])


def pictures_of(files: list[Attachment]) -> dict[str, str]:
    """Those of the files that are pictures: their addresses by the names of the files."""
    return {one.title: one.get_absolute_url() for one in files if one.media_type.startswith("image/")}


def files_of(article: Article) -> list[Attachment]:
    """What is attached to the article."""
    return list(attachments_of(article, purpose="article"))


def usual_questions(situation: str, words: str = "", *, language: str | None = None) -> list[Article]:
    """Published questions of a situation, in the order of their places; those that hold all the words in any language."""
    rows = Article.objects.published().filter(kind=Article.Kind.FAQ, situations__overlap=[situation])
    found = list(rows.select_related("current").order_by("position", "pk")[:MOST_FAQ])
    return [one for one in found if not words.strip() or _says(one, words)]


def _says(article: Article, words: str) -> bool:
    version = article.current
    texts = [getattr(version, f"{name}_{column}") for name in ("title", "body") for column in COLUMNS]
    return holds(" ".join(texts), words)


def record_named(user: Any, ref: str) -> Any:
    """The record behind `crm.call:12`; None for one that does not exist or that this person may not see."""
    label, _colon, pk = ref.partition(":")
    page = page_of(label)
    if not (pk.isascii() and pk.isdigit()) or len(pk) > 18:
        return None
    if door := door_of(label):
        return door(user).filter(pk=int(pk)).first()
    if page is None or page.model is Article:
        return None
    if not page.is_visible_to(user, int(pk)):
        return None
    return page.visible(user).filter(pk=int(pk)).first()


def is_used_on(article: Article, record: Any, user: Any) -> bool:
    """Whether this person has noted already that they used the article on the record."""
    kind = ContentType.objects.get_for_model(record, for_concrete_model=False)
    return Use.objects.filter(article=article, user=user.pk, content_type=kind, object_id=record.pk).exists()


def found_passage(article: Article, words: str) -> tuple[str, object, object]:
    """For a hit: the language in which the words stand (the reader's first), the title with the words marked, the passage."""
    version = article.shown
    own = (get_language() or "en").lower()
    languages = [own, *(one for one in COLUMNS.values() if one != own)]
    texts = {
        language: (words_of(version, "title", language), PLACE.sub("…", plain(words_of(version, "body", language))))
        for language in languages
    }
    language = next((one for one in languages if holds(" ".join(texts[one]), words)), own)
    title, body = texts[language]
    return language, marked(title, spans_of(title, words)), passage(body, words)
