"""Automatic answers: outside working hours, and while the colleague in charge is away; in four languages, once a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from aftersales.models import Ticket
from crm.services import hours
from foundation.accounts.models import Company, Leave, User
from foundation.journal.models import Event
from foundation.mailroom.services import take_in
from foundation.notifications.models import InboxItem, Message
from tests.accounts.factories import make_user
from tests.mailroom import mails

TODAY = timezone.now().date()


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is in."""
    monkeypatch.setattr("foundation.mailroom.services.after_hours.is_office_open", lambda *a, **k: False)
    monkeypatch.setattr(hours, "office_at", lambda at=None: hours.Office(is_open=False))


@pytest.fixture
def deputy(house: Company) -> User:
    return make_user("Chen Wei", role="manager")


def send_away(person: User, deputy: User | None = None, *, kind: str = "sick") -> Leave:
    first, last = TODAY - timedelta(days=1), TODAY + timedelta(days=3)
    return Leave.objects.create(person=person, first_day=first, last_day=last, kind=kind, deputy=deputy)


def answers(address: str = "anna@berg.example") -> list[Message]:
    codes = ("mail.after_hours", "mail.owner_away", "inquiry.received")
    return list(Message.objects.filter(to_address=address, event__code__in=codes).order_by("pk"))


CLOSED = {
    "en": ("Our office is closed at the moment.", "call Chen Wei: +86 20 1234 5678", "Re: "),
    "de": ("Unser Büro ist im Moment geschlossen.", "+86 20 1234 5678", "Re: "),
    "zh-hans": ("现在是非工作时间。", "+86 20 1234 5678", "回复："),
    "zh-hant": ("目前為非上班時間。", "+86 20 1234 5678", "回覆："),
}


@pytest.mark.parametrize("language", CLOSED)
def test_who_writes_at_night_hears_so_in_their_language_with_the_emergency_number(
    ticket: Ticket, night: None, language: str
) -> None:
    contact = ticket.contact
    assert contact is not None
    contact.language = language
    contact.save()
    take_in(mails.letter(subject=ticket.number))
    (message,) = answers()
    closed, number, prefix = CLOSED[language]
    assert message.language == language
    assert closed in message.body and number in message.body
    assert message.subject_line == f"{prefix}{ticket.number}"
    assert "{" not in message.body and "  " not in message.body


ASKED = {
    "en": "closed at the moment",
    "de": "Unser Büro ist zurzeit geschlossen",
    "zh-hans": "现在是非工作时间",
    "zh-hant": "目前為非上班時間",
}


@pytest.mark.parametrize("language", ASKED)
def test_a_question_at_night_is_answered_in_the_language_it_was_asked_in(
    house: Company, night: None, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(
        "crm.services.inquiries.office_facts", lambda at: {"out_of_hours": True, "on_holiday": False}, raising=False
    )
    take_in(mails.letter(text=mails.WORDS[language], subject="Oak"))
    (message,) = answers()
    assert message.language == language
    assert ASKED[language] in message.body and "+86 20 1234 5678" in message.body


def test_at_most_one_answer_a_day_for_each_sender_and_case(ticket: Ticket, night: None) -> None:
    for number in range(5):
        take_in(mails.letter(subject=ticket.number, text=f"Board {number}"))
    assert len(answers()) == 1
    Message.objects.update(created_at=timezone.now() - timedelta(hours=25))
    take_in(mails.letter(subject=ticket.number, text="The next day"))
    assert len(answers()) == 2


# ---------------------------------------------------------------- away

AWAY = {
    "en": ("Emily Carter is out of the office up to and including", "Chen Wei stands in"),
    "de": ("Emily Carter ist bis einschließlich", "Vertretung: Chen Wei"),
    "zh-hans": ("Emily Carter", "由 Chen Wei 代理"),
    "zh-hant": ("Emily Carter", "由 Chen Wei 代理"),
}


@pytest.mark.parametrize("language", AWAY)
def test_while_the_owner_is_away_the_customer_hears_who_stands_in(
    ticket: Ticket, clerk: User, deputy: User, language: str
) -> None:
    contact = ticket.contact
    assert contact is not None
    contact.language = language
    contact.save()
    send_away(clerk, deputy)
    take_in(mails.letter(subject=ticket.number))
    (message,) = answers()
    for words in AWAY[language]:
        assert words in message.body, message.body
    assert "{" not in message.body and "ill" not in message.body.split()
    assert InboxItem.objects.filter(user=deputy).count() == 1
    assert message.language == language


def test_the_answer_of_an_absent_colleague_comes_once_a_day_and_the_deputy_hears_of_each_mail(
    ticket: Ticket, clerk: User, deputy: User
) -> None:
    send_away(clerk, deputy)
    for number in range(3):
        take_in(mails.letter(subject=ticket.number, text=f"Board {number}"))
    assert len(answers()) == 1
    assert InboxItem.objects.filter(user=deputy).count() == 3


def test_at_night_the_one_answer_says_both(ticket: Ticket, clerk: User, deputy: User, night: None) -> None:
    send_away(clerk, deputy)
    take_in(mails.letter(subject=ticket.number))
    (message,) = answers()
    assert "geschlossen" in message.body and "Chen Wei" in message.body


def test_without_a_deputy_or_with_one_who_is_away_nobody_is_named(ticket: Ticket, clerk: User, deputy: User) -> None:
    send_away(clerk, deputy)
    send_away(deputy)
    take_in(mails.letter(subject=ticket.number))
    (message,) = answers()
    assert "Emily Carter" in message.body and "Vertretung" not in message.body
    assert not InboxItem.objects.filter(user=deputy).exists()


def test_who_is_there_or_no_longer_away_answers_for_themselves(ticket: Ticket, clerk: User, deputy: User) -> None:
    leave = send_away(clerk, deputy)
    leave.cancelled_at = timezone.now()
    leave.save()
    take_in(mails.letter(subject=ticket.number))
    assert not answers()
    assert not Event.objects.filter(code="mail.owner_away").exists()


def test_programs_hear_nothing_of_absences(ticket: Ticket, clerk: User, deputy: User) -> None:
    send_away(clerk, deputy)
    raw: dict[str, Any] = {"subject": ticket.number, "Auto_Submitted": "auto-replied"}
    take_in(mails.letter(**raw))
    assert not answers()
