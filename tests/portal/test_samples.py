"""Samples and drawings on the customer's own page."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from crm import sample_defaults
from crm.models import Sample, TechnicalRequest
from crm.services.drawings import ask_changes, release_drawings, send_drawings, submit_drawings
from crm.services.samples import cancel_sample
from crm.services.technical import abandon_request, ask_back, take_request
from foundation.accounts import tokens
from foundation.accounts.models import User
from foundation.accounts.roles import load_roles
from foundation.journal.models import Event
from foundation.notifications.defaults import load_messages
from foundation.notifications.models import InboxItem, Message
from foundation.sla import defaults as sla_defaults
from tests.accounts.factories import make_user
from tests.crm.samples import ask, ask_team, drawn, known_customer, picture, sent, with_customer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(db: None) -> None:
    cache.clear()
    load_roles()
    sample_defaults.load()
    sla_defaults.load_reasons()
    load_messages()


@pytest.fixture
def anna() -> User:
    return make_user("Anna Berg", role="sales")


@pytest.fixture
def lin() -> User:
    return make_user("Lin Fang", role="logistics")


@pytest.fixture
def peng() -> User:
    return make_user("Peng Xu", role="technical")


@pytest.fixture
def nora() -> User:
    return make_user("Nora Lind", role="technical")


@pytest.fixture
def sample(anna: User, lin: User) -> Sample:
    return sent(anna, lin)


@pytest.fixture
def drawings(anna: User, peng: User, nora: User) -> TechnicalRequest:
    return with_customer(anna, peng, nora)


def link(record: Any) -> str:
    purpose, name = ("sample", "sample") if isinstance(record, Sample) else ("drawing", "drawings")
    return reverse(f"portal:{name}", args=[tokens.issue(purpose, record)])


def codes(record: Any) -> list[str]:
    return list(Event.objects.about(record).order_by("id").values_list("code", flat=True))


def test_the_page_shows_the_parcel_and_looking_changes_nothing(client: Client, sample: Sample) -> None:
    before = codes(sample)
    answer = client.get(link(sample))
    page = answer.content.decode()
    for words in (sample.number, "Oak 0", "natural", "DHL", "JD0001", "I have received them", "Approve the samples"):
        assert words in page
    assert answer["Cache-Control"] == "no-store" and "/samples/" not in page.replace(link(sample), "")
    assert codes(sample) == before


def test_received_then_approved_and_the_owner_hears(client: Client, sample: Sample, anna: User) -> None:
    url = link(sample)
    assert client.post(url, {"answer": "received"}).status_code == 302
    sample.refresh_from_db()
    assert (sample.status, sample.received_by) == ("received", "Petra Petersen")
    first = sample.lines.first()
    assert client.post(url, {"answer": "approve", "name": "Petra", "lines": []}).status_code == 422
    assert client.post(url, {"answer": "approve", "name": "Petra", "lines": [first.pk]}).status_code == 302
    sample.refresh_from_db()
    assert (sample.status, sample.decided_by, sample.decided_via) == ("approved", "Petra", "link")
    assert "You have approved these samples." in client.get(url).content.decode()
    assert InboxItem.objects.filter(user=anna).count() >= 2


def test_a_second_answer_is_told_plainly_and_changes_nothing(client: Client, sample: Sample) -> None:
    url = link(sample)
    lines = [line.pk for line in sample.lines.all()]
    said = {"answer": "reject", "name": "Petra", "reason": "Too dark", "lines": lines}
    assert client.post(url, {**said, "reason": ""}).status_code == 422
    client.post(url, said)
    for late in (said, {"answer": "approve", "name": "Petra", "lines": lines}, {"answer": "received"}):
        answer = client.post(url, late)
        assert answer.status_code == 409 and "decided or changed already" in answer.content.decode()
    sample.refresh_from_db()
    assert (sample.status, sample.reason) == ("rejected", "Too dark") and codes(sample).count("sample.rejected") == 1


def test_links_that_open_nothing(client: Client, sample: Sample, anna: User, drawings: TechnicalRequest) -> None:
    url = link(sample)
    cancel_sample(sample.pk, actor=anna, reason="Order lost")
    assert client.get(url).status_code == 404
    requested = ask(anna)
    assert client.get(link(requested)).status_code == 404  # nothing has left the house
    raw = tokens.issue("drawing", drawings)
    assert client.get(reverse("portal:sample", args=[raw])).status_code == 404
    assert client.get(reverse("portal:drawings", args=["x" * 43])).status_code == 404
    url = link(drawings)
    abandon_request(drawings.pk, actor=anna, outcome="rejected", reason="Lost")
    assert client.get(url).status_code == 404


def test_drawings_are_seen_downloaded_and_approved(
    client: Client, drawings: TechnicalRequest, anna: User, peng: User
) -> None:
    url = link(drawings)
    page = client.get(url).content.decode()
    revision = drawings.revisions.get()
    assert "First idea" in page and "Approve revision A" in page and page.count("<img src") >= 2
    file = revision.files.first()
    raw = url.split("/")[-2]
    answer = client.get(reverse("portal:drawing-file", args=[raw, file.pk]))
    assert answer.status_code == 200 and answer["Content-Type"] == "image/png"
    data = {"answer": "approve", "name": "Petra", "agrees": "on", "digest": revision.digest}
    assert client.post(url, {**data, "agrees": ""}).status_code == 422
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 409
    drawings.refresh_from_db()
    assert drawings.status == "approved" and codes(drawings).count("technical_request.approved") == 1
    assert {one.user for one in InboxItem.objects.filter(user__in=[anna, peng])} == {anna, peng}
    assert "You have approved these drawings." in client.get(url).content.decode()


def test_changes_lead_to_the_next_revision_behind_the_same_link(
    client: Client, drawings: TechnicalRequest, anna: User, peng: User, nora: User
) -> None:
    url = link(drawings)
    old = drawings.revisions.get().digest
    data = {"answer": "changes", "name": "Petra", "remark": "Shorter, please", "digest": old}
    assert client.post(url, {**data, "remark": ""}).status_code == 422
    assert client.post(url, data).status_code == 302
    assert "The next revision is being drawn" in client.get(url).content.decode()
    submit_drawings(drawings.pk, actor=peng, uploads=[picture()], note="Shorter now")
    hidden = drawings.revisions.get(number=2)
    page = client.get(url).content.decode()
    assert "Shorter now" not in page and "Approve revision" not in page
    raw = url.split("/")[-2]
    file = reverse("portal:drawing-file", args=[raw, hidden.files.get().pk])
    assert client.get(file).status_code == 404  # not sent yet
    release_drawings(drawings.pk, actor=nora)
    send_drawings(drawings.pk, actor=anna)
    assert "Approve revision B" in client.get(url).content.decode() and client.get(file).status_code == 200
    late = client.post(url, {"answer": "approve", "name": "Petra", "agrees": "on", "digest": old})
    assert late.status_code == 409
    drawings.refresh_from_db()
    assert drawings.status == "sent"


def test_files_of_another_request_stay_closed(
    client: Client, drawings: TechnicalRequest, anna: User, peng: User, nora: User
) -> None:
    other = with_customer(anna, peng, nora)
    raw = link(drawings).split("/")[-2]
    file = other.revisions.get().files.first()
    assert client.get(reverse("portal:drawing-file", args=[raw, file.pk])).status_code == 404


def test_a_question_is_answered_on_the_page_with_a_photo(client: Client, anna: User, peng: User) -> None:
    request = ask_team(anna)
    take_request(request.pk, actor=peng)
    ask_back(request.pk, actor=peng, to="customer", text="A photo of the threshold?", reason="photos")
    url = link(request)
    assert "A photo of the threshold?" in client.get(url).content.decode()
    data = {"answer": "answer", "name": "Petra", "text": "Here it is"}
    assert client.post(url, {**data, "text": ""}).status_code == 422
    assert client.post(url, {**data, "uploads": [picture()]}).status_code == 302
    assert client.post(url, data).status_code == 409
    request.refresh_from_db()
    assert request.status == "in_work" and request.questions.get().answer == "Here it is"


def test_a_question_to_sales_is_none_of_the_customers(client: Client, anna: User, peng: User) -> None:
    request = ask_team(anna)
    take_request(request.pk, actor=peng)
    ask_back(request.pk, actor=peng, to="sales", text="What may it cost?")
    url = link(request)
    assert "What may it cost?" not in client.get(url).content.decode()
    assert client.post(url, {"answer": "answer", "name": "Petra", "text": "Nothing"}).status_code == 409
    request.refresh_from_db()
    assert request.status == "waiting"


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Muster annehmen"), ("zh-hans", "认可样品"), ("zh-hant", "認可樣品"), ("en", "Approve the samples")],
)
def test_both_pages_speak_the_customers_language(
    client: Client, anna: User, lin: User, peng: User, nora: User, language: str, words: str
) -> None:
    customer = known_customer(anna, language=language)
    assert words in client.get(link(sent(anna, lin, customer))).content.decode()
    assert client.get(link(with_customer(anna, peng, nora, customer))).status_code == 200
    letters = Message.objects.filter(channel="email", to_address__startswith="petra")
    assert letters.count() == 2


def test_the_pages_stay_within_their_budget(
    client: Client, sample: Sample, drawings: TechnicalRequest, django_assert_max_num_queries: Any
) -> None:
    for record, most in ((sample, 6), (drawings, 7)):
        url = link(record)
        client.get(url)
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


def test_the_sixth_answer_in_a_minute_is_refused_politely(client: Client, sample: Sample, still_clock: None) -> None:
    url = link(sample)
    found = [client.post(url, {"answer": "reject"}).status_code for _n in range(6)]
    assert found == [422] * 5 + [429]


def test_a_drawing_that_sales_took_back_for_changes_is_told(
    client: Client, drawings: TechnicalRequest, anna: User
) -> None:
    url = link(drawings)
    digest = drawings.revisions.get().digest
    ask_changes(drawings.pk, actor=anna, remark="They called: shorter", name="Petra")
    answer = client.post(url, {"answer": "approve", "name": "Petra", "agrees": "on", "digest": digest})
    assert answer.status_code == 409 and "The next revision is being drawn" in answer.content.decode()
    assert drawn is not None
