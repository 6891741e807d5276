"""Questionnaires: the shipped ones, building, versions that never change, the pages."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse

from crm import defaults, services
from crm.forms.questionnaires import ScriptForm
from crm.models import Option, Question, Questionnaire, QuestionnaireVersion
from crm.services.questionnaires import QuestionData
from foundation.journal.machine import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def presales() -> Questionnaire:
    defaults.load()
    return Questionnaire.objects.get(code="presales-callback")


def signed_in(user) -> Client:
    cache.clear()
    client = Client()
    client.force_login(user)
    client.get("/customers/")
    return client


def a_draft(actor=None) -> QuestionnaireVersion:
    row = services.create_questionnaire(actor=actor, names={"en": "Fair"}, purpose="other")
    return row.versions.get()


def choice(draft, text="Do you want samples?", **more):
    options = more.pop("options", [{"en": "Yes", "is_signal": True}, {"en": "No"}])
    data = QuestionData(kind="single", texts={"en": text}, options=options, **more)
    return services.save_question(draft.pk, data, actor=None)


def test_the_house_ships_both_callbacks_in_four_languages_and_loads_them_once(presales):
    assert defaults.load() == 0
    for row in Questionnaire.objects.all():
        version = row.versions.get()
        assert version.status == "published"
        for question in services.asks_of(version):
            assert question.missing == []
        assert version.opening_de and version.closing_zh_hant
    codes = [one.code for one in services.asks_of(presales.versions.get())]
    seven = ["performance", "service", "product", "business", "project", "floor-plan", "style"]
    assert [code for code in codes if code in seven] == seven
    assert codes[-1] == "visit"


def test_a_script_may_use_names_that_somebody_fills():
    draft = a_draft()
    assert ScriptForm({"opening_en": "This is {my_name} of {company_name}."}, version=draft).is_valid()
    form = ScriptForm({"opening_en": "This is {your_name}."}, version=draft)
    assert "{your_name}" in form.errors["opening_en"][0] and "{my_name}" in form.errors["opening_en"][0]


def test_load_defaults_brings_them():
    call_command("load_defaults", verbosity=0)
    assert set(Questionnaire.objects.values_list("code", flat=True)) == {"presales-callback", "completion-callback"}


def test_a_published_version_never_changes_not_even_past_the_services(presales):
    version = presales.versions.get()
    question = version.questions.get(code="project")
    for change in (
        lambda: Question.objects.filter(pk=question.pk).update(text_en="Changed"),
        lambda: question.options.all().delete(),
        lambda: Option.objects.create(question=question, code="new", position=9, text_en="New"),
        lambda: Question.objects.create(version=version, code="more", position=99, text_en="More"),
        lambda: QuestionnaireVersion.objects.filter(pk=version.pk).update(opening_en="Changed"),
        lambda: QuestionnaireVersion.objects.filter(pk=version.pk).update(status="draft"),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()
    with pytest.raises(Refused, match="never changes"):
        choice(version)
    assert version.questions.count() == 9
    assert question.options.count() == 2


def test_a_new_version_copies_the_questions_and_replaces_the_former_when_it_is_published(presales, maria):
    former = presales.versions.get()
    draft = services.begin_version(presales.pk, actor=maria)
    assert services.begin_version(presales.pk, actor=maria) == draft
    copied = {one.code: one for one in services.asks_of(draft)}
    assert list(copied) == [one.code for one in services.asks_of(former)]
    assert copied["floor-plan"].depends_on == copied["project"]
    choice(draft, "One more?")
    services.publish_version(draft.pk, actor=maria)
    former.refresh_from_db()
    assert former.status == "retired"
    assert former.questions.count() == 9
    assert presales.versions.get(status="published").questions.count() == 10


def test_a_condition_that_can_never_work_is_refused_and_nothing_is_kept():
    draft = a_draft()
    first = choice(draft)
    second = choice(draft, "Which?", depends_on=first.pk, operator="is", values=["o1"])
    with pytest.raises(Refused) as refusal:
        data = QuestionData(
            kind="single", texts={"en": "Q"}, options=[{"en": "A"}, {"en": "B"}],
            depends_on=second.pk, operator="answered",
        )  # fmt: skip
        services.save_question(draft.pk, data, actor=None, pk=first.pk)
    assert refusal.value.field == "depends_on"
    with pytest.raises(Refused, match="at least two options"):
        choice(draft, options=[{"en": "Only"}])
    with pytest.raises(Refused, match="asked before it"):
        services.move_question(draft.pk, second.pk, actor=None, by=-1)
    with pytest.raises(Refused, match="depends on it"):
        services.remove_question(draft.pk, first.pk, actor=None)
    assert [one.pk for one in services.asks_of(draft)] == [first.pk, second.pk]


def test_an_empty_draft_is_not_published():
    draft = a_draft()
    with pytest.raises(Refused, match="no question"):
        services.publish_version(draft.pk, actor=None)
    assert QuestionnaireVersion.objects.get().status == "draft"


def test_questions_are_ordered_as_they_are_dragged():
    draft = a_draft()
    keys = [choice(draft, f"Question {number}").pk for number in range(4)]
    services.order_questions(draft.pk, [keys[2], keys[0], 999_999], actor=None)
    assert [one.pk for one in services.asks_of(draft)] == [keys[2], keys[0], keys[1], keys[3]]


# ---------------------------------------------------------------- pages


def test_a_manager_builds_a_questionnaire_by_the_pages(maria):
    client = signed_in(maria)
    response = client.post("/questionnaires/new/", {"name_en": "Fair", "purpose": "other"})
    row = Questionnaire.objects.get()
    assert response["Location"] == row.get_absolute_url()
    version = row.versions.get()
    new = reverse("crm:question-new", args=[version.pk])
    values = {
        "text_en": "Samples?", "kind": "single", "scale_max": "5", "is_required": "on",
        "options-TOTAL_FORMS": "2", "options-INITIAL_FORMS": "0",
        "options-0-en": "Yes", "options-0-de": "Ja", "options-1-zh_hans": "不",
    }  # fmt: skip
    refused = client.post(new, values)
    assert refused.status_code == 422
    assert "An option needs its text in English" in refused.content.decode()
    assert "不" in refused.content.decode()
    more = client.post(new, {**values, "add_option": "1"})
    assert more.content.decode().count("<legend>Option ") == 5
    assert client.post(new, {**values, "options-1-en": "No"}).status_code == 302
    question = Question.objects.get()
    text = {
        "text_en": "Which?",
        "kind": "text",
        "scale_max": "5",
        "options-TOTAL_FORMS": "0",
        "options-INITIAL_FORMS": "0",
    }
    wrong = client.post(new, {**text, "depends_on": question.pk, "operator": "at_least", "condition_number": "3"})
    assert wrong.status_code == 422
    assert "does not fit" in wrong.content.decode()
    condition = {"depends_on": question.pk, "operator": "is", "condition_options": f"{question.pk}:o1"}
    assert client.post(new, {**text, **condition}).status_code == 302
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Only if the answer to question 1 is one of Yes" in page
    assert "missing: Simplified Chinese" in page
    act = reverse("crm:questionnaire-act", args=[row.pk, "down"])
    moved = client.post(act, {"question": question.pk})
    assert moved.status_code == 409
    assert "asked before it" in moved.content.decode()
    dragged = client.post(
        reverse("crm:questionnaire-act", args=[row.pk, "order"]),
        {"order": f"{Question.objects.last().pk},{question.pk}"}, headers={"X-Order": "1"},
    )  # fmt: skip
    assert dragged.status_code == 409
    client.post(reverse("crm:questionnaire-act", args=[row.pk, "publish"]))
    assert row.versions.get().status == "published"
    assert client.get(new).status_code == 409


def test_the_preview_shows_each_language(maria, presales):
    client = signed_in(maria)
    url = reverse("crm:questionnaire-preview", args=[presales.versions.get().pk])
    assert "Dürfen wir Sie besuchen?" in client.get(f"{url}?language=de").content.decode()
    assert "我們可以登門拜訪您嗎？" in client.get(f"{url}?language=zh-hant").content.decode()
    assert client.get(f"{url}?language=xx").status_code == 200


def test_who_may_not_change_reads_and_gets_403(anna, presales):
    client = signed_in(anna)
    assert client.get(presales.get_absolute_url()).status_code == 200
    draft = services.begin_version(presales.pk, actor=None)
    for path in (
        "/questionnaires/new/",
        reverse("crm:question-new", args=[draft.pk]),
        reverse("crm:questionnaire-edit", args=[presales.pk]),
        reverse("crm:questionnaire-script", args=[draft.pk]),
    ):
        assert client.get(path).status_code == 403, path
    assert client.post(reverse("crm:questionnaire-act", args=[presales.pk, "publish"])).status_code == 403
    draft.refresh_from_db()
    assert draft.status == "draft"


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_and_the_page_cost_the_same_with_two_and_with_twenty(
    maria, presales, rows, django_assert_max_num_queries
):
    draft = a_draft()
    for number in range(rows):
        services.create_questionnaire(actor=None, names={"en": f"More {number}"}, purpose="other")
        choice(draft, f"Question {number}")
    client = signed_in(maria)
    with django_assert_max_num_queries(8):
        assert client.get("/questionnaires/?view=all").status_code == 200
    with django_assert_max_num_queries(9):
        assert client.get(draft.questionnaire.get_absolute_url()).status_code == 200


def test_the_application_may_not_change_answers():
    with connection.cursor() as cursor:
        for table in ("crm_response", "crm_answer", "crm_callattempt", "crm_visitconsent"):
            cursor.execute(
                "SELECT has_table_privilege(%s, 'UPDATE') OR has_table_privilege(%s, 'DELETE')", [table, table]
            )
            assert cursor.fetchone() == (False,), table
