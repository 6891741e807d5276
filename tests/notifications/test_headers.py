"""Nobody adds a header or a recipient to a letter of ours."""

from __future__ import annotations

from typing import Any

import pytest

from foundation.journal.machine import Refused
from foundation.journal.services import record
from foundation.notifications.channels.base import Rejected
from foundation.notifications.channels.email.letter import mailbox
from foundation.notifications.delivery import deliver_due
from foundation.notifications.models import Message
from foundation.notifications.services import send_message
from tests.notifications.conftest import ANNA
from tests.notifications.sinks import MailSink

pytestmark = pytest.mark.django_db

ENDS = [
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "\r\n\r\n",
    "\x00",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "\u2029",
    "%0a",
    "%0d%0a",
    "\\n",
    "=0A",
    "=?utf-8?q?=0A?=",
]
INJECTIONS = [
    f"Hello{end}{rest}"
    for end in ENDS
    for rest in ("Bcc: thief@example.com", "X-Evil: 1", "Content-Type: text/html", "To: thief@example.com")
]
ALLOWED = {
    "content-type", "mime-version", "subject", "from", "to", "reply-to", "date", "message-id", "auto-submitted", "content-transfer-encoding",
    "x-auto-response-suppress",
}  # fmt: skip


def check(mail: MailSink) -> None:
    """One envelope recipient, and no header but ours, each once."""
    assert mail.envelopes == [["anna@example.com"]]
    names = [name.lower() for name in mail.mails[0]]
    assert set(names) <= ALLOWED
    assert len(names) == len(set(names))
    assert not mail.mails[0].is_multipart() or mail.mails[0].get_content_type() == "multipart/alternative"


@pytest.mark.parametrize("text", INJECTIONS)
def test_hostile_subjects_stay_subjects(waiting: Any, mail: MailSink, text: str) -> None:
    waiting(subject_line=text)
    assert deliver_due() == 1
    check(mail)


@pytest.mark.parametrize("text", INJECTIONS)
def test_hostile_names_stay_names(crate: Any, cast: Any, add_rule: Any, mail: MailSink, text: str) -> None:
    cast.turn_into(name=text)
    add_rule()
    record("crate.packed", crate)
    assert deliver_due() == 1
    check(mail)


def test_a_domain_with_umlauts_is_written_as_servers_write_it(
    crate: Any, cast: Any, add_rule: Any, mail: MailSink
) -> None:
    cast.turn_into(email="anna@köln.example")
    add_rule()
    record("crate.packed", crate)
    assert deliver_due() == 1
    assert mail.envelopes == [["anna@xn--kln-sna.example"]]
    assert mail.mails[0]["To"] == "Anna Berg <anna@xn--kln-sna.example>"


@pytest.mark.parametrize("address", ["änne@example.com", "anna@" + "ö" * 70 + ".example"])
def test_an_address_that_no_server_takes_is_given_up_at_once(address: str) -> None:
    with pytest.raises(Rejected, match="do not take these letters"):
        mailbox("Anna Berg", address)


@pytest.mark.parametrize("address", [
    "anna@example.com\nBcc: thief@example.com",
    "anna@example.com\r\nX-Evil: 1",
    "anna@example.com,thief@example.com",
    "anna@example.com;thief@example.com",
    "anna@example.com thief@example.com",
    "<anna@example.com>, <thief@example.com>",
    "Anna <anna@example.com>",
    "anna@example.com\x00",
    "anna@example.com\u2028",
    "@example.com",
])  # fmt: skip
def test_hostile_addresses_are_refused_and_nothing_is_written(crate: Any, mail: MailSink, address: str) -> None:
    from dataclasses import replace

    with pytest.raises(Refused):
        send_message(
            crate,
            recipient=replace(ANNA, email=address),
            channel="email",
            subject_line="Hello",
            body="Text",
            actor=None,
        )
    assert not Message.objects.exists()
    assert deliver_due() == 0
    assert mail.mails == []
