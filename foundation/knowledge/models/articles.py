"""Articles: what the house knows, in versions that do not change once they are published."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.journal.machine import condition, guarded, transition
from foundation.journal.models import ClockTimestamp, Subject
from foundation.journal.states import StateField
from foundation.knowledge.words import COLUMNS, Named, words_of
from foundation.lists.search import Searchable, SearchableManager, SearchableQuerySet, lexemes, search_index
from foundation.lists.tokens import tokens_of
from foundation.ui.addresses import record_url
from foundation.ui.shelf import Shelf, follow

MOST_WORDS = 8_000  # of an article in four languages
LONGEST_BODY = 20_000


class Situation(Named):
    """What a record can be in, so that what helps is shown beside it; an administrator's row."""

    class Room(models.TextChoices):
        CALL = "call", _("On the telephone")
        SALES = "sales", _("Before the sale")
        SHIPMENT = "shipment", _("On the way")
        SERVICE = "service", _("After the sale")
        HOUSE = "house", _("In our house")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    room = models.CharField(pgettext_lazy("of a situation", "where"), max_length=10, choices=Room.choices)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("situation")
        verbose_name_plural = _("situations")
        ordering = ("position", "pk")
        default_permissions = ("view", "add", "change")


def _read_situations() -> tuple[Situation, ...]:
    return tuple(Situation.objects.all())


_situations: Shelf[tuple[Situation, ...]] = Shelf(_read_situations, of=(Situation,))


def all_situations() -> tuple[Situation, ...]:
    """Every situation, in the order of the administrator; read once by each process."""
    return _situations.get()


class ArticleQuerySet(SearchableQuerySet):
    """Questions about sets of articles."""

    def published(self) -> ArticleQuerySet:
        """What everybody reads."""
        return self.filter(status=Article.Status.PUBLISHED)

    def to_publish(self) -> ArticleQuerySet:
        """Whoever wrote them has asked somebody to publish them."""
        return self.filter(latest__asked_at__isnull=False, latest__published_at=None)

    def lacking(self) -> ArticleQuerySet:
        """Some language is missing in what is shown."""
        gaps = Q()
        for column in COLUMNS:
            gaps |= Q(**{f"latest__title_{column}": ""}) | Q(**{f"latest__body_{column}": ""})
        return self.filter(gaps)


class ArticleManager(SearchableManager.from_queryset(ArticleQuerySet)):  # type: ignore[misc]
    """Articles."""


@condition(_("There is nothing new to publish."))
def _has_draft(article: Article) -> bool:
    return article.latest is not None and article.latest.published_at is None


@condition(_("Title and text are still missing in English."))
def _is_worded(article: Article) -> bool:
    return article.latest is not None and bool(article.latest.title_en and article.latest.body_en)


@condition(_("Somebody else has to publish what you have written yourself."))
def _four_eyes(article: Article) -> bool:
    actor = getattr(article, "acting_user", None)
    if actor is None or article.latest is None or article.latest.written_by_id != actor.pk:
        return True
    return bool(actor.has_perm("knowledge.publish_own_article"))


@guarded("status")
class Article(Subject, Searchable):
    """Something worth knowing. What it says stands in its versions."""

    class Kind(models.TextChoices):
        ARTICLE = "article", _("Article")
        SCRIPT = "script", _("Script")
        FAQ = "faq", _("Usual question")
        MANNERS = "manners", _("Telephone manners")
        PRODUCT = "product", _("Product knowledge")

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("article", "Draft")
        PUBLISHED = "published", pgettext_lazy("article", "Published")
        RETIRED = "retired", pgettext_lazy("article", "Retired")

    PATH = (Status.DRAFT, Status.PUBLISHED, Status.RETIRED)
    SEARCH_FIELDS = ("current", "latest", "keywords", "families", "code")
    READ_WITH = ("current", "latest", "owner")
    record_icon = "book-open"

    code = models.SlugField(_("code"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.ARTICLE)
    status = StateField(_("status"), choices=Status.choices, default=Status.DRAFT, editable=False)
    situations = ArrayField(models.SlugField(max_length=40), verbose_name=_("situations"), default=list, blank=True)
    families = ArrayField(models.CharField(max_length=60), verbose_name=_("product families"), default=list, blank=True)
    keywords = models.CharField(_("keywords"), max_length=500, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("owner"),
    )
    review_on = models.DateField(_("to be looked at again by"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(pgettext_lazy("place in a sequence", "position"), default=0)
    current = models.ForeignKey(
        "ArticleVersion", on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("published version")
    )  # fmt: skip
    latest = models.ForeignKey(
        "ArticleVersion", on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("latest version")
    )  # fmt: skip
    # Digest of what was shipped: while the article still says it, an upgrade may improve it.
    shipped = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=ClockTimestamp(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=ClockTimestamp(), editable=False)

    objects = ArticleManager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        default_permissions = ("view", "add", "change")
        permissions = [
            ("publish_article", _("Can publish and retire articles that others have written")),
            ("publish_own_article", _("Can publish own articles without a second pair of eyes")),
        ]
        constraints = [
            models.CheckConstraint(
                name="knowledge_published_has_words", condition=~Q(status="published") | Q(current__isnull=False)
            ),
            models.CheckConstraint(name="knowledge_article_kind_known", condition=Q(kind__in=["article", "script", "faq", "manners", "product"])),
        ]  # fmt: skip
        indexes = [
            search_index("knowledge_article"),
            GinIndex(fields=["situations"], name="knowledge_article_situations"),
            # the list, and what is due to be looked at
            models.Index(fields=["kind", "position"], name="knowledge_article_kind"),
            models.Index(fields=["owner", "review_on"], name="knowledge_article_review"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown(self) -> ArticleVersion | None:
        """What readers see: the published words, or the draft's while nothing is published."""
        return self.current or self.latest

    @property
    def title(self) -> str:
        """In the active language."""
        shown = self.shown
        return words_of(shown, "title") if shown else self.code

    @property
    def has_draft(self) -> bool:
        """Whether somebody has written what is not published yet."""
        return self.latest is not None and self.latest.published_at is None

    @property
    def missing(self) -> list[str]:
        """Languages in which the latest version is not there yet."""
        return self.latest.missing if self.latest else list(COLUMNS.values())

    def get_absolute_url(self) -> str:
        """The page on which it is read."""
        return record_url("knowledge:article", self.pk)

    def customer_ref(self) -> int | None:
        """Nobody's in particular."""
        return None

    def journal_facts(self) -> dict[str, Any]:
        """What it is called, whose it is, and when it is to be looked at again."""
        shown = self.latest or self.current
        title = {language: words_of(shown, "title", language) for language in COLUMNS.values()} if shown else self.code
        return {
            "kind": self.kind,
            "title": title,
            "owner_id": self.owner_id,
            "review_on": self.review_on,
            "version": self.latest.number if self.latest else 0,
        }

    def search_texts(self) -> list[str]:
        """Titles, keywords and bodies in every language."""
        found = [self.keywords, *self.families, self.code.replace("-", " ")]
        if self.shown is not None:
            for column in COLUMNS:
                found += [getattr(self.shown, f"title_{column}"), getattr(self.shown, f"body_{column}")]
        return found

    def _tokens(self) -> str:
        """A text has more words than the name of a customer."""
        return lexemes(tokens_of(self.search_texts(), most=MOST_WORDS))

    # ------------------------------------------------------------ the machine

    @transition(
        status,
        source=[Status.DRAFT, Status.PUBLISHED],
        target=Status.PUBLISHED,
        label=pgettext_lazy("article", "Publish"),
        permission="knowledge.publish_article",
        event="article.published",
        primary=True,
        when=(_has_draft, _is_worded, _four_eyes),
    )
    def publish(self, *, review_on: Any) -> None:
        """Everybody reads the latest version from now on."""
        self.current = self.latest
        self.review_on = review_on
        self.shipped = ""

    @transition(
        status,
        source=Status.PUBLISHED,
        target=Status.RETIRED,
        label=pgettext_lazy("article", "Retire"),
        permission="knowledge.publish_article",
        event="article.retired",
        danger=True,
    )
    def retire(self) -> None:
        """Nobody is shown it any more; its history stays."""

    @transition(
        status,
        source=Status.RETIRED,
        target=Status.PUBLISHED,
        label=pgettext_lazy("article", "Publish again"),
        permission="knowledge.publish_article",
        event="article.restored",
    )
    def restore(self) -> None:
        """It holds after all."""


@pgtrigger.register(
    pgtrigger.Trigger(
        name="locked_when_published",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func="""
            IF OLD.published_at IS NOT NULL THEN
                RAISE EXCEPTION 'locked: this version is published' USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )
)
class ArticleVersion(Named):
    """What an article says, or has said. Published words never change: a later version replaces them."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions", verbose_name=_("article"))
    number = models.PositiveIntegerField(_("version"))
    body_en = models.TextField(pgettext_lazy("language of a text", "English"), blank=True)
    body_zh_hans = models.TextField(pgettext_lazy("language of a text", "Simplified Chinese"), blank=True)
    body_zh_hant = models.TextField(pgettext_lazy("language of a text", "Traditional Chinese"), blank=True)
    body_de = models.TextField(pgettext_lazy("language of a text", "German"), blank=True)
    change = models.CharField(_("what changed"), max_length=300, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"), db_default=ClockTimestamp())
    asked_at = models.DateTimeField(_("to be published since"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(pgettext_lazy("at what time", "published"), null=True)

    class Meta:
        verbose_name = _("version of an article")
        verbose_name_plural = _("versions of articles")
        default_permissions = ("view",)
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="knowledge_version_once"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(published_at=None), name="knowledge_one_draft_of_an_article"
            ),
        ]

    @property
    def body(self) -> str:
        """In the active language, in English where nobody has translated it."""
        return words_of(self, "body")

    @property
    def missing(self) -> list[str]:
        """Languages in which title or text is not there yet."""
        return [
            language
            for column, language in COLUMNS.items()
            if not (getattr(self, f"title_{column}") and getattr(self, f"body_{column}"))
        ]

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.published_at is None


class Verdict(models.Model):
    """Whether an article has helped one reader; they may change their mind."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="verdicts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    has_helped = models.BooleanField(_("has helped"))
    given_at = models.DateTimeField(_("given"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("verdict of a reader")
        verbose_name_plural = _("verdicts of readers")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="knowledge_verdict_once")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.has_helped}"


class Use(models.Model):
    """An article that somebody used on a record, in the version that was published then."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="uses")
    version = models.ForeignKey(ArticleVersion, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    used_at = models.DateTimeField(_("used"), db_default=ClockTimestamp())

    class Meta:
        verbose_name = _("use of an article")
        verbose_name_plural = _("uses of articles")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["article", "user", "content_type", "object_id"], name="knowledge_used_once_on_a_record"
            )
        ]
        indexes = [models.Index(fields=["article", "-used_at"], name="knowledge_use_newest")]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.content_type_id}:{self.object_id}"


follow(Situation)
