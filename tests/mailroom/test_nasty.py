"""Nasty mails: one line each, what is in them is read, and nothing in them reaches further than it should."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from crm.models import Inquiry
from foundation.accounts.models import Company, User
from foundation.journal.models import Event
from foundation.mailroom.models import IncomingMail, MailPolicy
from foundation.mailroom.services import process, store, take_in
from foundation.notifications.models import Message
from tests.mailroom import mails
from tests.mailroom.nasty import NASTY

RESULTS = {"joined", "inquiry", "review", "bounce", "automatic", "duplicate", "quarantined"}


@pytest.fixture
def lines(house: Company, tmp_path: Path, capsys: Any) -> dict[str, tuple[dict[str, str], IncomingMail]]:
    """All of them by one call of the command: name → (its line, its row)."""
    MailPolicy(reply_address="reply@kontor.example", sender_limit=10_000).save()
    files = []
    for number, (data, _expected) in enumerate(NASTY.values()):
        path = tmp_path / f"{number}.eml"
        path.write_bytes(data)
        files.append(str(path))
    call_command("receive_mail", *files, "--json")
    out = capsys.readouterr()
    assert not out.err
    found = [json.loads(line) for line in out.out.splitlines()]
    assert [line["file"] for line in found] == files
    rows = {one.digest: one for one in IncomingMail.objects.all()}
    from foundation.mailroom.addresses import digest

    return {
        name: (line, rows[digest(data)]) for line, (name, (data, _expected)) in zip(found, NASTY.items(), strict=True)
    }


def test_each_has_its_line_and_its_words(lines: dict[str, tuple[dict[str, str], IncomingMail]]) -> None:
    wrong = []
    for name, (line, mail) in lines.items():
        expected = NASTY[name][1]
        results = expected.get("result", RESULTS)
        checks = {
            "result": line["result"] in ({results} if isinstance(results, str) else results),
            "says": expected.get("says", "") in mail.text,
            "subject": line["subject"] == expected.get("subject", line["subject"]),
            "sender": line["from"] == expected.get("sender", line["from"]),
            "files": [one["name"] for one in mail.files][:5]
            == expected.get("files", [one["name"] for one in mail.files][:5]),
            "no failure of ours": mail.reason != "error",
        }
        wrong += [
            f"{name}: {check}: {line} {mail.reason} {mail.detail} {mail.text[:80]!r} {mail.files[:2]}"
            for check, holds in checks.items()
            if not holds
        ]
    assert not wrong, "\n".join(wrong)
    assert len(lines) >= 60


def test_nothing_in_them_reaches_a_header_a_page_or_a_file_system(
    lines: dict[str, tuple[dict[str, str], IncomingMail]], client: Client, clerk: User
) -> None:
    for line, mail in lines.values():
        assert line["result"] != "error"
        for text in (line["subject"], line["from"], mail.sender_name, mail.message_id):
            assert not set("\r\n\0\u2028\u202e") & set(text)
        for file in mail.files:
            assert len(file["name"]) <= 200 and not set("\r\n\0\u202e") & set(file["name"])
            assert not file["name"].startswith(("..", "/"))
    client.force_login(clerk)
    assert client.get("/mail/?view=all").status_code == 200
    for _line, mail in lines.values():
        page = client.get(mail.get_absolute_url())
        assert page.status_code == 200, mail
        assert b"alert(1)</script>" not in page.content
        assert client.get(f"/mail/{mail.pk}/raw/").status_code == 200


# ---------------------------------------------------------------- two workers


def at_once(*calls: Any) -> list[Any]:
    """Each in a thread with a connection of its own, begun together."""
    barrier, found = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number: int) -> None:
        try:
            barrier.wait(timeout=30)
            found[number] = calls[number]()
        except Exception as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_mail_make_one_case(house: Company) -> None:
    raw = mails.letter()
    pk, _is_new = store(raw)
    found = at_once(*[lambda: process(pk).result] * 4)
    assert found == ["inquiry"] * 4
    assert Inquiry.objects.count() == 1
    assert Message.objects.filter(to_address="anna@berg.example").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_mail_delivered_twice_at_once_is_kept_once(house: Company) -> None:
    raw = mails.letter()
    found = at_once(*[lambda: take_in(raw)[0].pk] * 4)
    assert len(set(found)) == 1, found
    assert Inquiry.objects.count() == IncomingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_mails_of_one_sender_at_once_make_one_case_and_one_answer(house: Company) -> None:
    first, second = mails.letter(text="One"), mails.letter(text="Two")
    found = at_once(lambda: take_in(first)[1], lambda: take_in(second)[1])
    assert sorted(found) == ["inquiry", "joined"], found
    assert Inquiry.objects.count() == 1
    assert Event.objects.filter(code="mail.received").count() == 1
    assert Message.objects.filter(to_address="anna@berg.example").count() == 1
