"""Gateways of several kinds, spoken to over real sockets, and what is done when no answer comes."""

from __future__ import annotations

import json
import socket
import time
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from foundation.journal.machine import Refused
from foundation.journal.models import ClockTimestamp, Event
from foundation.notifications.channels.base import Postponed, Rejected, Unclear, Unreachable
from foundation.notifications.channels.outgoing import Caller, is_public
from foundation.notifications.channels.sms.aliyun import signature
from foundation.notifications.channels.sms.approved import values_in
from foundation.notifications.channels.sms.gateways import Text, configured_gateway
from foundation.notifications.delivery import deliver_due
from foundation.notifications.models import Message, Template
from foundation.notifications.services import confirm_sent, resend
from tests.notifications.sinks import Provider

TEXT = Text("+8613800138000", 'Say "hi" {id}', "ref-1", lambda: ("SMS_1", {"name": "Anna"}))


def test_a_gateway_is_described_by_settings(provider: Provider, settings: Any) -> None:
    settings.SMS_URL, settings.SMS_ID_PATH = f"http://{provider.host}/send", "data.0.mid"
    settings.SMS_BODY, settings.SMS_HEADERS = '{"m": [{"n": "{to}", "t": "{text}"}]}', '{"X-Key": "secret"}'
    provider.answer = {"data": [{"mid": 77}]}
    assert configured_gateway().send(TEXT) == "77"
    _method, _path, headers, body = provider.requests[0]
    assert json.loads(body) == {"m": [{"n": TEXT.to, "t": TEXT.text}]} and headers["X-Key"] == "secret"
    settings.SMS_FORMAT, settings.SMS_BODY = "form", '{"to": "{to}", "text": "{text}"}'
    configured_gateway().send(TEXT)
    assert parse_qs(provider.requests[1][3]) == {"to": [TEXT.to], "text": [TEXT.text]}


def test_twilio(provider: Provider, settings: Any) -> None:
    settings.SMS_URL = f"twilio://AC1:tok@{provider.host}?from=+15550001111"
    provider.status, provider.answer = 201, {"sid": "SM9"}
    assert configured_gateway().send(TEXT) == "SM9"
    _method, path, headers, body = provider.requests[0]
    assert path == "/2010-04-01/Accounts/AC1/Messages.json" and headers["Authorization"] == "Basic QUMxOnRvaw=="
    assert parse_qs(body)["From"] == ["+15550001111"]


def test_aliyun_sends_approved_texts_and_judges_its_codes(provider: Provider, settings: Any) -> None:
    settings.SMS_URL = f"aliyun://key:sec@{provider.host}?sign=Kontor"
    provider.answer = {"Code": "OK", "BizId": "9^0"}
    assert configured_gateway().send(TEXT) == "9^0"
    said = {name: value[0] for name, value in parse_qs(provider.requests[0][3]).items()}
    assert (said["PhoneNumbers"], said["TemplateCode"]) == ("13800138000", "SMS_1")
    assert said.pop("Signature") == signature("POST", said, "sec")
    for code, fault in (
        ("isv.BUSINESS_LIMIT_CONTROL", Postponed), ("isv.MOBILE_NUMBER_ILLEGAL", Rejected), ("SignatureDoesNotMatch", Unreachable),
    ):  # fmt: skip
        provider.answer = {"Code": code, "Message": "no"}
        with pytest.raises(fault):
            configured_gateway().send(TEXT)
    with pytest.raises(Rejected, match="no approved template"):
        configured_gateway().send(Text("+8613800138000", "own words", "ref-2"))


def test_values_are_read_back_from_the_finished_text() -> None:
    assert values_in("Anna: 3 crates", "{name}: {count} crates") == {"name": "Anna", "count": "3"}
    assert values_in("something else", "{name}: {count} crates") is None


def test_our_own_network_is_refused_and_a_redirect_is_not_followed(provider: Provider, settings: Any) -> None:
    settings.SMS_URL = f"http://{provider.host}/send"
    provider.status = 302
    with pytest.raises(Unreachable):
        configured_gateway().send(TEXT)
    settings.SMS_LOCAL = False
    with pytest.raises(Unreachable, match="our own network"):
        configured_gateway().send(TEXT)
    assert len(provider.requests) == 1
    assert [is_public(one) for one in ("10.1.1.1", "::ffff:127.0.0.1", "169.254.169.254", "::1", "8.8.8.8")] == [
        False, False, False, False, True,
    ]  # fmt: skip


KINDS = {
    "generic": ("http://{host}/send", {"id": "p-1"}, 200, "p-1"),
    "twilio": ("twilio://AC1:tok@{host}?from=+15550001111", {"sid": "p-1"}, 201, "p-1"),
    "aliyun": ("aliyun://key:sec@{host}?sign=Kontor", {"Code": "OK", "BizId": "p-1"}, 200, "p-1"),
}


@pytest.fixture(params=KINDS)
def gateway(request: Any, provider: Provider, settings: Any, monkeypatch: Any) -> Provider:
    """Each kind of gateway in turn, with little patience."""
    url, provider.answer, provider.status, _id = KINDS[request.param]
    settings.SMS_URL = url.format(host=provider.host)
    monkeypatch.setattr(Caller.__init__, "__kwdefaults__", {"seconds": 0.4, "longest": 1.0})
    return provider


def test_every_gateway_takes_a_text_and_says_its_id(gateway: Provider) -> None:
    assert configured_gateway().send(TEXT) == "p-1"
    assert len(gateway.requests) == 1


@pytest.mark.parametrize(
    ("status", "fault"),
    [(400, Rejected), (404, Rejected), (401, Unreachable), (403, Unreachable), (302, Unreachable), (429, Postponed),
     (408, Postponed), (500, Postponed), (503, Postponed)],
)  # fmt: skip
def test_every_gateway_tells_refusals_apart(gateway: Provider, status: int, fault: type[Exception]) -> None:
    gateway.status, gateway.answer = status, {"message": "no"}
    with pytest.raises(fault):
        configured_gateway().send(TEXT)


@pytest.mark.parametrize("manner", ["hangs up", "is silent", "drips"])
def test_a_request_that_is_out_and_gets_no_answer_is_unclear(gateway: Provider, manner: str) -> None:
    gateway.manner = manner
    begun = time.monotonic()
    with pytest.raises(Unclear):
        configured_gateway().send(TEXT)
    assert time.monotonic() - begun < 10
    assert len(gateway.requests) == 1


def test_what_never_got_a_connection_is_unreachable(gateway: Provider) -> None:
    gateway.stop()
    with pytest.raises(Unreachable):
        configured_gateway().send(TEXT)


def test_an_answer_that_makes_no_sense_is_no_id_but_no_second_try_either(gateway: Provider, request: Any) -> None:
    for answer in (b"", b"\xff\x00", b"[" * 3000, b'"text"', b"[1]"):
        gateway.answer = answer
        if "aliyun" in request.node.name:
            with pytest.raises(Unclear):
                configured_gateway().send(TEXT)
        else:
            assert configured_gateway().send(TEXT) == ""


def test_a_connection_that_was_closed_while_it_rested_is_opened_again(provider: Provider) -> None:
    caller = Caller(f"http://{provider.host}/", is_local=True)
    assert caller.call("POST", b"1", {})[0] == 200
    assert caller.connection is not None
    caller.connection.sock.shutdown(socket.SHUT_RDWR)
    assert caller.call("POST", b"2", {})[0] == 200
    assert [one[3] for one in provider.requests] == ["1", "2"]


def test_a_text_that_got_no_answer_waits_for_a_person_and_the_others_for_better_times(
    waiting: Any, gateway: Provider
) -> None:
    Template.objects.create(key="own", language="de", sms="Your crate is packed.", approved_id="SMS_1")
    for _each in range(3):
        row = waiting(channel="sms", address=f"person{_each}@example.com")
        Message.objects.filter(pk=row.pk).update(template_key="own", language="de")
    gateway.manner = "is silent"
    assert deliver_due() == 0 and deliver_due() == 0
    assert len(gateway.requests) == 1
    assert sorted(Message.objects.values_list("state", flat=True)) == ["queued", "queued", "unknown"]
    unknown = Message.objects.parked().get()
    assert unknown.attempts == 1 and unknown.sent_at is not None
    gateway.manner = "answers"
    Message.objects.filter(state="queued").update(next_attempt_at=timezone.now())
    assert deliver_due() == 2
    assert set(Message.objects.exclude(pk=unknown.pk).values_list("state", "provider_id")) == {("sent", "p-1")}
    assert Message.objects.get(pk=unknown.pk).state == "unknown"


def test_a_person_decides_what_became_of_it(waiting: Any, sms: Any, cast: Any) -> None:
    sent, again = (waiting(channel="sms", address=f"{name}@example.com") for name in ("sent", "again"))
    for row in (sent, again):
        Message.objects.filter(pk=row.pk).update(state="sending", lease_until=timezone.now())
        Message.objects.filter(pk=row.pk).update(state="unknown", sent_at=timezone.now(), last_error="timed out")
    assert confirm_sent(sent.pk, actor=cast.owner).state == "sent"
    assert Event.objects.get(code="message.confirmed").facts == {"message": sent.pk, "by": "sms"}
    with pytest.raises(Refused):
        confirm_sent(sent.pk, actor=cast.owner)
    resend(again.pk, actor=cast.owner)
    assert deliver_due() == 1
    assert [one["id"] for one in sms.texts] == [again.message_id.strip("<>")]


def test_a_mail_server_that_hangs_after_the_letter_is_asked_again_under_the_same_id(
    waiting: Any, mail: Any, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 1
    mail.on_data = lambda: time.sleep(2)
    row = waiting()
    assert deliver_due() == 0 and deliver_due() == 0
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("queued", 1)
    mail.on_data = lambda: None
    Message.objects.update(next_attempt_at=ClockTimestamp())
    assert deliver_due() == 1
    assert set(mail.ids) == {row.message_id}
