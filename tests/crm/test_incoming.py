"""Incoming calls: signed notices, numbers in any writing, and notes."""

from __future__ import annotations

import json
import random
import time

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from crm.models import Customer, IncomingCall, PhoneNotice, ServiceRecord
from crm.services.incoming import note_incoming_call, people_of
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.ui.webhooks import signature
from tests.crm.factories import make_contact, make_customer

pytestmark = pytest.mark.django_db
KEY = "a-key-of-the-telephone-system"
HOOK = "/hooks/telephone/"


@pytest.fixture(autouse=True)
def _key(settings):
    settings.TELEPHONE_KEYS = [KEY]


@pytest.fixture
def contact(anna):
    customer = make_customer("Hafen GmbH", owner=anna, country="DE")
    return make_contact(customer, name="Petra Hansen", phone="+494012345678")


def send(notice=None, *, key=KEY, message_id="m1", at=None, body=None, given=None, **headers):
    body = json.dumps(notice).encode() if body is None else body
    stamp = str(int(time.time() if at is None else at))
    sign = signature(key, message_id, stamp, body) if given is None else given
    headers = {"X-Kontor-Id": message_id, "X-Kontor-Timestamp": stamp, "X-Kontor-Signature": sign, **headers}
    return Client(enforce_csrf_checks=True).post(HOOK, body, content_type="application/json", headers=headers)


RINGING = {"call": "c-1", "event": "ringing", "from": "+49 40 12345678"}


def test_a_notice_brings_up_the_customer_and_the_same_one_again_has_no_effect(contact, anna):
    assert send(RINGING).json() == {"taken": True}
    call = IncomingCall.objects.get()
    assert (call.customer, call.contact, call.owner, call.status) == (contact.customer, contact, anna, "waiting")
    assert Event.objects.get(code="incoming_call.announced").customer_id == contact.customer_id
    for _replay in range(3):
        again = send(RINGING)
        assert (again.status_code, again.json()) == (200, {"taken": False})
    assert IncomingCall.objects.count() == PhoneNotice.objects.count() == 1


def test_further_notices_tell_more_of_the_same_call(contact, maria):
    send(RINGING)
    send({"call": "c-1", "event": "answered", "agent": maria.email}, message_id="m2")
    send({"call": "c-1", "event": "ended"}, message_id="m3")
    send({"call": "c-1", "event": "recorded", "recording": "https://pbx.example/1.wav"}, message_id="m4")
    call = IncomingCall.objects.get()
    assert call.ended_at is not None
    assert call.recording_url == "https://pbx.example/1.wav"
    assert not call.is_missed
    send({"call": "c-2", "event": "missed", "from": "anonymous"}, message_id="m5")
    assert IncomingCall.objects.get(external_id="c-2").is_missed


def test_forged_and_old_notices_have_no_effect():
    stamp, body = str(int(time.time())), json.dumps(RINGING).encode()
    good = signature(KEY, "m1", stamp, body)
    chance = random.Random(7)
    for _try in range(200):
        place, bit = chance.randrange(len(body)), 1 << chance.randrange(8)
        forged = body[:place] + bytes([body[place] ^ bit]) + body[place + 1 :]
        assert send(body=forged, given=good).status_code == 401
    for wrong in (
        send(RINGING, key="another"), send(RINGING, given=""), send(RINGING, given="ü"), send(RINGING, message_id=""),
        send(RINGING, at=time.time() - 302), send(RINGING, at=time.time() + 302),
        send(body=body, given=good, **{"X-Kontor-Timestamp": "soon"}),
    ):  # fmt: skip
        assert wrong.status_code == 401
    assert send(body=body, given=signature(KEY, "m2", stamp, body)).status_code == 401
    assert not IncomingCall.objects.exists()
    assert not PhoneNotice.objects.exists()


def test_two_keys_open_the_door_while_one_takes_over(settings):
    settings.TELEPHONE_KEYS = ["new", KEY]
    assert send(RINGING).status_code == 200
    assert send({**RINGING, "call": "c-2"}, key="new", message_id="m2").status_code == 200
    settings.TELEPHONE_KEYS = []
    assert send(RINGING).status_code == 404


@pytest.mark.parametrize(
    "notice",
    [
        [], {"call": "", "event": "ringing"}, {"call": "x" * 121, "event": "ringing"}, {"call": "c", "event": "x"},
        {"call": 1, "event": "ringing"}, {"call": "c", "event": "ringing", "from": 7},
        {"call": "c", "event": "ringing", "at": "yesterday"}, {"call": "c", "event": "ringing", "at": "2026-13-40T10:00:00Z"},
        {"call": "c", "event": "recorded", "recording": "javascript:alert(1)"},
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_in_words(notice):
    answer = send(notice)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert not IncomingCall.objects.exists()
    assert not PhoneNotice.objects.exists()


def test_the_body_is_bounded():
    assert send(body=b"x" * (1024 * 1024 + 1)).status_code == 413
    assert send(body=b"{").status_code == 400
    assert Client().get(HOOK).status_code == 405


@pytest.mark.parametrize(
    "typed", ["+494012345678", "0049 40 12345678", "040 12345678", "(040) 1234-5678", "+49 (0)40 12345678"]
)
def test_a_customer_is_found_by_the_number_in_any_writing(contact, typed):
    assert people_of(typed) == [contact]


def test_a_national_number_is_somebody_at_home():
    german = make_contact(make_customer("Nord", country="DE"), phone="+49301234567")
    make_contact(make_customer("Sued", country="AT"), phone="+43301234567")
    assert german in people_of("030 1234567")
    for nonsense in ("", "anonymous", "1" * 60, "+", "\0"):
        assert people_of(nonsense) == []


def signed_in(user) -> Client:
    cache.clear()
    client = Client()
    client.force_login(user)
    client.get("/customers/")
    return client


def test_a_typed_number_opens_the_note_and_the_note_is_a_service_record(anna, contact):
    client = signed_in(anna)
    page = client.get("/incoming/number/?number=040 12345678").content.decode()
    assert "Petra Hansen" in page
    opened = client.post("/incoming/number/", {"number": "040 12345678", "contact": contact.pk})
    call = IncomingCall.objects.get()
    assert opened["Location"] == call.get_absolute_url()
    assert "Note the call" in client.get("/").content.decode()
    assert client.post(call.get_absolute_url(), {"content": ""}).status_code == 422
    noted = client.post(
        call.get_absolute_url(), {"content": "Wants samples", "contact": contact.pk, "no_step_reason": "Asked only"}
    )
    assert noted["Location"] == contact.customer.get_absolute_url()
    row = ServiceRecord.objects.get()
    assert (row.text.content, row.author, row.contact) == ("Wants samples", anna, contact)
    call.refresh_from_db()
    assert (call.status, call.service_record) == ("noted", row)
    assert client.post(call.get_absolute_url(), {"content": "Twice", "no_step_reason": "–"}).status_code == 409
    assert ServiceRecord.objects.count() == 1


def test_of_two_who_note_the_same_call_one_is_told(anna, maria, contact):
    send(RINGING)
    call = IncomingCall.objects.get()
    note_incoming_call(call.pk, actor=anna, customer=contact.customer, content="First")
    with pytest.raises(Refused, match="Anna Berg"):
        note_incoming_call(call.pk, actor=maria, customer=contact.customer, content="Second")
    assert ServiceRecord.objects.get().text.content == "First"


def test_a_strangers_call_is_noted_at_a_customer_or_dismissed(anna, wei, contact):
    client = signed_in(anna)
    client.post("/incoming/number/", {"number": "+1 212 555 0100"})
    call = IncomingCall.objects.get()
    foreign = make_customer("Private", owner=wei)
    refused = client.post(call.get_absolute_url(), {"content": "Hello", "number": foreign.number})
    assert refused.status_code == 422
    assert (
        client.post(
            call.get_absolute_url(),
            {"content": "Hello", "number": contact.customer.number, "no_step_reason": "Wrong number"},
        ).status_code
        == 302
    )
    client.post("/incoming/number/", {"number": "12"})
    other = IncomingCall.objects.exclude(pk=call.pk).get()
    assert client.post(reverse("crm:incoming-dismiss", args=[other.pk])).status_code == 302
    other.refresh_from_db()
    assert other.status == "dismissed"


def test_calls_of_other_teams_customers_are_not_seen(wei, contact):
    send(RINGING)
    call = IncomingCall.objects.get()
    client = signed_in(wei)
    assert client.get(call.get_absolute_url()).status_code == 404
    assert client.post(call.get_absolute_url(), {"content": "x"}).status_code == 404
    assert "Hafen GmbH" not in client.get("/incoming/?view=all").content.decode()
    assert "Petra" not in client.get("/incoming/number/?number=040 12345678").content.decode()


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_costs_the_same_with_two_and_with_twenty(anna, rows, django_assert_max_num_queries):
    for number in range(rows):
        contact = make_contact(make_customer(owner=anna), phone=f"+4940123456{number:02}")
        send({"call": f"c-{number}", "event": "ringing", "from": str(contact.phone)}, message_id=f"m{number}")
    client = signed_in(anna)
    with django_assert_max_num_queries(8):
        assert client.get("/incoming/").status_code == 200


def test_an_unknown_caller_becomes_a_customer_and_the_call_is_noted_there(anna):
    client = signed_in(anna)
    send({"call": "c-9", "event": "ringing", "from": "+49 30 555555", "agent": anna.email})
    call = IncomingCall.objects.get()
    page = client.get(call.get_absolute_url()).content.decode()
    assert f"/customers/new/?incoming={call.pk}" in page
    form = client.get(f"/customers/new/?incoming={call.pk}").content.decode()
    assert 'value="+49 30 555555"' in form
    typed = {"name": "Neu GmbH", "country": "DE", "kind": "dealer", "tier": "ordinary", "source": "phone", "contact_name": "Jo", "contact_phone": "+49 30 555555"}  # fmt: skip
    made = client.post(f"/customers/new/?incoming={call.pk}", typed)
    assert made["Location"] == call.get_absolute_url()
    customer = Customer.objects.get(name="Neu GmbH")
    assert f'value="{customer.number}"' in client.get(call.get_absolute_url()).content.decode()


# ---------------------------------------------------------------- while it rings


RINGS = "/incoming/ringing/"


@pytest.fixture
def notices(django_capture_on_commit_callbacks):
    """Send one notice after the other; what happens after the commit happens."""
    cache.clear()
    number = iter(range(100))

    def tell(event, call="c-1", **more):
        with django_capture_on_commit_callbacks(execute=True):
            answer = send({"call": call, "event": event, **more}, message_id=f"n{next(number)}")
        assert answer.json() == {"taken": True}

    return tell


def rings(user) -> str:
    client = Client()
    client.force_login(user)
    return client.get(RINGS).content.decode()


def test_the_caller_comes_up_where_it_rings_then_where_it_was_answered_and_goes_when_it_has_ended(
    contact, anna, wei, notices
):
    notices("ringing", **{"from": "+49 40 12345678"})
    assert "Hafen GmbH" in rings(anna) and "Petra Hansen" in rings(anna)
    assert rings(wei) == ""
    notices("ringing", agent=wei.email)  # a group of telephones
    assert "Anna Berg" in rings(wei) and "Hafen GmbH" not in rings(wei) and "/incoming/" not in rings(wei)
    notices("answered", agent=wei.email)
    call = IncomingCall.objects.get()
    assert call.owner == wei and call.get_absolute_url() in rings(wei)
    assert rings(anna) == ""
    notices("ended")
    assert rings(wei) == ""


def test_two_calls_at_once_do_not_take_each_other_off(contact, anna, notices):
    notices("ringing", **{"from": "+49 40 12345678"})
    notices("ringing", call="c-2", agent=anna.email, **{"from": "+49 30 555555"})
    notices("missed")
    assert "+49 30 555555" in rings(anna) and "We do not know this number." in rings(anna)
    call = IncomingCall.objects.get(external_id="c-2")
    call_page = signed_in(anna)
    with transaction.atomic():
        call_page.post(f"/incoming/{call.pk}/dismiss/")
    assert rings(anna) == ""


def test_pages_that_would_ask_in_vain_are_told_so(anna, settings, django_assert_num_queries):
    assert Client().get(RINGS).headers["X-Ringing"] == "off"
    client = signed_in(anna)
    assert f'data-ringing="{RINGS}"' in client.get("/incoming/").content.decode()
    assert "X-Ringing" not in client.get(RINGS).headers
    with django_assert_num_queries(1):  # who asks
        client.get(RINGS)
    settings.TELEPHONE_KEYS = []
    assert "data-ringing" not in client.get("/incoming/").content.decode()


def test_whoever_answered_a_colleagues_customer_notes_it_and_is_led_to_no_closed_door(contact, wei, notices):
    notices("ringing", agent=wei.email, **{"from": "+49 40 12345678"})
    notices("answered", agent=wei.email)
    call = IncomingCall.objects.get()
    client = signed_in(wei)
    assert contact.customer.get_absolute_url() not in client.get(call.get_absolute_url()).content.decode()
    done = client.post(call.get_absolute_url(), {"content": "Wants oak", "no_step_reason": "The owner calls back"})
    assert done["Location"] == call.get_absolute_url()
    assert client.get(done["Location"]).status_code == 200
    assert ServiceRecord.objects.get().customer == contact.customer
