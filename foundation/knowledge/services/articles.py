"""Articles: begun, written, published, looked at again, retired; and what readers say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from foundation.journal.machine import Refused, demand, perform
from foundation.journal.services import record
from foundation.knowledge import events
from foundation.knowledge.models import Article, ArticleVersion, KnowledgePolicy, Use, Verdict
from foundation.knowledge.selectors import may_write, publishers
from foundation.knowledge.situations import NAMES
from foundation.knowledge.words import COLUMNS, in_all_languages
from foundation.notifications.texts import strangers_in
from foundation.todos.services.tasks import Wish, create_task
from foundation.ui.shelf import renew

TEXTS = tuple(f"{name}_{column}" for name in ("title", "body") for column in COLUMNS)
SETTINGS = ("kind", "situations", "families", "keywords", "owner", "review_on", "position")


def _free_code(wanted: str) -> str:
    base = slugify(wanted)[:50] or "article"
    taken = set(Article.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for n in range(1, 10_000) if (code := base if n == 1 else f"{base}-{n}") not in taken)


def _refuse_strangers(texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        if strange := strangers_in(text, NAMES):
            message = _("Nobody knows what %(names)s stands for.") % {"names": ", ".join(strange)}
            raise Refused(message, reason="input", field=name)


@transaction.atomic
def create_article(*, actor: Any, texts: Mapping[str, str], code: str = "", **values: Any) -> Article:
    """An article with its first draft. Raises Refused for a code that is taken and for unknown `{names}`."""
    if actor is not None and not actor.has_perm("knowledge.add_article"):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    if code and Article.objects.filter(code=code).exists():
        raise Refused(_("There is an article of this code already."), reason="input", field="code")
    _refuse_strangers(texts)
    article = Article(code=code or _free_code(texts["title_en"]), **values)
    article.save()
    version = ArticleVersion.objects.create(article=article, number=1, written_by=actor, **texts)
    article.latest = version
    article.save(update_fields=["latest"])
    record(events.CREATED, article, actor=actor)
    return article


@transaction.atomic
def change_article(pk: int, *, actor: Any, **values: Any) -> Article:
    """Change what stands around the words: kind, situations, families, keywords, owner, day of review."""
    article = _mine(pk, actor)
    changed = [name for name in SETTINGS if name in values and getattr(article, name) != values[name]]
    if not changed:
        return article
    was = article.owner_id
    for name in changed:
        setattr(article, name, values[name])
    article.updated_at = timezone.now()
    article.save(update_fields=[*changed, "updated_at"])
    record(events.CHANGED, article, actor=actor, facts={"fields": changed})
    if article.owner_id != was and article.owner_id is not None:
        record(events.ASSIGNED, article, actor=actor, facts={"from_id": was})
    return article


@transaction.atomic
def write_words(pk: int, *, actor: Any, texts: Mapping[str, str], change: str = "", seen: str = "") -> Article:
    """Keep words as a draft; what is published stays until somebody publishes them.

    `seen` is the mark of the version that the writer began with: somebody else's later words are not written over.
    Raises Refused.
    """
    article = _mine(pk, actor)
    latest = article.latest
    assert latest is not None
    if seen and seen != mark_of(latest):
        message = _("%(person)s has changed the text meanwhile. Your words are kept below: compare, then save again.")
        raise Refused(message % {"person": latest.written_by or _("Somebody")})
    _refuse_strangers(texts)
    if all(getattr(latest, name) == text for name, text in texts.items()):
        return article
    if latest.published_at is not None:
        number = latest.number + 1
        latest = ArticleVersion(article=article, number=number, **{name: getattr(latest, name) for name in TEXTS})
    for name, text in texts.items():
        setattr(latest, name, text)
    latest.change, latest.written_by, latest.written_at, latest.asked_at = change, actor, timezone.now(), None
    latest.save()
    article.latest, article.updated_at = latest, timezone.now()
    article.save(update_fields=["latest", "updated_at"])
    record(events.WRITTEN, article, actor=actor, facts={"version": latest.number, "change": change})
    return article


def mark_of(version: ArticleVersion) -> str:
    """What tells one state of a text from the next."""
    return f"{version.number}-{version.written_at.timestamp():.6f}"


@transaction.atomic
def ask_publication(pk: int, *, actor: Any) -> Article:
    """Ask those who publish to look at the draft. Raises Refused where there is none, or nothing in English."""
    article = _mine(pk, actor)
    if not article.has_draft or article.latest is None:
        raise Refused(_("There is nothing new to publish."), reason="condition")
    if not (article.latest.title_en and article.latest.body_en):
        raise Refused(_("Title and text are still missing in English."), reason="condition")
    if article.latest.asked_at is None:
        article.latest.asked_at = timezone.now()
        article.latest.save(update_fields=["asked_at"])
        record(events.ASKED, article, actor=actor, facts={"version": article.latest.number})
    return article


@transaction.atomic
def publish_article(pk: int, *, actor: Any, review_on: date | None = None) -> Article:
    """Let everybody read the draft. Raises Refused: no draft, no English, or one's own without the right."""
    article = _locked(pk)
    demand(article, "publish", actor=actor)
    assert article.latest is not None
    version = article.latest
    version.published_by, version.published_at = actor, timezone.now()
    by_then = review_on or (timezone.localdate() + KnowledgePolicy.current().review_after)
    facts = {"version": version.number}
    done = perform(Article, pk, "publish", actor=actor, facts=facts, review_on=by_then)
    version.save(update_fields=["published_by", "published_at"])
    return done


@transaction.atomic
def retire_article(pk: int, *, actor: Any) -> Article:
    """Show it to nobody any more. Raises Refused."""
    return perform(Article, pk, "retire", actor=actor)


@transaction.atomic
def restore_article(pk: int, *, actor: Any) -> Article:
    """Show it again. Raises Refused."""
    return perform(Article, pk, "restore", actor=actor)


@transaction.atomic
def discard_draft(pk: int, *, actor: Any) -> Article:
    """Throw the draft of a published article away. Raises Refused where nothing would be left."""
    article = _mine(pk, actor)
    draft = article.latest
    if draft is None or draft.published_at is not None or article.current is None:
        raise Refused(_("There is no draft to throw away."), reason="condition")
    article.latest = article.current
    article.save(update_fields=["latest"])
    draft.delete()
    record(events.DISCARDED, article, actor=actor)
    return article


@transaction.atomic
def look_again(pk: int, *, actor: Any, review_on: date) -> Article:
    """It still holds: the next look is on another day. Raises Refused for a day that has passed."""
    article = _mine(pk, actor)
    if review_on <= timezone.localdate():
        raise Refused(_("Choose a day to come."), reason="input", field="review_on")
    article.review_on = review_on
    article.save(update_fields=["review_on"])
    record(events.REVIEWED, article, actor=actor)
    return article


# ---------------------------------------------------------------- readers


@transaction.atomic
def give_verdict(pk: int, *, actor: Any, has_helped: bool) -> None:
    """Whether it helped this reader; said again, it replaces what was said before."""
    Verdict.objects.update_or_create(
        article_id=pk, user=actor, defaults={"has_helped": has_helped, "given_at": timezone.now()}
    )


@transaction.atomic
def send_remark(pk: int, *, actor: Any, text: str) -> Any:
    """A remark becomes a task of the article's owner, or of somebody who publishes. Raises Refused where nobody is there."""
    article = Article.objects.select_related("current", "latest", "owner").get(pk=pk)
    person = article.owner if article.owner is not None and article.owner.is_active else publishers().first()
    if person is None:
        raise Refused(_("Nobody looks after this article at the moment."), reason="condition")
    title = _("Remark on “%(article)s”") % {"article": article}
    task = create_task(Wish(title[:200], note=text), actor=actor, person=person, subject=article)
    record(events.REMARKED, article, actor=actor)
    return task


@transaction.atomic
def note_use(pk: int, subject: models.Model, *, actor: Any) -> Use:
    """Note on the record that the article was used there; once for each person and record."""
    article = Article.objects.select_related("current", "latest").get(pk=pk)
    if article.current is None:
        raise Refused(_("This article is not published."), reason="condition")
    kind = ContentType.objects.get_for_model(subject, for_concrete_model=False)
    use, is_new = Use.objects.get_or_create(
        article=article,
        user=actor,
        content_type=kind,
        object_id=subject.pk,
        defaults={"version": article.current},
    )
    if is_new:
        facts = {"article": in_all_languages(article.current, "title"), "article_id": article.pk}
        record(events.USED, subject, actor=actor, facts=facts)
    return use


# ---------------------------------------------------------------- what every change asks


def _locked(pk: int) -> Article:
    rows = Article.objects.select_for_update(of=("self",))
    return rows.select_related("current", "latest__written_by", "owner").get(pk=pk)


def _mine(pk: int, actor: Any) -> Article:
    """The article, locked; Refused unless the actor may write it. None is the system."""
    article = _locked(pk)
    if actor is not None and not may_write(actor, article):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    return article


@transaction.atomic
def refresh_search(pks: Sequence[int] | None = None) -> int:
    """Write the words by which articles are found anew: all that have none, or those named."""
    rows = Article.objects.filter(pk__in=pks) if pks is not None else Article.objects.filter(search=None)
    found = list(rows.select_related("current", "latest"))
    for article in found:
        Article.objects.filter(pk=article.pk).update(search=article._tokens())
    if found:
        renew()
    return len(found)
