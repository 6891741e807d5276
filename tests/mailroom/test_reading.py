"""Mails are read as their writers meant them, and no mail stops the reader."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.mailroom.reading.letter import Letter, Unreadable, read
from foundation.mailroom.reading.nature import is_report, why_automatic
from foundation.mailroom.reading.plain import text_of
from foundation.mailroom.reading.quoting import cut
from foundation.mailroom.reading.tongue import language_of
from tests.mailroom import mails

WRITTEN, LYING, AUTOMATIC, MALFORMED = mails.written(), mails.lying(), mails.automatic(), mails.malformed()


def test_there_are_enough_of_them() -> None:
    assert len(AUTOMATIC) >= 40
    assert len(MALFORMED) >= 28
    assert len(WRITTEN) + len(LYING) + len(AUTOMATIC) + len(MALFORMED) >= 200


@pytest.mark.parametrize("name", WRITTEN)
def test_every_charset_is_read(name: str) -> None:
    data, words = WRITTEN[name]
    assert read(data).fresh == words


@pytest.mark.parametrize("name", LYING)
def test_a_charset_that_lies_is_found_out(name: str) -> None:
    data, words = LYING[name]
    assert read(data).fresh == words


@pytest.mark.parametrize("name", MALFORMED)
def test_nothing_broken_stops_the_reader(name: str) -> None:
    tracemalloc.start()
    begun = time.process_time()
    try:
        letter: Letter | None = read(MALFORMED[name])
    except Unreadable as error:
        letter = None
        assert str(error)
    spent, (_now, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < 12
    assert peak < 300 * 2**20
    if letter is not None:
        for text in (letter.subject, letter.sender, letter.fresh, letter.quoted, letter.message_id):
            assert "\0" not in text
            text.encode("utf-8")


@given(st.binary(max_size=3000))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    for raw in (
        data,
        b"From: a@b.example\r\n" + data,
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + data,
    ):
        try:
            letter = read(raw)
        except Unreadable:
            continue
        "".join(
            (letter.subject, letter.fresh, letter.quoted, letter.sender, *(one.name for one in letter.files))
        ).encode("utf-8")


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_word_is_lost_in_cutting(first: str, second: str) -> None:
    text = f"{first}\nOn Monday Anna wrote:\n> {second}"
    fresh, quoted = cut(text)
    assert not set(f"{first} {second}".split()) - set((fresh + " " + quoted).split())


@pytest.mark.parametrize("name", AUTOMATIC)
def test_what_no_person_wrote_is_known(name: str) -> None:
    letter = read(AUTOMATIC[name])
    assert is_report(letter) or why_automatic(letter, {"info@kontor.example"})


def test_people_are_not_taken_for_programs() -> None:
    for head in (
        {},
        {"Auto_Submitted": "no"},
        {"X_Auto_Response_Suppress": "DR, RN"},
        {"Return_Path": "<anna@berg.example>"},
    ):
        letter = read(mails.letter(**head))  # type: ignore[arg-type]
        assert not is_report(letter)
        assert why_automatic(letter, {"info@kontor.example"}) == ""


def test_a_report_is_read() -> None:
    for with_headers in (True, False):
        letter = read(mails.dsn("<mine@kontor.example>", with_headers=with_headers))
        (notice,) = letter.notices
        assert (notice.action, notice.status, notice.recipient) == ("failed", "5.1.1", "anna@berg.example")
        assert letter.reported_id == "<mine@kontor.example>"


QUOTED = {
    "gmail": "Yes please.\n\nOn Mon, 23 Nov 2026 at 10:00, Kontor <info@kontor.example> wrote:\n> Shall we?\n> Regards",
    "gmail broken over lines": "Yes please.\n\nOn Mon, 23 Nov 2026 at 10:00, Kontor\n<info@kontor.example> wrote:\n\n> Shall we?",
    "german": "Yes please.\n\nAm 23.11.2026 um 10:00 schrieb Kontor <info@kontor.example>:\n> Sollen wir?",
    "german broken": "Yes please.\n\nAm Mo., 23. Nov. 2026 um 10:00 Uhr schrieb Kontor <\ninfo@kontor.example>:\n\n> Sollen wir?",
    "chinese": "Yes please.\n\n在 2026年11月23日，10:00，Kontor <info@kontor.example> 写道：\n> 可以吗？",
    "chinese apple": "Yes please.\n\nKontor <info@kontor.example> 于2026年11月23日周一 10:00写道：\n> 可以吗？",
    "traditional": "Yes please.\n\nKontor <info@kontor.example> 於 2026年11月23日 寫道：\n\n> 可以嗎？",
    "outlook": "Yes please.\n\n________________________________\nFrom: Kontor <info@kontor.example>\nSent: Monday\nTo: Anna\nSubject: Floor\n\nShall we?",
    "outlook german": "Yes please.\n\nVon: Kontor <info@kontor.example>\nGesendet: Montag\nAn: Anna\nBetreff: Boden\n\nSollen wir?",
    "outlook chinese": "Yes please.\n\n发件人: Kontor\n发送时间: 2026年11月23日\n收件人: Anna\n主题: 地板\n\n可以吗？",
    "original message": "Yes please.\n\n-----Original Message-----\nFrom: Kontor\n\nShall we?",
    "original german": "Yes please.\n\n-----Ursprüngliche Nachricht-----\nVon: Kontor\n\nSollen wir?",
    "qq": 'Yes please.\n\n------------------ 原始邮件 ------------------\n发件人: "Kontor"\n\n可以吗？',
    "plain marks": "Yes please.\n\n> Shall we?\n> Regards",
}


@pytest.mark.parametrize("name", QUOTED)
def test_quotations_are_folded(name: str) -> None:
    fresh, quoted = cut(QUOTED[name])
    assert fresh == "Yes please."
    assert quoted


def test_answers_below_the_quotation_and_plain_words_stay() -> None:
    assert cut("On Monday Anna wrote:\n> Shall we?\n\nYes.")[0] == "Yes."
    between = "> Shall we?\nYes, and:\n> When?\nMonday."
    for text in (
        between,
        "On Friday we need this:\ntwo pallets",
        "From: Hamburg\nTo: Rotterdam please",
        "a > b\nand so on",
    ):
        assert cut(text) == (text, "")


def test_html_becomes_words() -> None:
    html = "<html><head><style>p{}</style><title>x</title></head><body><p>Dear&nbsp;all,</p><ul><li>oak<li>pine</ul><script>alert(1)</script>"
    html += "<img src='https://spy.example/x.gif'><blockquote><p>earlier words</p></blockquote></body>"
    text = text_of(html)
    assert text.startswith("Dear all,")
    assert "• oak" in text and "> earlier words" in text
    assert "alert" not in text and "spy" not in text and "p{}" not in text


def test_languages_are_told_apart() -> None:
    assert {code: language_of(mails.WORDS[code]) for code in ("en", "de", "zh-hans", "zh-hant")} == {
        code: code for code in ("en", "de", "zh-hans", "zh-hant")
    }
