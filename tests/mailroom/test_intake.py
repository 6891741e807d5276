"""What becomes of mails: nothing is dropped, nothing comes twice, no right follows from a sender's address."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from aftersales.models import Ticket
from crm.models import Inquiry, TechnicalRequest
from foundation.accounts.models import Company, User
from foundation.journal.models import Attachment, Event
from foundation.mailroom.addresses import reply_address
from foundation.mailroom.models import IncomingMail, MailPolicy, RawMail
from foundation.mailroom.services import assign, discard, finish_stored, make_inquiry, process, retry, store, take_in
from foundation.notifications.models import DeadAddress, InboxItem, Message
from foundation.notifications.services import send_message
from foundation.notifications.writing import usual_recipient
from tests.accounts.factories import make_user
from tests.aftersales.factories import PIXEL
from tests.crm.factories import make_contact, make_customer
from tests.crm.samples import ask_team
from tests.mailroom import mails


def result_of(raw: bytes) -> tuple[str, str]:
    mail, result = take_in(raw)
    return result, mail.reason


def sent_about(subject: Any, address: str = "anna@berg.example") -> Message:
    """A message of a colleague's that has gone out."""
    recipient = usual_recipient(subject)
    assert recipient is not None
    message = send_message(
        subject,
        recipient=recipient,
        channel="email",
        subject_line="Your boards",
        body="Please tell us more.",
        actor=None,
    )
    Message.objects.filter(pk=message.pk).update(state="sending", lease_until="2027-01-01T00:00Z")
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at="2026-01-01T00:00Z", to_address=address)
    message.refresh_from_db()
    return message


def address_of(subject: Any) -> str:
    from django.contrib.contenttypes.models import ContentType

    return reply_address(ContentType.objects.get_for_model(subject).pk, subject.pk)


# ---------------------------------------------------------------- nothing is dropped


def test_every_mail_is_kept_and_each_has_a_line(house: Company, tmp_path: Path, capsys: Any) -> None:
    found = {name: raw for name, (raw, _words) in [*mails.written().items(), *mails.lying().items()]}
    found |= mails.automatic() | mails.malformed()
    MailPolicy(reply_address="", sender_limit=10_000).save()
    files = []
    for number, raw in enumerate(found.values()):
        path = tmp_path / f"{number}.eml"
        path.write_bytes(raw)
        files.append(str(path))
    assert len(files) >= 200
    call_command("receive_mail", *files, "--json")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == files
    assert {line["result"] for line in lines} <= {
        "joined", "inquiry", "review", "bounce", "automatic", "duplicate", "quarantined",
    }  # fmt: skip
    assert set(lines[0]) == {"file", "result", "subject", "from"}
    kept = {bytes(data) for data in RawMail.objects.values_list("data", flat=True)}
    assert kept == set(found.values())
    assert not IncomingMail.objects.filter(result="stored").exists()
    assert not IncomingMail.objects.filter(reason="error").exists()


def test_one_bad_file_never_stops_the_rest(house: Company, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "good.eml").write_bytes(mails.letter())
    call_command("receive_mail", str(tmp_path / "missing.eml"), str(tmp_path / "good.eml"), "--json")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["result"] for line in lines] == ["error", "inquiry"]
    with pytest.raises(SystemExit):
        call_command("receive_mail", str(tmp_path / "missing.eml"))


def test_a_second_delivery_is_a_duplicate(house: Company) -> None:
    raw = mails.letter(message_id="<once@berg.example>")
    assert result_of(raw)[0] == "inquiry"
    assert result_of(raw)[0] == "duplicate"
    assert result_of(b"Received: from elsewhere.example\r\n" + raw) == ("duplicate", "twice")
    assert Inquiry.objects.count() == 1
    # Somebody else's words under the same Message-ID are another mail.
    assert (
        result_of(mails.letter(message_id="<once@berg.example>", text="Other words", sender="x@y.example"))[0]
        == "inquiry"
    )


def test_what_a_dead_worker_left_is_finished_once(house: Company) -> None:
    pk, _is_new = store(mails.letter())
    IncomingMail.objects.update(received_at="2026-01-01T00:00Z")
    assert finish_stored() == 1
    assert finish_stored() == 0
    process(pk)
    assert Inquiry.objects.count() == 1


def test_a_mail_that_kills_workers_is_set_aside(house: Company) -> None:
    pk, _is_new = store(mails.letter())
    IncomingMail.objects.update(tries=3)
    assert (process(pk).result, process(pk).reason) == ("quarantined", "killed")


# ---------------------------------------------------------------- no loops


def test_programs_get_no_answer(house: Company) -> None:
    for name, raw in mails.automatic().items():
        assert result_of(raw)[0] in ("automatic", "bounce"), name
    assert not Message.objects.exists()
    assert not Inquiry.objects.exists()


def test_two_machines_that_answer_each_other_stop(house: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foundation.mailroom.services.after_hours.is_office_open", lambda *a, **k: False)
    take_in(mails.letter(sender="robot@other.example", subject="Hello"))
    for _minute in range(60):
        message = Message.objects.filter(to_address="robot@other.example").latest("pk")
        take_in(
            mails.letter(
                sender="robot@other.example", subject=f"Re: {message.subject_line}", text="I am a robot", In_Reply_To=message.message_id
            )
        )  # fmt: skip
    assert Message.objects.filter(to_address="robot@other.example").count() == 1
    assert Inquiry.objects.count() == 1
    assert IncomingMail.objects.filter(result="review", reason="rate").exists()


def test_a_machine_that_forgets_what_it_answers_is_stopped_too(house: Company) -> None:
    for number in range(40):
        take_in(mails.letter(sender="robot@other.example", subject=f"Message {number}", text=f"Error {number}"))
    assert Inquiry.objects.count() == 20
    assert IncomingMail.objects.filter(reason="rate").count() == 20


# ---------------------------------------------------------------- joining


def test_an_answer_to_the_records_own_address_joins(ticket: Ticket) -> None:
    raw = mails.letter(
        to=address_of(ticket), sender="colleague@berg.example", text="Three boards.\n\nOn Monday Kontor wrote:\n> More?"
    )
    assert result_of(raw) == ("joined", "reply_address")
    event = Event.objects.get(code="ticket.customer_replied")
    assert event.private.data == {"text": "Three boards."}
    mail = IncomingMail.objects.get()
    assert (mail.event_id, mail.customer_id) == (event.pk, ticket.customer_id)
    assert mail.quoted.startswith("On Monday")


def test_an_answer_resumes_the_clock_and_tells_the_owner(ticket: Ticket, clerk: User) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(waiting_since="2026-11-01T00:00Z")
    take_in(mails.letter(to=address_of(ticket)))
    ticket.refresh_from_db()
    assert ticket.waiting_since is None
    assert InboxItem.objects.filter(user=clerk, event__code="ticket.customer_replied").count() == 1


def test_whoever_is_in_charge_reads_who_wrote_and_about_what(house: Company, clerk: User) -> None:
    customer = make_customer("Berg Floors", owner=clerk)
    make_contact(customer, name="Anna Berg", email="anna@berg.example")
    request = ask_team(clerk, customer)
    raw = mails.letter(to=address_of(request), sender="Anna Berg <anna@berg.example>", subject="When do they come?")
    TechnicalRequest.objects.filter(pk=request.pk).update(owner=clerk)
    assert result_of(raw) == ("joined", "reply_address")
    notice = InboxItem.objects.get(event__code="mail.received", user=clerk)
    assert notice.text == f"{request}: email from Anna Berg"
    assert notice.detail.startswith("When do they come?")


@pytest.mark.parametrize("place", range(24))
def test_an_address_cannot_be_made_up(ticket: Ticket, place: int) -> None:
    local, _at, domain = address_of(ticket).partition("@")
    at = len(local) - 24 + place
    forged = local[:at] + ("a" if local[at] != "a" else "b") + local[at + 1 :]
    assert result_of(mails.letter(to=f"{forged}@{domain}", sender="thief@other.example"))[0] == "inquiry"
    assert not Event.objects.filter(code="ticket.customer_replied").exists()


def test_the_seal_of_one_record_opens_no_other(ticket: Ticket) -> None:
    from foundation.mailroom.addresses import record_behind

    address = address_of(ticket)
    _type, _pk, seal = address.partition("+")[2].partition("@")[0].split("-")
    assert record_behind([address.upper().lower()]) == ticket
    for other in (f"reply+{_type}-{_pk}0-{seal}@kontor.example", address.replace("kontor.example", "evil.example")):
        assert record_behind([other]) is None


def test_a_rotated_key_still_opens(ticket: Ticket, settings: Any) -> None:
    from foundation.mailroom.addresses import record_behind

    address = address_of(ticket)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    assert record_behind([address]) == ticket
    settings.SECRET_KEY_FALLBACKS = []
    assert record_behind([address]) is None


def test_an_answer_to_our_message_joins(ticket: Ticket) -> None:
    message = sent_about(ticket)
    assert result_of(mails.letter(In_Reply_To=message.message_id)) == ("joined", "thread")
    assert result_of(mails.letter(References=f"<x@y.example> {message.message_id}", text="More")) == (
        "joined",
        "thread",
    )


def test_a_number_joins_only_from_somebody_we_know(ticket: Ticket) -> None:
    subject = f"Re: your complaint {ticket.number.lower()}"
    assert result_of(mails.letter(subject=subject)) == ("joined", "number")
    colleague = make_contact(ticket.customer)
    assert result_of(mails.letter(subject=subject, sender=colleague.email)) == ("joined", "number")
    for stranger in (
        "thief@other.example",
        "anna@berg.example.evil.example",
        '"anna@berg.example" <thief@other.example>',
    ):
        assert result_of(mails.letter(subject=subject, sender=stranger)) == ("review", "unknown_sender")
    assert Event.objects.filter(code="ticket.customer_replied").count() == 2


def test_a_colleagues_address_gives_no_rights(ticket: Ticket, clerk: User) -> None:
    for extra in ({}, {"X_Kontor_Action": "close"}, {"Sender": clerk.email}):
        raw = mails.letter(sender=clerk.email, subject=ticket.number, to=address_of(ticket), text=str(extra), **extra)  # type: ignore[arg-type]
        assert result_of(raw) == ("review", "staff_sender")
    ticket.refresh_from_db()
    assert ticket.status == "received"


def test_a_closed_complaint_takes_nothing_and_a_person_decides(ticket: Ticket, clerk: User) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(status="cancelled")
    assert result_of(mails.letter(to=address_of(ticket))) == ("review", "refused")


def test_an_unknown_mail_becomes_an_inquiry_once(house: Company) -> None:
    assert result_of(mails.letter(subject="Eiche", text=mails.WORDS["de"])) == ("inquiry", "new")
    assert result_of(mails.letter(subject="AW: Eiche", text="Noch etwas.")) == ("joined", "again")
    inquiry = Inquiry.objects.get()
    assert (inquiry.channel, inquiry.language, inquiry.contact_name) == ("email", "de", "Anna Berg")
    assert inquiry.email == "anna@berg.example"


def test_a_known_sender_is_recognised(house: Company) -> None:
    contact = make_contact(make_customer("Berg"), email="anna@berg.example")
    take_in(mails.letter())
    assert Inquiry.objects.get().contact == contact


# ---------------------------------------------------------------- files


def test_files_are_judged(ticket: Ticket) -> None:
    files = [
        ("board.png", "image/png", PIXEL),
        ("list.xlsx", "application/vnd.ms-excel", b"PK\x03\x04"),
        ("b.pdf", "application/pdf", b"no"),
    ]
    assert result_of(mails.letter(to=address_of(ticket), files=files))[0] == "joined"
    listed = IncomingMail.objects.get().files
    assert [(one["name"], one["taken"]) for one in listed] == [
        ("board.png", True),
        ("list.xlsx", False),
        ("b.pdf", False),
    ]
    assert all(one["reason"] for one in listed if not one["taken"])
    assert Attachment.objects.get().title == "board.png"


@pytest.mark.parametrize("name", ["a.exe", "photo.jpg.js", "page.html", "x.svg", "order.docm", "b.scr"])
def test_dangerous_files_wait_for_a_person(ticket: Ticket, name: str) -> None:
    raw = mails.letter(to=address_of(ticket), files=[(name, "application/octet-stream", b"MZ")])
    assert result_of(raw) == ("review", "dangerous")
    assert not Attachment.objects.exists()


# ---------------------------------------------------------------- reports


def test_a_bounce_fails_its_message_and_marks_the_address(ticket: Ticket) -> None:
    message = sent_about(ticket)
    assert result_of(mails.dsn(message.message_id)) == ("bounce", "failed")
    message.refresh_from_db()
    assert message.state == "failed"
    assert "5.1.1" in message.last_error
    assert DeadAddress.objects.dead().get().address == "anna@berg.example"
    take_in(mails.letter(to=address_of(ticket)))
    assert not DeadAddress.objects.dead().exists()


def test_a_delay_is_no_failure(ticket: Ticket) -> None:
    message = sent_about(ticket)
    assert result_of(mails.dsn(message.message_id, action="delayed", status="4.4.7")) == ("bounce", "delayed")
    message.refresh_from_db()
    assert message.state == "sent"
    assert result_of(mails.dsn(message.message_id, status="4.2.2")) == ("bounce", "failed")
    assert not DeadAddress.objects.dead().exists()


def test_a_report_about_nothing_of_ours_changes_nothing(ticket: Ticket) -> None:
    message = sent_about(ticket)
    assert result_of(mails.dsn("<other@kontor.example>")) == ("bounce", "unknown_message")
    assert result_of(mails.dsn(message.message_id, recipient="victim@else.example")) == ("bounce", "failed")
    assert not DeadAddress.objects.dead().exists()


# ---------------------------------------------------------------- sorting by hand


def test_a_person_sorts(ticket: Ticket, clerk: User) -> None:
    mail, _result = take_in(mails.letter(sender="new@berg.example", subject=ticket.number))
    assign(mail.pk, actor=clerk, number=ticket.number.lower())
    mail.refresh_from_db()
    assert (mail.result, mail.handled_by, mail.object_id) == ("joined", clerk, ticket.pk)
    other, _result = take_in(mails.letter(sender="no-reply@platform.example", subject="A buyer asks"))
    make_inquiry(other.pk, actor=clerk)
    assert Inquiry.objects.count() == 1
    third, _result = take_in(mails.letter(sender="junk@x.example", subject=ticket.number))
    discard(third.pk, actor=clerk, reason="Advertising")
    third.refresh_from_db()
    assert (third.result, third.detail) == ("discarded", "Advertising")


def test_sorting_is_refused_without_the_right_or_too_late(ticket: Ticket, clerk: User) -> None:
    from foundation.journal.machine import Refused

    mail, _result = take_in(mails.letter(sender="new@berg.example", subject=ticket.number))
    with pytest.raises(Refused):
        discard(mail.pk, actor=make_user("Visitor"), reason="x")
    for number in ("T-1999-0001", "", "'; drop"):
        with pytest.raises(Refused):
            assign(mail.pk, actor=clerk, number=number)
    discard(mail.pk, actor=clerk, reason="x")
    with pytest.raises(Refused):
        discard(mail.pk, actor=clerk, reason="x")


def test_an_unreadable_mail_can_be_looked_at_again(
    house: Company, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(raw: bytes) -> None:
        raise ValueError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr("foundation.mailroom.services.intake.read", fail)
        mail, result = take_in(mails.letter())
    assert (result, mail.reason) == ("quarantined", "error")
    assert retry(mail.pk, actor=clerk).result == "inquiry"
