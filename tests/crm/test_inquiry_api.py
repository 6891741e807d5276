"""Other machines post inquiries: with a key that is kept as a digest, once for each key of theirs, refused field by field."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from crm.models import Inquiry, InquiryPost, InquirySource
from crm.services.posting import digest_of, make_key, revoke_key
from foundation.journal.models import Event
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db
ASKED = {
    "contact_name": "Jo Meyer",
    "email": "Jo@Bodenwerk.example",
    "phone": "040 123456",
    "country": "DE",
    "language": "de",
    "subject": "Eiche",
    "text": "Was kosten 600 m² Eiche?",
}


@pytest.fixture
def source(anna):
    return InquirySource.objects.create(code="shop", name="The web shop", channel="platform")


@pytest.fixture
def key(source):
    return make_key(source.pk, actor=None)


def post(key, values=None, *, idempotency="k-1", body=None, language="en", **headers):
    body = json.dumps(ASKED if values is None else values) if body is None else body
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": idempotency, "Accept-Language": language, **headers}
    return Client(enforce_csrf_checks=True).post(
        "/api/inquiries/", body, content_type="application/json", headers=headers
    )


def test_a_post_is_an_inquiry_and_the_same_again_is_answered_the_same(source, key, anna):
    answer = post(key)
    inquiry = Inquiry.objects.get()
    assert (answer.status_code, answer.json()) == (201, {"number": inquiry.number, "joined": False, "new": True})
    assert (inquiry.source, inquiry.channel, inquiry.owner, inquiry.email) == (
        source,
        "platform",
        anna,
        "jo@bodenwerk.example",
    )
    assert Event.objects.get(code="inquiry.received").facts["source"] == "shop"
    for _again in range(2):
        again = post(key)
        assert (again.status_code, again.json()["number"], again.json()["new"]) == (200, inquiry.number, False)
    assert Inquiry.objects.count() == InquiryPost.objects.count() == 1
    assert Inquiry.objects.get().times_asked == 1
    source.refresh_from_db()
    assert source.last_used_at is not None


def test_the_same_key_with_other_words_is_refused_and_changes_nothing(key):
    post(key)
    assert post(key, {**ASKED, "text": "Something else"}).status_code == 409
    assert Inquiry.objects.count() == 1


def test_the_same_words_with_another_key_join(key):
    first = post(key).json()
    again = post(key, idempotency="k-2")
    assert (again.status_code, again.json()) == (200, {"number": first["number"], "joined": True, "new": False})
    assert post(key, idempotency="k-2").json()["joined"] is True
    assert Inquiry.objects.get().times_asked == 2


def test_what_is_wrong_is_said_field_by_field_in_the_callers_language(key):
    wrong = {
        "contact_name": "",
        "subject": "S",
        "text": "T",
        "phone": "12",
        "country": "DE",
        "colour": "red",
        "email": 5,
    }
    answer = post(key, wrong, language="de")
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert set(errors) == {"contact_name", "phone", "email", "colour"}
    assert "+49" in errors["phone"][0]  # with an example
    assert errors["contact_name"] == ["Dieses Feld ist zwingend erforderlich."]
    assert not Inquiry.objects.exists()
    assert not InquiryPost.objects.exists()
    # mended, the same key is taken
    assert post(key).status_code == 201


def test_who_has_no_key_a_wrong_or_a_revoked_one_is_turned_away(source, key, maria):
    assert post("kiq_wrong").status_code == 401
    assert post("", Authorization="").status_code == 401
    assert post(key, Authorization=f"Basic {key}").status_code == 401
    revoke_key(source.pk, actor=None)
    assert post(key).status_code == 401
    fresh = make_key(source.pk, actor=None)
    assert post(fresh).status_code == 201
    assert post(key, idempotency="k-9").status_code == 401
    with pytest.raises(PermissionDenied):
        make_key(source.pk, actor=make_user("Kim", role="sales"))


def test_a_key_is_nowhere_in_the_database(source, key):
    source.refresh_from_db()
    assert source.key_digest == digest_of(key)
    assert key not in str(source.__dict__)
    assert all(key not in str(one.facts) for one in Event.objects.all())


@pytest.mark.parametrize("body", ["{", "[]", "null", '"text"', "[" * 10_000])
def test_a_body_that_is_no_object_is_refused(key, body):
    assert post(key, body=body).status_code == 400


def test_a_post_needs_its_own_key_and_a_bounded_body(key):
    assert post(key, idempotency="").status_code == 400
    assert post(key, idempotency="x" * 121).status_code == 400
    assert post(key, body=" " * 140_000).status_code == 413
    assert Client().get("/api/inquiries/").status_code == 405


def test_more_than_the_rate_is_turned_away(source, key, still_clock):
    InquirySource.objects.update(per_minute=3)
    assert [post(key).status_code for _n in range(4)] == [201, 200, 200, 429]


def test_an_administrator_makes_a_key_in_the_list_and_sees_it_once(source, client, one_clock):
    admin = make_user("Ada", role="administrator", is_staff=True, is_superuser=True)
    client.force_login(admin)
    url = reverse("admin:crm_inquirysource_changelist")
    page = client.post(url, {"action": "new_key", "_selected_action": [source.pk]}, follow=True).content.decode()
    source.refresh_from_db()
    assert source.key_hint in page
    raw = page[page.index("kiq_") :].split("<")[0].split()[0]
    assert source.key_digest == digest_of(raw)
    assert raw not in client.get(url).content.decode()
