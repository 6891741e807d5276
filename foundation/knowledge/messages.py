"""Whom the house tells of articles and training."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.accounts.audiences import Recipient, register_audience, staff_recipient
from foundation.accounts.models import User
from foundation.knowledge import events
from foundation.knowledge.models import Article, Session
from foundation.knowledge.selectors import publishers
from foundation.knowledge.words import words_of
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.placeholders import register_event_placeholders
from foundation.notifications.subjects import register_subject
from foundation.ui import formats

ASKED = {
    "en": Text("To be published: {article_title}", "{actor_name} asks you to publish: {article_title}\n{link}", "From {actor_name}"),
    "zh-hans": Text("待发布：{article_title}", "{actor_name} 请您审阅并发布：{article_title}\n{link}", "来自 {actor_name}"),
    "zh-hant": Text("待發布：{article_title}", "{actor_name} 請您審閱並發布：{article_title}\n{link}", "來自 {actor_name}"),
    "de": Text("Zu veröffentlichen: {article_title}", "{actor_name} bittet Sie um die Veröffentlichung: {article_title}\n{link}", "Von {actor_name}"),
}  # fmt: skip
INVITED = {
    "en": Text("Training: {session_title}", "You are invited: {session_title}\n{session_when}\n{session_place}\n\n{link}", "{session_when}, {session_place}"),
    "zh-hans": Text("培训：{session_title}", "邀请您参加培训：{session_title}\n{session_when}\n{session_place}\n\n{link}", "{session_when}，{session_place}"),
    "zh-hant": Text("訓練課程：{session_title}", "邀請您參加訓練課程：{session_title}\n{session_when}\n{session_place}\n\n{link}", "{session_when}，{session_place}"),
    "de": Text("Schulung: {session_title}", "Sie sind eingeladen: {session_title}\n{session_when}\n{session_place}\n\n{link}", "{session_when}, {session_place}"),
}  # fmt: skip
CANCELLED = {
    "en": Text("Cancelled: {session_title}", "This session does not take place: {session_title}\n{session_when}\n{link}", "{session_when}"),
    "zh-hans": Text("培训取消：{session_title}", "本次培训取消：{session_title}\n{session_when}\n{link}", "{session_when}"),
    "zh-hant": Text("訓練取消：{session_title}", "本次訓練取消：{session_title}\n{session_when}\n{link}", "{session_when}"),
    "de": Text("Fällt aus: {session_title}", "Diese Schulung fällt aus: {session_title}\n{session_when}\n{link}", "{session_when}"),
}  # fmt: skip
STAFF = ("inbox", "email")


def article_publishers(event: Any, subject: Any) -> list[Recipient]:
    """Those who may publish what others have written; not whoever asks."""
    return [staff_recipient(user) for user in publishers().exclude(pk=event.actor_id or 0)]


def session_guests(event: Any, subject: Any) -> list[Recipient]:
    """The people whom the event names, or everybody who is invited to the session."""
    if not isinstance(subject, Session):
        return []
    people = User.objects.filter(is_active=True).order_by("pk")
    named = event.facts.get("person_ids")
    if named is None:
        named = subject.attendances.values_list("person", flat=True)
    return [staff_recipient(user) for user in people.filter(pk__in=named)]


def article_values(event: Any, subject: Any, recipient: Recipient) -> dict[str, Any]:
    """What the article is called."""
    return {"article_title": lambda: str(subject) if isinstance(subject, Article) else ""}


def session_values(event: Any, subject: Any, recipient: Recipient) -> dict[str, Any]:
    """What, when and where."""
    if not isinstance(subject, Session):
        return {"session_title": "", "session_when": "", "session_place": ""}
    return {
        "session_title": lambda: words_of(subject.course, "title"),
        "session_when": lambda: formats.exact(subject.begins_at),
        "session_place": subject.place,
    }


def register() -> None:
    """Called once, when the apps are ready."""
    register_subject(Article, owner=lambda one: one.owner, composer=False)
    register_subject(Session, owner=lambda one: one.trainer, nouns=("training_session",), composer=False)
    register_audience("article_publishers", _("Those who publish articles"), article_publishers)
    register_audience(
        "session_guests", _("Those invited to a training session"), session_guests, is_named_by_event=True
    )
    register_event_placeholders("article.", article_values, names={"article_title": _("Title of the article")})
    names = {
        "session_title": _("Name of the course"),
        "session_when": _("When the training session begins"),
        "session_place": _("Where the training session is held"),
    }
    register_event_placeholders("training_session.", session_values, names=names)
    register_message(
        "article_asked", event=events.ASKED, audience="article_publishers", channels=("inbox",), texts=ASKED
    )
    register_message("training_invited", event=events.INVITED, audience="session_guests", channels=STAFF, texts=INVITED)
    register_message("training_moved", event=events.RESCHEDULED, audience="session_guests", channels=STAFF, template="training_invited")  # fmt: skip
    register_message("training_cancelled", event=events.CANCELLED, audience="session_guests", channels=STAFF, texts=CANCELLED)  # fmt: skip
