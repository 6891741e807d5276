"""What providers report afterwards: signed, once or a hundred times, in any order, about us or not, well formed or not."""

from __future__ import annotations

import json
import random
import threading
import time
from datetime import timedelta
from itertools import permutations
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from foundation.journal.services import record
from foundation.notifications import outbox
from foundation.notifications.channels.sms.hooks import twilio_signature
from foundation.notifications.delivery import claim, deliver_due, mark
from foundation.notifications.manners import fallback
from foundation.notifications.models import DeadAddress, InboxItem, Message, StrayReceipt
from foundation.notifications.services import confirm_sent, resend
from foundation.notifications.services.receipts import Receipt, match_strays, take_receipt
from foundation.notifications.tasks import send_another_way
from foundation.ui.webhooks import signature

KEY = "a-key-of-the-gateway"
HOOK, TWILIO, ALIYUN = "/hooks/receipts/sms/", "/hooks/receipts/twilio/", f"/hooks/receipts/aliyun/{KEY}/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keys(settings: Any) -> None:
    settings.SMS_RECEIPT_KEYS = [KEY]
    settings.SMS_URL = "https://gateway.example/send"
    settings.ORIGIN = "https://crm.example"


@pytest.fixture
def sent(waiting: Any) -> Message:
    """A text message that the gateway took as `p-1`."""
    return put_out(waiting(channel="sms"))


def put_out(row: Message, state: str = "sent", provider_id: str = "p-1") -> Message:
    rows = Message.objects.filter(pk=row.pk)
    rows.update(state="sending", lease_until=timezone.now())
    if state != "sending":
        rows.update(state=state, lease_until=None, sent_at=timezone.now(), provider_id=provider_id)
    row.refresh_from_db()
    return row


def state_of(row: Message) -> str:
    row.refresh_from_db()
    return row.state


def post(
    data: Any = None,
    *,
    body: bytes | None = None,
    at: float | None = None,
    key: str = KEY,
    notice: str = "",
    **more: str,
) -> Any:
    body = json.dumps(data).encode() if body is None else body
    notice, stamp = notice or f"n{random.random()}", str(int(at or time.time()))
    headers = {
        "X-Kontor-Id": notice, "X-Kontor-Timestamp": stamp, "X-Kontor-Signature": signature(key, notice, stamp, body), **more,
    }  # fmt: skip
    return Client(enforce_csrf_checks=True).post(HOOK, body, content_type="application/json", headers=headers)


# ---------------------------------------------------------------- any gateway


def test_a_receipt_moves_the_message_on_and_the_same_one_again_does_nothing(sent: Message) -> None:
    assert post({"id": sent.message_id.strip("<>"), "state": "delivered"}, notice="n1").json() == {"taken": 1}
    assert state_of(sent) == "delivered" and sent.delivered_at is not None
    first = sent.delivered_at
    for _again in range(20):
        assert post({"provider_id": "p-1", "state": "delivered"}).json() == {"taken": 0}
        assert post({"id": sent.message_id.strip("<>"), "state": "delivered"}, notice="n1").status_code == 200
    assert state_of(sent) == "delivered" and sent.delivered_at == first
    assert sent.steps.filter(state="delivered").count() == 1


def test_what_was_not_delivered_fails_with_the_reason_and_counts_against_the_number(sent: Message, cast: Any) -> None:
    post([{"provider_id": "p-1", "state": "undelivered", "detail": "handset off"}])
    assert (state_of(sent), sent.last_error) == ("failed", "undelivered handset off")
    dead = DeadAddress.objects.get()
    assert (dead.channel, dead.address, dead.soft_count, dead.is_dead) == ("sms", sent.to_address, 1, False)
    assert InboxItem.objects.get(user=cast.owner).topic == f"message:{sent.pk}"


def test_a_gateway_of_its_own_kind_is_described(sent: Message, settings: Any) -> None:
    settings.SMS_RECEIPT = json.dumps(
        {"provider_id": "msg.no", "state": "msg.stat", "detail": "msg.err", "delivered": ["DELIVRD"], "failed": ["UNDELIV"],
         "lasting": ["7"]}
    )  # fmt: skip
    assert post({"msg": {"no": "p-1", "stat": "ACCEPTD"}}).json() == {"taken": 0}
    post({"msg": {"no": "p-1", "stat": "UNDELIV", "err": 7}})
    assert state_of(sent) == "failed" and DeadAddress.objects.get().is_dead
    for broken in ("[]", "{", '{"delivered": "x"}'):
        settings.SMS_RECEIPT = broken
        assert post({"id": "x", "state": "delivered"}).status_code == 503


def test_forged_and_old_notices_have_no_effect(sent: Message, settings: Any) -> None:
    body = json.dumps({"provider_id": "p-1", "state": "delivered"}).encode()
    stamp = str(int(time.time()))
    good = {"X-Kontor-Id": "n", "X-Kontor-Timestamp": stamp, "X-Kontor-Signature": signature(KEY, "n", stamp, body)}
    chance = random.Random(5)
    for _try in range(200):
        place, bit = chance.randrange(len(body)), 1 << chance.randrange(8)
        forged = body[:place] + bytes([body[place] ^ bit]) + body[place + 1 :]
        assert post(body=forged, **good).status_code == 401
    assert post(body=body, key="another").status_code == 401
    for seconds in (-301, 302):
        assert post(body=body, at=time.time() + seconds).status_code == 401
    assert state_of(sent) == "sent"
    settings.SMS_RECEIPT_KEYS = ["new", KEY]
    assert post(body=body).status_code == 200
    settings.SMS_RECEIPT_KEYS = []
    assert post(body=body).status_code == 404


BROKEN: list[bytes] = [
    b"", b"{", b"[" * 100_000, b"null", b"1", b'"x"', b"[[]]", b"{}", b'{"id": "x"}', b'{"state": "delivered"}',
    b'{"id": {}, "state": "delivered"}', b'{"id": "x", "state": ["delivered"]}', b"\xff\xfe", b'{"id":' + b"9" * 5000 + b"}",
]  # fmt: skip


@pytest.mark.parametrize("body", BROKEN)
def test_what_makes_no_sense_is_refused_in_words(body: bytes) -> None:
    for answer in (post(body=body), Client().post(ALIYUN, body, content_type="application/json")):
        assert 400 <= answer.status_code < 500
        assert answer.json()["error"]
    assert not StrayReceipt.objects.exists()


def test_bodies_are_bounded(settings: Any) -> None:
    large = b"x" * (1024 * 1024 + 1)
    assert post(body=large).status_code == 413
    assert post([{"id": "x", "state": "delivered"}] * 1001).status_code == 413
    assert Client().post(ALIYUN, large, content_type="application/json").status_code == 413
    assert {Client().get(one).status_code for one in (HOOK, TWILIO, ALIYUN)} == {405}
    settings.SMS_URL = "twilio://AC1:tok@api.twilio.com?from=+15550001111"
    assert Client().post(TWILIO, large, content_type="application/x-www-form-urlencoded").status_code == 413


def test_receipts_for_nothing_of_ours_are_counted_and_answered_with_200(sent: Message) -> None:
    for _time in range(3):
        assert post({"provider_id": "strange", "id": "no\u0000\ud800thing", "state": "failed"}).status_code == 200
    stray = StrayReceipt.objects.get()
    assert (stray.provider_id, stray.count, stray.outcome) == ("strange", 3, "failed")
    assert state_of(sent) == "sent"
    StrayReceipt.objects.update(received_at=timezone.now() - timedelta(days=3))
    assert match_strays() == 0 and not StrayReceipt.objects.exists()


# ---------------------------------------------------------------- order, repeats, attempts


def test_any_order_of_reports_ends_in_the_same_state(waiting: Any) -> None:
    for channel, last in (("sms", "delivered"), ("email", "failed")):
        for number, order in enumerate(permutations(["delivered", "failed", "delivered", "failed"])):
            row = put_out(waiting(channel=channel, address=f"{number}@example.com"), provider_id=f"{channel}{number}")
            for outcome in order:
                take_receipt(Receipt(channel, outcome, row.provider_id))  # type: ignore[arg-type]
            assert state_of(row) == last


@pytest.mark.django_db(transaction=True)
def test_a_hundred_times_on_many_threads_is_once(waiting: Any) -> None:
    row = put_out(waiting(channel="sms"))
    results: list[str] = []

    def report() -> None:
        try:
            results.extend(take_receipt(Receipt("sms", "failed", "p-1", blame="passing")) for _time in range(10))
        finally:
            connection.close()

    threads = [threading.Thread(target=report) for _number in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (results.count("taken"), results.count("known")) == (1, 99)
    assert row.steps.filter(state="failed").count() == 1
    assert DeadAddress.objects.get().soft_count == 1


def test_a_receipt_that_overtakes_the_answer_of_the_gateway_is_not_lost(waiting: Any) -> None:
    by_reference, by_id = (
        waiting(channel="sms", address="a@example.com"),
        waiting(channel="sms", address="b@example.com"),
    )
    first, second = claim("sms")
    assert (first.pk, second.pk) == (by_reference.pk, by_id.pk)
    post({"id": first.message_id.strip("<>"), "provider_id": "p-1", "state": "delivered"})
    post({"provider_id": "p-2", "state": "delivered"})
    mark(first, "sent", provider_id="p-1", sent_at=timezone.now())
    mark(second, "sent", provider_id="p-2", sent_at=timezone.now())
    assert (state_of(by_reference), state_of(by_id)) == ("delivered", "sent")
    send_another_way()
    assert state_of(by_id) == "delivered" and not StrayReceipt.objects.exists()


def test_a_late_failure_of_an_earlier_attempt_does_not_touch_the_new_one(sent: Message, cast: Any) -> None:
    reference = sent.message_id.strip("<>")
    post({"id": reference, "provider_id": "p-1", "state": "failed"})
    resend(sent.pk, actor=cast.owner)
    post({"id": reference, "provider_id": "p-1", "state": "failed", "detail": "again"})
    assert state_of(sent) == "queued"
    (row,) = claim("sms")
    post({"id": reference, "provider_id": "p-1", "state": "expired"})
    assert state_of(sent) == "sending"
    mark(row, "sent", provider_id="p-2", sent_at=timezone.now())
    post({"id": reference, "provider_id": "p-1", "state": "rejected"})
    assert state_of(sent) == "sent"
    post({"id": reference, "provider_id": "p-2", "state": "delivered"})
    assert state_of(sent) == "delivered"


@pytest.mark.parametrize("outcome", ["delivered", "failed"])
def test_a_receipt_settles_what_nobody_knew(waiting: Any, cast: Any, outcome: str) -> None:
    row = put_out(waiting(channel="sms"), "unknown", "")
    outbox.put_in_inbox([InboxItem(user=cast.owner, topic=f"message:{row.pk}", text="Nobody knows")])
    post({"id": row.message_id.strip("<>"), "provider_id": "p-7", "state": outcome})
    assert (state_of(row), row.provider_id) == (outcome, "p-7")
    assert InboxItem.objects.filter(text="Nobody knows").exists() is (outcome == "failed")


def test_what_a_person_believed_to_be_sent_can_still_fail(waiting: Any, cast: Any) -> None:
    row = put_out(waiting(channel="sms"), "unknown", "")
    confirm_sent(row.pk, actor=cast.owner)
    post({"id": row.message_id.strip("<>"), "state": "failed"})
    assert state_of(row) == "failed"


def test_messages_that_never_left_take_no_receipts(waiting: Any) -> None:
    row = waiting(channel="sms")
    for outcome in ("delivered", "failed"):
        assert post({"id": row.message_id.strip("<>"), "state": outcome}).json() == {"taken": 0}
    assert state_of(row) == "queued"


def test_what_did_not_arrive_goes_by_the_other_channel_at_once_and_only_once(
    crate: Any, cast: Any, add_rule: Any
) -> None:
    add_rule(channels=["sms", "email"], fallback_after=timedelta(hours=2), fallback_to="email")
    cast.turn_into(preferred="sms")
    record("crate.packed", crate, facts={"weight": 1})
    row = put_out(Message.objects.get())
    post({"provider_id": "p-1", "state": "failed"})
    second = Message.objects.get(fallback_of=row)
    assert (state_of(row), second.channel, second.state) == ("failed", "email", "queued")
    assert not InboxItem.objects.filter(topic=f"message:{row.pk}").exists()
    post({"provider_id": "p-1", "state": "failed"})
    assert fallback.look_for_receipts() == 0 and Message.objects.count() == 2


# ---------------------------------------------------------------- Twilio


@pytest.fixture
def at_twilio(provider: Any, settings: Any, waiting: Any) -> tuple[Message, str]:
    """A text that was handed to Twilio, and the address that it was given for receipts."""
    settings.SMS_URL = f"twilio://AC1:tok@{provider.host}?from=+15550001111"
    provider.status, provider.answer = 201, {"sid": "SM9"}
    row = waiting(channel="sms")
    assert deliver_due() == 1
    (address,) = parse_qs(provider.requests[0][3])["StatusCallback"]
    assert address.startswith("https://crm.example" + TWILIO)
    return row, address


def tell_twilio(address: str, *, token: str = "tok", given: str | None = None, **fields: str) -> Any:
    pairs = [("MessageSid", "SM9"), ("AccountSid", "AC1"), *fields.items()]
    pairs = list(dict(pairs).items())
    parts = urlsplit(address)
    headers = {"X-Twilio-Signature": twilio_signature(token, address, pairs) if given is None else given}
    return Client(enforce_csrf_checks=True).post(
        f"{parts.path}?{parts.query}",
        urlencode(pairs),
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )


def test_the_signature_is_twilios_own() -> None:
    """The example of the provider's documentation."""
    pairs = [
        ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"), ("From", "+14158675309"),
        ("To", "+18005551212"),
    ]  # fmt: skip
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert twilio_signature("12345", address, pairs) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_twilio_reports_what_became_of_a_text(at_twilio: tuple[Message, str]) -> None:
    row, address = at_twilio
    for state in ("queued", "sent", "delivered", "sent", "delivered"):
        assert tell_twilio(address, MessageStatus=state, Note="a b+c&d=é").status_code == 200
    assert state_of(row) == "delivered" and row.provider_id == "SM9"


@pytest.mark.parametrize(("code", "hard", "soft"), [("30005", 1, 0), ("30003", 0, 1), ("30007", 0, 0)])
def test_twilio_says_whether_the_number_is_to_blame(at_twilio: Any, code: str, hard: int, soft: int) -> None:
    row, address = at_twilio
    tell_twilio(address, MessageStatus="undelivered", ErrorCode=code)
    assert (state_of(row), row.last_error) == ("failed", f"undelivered {code}")
    found = DeadAddress.objects.values_list("hard_count", "soft_count")
    assert list(found) == ([(hard, soft)] if hard or soft else [])


def test_nobody_but_twilio_is_believed(at_twilio: tuple[Message, str], settings: Any) -> None:
    row, address = at_twilio
    wrong = [
        tell_twilio(address, MessageStatus="delivered", token="another"),
        tell_twilio(address, MessageStatus="delivered", given=""),
        tell_twilio(address, MessageStatus="delivered", given="ü"),
        tell_twilio(address, MessageStatus="delivered", AccountSid="AC2"),
        tell_twilio(
            address.replace("id=", "id=0"), MessageStatus="delivered", given=twilio_signature("tok", address, [])
        ),
    ]
    assert [one.status_code for one in wrong] == [401] * len(wrong)
    assert tell_twilio(address).status_code == 400
    assert Client().post(TWILIO, b"%ff=\xff", content_type="text/plain").status_code == 400
    assert state_of(row) == "sent"
    settings.SMS_URL = "https://gateway.example/send"
    assert tell_twilio(address, MessageStatus="delivered").status_code == 404


# ---------------------------------------------------------------- Aliyun


def tell_aliyun(data: Any, address: str = ALIYUN) -> Any:
    return Client(enforce_csrf_checks=True).post(address, json.dumps(data), content_type="application/json")


def test_aliyun_reports_in_lists(waiting: Any) -> None:
    one, two = (put_out(waiting(channel="sms", address=f"{n}@example.com"), provider_id=f"{n}^0") for n in "12")
    said = {
        "phone_number": "1381111",
        "send_time": "2026-01-01 00:00:00",
        "report_time": "2026-01-01 00:00:03",
        "sms_size": "1",
    }
    reports = [
        {**said, "success": True, "err_code": "DELIVERED", "err_msg": "用户接收成功", "biz_id": "1^0", "out_id": ""},
        {
            **said,
            "success": False,
            "err_code": "MI:0024",
            "err_msg": "空号",
            "biz_id": "",
            "out_id": two.message_id[1:-1],
        },
        {**said, "success": True, "err_code": "DELIVERED", "biz_id": "strange"},
    ]
    for _time in range(2):
        assert tell_aliyun(reports).json() == {"code": 0, "msg": "OK"}
    assert (state_of(one), state_of(two), two.last_error) == ("delivered", "failed", "MI:0024 空号")
    assert DeadAddress.objects.get().soft_count == 1 and StrayReceipt.objects.get().count == 2


def test_aliyuns_address_is_a_secret(sent: Message, settings: Any) -> None:
    report = {"success": True, "biz_id": "p-1"}
    for address in (ALIYUN.replace(KEY, "guess"), ALIYUN.replace(KEY, "%C3%BC")):
        assert tell_aliyun(report, address).status_code == 401
    assert tell_aliyun({"success": "yes", "biz_id": "p-1"}).status_code == 400
    assert state_of(sent) == "sent"
    settings.SMS_RECEIPT_KEYS = []
    assert tell_aliyun(report).status_code == 404
