"""Mail that comes in: taken in by processes that are killed, and answered by machines that answer everything."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from unittest import mock

from django.utils import timezone

from benchmarks.mailing import Outbox
from benchmarks.soak.conftest import Report
from benchmarks.soak.workers import Started, Workers, until
from crm.models import Inquiry
from foundation.accounts.models import Company
from foundation.mailroom.addresses import digest
from foundation.mailroom.models import IncomingMail, MailPolicy
from foundation.mailroom.services import finish_stored, process, take_in
from foundation.notifications.models import Message
from tests.mailroom import mails
from tests.mailroom.nasty import NASTY

ORDINARY = 160
MALFORMED = 40
PATIENCE = 900
ROBOT = "robot@other.example"
CLOSED = "foundation.mailroom.services.after_hours.is_office_open"


def _letters() -> list[bytes]:
    """Ordinary ones of as many senders, broken ones, and all that the tests call nasty."""
    chance = random.Random(13)
    ordinary = [
        mails.letter(sender=f"buyer{number}@soak{number}.example", subject=f"Oak for house {number}", message_id=f"<soak-{number}@soak.example>")
        for number in range(ORDINARY)
    ]  # fmt: skip
    broken = []
    for number in range(MALFORMED):
        data = bytearray(
            mails.letter(message_id=f"<broken-{number}@soak.example>", sender=f"broken{number}@soak.example")
        )
        for _byte in range(30):
            data[chance.randrange(len(data))] = chance.randrange(256)
        broken.append(bytes(data[: chance.randrange(20, len(data))]))
    return [*ordinary, *broken, *(data for data, _expected in NASTY.values())]


def _wait_for(taker: Started, mails_kept: int) -> None:
    until(lambda: IncomingMail.objects.count() >= mails_kept or taker.poll() is not None, seconds=PATIENCE)


def test_takers_killed_at_random(
    outbox: Outbox, workers: Workers, report: Report, is_long: bool, tmp_path: Path
) -> None:
    kills, scene = 20 if is_long else 5, "R13, kill -9 of whoever takes mail in"
    MailPolicy(reply_address="reply@kontor.example", sender_limit=10_000).save()
    letters, cases = _letters(), Inquiry.objects.count()
    files = []
    for number, data in enumerate(letters):
        path = tmp_path / f"{number}.eml"
        path.write_bytes(data)
        files.append(str(path))
    wanted = {digest(data) for data in letters}
    chance, step = random.Random(2), max(1, len(wanted) // (kills + 2))
    taker = workers.mail_taker(files)
    for _kill in range(kills):
        _wait_for(taker, IncomingMail.objects.count() + chance.randint(1, step))
        if taker.poll() is None:
            workers.kill(taker)
        taker = workers.mail_taker(files)
    ended = until(lambda: taker.poll() is not None, seconds=PATIENCE)
    IncomingMail.objects.filter(result="stored").update(received_at=timezone.now() - timedelta(hours=1))
    while finish_stored():
        pass
    kept = set(IncomingMail.objects.values_list("digest", flat=True))
    open_ones = IncomingMail.objects.filter(result="stored").count()
    made, said = Inquiry.objects.count() - cases, IncomingMail.objects.filter(result="inquiry").count()
    report.line(f"{scene}: dropped", f"{len(wanted - kept)} of {len(wanted)}", "0", ended and not wanted - kept)
    report.line(f"{scene}: not decided", str(open_ones), "0", not open_ones)
    report.line(f"{scene}: cases for {said} new mails", str(made), str(said), made == said)
    report.check(scene)


def test_machines_that_answer_each_other(outbox: Outbox, report: Report, is_long: bool) -> None:
    scene = "R14, two machines that answer each other"
    company = Company.current()
    company.email = company.mail_from_address = "info@kontor.example"  # to which the machines write, one in its name
    company.save()
    MailPolicy(reply_address="reply@kontor.example").save()
    with mock.patch(CLOSED, lambda *_args, **_names: False):
        take_in(mails.letter(sender=ROBOT, subject="Hello", message_id="<robot-first@other.example>"))
        for minute in range(60):
            latest = Message.objects.filter(to_address=ROBOT).latest("pk")
            answer = mails.letter(
                sender=ROBOT, subject=f"Re: {latest.subject_line}", text=f"I am a robot, minute {minute}",
                message_id=f"<robot-{minute}@other.example>", In_Reply_To=latest.message_id,
            )  # fmt: skip
            take_in(answer)
        answers = Message.objects.filter(to_address=ROBOT).count()
        newest = Message.objects.latest("pk").pk
        machines = mails.automatic()
        for data in machines.values():
            mail, _result = take_in(data)
            process(mail.pk)
    replies = Message.objects.filter(pk__gt=newest, user=None).count()  # colleagues are told what waits for them
    report.line(f"{scene}: answers within an hour", str(answers), "≤ 1", answers <= 1)
    report.line(f"R14, {len(machines)} mails of machines: answers", str(replies), "0", not replies)
    report.check("R14")
