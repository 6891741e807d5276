"""Mail is fetched from a real server: kept before it is marked, each mail once, whatever happens in between."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from config.health import finding
from crm.models import Inquiry
from foundation.accounts.models import Company, User
from foundation.mailroom import fetching
from foundation.mailroom.fetching import fetch_all
from foundation.mailroom.management.commands import receive_mail
from foundation.mailroom.models import IncomingMail, Mailbox, RawMail
from foundation.mailroom.services import deciding, finish_stored, make_inquiry
from foundation.notifications.models import Message
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


# ---------------------------------------------------------------- huge ones


def huge(subject: str, megabytes: float) -> bytes:
    return mails.letter(subject=subject, text="x") + b"y" * int(megabytes * 2**20)


@pytest.mark.parametrize("says", [None, 5, 0])
def test_of_a_huge_mail_only_the_header_is_kept_and_a_person_decides(
    house: Company, box: ImapSink, monkeypatch: pytest.MonkeyPatch, says: int | None
) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 2**20)
    monkeypatch.setattr(deciding, "LARGEST", 2**20)
    box.mails = [huge("Plans of the hall", 3), mails.letter(subject="Small")]
    if says is not None:
        box.says[1] = says  # a server that lies about the size
    assert fetch_all() == 2
    large, small = IncomingMail.objects.order_by("pk")
    assert (large.result, large.reason, large.subject_line) == ("review", "too_large", "Plans of the hall")
    assert large.size >= 2**20 and large.detail
    assert small.result == "inquiry"
    assert len(bytes(RawMail.objects.get(pk=large.pk).data)) < 1000
    assert max(box.given) <= 2**20 + 1
    assert box.seen == {1, 2}
    assert not Message.objects.filter(to_address=large.sender, event__facts__mail_id=large.pk).exists()


def test_a_huge_mail_can_still_be_sorted(
    house: Company, clerk: User, box: ImapSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 2**20)
    monkeypatch.setattr(deciding, "LARGEST", 2**20)
    box.mails = [huge("Plans of the hall", 2)]
    fetch_all()
    make_inquiry(IncomingMail.objects.get().pk, actor=clerk)
    assert Inquiry.objects.get().subject == "Plans of the hall"


def test_the_command_bounds_what_it_reads(
    house: Company, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (receive_mail, deciding):
        monkeypatch.setattr(module, "LARGEST", 2**20)
    (tmp_path / "huge.eml").write_bytes(huge("Plans of the hall", 30))
    (tmp_path / "endless.eml").write_bytes(b"X" * (5 * 2**20))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(huge("By the pipe", 3))))
    tracemalloc.start()
    call_command("receive_mail", str(tmp_path / "huge.eml"), str(tmp_path / "endless.eml"), "-", "--json")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["result"], line["subject"]) for line in lines] == [
        ("review", "Plans of the hall"),
        ("quarantined", ""),
        ("review", "By the pipe"),
    ]
    assert peak < 20 * 2**20
    assert IncomingMail.objects.filter(size__gt=30 * 2**20).exists()
