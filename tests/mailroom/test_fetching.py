"""Mail is fetched from a real server: kept before it is marked, each mail once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from config.health import finding
from crm.models import Inquiry
from foundation.accounts.models import Company
from foundation.mailroom import fetching
from foundation.mailroom.fetching import fetch_all
from foundation.mailroom.models import IncomingMail, Mailbox, RawMail
from foundation.mailroom.services import finish_stored
from tests.mailroom import mails
from tests.mailroom.imap import ImapSink


@pytest.fixture
def box(settings: Any) -> Iterator[ImapSink]:
    sink = ImapSink()
    settings.IMAP_URL = sink.url
    yield sink
    sink.stop()


def fill(box: ImapSink, count: int) -> None:
    box.mails = [mails.letter(sender=f"p{number}@berg.example", subject=f"Floor {number}") for number in range(count)]


def test_each_mail_is_fetched_once(house: Company, box: ImapSink) -> None:
    fill(box, 3)
    assert fetch_all() == 3
    assert fetch_all() == 0
    assert Inquiry.objects.count() == 3
    assert set(IncomingMail.objects.values_list("source", flat=True)) == {"imap"}
    assert finding("mailbox").well
    assert box.commands[-1] == "LOGOUT"


def test_a_mail_is_stored_before_it_is_marked(house: Company, box: ImapSink) -> None:
    fill(box, 3)
    box.die_at = "UID STORE 2"
    fetch_all()
    assert box.seen == {1}
    assert {bytes(data) for data in RawMail.objects.values_list("data", flat=True)} == set(box.mails[:2])
    assert Mailbox.objects.get().failing_since is not None
    box.die_at = ""
    fetch_all()
    assert box.seen == {1, 2, 3}
    assert Inquiry.objects.count() == IncomingMail.objects.count() == 3
    assert Mailbox.objects.get().failing_since is None


@pytest.mark.parametrize(
    "command", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH 1", "UID FETCH 3", "UID STORE 1", "LOGOUT"]
)
def test_a_server_that_hangs_up_loses_nothing(house: Company, box: ImapSink, command: str) -> None:
    fill(box, 3)
    box.die_at = command
    fetch_all()
    box.die_at = ""
    fetch_all()
    assert Inquiry.objects.count() == IncomingMail.objects.count() == RawMail.objects.count() == 3
    assert box.seen == {1, 2, 3}


def test_a_worker_that_dies_after_marking_leaves_it_to_the_sweep(
    house: Company, box: ImapSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """What no handler of ours catches."""

    def die(pk: int) -> None:
        raise Killed

    fill(box, 1)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(fetching, "process", die)
        fetch_all()
    assert box.seen == {1}
    assert fetch_all() == 0
    IncomingMail.objects.update(received_at="2026-01-01T00:00Z")
    assert finish_stored() == 1
    assert Inquiry.objects.count() == 1


def test_a_wrong_password_shows_on_the_health_page_without_the_password(house: Company, box: ImapSink) -> None:
    box.password = "another"
    assert fetch_all() == 0
    found = finding("mailbox")
    assert not found.well
    assert found.text
    assert "secret" not in found.text
    box.password = "secret"
    fetch_all()
    assert finding("mailbox").well


def test_no_server_at_all_shows_too(house: Company, settings: Any) -> None:
    settings.IMAP_URL = "imap://a:b@127.0.0.1:1/INBOX"
    assert fetch_all() == 0
    assert not finding("mailbox").well
