"""The pages of the knowledge base and of training, and what stands of them beside records of others."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from foundation.knowledge import helping as helping_index
from foundation.knowledge.helping import best_for, score, telling_words
from foundation.knowledge.models import Article, Attempt, Course, Use
from foundation.knowledge.panels import helping
from foundation.knowledge.passages import passage, spans_of
from foundation.knowledge.rendering import plain, render
from foundation.knowledge.services import exams, training
from foundation.knowledge.services.articles import mark_of
from foundation.knowledge.situations import Circumstances
from tests.accounts.factories import make_user
from tests.aftersales.factories import make_ticket
from tests.crm.factories import make_contact, make_customer, make_inquiry
from tests.knowledge.conftest import published, signed_in, texts, write
from tests.knowledge.test_training import plan, right_answers
from tests.logistics.factories import png

pytestmark = pytest.mark.django_db


def body(response: Any) -> str:
    return response.content.decode()


# ---------------------------------------------------------------- words


def test_markdown_is_read_and_nothing_of_it_runs():
    drawn = render(
        "# Steps\n\n1. **First**\n\n<script>x()</script> [a](javascript:x()) ![b](c.png) [ok](https://example.com)"
    )
    assert "<h3>Steps</h3>" in drawn and "<strong>First</strong>" in drawn
    assert (
        "<script" not in drawn and "javascript:" not in drawn.replace("[a](javascript:x())", "") and "<img" not in drawn
    )
    assert 'href="https://example.com"' in drawn and "noopener" in drawn
    assert plain("# A\n\n> b *c*") == "A b c"


def test_what_a_record_says_stays_text_and_gaps_are_seen():
    values = {"customer_name": "<b>*Hafen* & Co</b>", "number": ""}
    drawn = render("For {customer_name}: {number}", values=values, names={"number": "Number"})
    assert "&lt;b&gt;*Hafen* &amp; Co&lt;/b&gt;" in drawn and "<em>" not in drawn
    assert '<span class="gap">[Number]</span>' in drawn
    assert "{customer_name}" in render("For {customer_name}")


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Die Lieferung über Größe", "grosse", ["Größe"]),
        ("庫存不足", "库存", ["庫存"]),
        ("ＡＢＣ café", "cafe abc", ["ＡＢＣ", "café"]),
        ("unpaid paid", "paid", ["paid"]),
        ("nothing", "", []),
    ],
)
def test_words_are_found_as_people_read_them(text, words, found):
    assert [text[start:end] for start, end in spans_of(text, words)] == found


def test_a_passage_shows_the_words_and_escapes_the_rest():
    long = f"{'x ' * 100}<b> needle {'y ' * 200}"
    said = passage(long, "needle")
    assert "<mark>needle</mark>" in said and "&lt;b&gt;" in said and said.startswith("… ") and said.endswith(" …")


# ---------------------------------------------------------------- what helps


def test_situation_weighs_most_then_family_then_words(house):
    first = best_for(Circumstances(situations=("damaged", "complaint", "angry-customer"), language="de"))
    assert [one.titles["en"][:17] for one in first] == ["Delivered damaged", "A complaint: five", "An upset customer"]
    assert best_for(Circumstances(words="and the with from")) == []
    (batch, *_rest) = best_for(Circumstances(words="Farbton der Charge stimmt nicht"))
    assert batch.titles["en"].startswith("Doubts")
    assert score(batch, Circumstances(), telling_words(["nothing of it"])) == 0


def test_the_panel_costs_no_query_once_the_index_is_read(house, manager, monkeypatch, django_assert_num_queries):
    ticket = make_ticket(kind="damage", subject="Everything is wet")
    entries = helping_index._read()
    monkeypatch.setattr(helping_index._index, "get", lambda: entries)
    helping(ticket, manager)
    with django_assert_num_queries(0):
        assert len(helping(ticket, manager)) == 3


@pytest.mark.parametrize("count", [2, 20])
def test_the_index_is_one_query_for_any_number_of_articles(writer, manager, count, django_assert_num_queries):
    for number in range(count):
        published(writer, manager, texts=texts(title=f"Wet goods {number}"), situations=["damaged"])
    with django_assert_num_queries(1):
        found = helping_index._read()
    assert str(found).count("Wet goods") >= count


def test_help_stands_on_a_complaint_and_opens_filled_in(house, manager):
    contact = make_contact(make_customer(language="de"), name="Frau Petersen")
    ticket = make_ticket(kind="damage", subject="Broken boxes", customer=contact.customer, contact=contact)
    client = signed_in(manager)
    page = body(client.get(ticket.get_absolute_url()))
    article = Article.objects.get(code="damaged")
    url = f"{reverse('knowledge:article-beside', args=[article.pk])}?for=aftersales.ticket%3A{ticket.pk}"
    assert "What helps here" in page and url.replace("&", "&amp;") in page
    beside = body(client.get(url))
    assert "Erst bedauern" in beside and 'lang="de"' in beside and "Petersen" in beside
    assert "Be sorry first" in body(client.get(f"{url}&in=en"))
    used = client.post(reverse("knowledge:article-use", args=[article.pk]), {"for": f"aftersales.ticket:{ticket.pk}"})
    assert used.status_code == 302 and Use.objects.get().object_id == ticket.pk
    assert "Used from the knowledge base: Delivered damaged" in body(client.get(ticket.get_absolute_url()))
    again = client.post(
        reverse("knowledge:article-use", args=[article.pk]),
        {"for": f"aftersales.ticket:{ticket.pk}"},
        headers={"HX-Request": "true"},
    )
    assert "you used it here" in body(again) and Use.objects.count() == 1


def test_nobody_opens_help_from_a_record_that_they_may_not_see(house):
    reader = make_user("Otto", permissions=("knowledge.view_article",))
    article, ticket = Article.objects.get(code="damaged"), make_ticket()
    client = signed_in(reader)
    for ref in (f"aftersales.ticket:{ticket.pk}", "aftersales.ticket:99999999", "x", "accounts.user:1", ""):
        url = reverse("knowledge:article-beside", args=[article.pk])
        assert client.get(url, {"for": ref}).status_code == 404
        assert client.post(reverse("knowledge:article-use", args=[article.pk]), {"for": ref}).status_code == 404
    assert not Use.objects.exists()


def test_help_on_an_inquiry_knows_its_words(house, manager):
    inquiry = make_inquiry(subject="Too expensive, may we have a discount?")
    page = body(signed_in(manager).get(inquiry.get_absolute_url()))
    assert "What helps here" in page and "Too expensive" in page.split("What helps here")[1]


# ---------------------------------------------------------------- articles


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_costs_the_same(house, writer, manager, count, django_assert_max_num_queries):
    for number in range(count):
        published(writer, manager, texts=texts(title=f"Wet goods {number}"))
    client = signed_in(manager)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("knowledge:articles"), {"q": "wet goods"}).status_code == 200
    with django_assert_max_num_queries(12):
        client.get(reverse("knowledge:articles"), {"view": "all"})


def test_the_search_shows_the_passage_in_the_language_in_which_it_stands(house, reader):
    client = signed_in(reader)
    page = body(client.get(reverse("knowledge:articles"), {"q": "抛锚"}))
    assert "Breakdown of the vehicle" in page
    page = body(client.get(reverse("knowledge:articles"), {"q": "防雨"}))
    assert 'lang="zh-Hans"' in page and "<mark>防雨</mark>" in page
    assert "Delivered damaged" in body(client.get("/search/", {"q": "破损"}))
    assert client.get(reverse("knowledge:articles"), {"kind": "faq", "situation": "showroom"}).status_code == 200
    for view in ("drafts", "asked", "lacking", "most", "never"):
        assert client.get(reverse("knowledge:articles"), {"view": view}).status_code == 200


def test_an_article_is_read_in_every_language_and_marks_what_is_missing(writer, manager, reader):
    article = published(writer, manager, texts=texts(title_de="Nasse Ware", body_de="Trocknen."))
    client = signed_in(reader)
    page = body(client.get(article.get_absolute_url()))
    assert "Wet goods" in page and "Dry them" in page and "(missing)" in page
    assert "Trocknen." in body(client.get(article.get_absolute_url(), {"in": "de"}))
    chinese = body(client.get(article.get_absolute_url(), {"in": "zh-hans"}))
    assert "Here it is in English" in chinese and "Dry them" in chinese
    assert reverse("knowledge:article-words", args=[article.pk]) not in page
    assert client.get(reverse("knowledge:article-words", args=[article.pk])).status_code == 403
    assert client.get(reverse("knowledge:article-versions", args=[article.pk])).status_code == 403


def test_a_writer_writes_asks_and_a_manager_publishes(writer, manager):
    client = signed_in(writer)
    values = {
        **texts(),
        "kind": "article",
        "families": "SPC, WPC，SPC",
        "keywords": "",
        "situations": ["damaged"],
        "owner": writer.pk,
    }
    assert client.get(reverse("knowledge:article-new")).status_code == 200
    assert client.post(reverse("knowledge:article-new"), {**values, "body_en": "Hello {nobody}"}).status_code == 422
    made = client.post(
        reverse("knowledge:article-new"), {**values, "pictures": SimpleUploadedFile("box.png", png(), "image/png")}
    )
    article = Article.objects.get(code="wet-goods")
    assert made.status_code == 302 and article.families == ["SPC", "WPC"] and article.situations == ["damaged"]
    assert "box" in body(client.get(article.get_absolute_url()))
    assert client.post(reverse("knowledge:article-do", args=[article.pk, "ask"])).status_code == 302
    boss = signed_in(manager)
    assert "Wet goods" in body(boss.get(reverse("knowledge:articles"), {"view": "asked"}))
    answer = boss.post(reverse("knowledge:article-do", args=[article.pk, "publish"]), {"review_on": "2000-01-01"})
    assert answer.status_code == 422
    boss.post(reverse("knowledge:article-do", args=[article.pk, "publish"]), {"review_on": "2099-01-01"})
    article.refresh_from_db()
    assert article.status == "published"
    words = reverse("knowledge:article-words", args=[article.pk])
    assert client.get(words).status_code == 200
    sent = {**texts(body="Dry them well."), "change": "Clearer", "seen": mark_of(article.latest)}
    assert client.post(words, sent).status_code == 302
    stale = client.post(words, sent | {"body_en": "Never."})
    assert stale.status_code == 422 and "Never." in body(stale)
    versions = body(client.get(reverse("knowledge:article-versions", args=[article.pk])))
    assert "<ins>" in versions and "Dry them well." in versions and "Clearer" in versions
    settings = reverse("knowledge:article-settings", args=[article.pk])
    assert (
        client.post(settings, {"kind": "faq", "owner": writer.pk, "families": "", "keywords": "wet"}).status_code == 302
    )
    article.refresh_from_db()
    assert article.kind == "faq" and Article.objects.search("wet").filter(pk=article.pk).exists()


def test_readers_say_whether_it_helped_and_send_remarks(writer, manager, reader):
    article = published(writer, manager)
    client = signed_in(reader)
    url = reverse("knowledge:article-verdict", args=[article.pk])
    assert 'aria-pressed="true"' in body(client.post(url, {"helped": "yes"}, headers={"HX-Request": "true"}))
    assert client.post(url, {"helped": "no"}).status_code == 302
    remark = reverse("knowledge:article-remark", args=[article.pk])
    assert client.get(remark).status_code == 200 and client.post(remark, {"text": ""}).status_code == 422
    assert client.post(remark, {"text": "Wrong number"}).status_code == 302
    assert writer.tasks.get().note == "Wrong number"


def test_the_article_page_stays_within_its_budget(writer, manager, reader, django_assert_max_num_queries):
    article = published(writer, manager)
    for user, most in ((reader, 12), (manager, 15)):
        client = signed_in(user)
        client.get(article.get_absolute_url())
        with django_assert_max_num_queries(most):
            answer = client.get(article.get_absolute_url())
        assert answer.status_code == 200 and article.current.title_en in body(answer)


# ---------------------------------------------------------------- training


def test_the_pages_of_training_open_for_those_who_may(writer, manager, reader):
    course = Course.objects.get(code="telephone-manners")
    session = plan(course, manager, writer)
    boss, client = signed_in(manager), signed_in(writer)
    for url in (reverse("knowledge:training"), course.get_absolute_url(), session.get_absolute_url(), reverse("knowledge:courses"), reverse("knowledge:sessions")):  # fmt: skip
        assert client.get(url).status_code == 200 and boss.get(url).status_code == 200
    closed = [
        reverse("knowledge:overview"), reverse("knowledge:course-new"), reverse("knowledge:course-edit", args=[course.pk]),
        reverse("knowledge:duty-new", args=[course.pk]), reverse("knowledge:session-new", args=[course.pk]),
        reverse("knowledge:session-edit", args=[session.pk]), reverse("knowledge:attendance", args=[session.pk]),
        reverse("knowledge:exam-build", args=[course.pk]),
    ]  # fmt: skip
    for url in closed:
        assert client.get(url).status_code == 403 and boss.get(url).status_code == 200, url
    assert client.get(reverse("knowledge:person", args=[reader.pk])).status_code == 404
    assert "Career" in body(boss.get(reverse("knowledge:person", args=[writer.pk])))


def test_a_test_is_taken_on_its_page(writer, manager):
    course = Course.objects.get(code="telephone-manners")
    client = signed_in(writer)
    begun = client.post(reverse("knowledge:exam-begin", args=[course.pk]))
    attempt = Attempt.objects.get()
    assert begun["Location"] == reverse("knowledge:exam-take", args=[attempt.pk])
    page = body(client.get(begun["Location"]))
    assert "data-left" in page and "Hand in" in page
    assert signed_in(manager).get(begun["Location"]).status_code == 404
    answers = {f"q{pk}": value for pk, value in right_answers(course).items()}
    done = client.post(begun["Location"], answers)
    said = body(client.get(done["Location"]))
    assert "100 %" in said and "passed" in said
    assert client.get(begun["Location"]).status_code == 302
    again = client.post(begun["Location"], answers, follow=True)  # a second tab that was left open
    assert "This test has been handed in already." in body(again)
    with override("en"):
        assert "passed" in body(client.get(reverse("knowledge:training")))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "80 percent are needed"),
        ("de", "80 Prozent sind"),
        ("zh-hans", "达到 80% 即通过"),
        ("zh-hant", "達到 80% 即通過"),
    ],
)
def test_a_test_opens_in_every_language(writer, language, said):
    writer.language = language
    writer.save(update_fields=["language"])
    client = signed_in(writer)
    begun = client.post(reverse("knowledge:exam-begin", args=[Course.objects.get(code="telephone-manners").pk]))
    assert said in body(client.get(begun["Location"]))


def test_a_test_is_built_on_its_pages(manager):
    course = Course.objects.get(code="telephone-manners")
    boss = signed_in(manager)
    build = reverse("knowledge:exam-build", args=[course.pk])
    boss.post(build, {"do": "begin"})
    exam = course.exams.get(published_at=None)
    boss.post(build, {"do": "rules", "pass_percent": 90, "attempts": "", "minutes": ""})
    question = {
        "text_en": "Why?",
        "kind": "single",
        "points": 1,
        "option_0_en": "So",
        "option_1_en": "Because",
        "is_true": "unknown",
    }
    new = reverse("knowledge:question-new", args=[course.pk])
    assert boss.get(new).status_code == 200 and boss.post(new, question).status_code == 422
    assert boss.post(new, {**question, "right_1": "on"}).status_code == 302
    made = exam.questions.last()
    assert [one.is_right for one in made.options.all()] == [False, True]
    assert boss.get(reverse("knowledge:question-edit", args=[course.pk, made.pk])).status_code == 200
    boss.post(build, {"do": f"remove-{exam.questions.first().pk}"})
    boss.post(build, {"do": "publish"})
    exam.refresh_from_db()
    assert exam.pass_percent == 90 and exam.attempts is None and exam.questions.count() == 5 and exam.published_at


def test_attendance_and_plan_are_kept_on_their_pages(writer, manager):
    course = Course.objects.get(code="telephone-manners")
    boss = signed_in(manager)
    session = plan(course, manager, writer)
    url = reverse("knowledge:attendance", args=[session.pk])
    refused = boss.post(url, {f"state_{writer.pk}": "absent", f"reason_{writer.pk}": ""})
    assert refused.status_code == 422 and "Why was Anna Berg absent?" in body(refused)
    assert boss.post(url, {f"state_{writer.pk}": "attended"}).status_code == 302
    duty = reverse("knowledge:duty-new", args=[course.pk])
    assert boss.post(duty, {"within_days": 30}).status_code == 422
    assert boss.post(duty, {"person": writer.pk, "within_days": 30}).status_code == 302
    page = body(boss.get(reverse("knowledge:overview"), {"course": course.pk}))
    assert "0 %" in page and "Anna Berg" in page
    assert boss.post(reverse("knowledge:duty-remove", args=[course.pk, course.duties.get().pk])).status_code == 302


@pytest.mark.parametrize("count", [2, 20])
def test_the_overview_costs_the_same(house, manager, count, django_assert_max_num_queries):
    course = Course.objects.get(code="telephone-manners")
    for number in range(count):
        make_user(f"Person {number}", team=manager.team)
    training.add_duty(course.pk, training.DutyData(team_id=manager.team_id), actor=manager)
    boss = signed_in(manager)
    with django_assert_max_num_queries(12):
        assert boss.get(reverse("knowledge:overview")).status_code == 200


def test_a_shipped_test_can_be_passed(house, reader):
    for course in Course.objects.all():
        attempt = exams.begin_attempt(course.pk, actor=reader)
        assert exams.hand_in(attempt.pk, actor=reader, answers=right_answers(course)).has_passed


def test_a_draft_is_marked_as_one(writer, reader):
    article = write(writer)
    assert "This is a draft" in body(signed_in(writer).get(article.get_absolute_url()))
    assert signed_in(reader).get(article.get_absolute_url()).status_code == 404
