"""The verbs behind the buttons of an article's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.journal.machine import actions
from foundation.knowledge.forms.articles import PublishForm
from foundation.knowledge.models import Article, Session
from foundation.knowledge.selectors import may_write
from foundation.knowledge.services import articles, training


def _can_ask(article: Article, user: object) -> bool:
    """A draft that nobody has been asked to publish, of somebody who cannot do it alone."""
    if not article.has_draft or article.latest is None or article.latest.asked_at is not None:
        return False
    return may_write(user, article) and not user.has_perm("knowledge.publish_own_article")  # type: ignore[attr-defined]


def _can_discard(article: Article, user: object) -> bool:
    return article.has_draft and article.current_id is not None and may_write(user, article)


def _can_look(article: Article, user: object) -> bool:
    return article.status == Article.Status.PUBLISHED and not article.has_draft and may_write(user, article)


def register() -> None:
    """Put the services behind the buttons, in the order in which they are shown."""
    actions.register(
        Article,
        "publish",
        service=articles.publish_article,
        form=PublishForm,
        wants_context=True,
        done=_("The article is published."),
    )
    actions.add(
        Article,
        "ask",
        label=_("Ask for publication"),
        service=articles.ask_publication,
        available=_can_ask,
        primary=True,
        done=_("Those who publish have been asked."),
    )
    actions.add(
        Article,
        "look",
        label=_("It still holds"),
        service=articles.look_again,
        form=PublishForm,
        wants_context=True,
        available=_can_look,
        done=_("Noted: it still holds."),
    )
    actions.register(Article, "restore", service=articles.restore_article, done=_("The article is published again."))
    actions.add(
        Article,
        "discard",
        label=pgettext_lazy("article", "Throw the draft away"),
        service=articles.discard_draft,
        available=_can_discard,
        danger=True,
        done=_("The draft is gone."),
    )
    actions.register(Article, "retire", service=articles.retire_article, done=_("The article is retired."))
    actions.register(Session, "hold", service=training.hold_session, done=_("The session is noted as held."))
    actions.register(Session, "cancel", service=training.cancel_session, done=_("The session is cancelled."))
