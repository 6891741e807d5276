"""Anybody can ask: once, in four languages, within limits, and without losing a word."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisAway

from crm.models import Inquiry
from foundation.journal.models import Attachment, Event
from foundation.notifications.defaults import load_messages
from foundation.notifications.models import Message
from tests.accounts.factories import make_user
from tests.portal.naughty import NAUGHTY

pytestmark = pytest.mark.django_db
URL = "/inquiry/"
# A PNG of one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)


def filled(**changes: object) -> dict[str, object]:
    return {
        "contact_name": "Jo Petersen",
        "company_name": "Bodenwerk GmbH",
        "country": "DE",
        "email": "jo@bodenwerk.example",
        "phone": "040 123456",
        "subject": "SPC flooring",
        "text": "What does 5 mm cost?",
        "has_consented": "on",
        "key": "a" * 32,
        **changes,
    }


def test_the_form_is_open_to_everybody_and_kept_by_nobody(visitor):
    response = visitor.get(URL)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "What can we do for you?"),
        ("zh-hans", "有什么可以帮您？"),
        ("zh-hant", "有什麼可以為您效勞？"),
        ("de", "Was können wir für Sie tun?"),
    ],
)
def test_the_form_speaks_four_languages(visitor, code, words):
    assert words in visitor.get(URL, {"lang": code}).content.decode()
    assert words in visitor.get(URL).content.decode()


def test_an_inquiry_is_received_thanked_for_and_answered_with_a_confirmation(visitor):
    load_messages()
    owner = make_user("Anna", role="sales", languages={"de": 3})
    visitor.get(URL, {"lang": "de"})
    response = visitor.post(URL, filled(urgent="on"))
    assert response.status_code == 302
    inquiry = Inquiry.objects.get()
    assert (inquiry.language, inquiry.priority, inquiry.channel, inquiry.owner) == ("de", "urgent", "web", owner)
    assert inquiry.consent_at is not None
    assert inquiry.number in visitor.get(response["Location"]).content.decode()
    confirmation = Message.objects.get(to_address="jo@bodenwerk.example")
    assert inquiry.number in confirmation.body
    assert confirmation.language == "de"


def test_sending_twice_makes_one_inquiry_and_one_number(visitor):
    first, second = visitor.post(URL, filled()), visitor.post(URL, filled())
    assert Inquiry.objects.count() == 1
    number = Inquiry.objects.get().number
    for response in (first, second):
        assert number in visitor.get(response["Location"]).content.decode()


def test_going_back_and_asking_something_else_is_another_inquiry(visitor):
    visitor.post(URL, filled())
    visitor.post(URL, filled(text="And 6 mm?"))
    assert Inquiry.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contact_name": " "}, "contact_name"),
        ({"email": "", "phone": ""}, "email"),
        ({"email": "no address"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"country": "ZZ"}, "country"),
        ({"text": ""}, "text"),
        ({"has_consented": ""}, "has_consented"),
        ({"subject": "a\0b"}, "subject"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(visitor, changes, field):
    response = visitor.post(URL, filled(**changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "What does 5 mm cost?" in response.content.decode() or "text" in changes
    assert not Inquiry.objects.exists()
    assert not Event.objects.exists()


def test_a_file_comes_along_and_a_hostile_one_is_refused_with_everything_kept(visitor):
    visitor.post(URL, filled(attachments=SimpleUploadedFile("plan.png", PIXEL, "image/png")))
    assert Attachment.objects.get().object_id == Inquiry.objects.get().pk
    hostile = SimpleUploadedFile("plan.png", b"<script>alert(1)</script>", "image/png")
    response = visitor.post(URL, filled(text="Second", key="b" * 32, attachments=hostile))
    assert response.status_code == 422
    assert "attachments" in response.context["form"].errors
    assert Inquiry.objects.count() == 1
    assert Attachment.objects.count() == 1


def test_a_program_that_fills_in_everything_is_thanked_and_ignored(visitor):
    assert visitor.post(URL, filled(website="https://spam.example")).status_code == 302
    assert not Inquiry.objects.exists()


@pytest.mark.usefixtures("still_clock")
def test_the_sixth_sending_in_a_minute_is_refused_politely(visitor):
    for number in range(5):
        assert visitor.post(URL, filled(text=f"Question {number}", key=str(number))).status_code == 302
    response = visitor.post(URL, filled(text="One more"))
    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert Inquiry.objects.count() == 5


@pytest.mark.usefixtures("still_clock")
def test_a_forged_forwarded_address_buys_nothing(visitor):
    answers = [
        visitor.post(URL, filled(text=f"Q{n}"), headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
        for n in range(7)
    ]
    assert answers == [302] * 5 + [429] * 2


def test_behind_our_proxy_each_real_address_counts_by_itself(visitor, settings):
    settings.PROXY_COUNT = 1
    answers = [
        visitor.post(URL, filled(text=f"Q{n}"), headers={"X-Forwarded-For": f"6.6.6.6, 10.0.0.{n}"}).status_code
        for n in range(7)
    ]
    assert answers == [302] * 7


def test_without_the_counter_the_form_closes_politely(visitor, monkeypatch):
    def away(*args: object, **kwargs: object) -> bool:
        raise RedisAway("gone")

    monkeypatch.setattr("portal.throttle.is_ratelimited", away)
    for response in (visitor.get(URL), visitor.post(URL, filled())):
        assert response.status_code == 503
        assert response["Retry-After"]
    assert not Inquiry.objects.exists()


def test_a_post_without_our_token_is_refused():
    response = Client(enforce_csrf_checks=True).post(URL, filled())
    assert response.status_code == 403
    assert not Inquiry.objects.exists()


def test_the_thanks_page_shows_no_number_that_was_not_given_to_the_reader(visitor):
    for forged in ("", "IN-2026-0001", "abc:def:ghi"):
        response = visitor.get("/inquiry/thanks/", {"n": forged})
        assert response.status_code == 200
        assert "IN-" not in response.content.decode()


def test_public_pages_stay_within_their_budget(visitor, django_assert_max_num_queries):
    visitor.get(URL)
    with django_assert_max_num_queries(6):
        visitor.get(URL)
    with django_assert_max_num_queries(6):
        visitor.get("/inquiry/thanks/")


@pytest.mark.parametrize(
    "fields", [("contact_name", "company_name", "subject", "text", "product_interest"), ("email",), ("phone",)]
)
def test_no_text_however_odd_breaks_the_form_or_is_changed(visitor, fields, monkeypatch):
    monkeypatch.setattr("portal.throttle.WRITES", "10000/m")
    monkeypatch.setattr("portal.throttle.READS", "10000/m")
    for number, text in enumerate(NAUGHTY):
        sender = {"email": f"jo{number}@bodenwerk.example"}  # the same words of one sender would be one inquiry
        response = visitor.post(URL, filled(**{**sender, **dict.fromkeys(fields, text)}, key=str(number)))
        assert response.status_code in (302, 422), text
        if response.status_code == 302 and "text" in fields:
            assert Inquiry.objects.latest("pk").text == text.strip()


def test_a_customer_without_a_link_finds_where_to_begin(visitor, django_assert_max_num_queries):
    visitor.get("/welcome/")
    with django_assert_max_num_queries(6):
        page = visitor.get("/welcome/").content.decode()
    for path in ("/inquiry/", "/complaint/"):
        assert path in page


def test_every_customers_page_closes_politely_without_the_counter(visitor, monkeypatch):
    def away(*args: object, **kwargs: object) -> bool:
        raise RedisAway("gone")

    monkeypatch.setattr("django.core.cache.cache.get", away)
    monkeypatch.setattr("django.core.cache.cache.add", away)
    monkeypatch.setattr("django.core.cache.cache.incr", away)
    raw = "a" * 43
    for name, args in [
        ("landing", ()), ("inquiry", ()), ("complain", ()), ("track", (raw,)), ("quote", (raw,)), ("ticket", (raw,)), ("survey", (raw,)),
    ]:  # fmt: skip
        assert visitor.get(reverse(f"portal:{name}", args=args)).status_code == 503, name
