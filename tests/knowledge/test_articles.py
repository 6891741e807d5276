"""Articles: written, published by four eyes, compared, looked at again; what readers say of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from foundation.accounts.models import User
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.knowledge.defaults import ARTICLES, load
from foundation.knowledge.models import Article, ArticleVersion, Situation, Use, Verdict
from foundation.knowledge.selectors import found_passage, usual_questions, visible_articles
from foundation.knowledge.services import articles as services
from foundation.knowledge.shipped.situations import SITUATIONS
from foundation.notifications.models import InboxItem
from foundation.sla.models import Clock
from foundation.todos.models import Task
from tests.knowledge.conftest import published, texts, write

pytestmark = pytest.mark.django_db


def codes(article: Any) -> list[str]:
    return list(Event.objects.about(article).order_by("id").values_list("code", flat=True))


def test_the_house_ships_a_script_in_four_languages_for_every_situation_of_the_road(house):
    told = {code for one in Article.objects.published() for code in one.situations}
    assert {code for code, room, _names in SITUATIONS if room in ("shipment", "call", "service")} <= told
    assert not [one.code for one in Article.objects.select_related("latest") if one.missing]
    assert load() == 0 and Article.objects.count() == len(ARTICLES)
    assert Situation.objects.count() == len(SITUATIONS)


def test_shipped_words_are_improved_until_somebody_writes(house, manager, monkeypatch):
    one, other = ARTICLES[0], ARTICLES[1]
    mine = Article.objects.get(code=other.code)
    services.write_words(mine.pk, actor=manager, texts={"title_en": "My own"}, change="Shorter")
    services.publish_article(mine.pk, actor=manager)
    for code in (one.code, other.code):
        Article.objects.filter(code=code).exclude(shipped="").update(shipped="older")
    assert load() == 1
    assert Article.objects.get(code=one.code).current.number == 2
    assert Article.objects.get(code=other.code).title == "My own"


def test_nobody_publishes_their_own_words_without_the_right(writer, manager):
    article = write(writer)
    writer.user_permissions.set([])
    with pytest.raises(Refused) as refused:
        services.publish_article(article.pk, actor=writer)
    assert refused.value.reason == "permission"
    from django.contrib.auth.models import Permission

    writer.user_permissions.add(Permission.objects.get(codename="publish_article"))
    writer = User.objects.get(pk=writer.pk)
    with pytest.raises(Refused) as refused:
        services.publish_article(article.pk, actor=writer)
    assert refused.value.reason == "condition"
    article.refresh_from_db()
    assert article.status == "draft" and article.current is None and codes(article) == ["article.created"]
    services.publish_article(article.pk, actor=manager)
    article = Article.objects.get(pk=article.pk)
    assert article.status == "published" and article.current.published_by == manager


def test_readers_see_only_what_is_published(writer, manager, reader):
    article = write(writer)
    assert article not in visible_articles(reader) and article in visible_articles(writer)
    services.publish_article(article.pk, actor=manager)
    assert article in visible_articles(reader)
    services.write_words(article.pk, actor=writer, texts={"title_en": "Very wet goods"}, change="Clearer")
    assert Article.objects.select_related("current", "latest").get(pk=article.pk).title == "Wet goods"
    services.retire_article(article.pk, actor=manager)
    assert article not in visible_articles(reader)
    services.restore_article(article.pk, actor=manager)
    assert article in visible_articles(reader)


def test_published_words_are_locked_in_the_database(writer, manager):
    version = published(writer, manager).current
    with pytest.raises(DatabaseError), transaction.atomic():
        ArticleVersion.objects.filter(pk=version.pk).update(body_en="Something else")
    with pytest.raises(DatabaseError), transaction.atomic():
        version.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=version.article_id).update(current=None)


def test_an_edit_of_a_published_article_is_a_version_of_its_own(writer, manager):
    article = published(writer, manager)
    services.write_words(article.pk, actor=writer, texts={"body_en": "Dry them."}, change="Shorter")
    services.write_words(article.pk, actor=writer, texts={"body_en": "Dry them first."}, change="Clearer")
    assert [one.number for one in article.versions.all()] == [2, 1]
    services.ask_publication(article.pk, actor=writer)
    services.ask_publication(article.pk, actor=writer)
    assert codes(article).count("article.asked") == 1
    assert InboxItem.objects.filter(user=manager, text__startswith="To be published").count() == 1
    services.publish_article(article.pk, actor=manager)
    assert Article.objects.get(pk=article.pk).current.number == 2
    with pytest.raises(Refused):
        services.publish_article(article.pk, actor=manager)
    services.write_words(article.pk, actor=writer, texts={"body_en": "No."})
    services.discard_draft(article.pk, actor=writer)
    assert Article.objects.get(pk=article.pk).latest.number == 2


def test_two_who_write_at_once_do_not_write_over_each_other(writer, manager):
    article = write(writer)
    seen = services.mark_of(article.latest)
    services.write_words(article.pk, actor=manager, texts={"body_en": "Mine."}, seen=seen)
    with pytest.raises(Refused) as refused:
        services.write_words(article.pk, actor=writer, texts={"body_en": "No, mine."}, seen=seen)
    assert "Maria Roth" in refused.value.message
    assert Article.objects.get(pk=article.pk).latest.body_en == "Mine."


def test_a_name_that_nobody_knows_is_refused(writer):
    with pytest.raises(Refused) as refused:
        write(writer, texts=texts(body="Call {nobody}."))
    assert refused.value.field == "body_en" and "{nobody}" in refused.value.message
    assert not Article.objects.filter(code="wet-goods").exists()


def test_the_next_look_is_a_promise_of_the_owner(writer, manager):
    article = published(writer, manager)
    clock = Clock.objects.open().get(target__code="article-review")
    assert clock.owner_id == writer.pk
    with pytest.raises(Refused):
        services.look_again(article.pk, actor=writer, review_on=timezone.localdate())
    services.look_again(article.pk, actor=writer, review_on=timezone.localdate() + timedelta(days=30))
    newest = Clock.objects.open().get(target__code="article-review")
    assert newest.pk != clock.pk and newest.due_at < clock.due_at
    services.retire_article(article.pk, actor=manager)
    assert not Clock.objects.open().filter(target__code="article-review").exists()


def test_a_reader_may_change_their_mind_and_a_remark_is_the_owners_task(writer, manager, reader):
    article = published(writer, manager)
    services.give_verdict(article.pk, actor=reader, has_helped=True)
    services.give_verdict(article.pk, actor=reader, has_helped=False)
    assert list(Verdict.objects.values_list("has_helped", flat=True)) == [False]
    services.send_remark(article.pk, actor=reader, text="The number is wrong.")
    task = Task.objects.get()
    assert (task.person, task.note, task.subject) == (writer, "The number is wrong.", article)


def test_use_is_noted_once_on_the_record(writer, manager, reader):
    from tests.crm.factories import make_customer

    article, customer = published(writer, manager), make_customer("Hafen GmbH", owner=writer)
    services.note_use(article.pk, customer, actor=reader)
    services.note_use(article.pk, customer, actor=reader)
    assert Use.objects.get().version == article.current
    (event,) = Event.objects.about(customer).filter(code="article.used")
    assert event.facts["article"]["en"] == "Wet goods"


@pytest.mark.parametrize(
    ("words", "language"),
    [("缺货", "zh-hans"), ("缺貨", "zh-hans"), ("庫存", "zh-hans"), ("Lieferrückstand", "en"), ("Baustelle weiter", "de"), ("keeps your site", "en")],
)  # fmt: skip
def test_words_of_every_language_find_an_article(house, words, language):
    found = list(Article.objects.published().search(words).select_related("current", "latest"))
    article = next(one for one in found if one.code == "short-stock")
    with override("en"):
        where, title, passage = found_passage(article, words)
    if words not in article.keywords:
        assert where == language and "<mark>" in f"{title}{passage}"


def test_usual_questions_of_the_showroom_come_from_here(house):
    with override("de"):
        assert [one.code for one in usual_questions("showroom", "MUSTER mitnehmen")] == ["faq-samples"]
        assert len(usual_questions("showroom")) == 4 and usual_questions("showroom", "Kran") == []
