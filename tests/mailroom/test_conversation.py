"""A conversation over five turns, as Gmail and Outlook hold it, and the headers of our letters one by one."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone

from aftersales.models import Ticket
from crm.models import Inquiry
from crm.services import answer_inquiry
from foundation.accounts.models import Company, User
from foundation.journal.models import Event
from foundation.mailroom.dressing import MOST_REFERENCES, dress, look_ahead, subject_line
from foundation.mailroom.models import IncomingMail, MailPolicy
from foundation.mailroom.services import take_in
from foundation.notifications import drafting
from foundation.notifications.delivery import deliver_due
from foundation.notifications.manners.kinds import MARKETING, all_kinds, load_kinds
from foundation.notifications.models import Message
from foundation.notifications.services import send_message
from foundation.notifications.writing import by_hand, usual_recipient
from tests.accounts.factories import make_user
from tests.mailroom import mails
from tests.notifications.sinks import MailSink

# ---------------------------------------------------------------- five turns


def deliver(mail: MailSink) -> EmailMessage:
    """Let the ten seconds pass and send; returns the newest letter to the customer, not what colleagues are told."""
    Message.objects.filter(state="queued").update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    before = len(mail.mails)
    deliver_due()
    return [one for one in mail.mails[before:] if "<reply+" in str(one["Reply-To"])][-1]


def reply(
    to_letter: EmailMessage, *, sender: str, text: str, by: str, references: list[str], subject: str = ""
) -> bytes:
    """How a mail program answers our letter: Gmail writes to Reply-To and keeps all References, Outlook as little as it may."""
    theirs = str(to_letter["Message-ID"])
    is_gmail = by == "gmail"
    head = {"In_Reply_To": theirs}
    if is_gmail:
        head["References"] = " ".join([*references, theirs])
    return mails.letter(
        sender=sender,
        to=str(to_letter["Reply-To"]) if is_gmail else str(to_letter["From"]),
        subject=subject or ("Re: " if is_gmail else "AW: ") + str(to_letter["Subject"]).removeprefix("Re: "),
        text=text + "\n\nAm 23.11.2026 um 10:00 schrieb Kontor <info@kontor.example>:\n> Guten Tag\n",
        **head,
    )


def check(letter: EmailMessage, number: str, answers: str, root: str) -> None:
    """In-Reply-To, References and the subject's token are right."""
    assert str(letter["In-Reply-To"]) == answers
    chain = str(letter["References"]).split()
    assert chain[-1] == answers and chain[0] == root and len(chain) == len(set(chain))
    subject = str(letter["Subject"])
    assert subject.count(number) == 1 and subject.lower().count("re:") == 1, subject
    assert "<reply+" in str(letter["Reply-To"])


def test_five_turns_stay_one_conversation(house: Company, clerk: User, mail: MailSink) -> None:
    # 1: a customer writes, and hears that we have it.
    first, result = take_in(mails.letter(subject="Eiche", text=mails.WORDS["de"], message_id="<one@mail.berg.example>"))
    assert result == "inquiry"
    inquiry = Inquiry.objects.get()
    receipt = deliver(mail)
    check(receipt, inquiry.number, first.message_id, first.message_id)
    assert receipt["Auto-Submitted"] == "auto-replied"
    # 2: a colleague answers.
    seller = make_user("Peng Xu", role="sales")
    Inquiry.objects.filter(pk=inquiry.pk).update(owner=seller, status="assigned")
    answer_inquiry(inquiry.pk, actor=seller, subject_line="Re: Eiche", body="Ja, ab Hamburg.", language="de")
    answer = deliver(mail)
    check(answer, inquiry.number, first.message_id, first.message_id)
    assert answer["Auto-Submitted"] is None
    # 3: the answer comes by Gmail from another address of theirs.
    raw = reply(
        answer,
        sender="Anna privat <anna.berg@mail.example>",
        text="Und Buche?",
        by="gmail",
        references=str(answer["References"]).split(),
    )
    second, result = take_in(raw)
    assert (result, second.reason, second.subject) == ("joined", "reply_address", inquiry)
    assert second.text == "Und Buche?" and second.quoted
    # 4: the colleague writes to that address.
    other = by_hand("anna.berg@mail.example", "email", like=usual_recipient(inquiry))
    drafting.send(
        inquiry,
        actor=seller,
        recipient=other,
        channel="email",
        subject_line="Re: Eiche",
        body="Auch Buche.",
        language="de",
    )
    letter = deliver(mail)
    check(letter, inquiry.number, second.message_id, first.message_id)
    assert answer["Message-ID"] in str(letter["References"]).split()
    # 5: somebody answers by Outlook, which keeps no References and writes to the sender.
    raw = reply(letter, sender="einkauf@berg.example", text="Danke!", by="outlook", references=[])
    third, result = take_in(raw)
    assert (result, third.reason, third.subject) == ("joined", "thread", inquiry)
    answer_to = by_hand("einkauf@berg.example", "email", like=usual_recipient(inquiry))
    drafting.send(
        inquiry,
        actor=seller,
        recipient=answer_to,
        channel="email",
        subject_line=str(letter["Subject"]),
        body="Gern.",
        language="de",
    )
    last = deliver(mail)
    assert last["In-Reply-To"] == third.message_id
    assert str(last["Subject"]) == str(letter["Subject"])
    # One case all the way, and each mail of theirs once on its history.
    assert Inquiry.objects.count() == 1
    assert Event.objects.about(inquiry).filter(code="mail.received").count() == 2
    assert IncomingMail.objects.about(inquiry).count() == 3


def test_a_new_mail_that_names_the_case_joins_it_only_from_people_we_know(house: Company, ticket: Ticket) -> None:
    subject = f"WG: AW: Reklamation [{ticket.number}]"
    assert take_in(mails.letter(subject=subject))[1] == "joined"
    assert take_in(mails.letter(subject=subject, sender="who@elsewhere.example"))[1] == "review"


def test_a_stranger_who_answers_a_strangers_thread_is_not_led_into_it(house: Company, ticket: Ticket) -> None:
    """A Message-ID of somebody else's mail is no secret: it joins only for whoever wrote that mail."""
    take_in(mails.letter(subject=ticket.number, message_id="<known@berg.example>"))
    raw = mails.letter(sender="who@elsewhere.example", subject="Hello", In_Reply_To="<known@berg.example>")
    assert take_in(raw)[1] == "inquiry"


# ---------------------------------------------------------------- one by one


def letter_about(subject: Any, *, actor: Any = None, to: str = "", said: str = "Your boards") -> Message:
    recipient = usual_recipient(subject) if not to else by_hand(to, "email", like=usual_recipient(subject))
    assert recipient is not None
    return send_message(
        subject, recipient=recipient, channel="email", subject_line=said, body="Please tell us more.", actor=actor
    )


@pytest.mark.parametrize(
    ("said", "is_answer", "wanted"),
    [
        ("Your boards", False, "Your boards [T-1]"),
        ("Your boards", True, "Re: Your boards [T-1]"),
        ("Re: Your boards", True, "Re: Your boards [T-1]"),
        ("AW: Ihre Bretter", True, "AW: Ihre Bretter [T-1]"),
        ("回复：地板", True, "回复：地板 [T-1]"),
        ("Sv: golv", True, "Sv: golv [T-1]"),
        ("RE[2]: boards", True, "RE[2]: boards [T-1]"),
        ("About t-1", False, "About t-1"),
        ("Report: boards", True, "Re: Report: boards [T-1]"),
        ("", True, "Re:  [T-1]"),
    ],
)
def test_the_subject_has_the_number_once_and_re_once(said: str, is_answer: bool, wanted: str) -> None:
    found = subject_line(said, "T-1", is_answer=is_answer)
    assert found.split() == wanted.split()
    assert subject_line(found, "T-1", is_answer=is_answer) == found


def test_a_long_subject_keeps_its_number() -> None:
    found = subject_line("x" * 400, "T-2026-0001", is_answer=True)
    assert len(found) <= 250 and found.endswith("[T-2026-0001]") and found.startswith("Re: ")


def test_a_letter_that_answers_nobody_begins_a_thread(ticket: Ticket, clerk: User) -> None:
    found = dress(letter_about(ticket, actor=clerk))
    assert found.headers == {}
    assert found.subject == f"Your boards [{ticket.number}]"
    assert found.reply_to.startswith("reply+")


def test_what_nobody_wrote_says_so_and_what_a_person_wrote_does_not(ticket: Ticket, clerk: User) -> None:
    automatic = dress(letter_about(ticket)).headers
    assert (automatic["Auto-Submitted"], automatic["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert "Auto-Submitted" not in dress(letter_about(ticket, actor=clerk)).headers


def test_news_that_nobody_asked_for_does_not_pretend_to_answer(ticket: Ticket) -> None:
    take_in(mails.letter(subject=ticket.number))
    found = dress(letter_about(ticket))
    assert "In-Reply-To" not in found.headers
    assert not found.subject.startswith("Re:")


def test_what_is_said_to_many_joins_no_conversation(ticket: Ticket, clerk: User) -> None:
    take_in(mails.letter(subject=f"Re: {ticket.number}", message_id="<asked@mail.berg.example>"))
    message = letter_about(ticket, actor=clerk)
    assert dress(message).headers["In-Reply-To"] == "<asked@mail.berg.example>"
    load_kinds()
    message.kind = next(one.code for one in all_kinds() if one.nature == MARKETING)
    dressed = dress(message)
    assert (dressed.subject, dressed.headers) == (
        "",
        {"X-Auto-Response-Suppress": "All"},
    ) and dressed.reply_to.startswith("reply+")


def test_a_colleague_is_written_to_as_before(ticket: Ticket, clerk: User) -> None:
    message = letter_about(ticket)
    message.user_id = clerk.pk
    assert dress(message).headers == {} and dress(message).reply_to == ""


def test_a_mail_that_came_after_a_letter_was_written_is_not_what_it_answers(ticket: Ticket, clerk: User) -> None:
    take_in(mails.letter(subject=ticket.number, message_id="<early@berg.example>"))
    message = letter_about(ticket, actor=clerk)
    message.refresh_from_db()
    take_in(mails.letter(subject=ticket.number, message_id="<late@berg.example>", text="More"))
    assert dress(message).headers["In-Reply-To"] == "<early@berg.example>"


def test_a_long_chain_keeps_its_first_and_its_newest(ticket: Ticket, clerk: User) -> None:
    chain = [f"<m{number}@berg.example>" for number in range(60)]
    raw = mails.letter(subject=ticket.number, message_id="<last@berg.example>", References=" ".join(chain))
    take_in(raw)
    found = dress(letter_about(ticket, actor=clerk)).headers["References"].split()
    assert len(found) == MOST_REFERENCES
    assert (found[0], found[-2], found[-1]) == (chain[0], chain[-1], "<last@berg.example>")


def test_headers_from_outside_bring_no_header_of_their_own(ticket: Ticket, clerk: User) -> None:
    raw = mails.raw(
        f"Subject: {ticket.number}\r\nIn-Reply-To: <a\r\n\tb@x.example>\r\nReferences: <ok@x.example>\r\n\t<c\r\n d@x.example> <x>y"
    )
    take_in(raw)
    for value in dress(letter_about(ticket, actor=clerk)).headers.values():
        assert "\n" not in value and "\r" not in value


def test_without_an_address_for_answers_there_is_none(ticket: Ticket) -> None:
    MailPolicy(reply_address="").save()
    assert dress(letter_about(ticket)).reply_to == ""


@pytest.mark.parametrize("count", [2, 20])
def test_a_batch_is_dressed_at_one_price(
    ticket: Ticket, clerk: User, count: int, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    for number in range(3):
        take_in(mails.letter(subject=ticket.number, text=f"Board {number}"))
    keys = [letter_about(ticket, actor=clerk, said=f"Letter {number}").pk for number in range(count)]
    batch = list(Message.objects.filter(pk__in=keys).select_related("event").order_by("pk"))
    policy = MailPolicy(reply_address="reply@kontor.example")  # a warm process remembers it
    monkeypatch.setattr(MailPolicy, "current", lambda: policy)
    with django_assert_num_queries(3):
        look_ahead(batch)
        found = [dress(one) for one in batch]
    assert all(one.headers["In-Reply-To"] for one in found)
