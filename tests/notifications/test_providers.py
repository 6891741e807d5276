"""Email through a provider's interface, over a real socket, and its reports through django-anymail."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client

from foundation.notifications.delivery import deliver_due
from foundation.notifications.manners.wishes import declined_by
from foundation.notifications.models import DeadAddress, Message, OptOut, StrayReceipt

HOOK = "/hooks/receipts/email/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def postmark(provider: Any, settings: Any) -> Any:
    """A provider that takes letters like Postmark."""
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "token", "POSTMARK_API_URL": f"http://{provider.host}/", "WEBHOOK_SECRET": "us:secret",
        "REQUESTS_TIMEOUT": 1,
    }  # fmt: skip
    provider.answer = {"ErrorCode": 0, "Message": "OK", "MessageID": "pm-1", "To": "anna@example.com"}
    return provider


def tell(report: Any = None, *, body: bytes | None = None, secret: str = "us:secret") -> Any:
    headers = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()} if secret else {}
    body = json.dumps(report).encode() if body is None else body
    client = Client(enforce_csrf_checks=True)
    return client.post(HOOK, body, content_type="application/json", headers=headers)


def bounce(kind: str = "HardBounce", details: str = "smtp;550 5.1.1 No such user", **more: Any) -> dict[str, Any]:
    return {
        "RecordType": "Bounce", "Type": kind, "MessageID": "pm-1", "Email": "anna@example.com", "Details": details,
        "BouncedAt": "2026-01-01T10:00:00Z", "ID": 7, **more,
    }  # fmt: skip


DELIVERY = {
    "RecordType": "Delivery",
    "MessageID": "pm-1",
    "Recipient": "anna@example.com",
    "DeliveredAt": "2026-01-01T10:00:00Z",
}
COMPLAINT = bounce("SpamComplaint", "", RecordType="SpamComplaint")


def test_a_letter_goes_out_through_the_interface_with_our_message_id(waiting: Any, postmark: Any) -> None:
    row = waiting()
    assert deliver_due() == 1
    row.refresh_from_db()
    assert (row.state, row.provider_id) == ("sent", "pm-1")
    said = json.loads(postmark.requests[0][3])
    assert {"Name": "Message-ID", "Value": row.message_id} in said["Headers"] and said["To"].endswith(
        "<anna@example.com>"
    )


@pytest.mark.parametrize(
    ("status", "answer", "state"),
    [(422, {"ErrorCode": 300, "Message": "Invalid email"}, "failed"), (401, {"ErrorCode": 10}, "queued"), (429, {}, "queued"),
     (500, {}, "queued")],
)  # fmt: skip
def test_refusals_of_the_provider_are_told_apart(
    waiting: Any, postmark: Any, status: int, answer: Any, state: str
) -> None:
    postmark.status, postmark.answer = status, answer
    row = waiting()
    assert deliver_due() == 0
    row.refresh_from_db()
    assert (row.state, row.strikes) == (state, 0) and str(status) in row.last_error and "token" not in row.last_error


@pytest.mark.parametrize(
    ("manner", "state"), [("hangs up", "unknown"), ("is silent", "unknown"), ("is away", "queued")]
)
def test_a_provider_that_does_not_answer(waiting: Any, postmark: Any, manner: str, state: str) -> None:
    postmark.manner = manner
    if manner == "is away":
        postmark.stop()
    row = waiting()
    assert deliver_due() == 0
    row.refresh_from_db()
    assert (row.state, row.strikes) == (state, 0)


def test_a_misspelt_provider_or_a_missing_key_keeps_everything_waiting(waiting: Any, settings: Any) -> None:
    row = waiting()
    for backend in ("anymail.backends.nobody.EmailBackend", "anymail.backends.postmark.EmailBackend"):
        settings.EMAIL_BACKEND, settings.ANYMAIL = backend, {}
        Message.objects.update(next_attempt_at=row.created_at)
        assert deliver_due() == 0
    row.refresh_from_db()
    assert (row.state, row.strikes) == ("queued", 0)


@pytest.fixture
def sent(waiting: Any, postmark: Any) -> Message:
    row = waiting()
    assert deliver_due() == 1
    return row


def state_of(row: Message) -> str:
    row.refresh_from_db()
    return row.state


def test_delivered_and_then_sent_back_is_failed_in_any_order(sent: Message) -> None:
    assert tell(DELIVERY).status_code == 200
    assert state_of(sent) == "delivered" and sent.delivered_at is not None
    for report in (bounce(), DELIVERY, bounce(), DELIVERY):
        assert tell(report).status_code == 200
    assert state_of(sent) == "failed" and "5.1.1" in sent.last_error
    dead = DeadAddress.objects.get()
    assert (dead.address, dead.hard_count, dead.is_dead) == ("anna@example.com", 1, True)


def test_what_passes_does_not_kill_the_address(sent: Message) -> None:
    tell(bounce("Transient", "smtp;452 4.2.2 Mailbox full"))
    assert state_of(sent) == "sent"
    tell(bounce("SoftBounce", "smtp;452 4.2.2 Mailbox full"))
    assert state_of(sent) == "failed" and not DeadAddress.objects.get().is_dead


def test_a_complaint_declines_all_marketing_once(sent: Message) -> None:
    for _time in range(3):
        assert tell(COMPLAINT).status_code == 200
    wish = OptOut.objects.get()
    assert (wish.person_key, wish.how, wish.kind, wish.channel) == (sent.recipient_key, "complaint", "", "")
    assert ("", "") in declined_by([sent.recipient_key])[sent.recipient_key]


def test_reports_about_letters_that_are_not_ours_are_counted(sent: Message) -> None:
    assert tell({**DELIVERY, "MessageID": "another"}).status_code == 200
    assert tell({**COMPLAINT, "MessageID": "another"}).status_code == 200
    assert StrayReceipt.objects.get().provider_id == "another" and state_of(sent) == "sent"


def test_nobody_else_is_believed_and_nonsense_is_refused(sent: Message, settings: Any) -> None:
    for secret in ("", "us:guess", "ü:ü"):
        assert tell(bounce(), secret=secret).status_code == 401
    for body in (b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff", b"1", b'{"RecordType": []}'):
        assert 200 <= tell(body=body).status_code < 500
    assert tell(body=b"x" * (1024 * 1024 + 1)).status_code == 413
    assert Client().head(HOOK).status_code == 200
    assert Client().get(HOOK).status_code == 405
    assert state_of(sent) == "sent"
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": ""}
    assert tell(bounce()).status_code == 404
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": "us:secret"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert tell(bounce()).status_code == 404
