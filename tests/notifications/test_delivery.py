"""The worker sends each row once, repeats only what may heal, and never lets one row stop the others."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import InternalError, transaction
from django.utils import timezone

from foundation.journal.attachments import attach_bytes
from foundation.journal.models import Attachment
from foundation.notifications import delivery
from foundation.notifications.channels import get_channel
from foundation.notifications.channels.email.faults import judge
from foundation.notifications.channels.email.letter import file_name
from foundation.notifications.delivery import STRIKES, claim, deliver_due, wait_after
from foundation.notifications.models import STATES, STEPS, InboxItem, Message
from tests.accounts.factories import make_user
from tests.notifications.sinks import MailSink, SmsSink

pytestmark = pytest.mark.django_db


def rewind(**columns: Any) -> None:
    """Let the waiting be over for all that wait."""
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.filter(state__in=Message.OPEN).update(next_attempt_at=past, **columns)


def one() -> Message:
    return Message.objects.get()


def test_an_email_is_sent_once_with_its_message_id(waiting: Any, mail: MailSink) -> None:
    message = waiting()
    assert deliver_due() == 1
    assert deliver_due() == 0
    assert mail.ids == [message.message_id]
    sent = one()
    assert (sent.state, sent.attempts, sent.last_error) == ("sent", 1, "")
    assert sent.sent_at is not None and sent.lease_until is None


def test_a_letter_is_plain_text_and_html_with_honest_headers(waiting: Any, mail: MailSink, settings: Any) -> None:
    waiting(
        body="Grüße & <b>Küsse</b>\n\nhttps://kontor.example/p/x?a=1&b=2", subject_line="Ihre Kiste 货箱", language="de"
    )
    deliver_due()
    letter = mail.mails[0]
    assert letter["Subject"] == "Ihre Kiste 货箱"
    assert letter["To"] == "Anna Berg <anna@example.com>"
    assert letter["Auto-Submitted"] == "auto-generated"
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None and html is not None
    assert (
        plain.get_content().replace("\r\n", "\n").strip()
        == "Grüße & <b>Küsse</b>\n\nhttps://kontor.example/p/x?a=1&b=2"
    )
    page = html.get_content()
    assert 'lang="de"' in page
    assert "&lt;b&gt;" in page and "<b>" not in page
    assert 'href="https://kontor.example/p/x?a=1&amp;b=2"' in page


def test_a_colleagues_own_words_are_not_called_automatic_and_answers_go_to_the_colleague(
    waiting: Any, mail: MailSink
) -> None:
    author = make_user("Lena Vogt", email="lena@kontor.example")
    waiting(actor=author)
    deliver_due()
    assert mail.mails[0]["Auto-Submitted"] is None
    assert mail.mails[0]["Reply-To"] == "Lena Vogt <lena@kontor.example>"


def test_a_text_message_goes_to_the_gateway_with_an_id_that_stays(waiting: Any, sms: SmsSink) -> None:
    message = waiting(channel="sms", body="Ihre Kiste ist gepackt.")
    assert deliver_due() == 1
    assert sms.texts == [{"to": "+4930123456", "text": "Ihre Kiste ist gepackt.", "id": message.message_id.strip("<>")}]
    assert (one().state, one().provider_id) == ("sent", "gateway-1")


def test_a_batch_takes_one_connection(waiting: Any, mail: MailSink, sms: SmsSink) -> None:
    for number in range(20):
        waiting(f"person{number}@example.com")
        waiting(f"person{number}@example.com", channel="sms")
    assert deliver_due() == 40
    assert mail.connections == 1
    assert sms.connections == 1
    assert sorted(mail.ids) == sorted(Message.objects.filter(channel="email").values_list("message_id", flat=True))


@pytest.mark.parametrize("answer", ["550 No such user", "553 Mailbox name not allowed", "501 Bad address"])
def test_what_cannot_heal_is_parked_at_once(waiting: Any, mail: MailSink, answer: str) -> None:
    mail.answers["anna@example.com"] = answer
    waiting()
    waiting("ben@example.com")
    assert deliver_due() == 1
    failed = Message.objects.parked().get()
    assert (failed.attempts, failed.last_error) == (1, answer)
    rewind()
    deliver_due()
    assert Message.objects.parked().get().attempts == 1


def test_what_may_heal_is_tried_again_after_growing_waits(waiting: Any, mail: MailSink) -> None:
    mail.answers["anna@example.com"] = "451 Try again later"
    message = waiting()
    waits = []
    for _round in range(4):
        deliver_due()
        row = one()
        assert row.state == "queued"
        assert row.last_error == "451 Try again later"
        waits.append((row.next_attempt_at - timezone.now()).total_seconds())
        rewind()
    assert waits == sorted(waits)
    assert waits[0] <= 12 and waits[-1] >= 230
    mail.answers.clear()
    assert deliver_due() == 1
    assert mail.ids == [message.message_id]


def test_waits_are_spread_by_more_than_a_tenth_and_never_longer_than_a_quarter_of_an_hour_or_so() -> None:
    for attempts in (1, 3, 6, 50):
        waits = [wait_after(attempts).total_seconds() for _ in range(200)]
        middle = sum(waits) / len(waits)
        assert max(waits) > middle * 1.1 and min(waits) < middle * 0.9
        assert max(waits) <= 1080


def test_a_text_message_that_is_refused_is_parked_and_one_that_is_put_off_waits(waiting: Any, sms: SmsSink) -> None:
    waiting("a@example.com", channel="sms", phone="+4930000001")
    waiting("b@example.com", channel="sms", phone="+4930000002")
    waiting("c@example.com", channel="sms", phone="+4930000003")
    sms.answers = {"+4930000001": 400, "+4930000002": 503}
    assert deliver_due() == 1
    assert dict(Message.objects.values_list("to_address", "state")) == {
        "+4930000001": "failed",
        "+4930000002": "queued",
        "+4930000003": "sent",
    }


def test_a_provider_that_is_down_loses_nothing(waiting: Any, mail: MailSink, settings: Any) -> None:
    for number in range(5):
        waiting(f"person{number}@example.com")
    port = settings.EMAIL_PORT
    mail.stop()
    assert deliver_due() == 0
    rows = list(Message.objects.all())
    assert {row.state for row in rows} == {"queued"}
    assert len({row.next_attempt_at for row in rows}) == 5
    mail.start(port)
    rewind()
    assert deliver_due() == 5


def test_no_gateway_for_text_messages_keeps_them_waiting(waiting: Any, settings: Any) -> None:
    settings.SMS_URL = ""
    waiting(channel="sms")
    assert deliver_due() == 0
    assert one().state == "queued"
    assert "SMS_URL" in one().last_error


def test_after_three_days_of_trying_somebody_is_to_look_at_it(waiting: Any, mail: MailSink) -> None:
    mail.answers["anna@example.com"] = "451 Try again later"
    waiting()
    rewind(attempts=delivery.TRIES - 1)
    deliver_due()
    assert one().state == "failed"


def test_a_worker_that_dies_between_sending_and_marking_leads_to_a_repeat_with_the_same_id(
    waiting: Any, mail: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = waiting()

    class Killed(BaseException):
        """Nothing catches it, as nothing catches a kill."""

    def die(*args: Any, **columns: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "mark", die)
        with pytest.raises(Killed):
            deliver_due()
    assert mail.ids == [message.message_id]
    claimed = one()
    assert claimed.state == "sending"
    assert claimed.lease_until is not None
    assert claimed.lease_until - timezone.now() < timedelta(minutes=5)
    assert deliver_due() == 0  # found at once; it waits some seconds, so that others go first
    rewind()
    assert deliver_due() == 1
    assert mail.ids == [message.message_id] * 2
    assert (one().state, one().attempts, one().strikes) == ("sent", 2, 2)


def test_a_worker_that_comes_back_after_its_lease_overwrites_nothing(waiting: Any, mail: MailSink) -> None:
    waiting()
    (late,) = claim("email")
    rewind()
    assert deliver_due() == 0
    rewind()
    assert deliver_due() == 1
    assert delivery.mark(late, "queued") is False
    delivery.postpone(late, "too late")
    delivery.park(late, "too late")
    assert (one().state, one().last_error) == ("sent", "")


def test_one_poison_row_is_set_aside_after_five_tries_with_one_alert_and_the_rest_is_sent(
    waiting: Any, mail: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    administrator = make_user("Ada", role="administrator")
    poison = waiting("poison@example.com")
    for number in range(10):
        waiting(f"person{number}@example.com")
    channel = get_channel("email")
    assert channel is not None
    from foundation.notifications.channels import email as email_channel

    build = email_channel.letter

    def choke(message: Message, connection: Any) -> Any:
        if message.pk == poison.pk:
            raise UnicodeError("cannot be encoded")
        return build(message, connection)

    monkeypatch.setattr(email_channel, "letter", choke)
    assert deliver_due() == 10
    for _round in range(STRIKES + 2):
        rewind()
        deliver_due()
    poison.refresh_from_db()
    assert (poison.state, poison.attempts) == ("failed", STRIKES)
    assert "cannot be encoded" in poison.last_error
    assert list(InboxItem.objects.values_list("user", "topic")) == [(administrator.pk, f"message:{poison.pk}")]


def test_a_row_that_kills_every_worker_is_set_aside_and_takes_no_others_with_it(
    waiting: Any, mail: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("Ada", role="administrator")
    for number in range(4):
        waiting(f"before{number}@example.com")
    deadly = waiting("deadly@example.com")
    for number in range(4):
        waiting(f"after{number}@example.com")
    from foundation.notifications.channels import email as email_channel

    build = email_channel.letter

    class Killed(BaseException):
        """The operating system ends the process."""

    def kill(message: Message, connection: Any) -> Any:
        if message.pk == deadly.pk:
            raise Killed
        return build(message, connection)

    monkeypatch.setattr(email_channel, "letter", kill)
    deaths = 0
    for _worker in range(20):
        try:
            deliver_due()
        except Killed:
            deaths += 1
        rewind()
    assert deaths == 3
    deadly.refresh_from_db()
    assert deadly.state == "failed"
    assert Message.objects.filter(state="sent").count() == 8
    assert len(mail.ids) == len(set(mail.ids)) == 8
    assert InboxItem.objects.get().topic == f"message:{deadly.pk}"


def test_a_connection_that_breaks_in_the_middle_repeats_only_what_was_not_confirmed(
    waiting: Any, mail: MailSink, settings: Any
) -> None:
    for number in range(3):
        waiting(f"person{number}@example.com")
    port = settings.EMAIL_PORT
    taken: list[int] = []

    def hang_up() -> None:
        taken.append(1)
        if len(taken) == 2:
            raise ConnectionResetError

    mail.on_data = hang_up
    deliver_due()
    mail.stop()
    mail.start(port)
    for _round in range(3):
        rewind()
        deliver_due()
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert set(mail.ids) == set(Message.objects.values_list("message_id", flat=True))


def test_a_slow_batch_hands_back_what_it_has_not_begun(
    waiting: Any, mail: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        waiting(f"person{number}@example.com")
    rows, channel = claim("email"), get_channel("email")
    assert channel is not None
    monkeypatch.setattr(delivery, "BEGIN_WITHIN", -1.0)
    assert delivery.deliver_batch(channel, rows) == (0, True)
    assert set(Message.objects.values_list("state", "attempts")) == {("queued", 0)}


@pytest.mark.parametrize("state", [state for state in STATES if state != "queued"])
def test_only_declared_steps_are_possible_in_the_database(waiting: Any, state: str) -> None:
    message = waiting()
    reachable = [*[target for source, target in STEPS if source == "queued"]]
    lease = {"lease_until": timezone.now()} if state == "sending" else {}
    if state in reachable:
        assert Message.objects.filter(pk=message.pk).update(state=state, **lease) == 1
        return
    with pytest.raises(InternalError, match="Invalid transition"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(state=state)
    message.refresh_from_db()
    assert message.state == "queued"


PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n45\n%%EOF\n"


def test_files_go_out_with_the_letter(waiting: Any, mail: MailSink, crate: Any) -> None:
    waiting(attachments=[attach_bytes(crate, PDF, "application/pdf", "Angebot 报价 SO-1", actor=None, purpose="quote")])
    deliver_due()
    (file,) = mail.mails[0].iter_attachments()
    assert file.get_content_type() == "application/pdf"
    assert file.get_filename() == "Angebot 报价 SO-1.pdf"
    assert file.get_payload(decode=True) == PDF


@pytest.mark.parametrize("title", ['a"; name="b.exe', "a\r\nBcc: x@y.z", "../../etc/passwd", "\u2028\x00", "a\\b"])
def test_no_title_of_a_file_breaks_out_of_its_name(title: str) -> None:
    name = file_name(Attachment(title=title, media_type="application/pdf"))
    assert name.endswith(".pdf")
    assert not set(name) & set('"/\\\r\n\x00\u2028')


def test_the_command_sends_what_is_due_and_says_how_much(waiting: Any, mail: MailSink) -> None:
    mail.answers["no@example.com"] = "550 No"
    waiting()
    waiting("no@example.com")
    out = StringIO()
    call_command("deliver_messages", stdout=out)
    assert out.getvalue() == "1 sent, 0 waiting, 1 failed\n"


def test_sending_twenty_takes_two_queries_for_each_and_no_more(
    waiting: Any, mail: MailSink, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        waiting(f"person{number}@example.com")
    # Beside them, for the whole batch: what dead workers left, the lease, what is true no longer, dead addresses, the threads
    # of the letters, digests, and the rows of manners and of limits, which a warm process has read already.
    with django_assert_max_num_queries(20 + 25):
        assert deliver_due() == 20


def test_a_server_that_wants_a_sign_in_makes_all_wait() -> None:
    import smtplib

    assert judge(smtplib.SMTPAuthenticationError(535, b"Bad password"))[0] == "unreachable"
    assert judge(smtplib.SMTPSenderRefused(530, b"Sign in first", "a@b.c"))[0] == "unreachable"
    assert judge(smtplib.SMTPSenderRefused(550, b"Not you", "a@b.c"))[0] == "rejected"
    assert judge(smtplib.SMTPRecipientsRefused({"a@b.c": (452, b"Full")}))[0] == "postponed"
    assert judge(TimeoutError("slow"))[0] == "unreachable"
    assert judge(ValueError("odd"))[0] is None
