"""The outbox under kill -9, without its broker, rolled back, with its provider away, and with messages that harm."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
import redis
from django.db import connection, transaction

from aftersales.models import Ticket
from aftersales.services.tickets import Complaint, receive_ticket
from benchmarks.mailing import Outbox, open_ones, states
from benchmarks.sink import MailSink
from benchmarks.soak.conftest import Report
from benchmarks.soak.workers import Workers, until
from foundation.accounts.models import User
from foundation.journal.attachments import attach_bytes
from foundation.notifications import delivery, selectors
from foundation.notifications.models import InboxItem, Message, MessageAttachment

POSTMEN = 4
RING = 15.0  # as beat rings
PATIENCE = 900
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n45\n%%EOF\n"
WAITING = """
SELECT m.attempts, extract(epoch FROM m.next_attempt_at - s.at) FROM notifications_message m
JOIN LATERAL (SELECT at FROM notifications_messagestep s WHERE s.message_id = m.id ORDER BY s.id DESC LIMIT 1) s ON true
WHERE m.state = 'queued' AND m.attempts > 0
"""


def tell(report: Report, scene: str, sink: MailSink, ids: set[str], *, repeats: int) -> None:
    """The lines that every scene has: what was lost, and what came twice."""
    lost, foreign = len(ids - set(sink.ids)), len(set(sink.ids) - ids)
    report.line(f"{scene}: lost", f"{lost} of {len(ids):,}", "0", not lost)
    report.line(f"{scene}: repeated, same Message-ID", str(sink.repeats), f"≤ {repeats}", sink.repeats <= repeats)
    report.line(f"{scene}: with another Message-ID", str(foreign), "0", not foreign)


def test_workers_killed_at_random(
    outbox: Outbox, workers: Workers, sink: MailSink, report: Report, is_long: bool
) -> None:
    rows, kills = (10_000, 20) if is_long else (1_000, 5)
    scene, chance, killed, last = f"R1, kill -9 of {kills} workers", random.Random(1), 0, 0.0
    ids = outbox.fill(rows)
    workers.mail_url = sink.url
    crew = [workers.postman(every=1) for _postman in range(POSTMEN)]

    def maybe_kill() -> None:
        nonlocal killed, last
        if killed < kills and sink.ids.total() > rows * (killed + 0.5) / (kills + 1):
            time.sleep(chance.uniform(0, 0.3))
            victim = chance.randrange(POSTMEN)
            workers.kill(crew[victim])
            crew[victim] = workers.postman(every=1)
            killed, last = killed + 1, time.monotonic()

    done = until(lambda: killed == kills and not open_ones(), seconds=PATIENCE, meanwhile=maybe_kill)
    took = time.monotonic() - last
    tell(report, scene, sink, ids, repeats=kills)
    assert sink.first_at is not None and sink.last_at is not None
    rate = rows / (sink.last_at - sink.first_at)
    report.line(
        f"{scene}: finished after the last kill", f"{took:.0f} s, {rate:.0f}/s", "≤ 300 s", done and took <= 300
    )
    ended = states(ids)
    report.line(f"{scene}: marked as sent", f"{ended['sent']:,}", f"{rows:,}", ended["sent"] == rows)
    report.check(scene)


def test_a_broker_that_is_emptied(
    outbox: Outbox, workers: Workers, sink: MailSink, report: Report, is_long: bool
) -> None:
    rows, scene = 10_000 if is_long else 1_000, "R2, Redis killed and empty"
    workers.mail_url = sink.url
    server = workers.start_broker()
    ids = outbox.fill(rows)
    workers.beat(), workers.worker(), workers.worker()
    assert until(lambda: sink.ids.total() > rows // 10, seconds=PATIENCE)
    redis.Redis(unix_socket_path=str(server.socket)).flushall()
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    time.sleep(30)  # longer than a run of a worker lasts, so that only a bell can wake it again
    server.start()
    came_back, before = time.monotonic(), sink.ids.total()
    if not open_ones():  # all were gone before: what comes now needs the empty broker
        ids |= outbox.fill(100)
    until(lambda: sink.ids.total() > before, seconds=PATIENCE)
    delay = time.monotonic() - came_back
    until(lambda: not open_ones(), seconds=PATIENCE)
    tell(report, scene, sink, ids, repeats=0)
    report.line(f"{scene}: next message after", f"{delay:.0f} s", "≤ 60 s", delay <= 60)
    report.check(scene)


def test_changes_that_are_rolled_back(
    outbox: Outbox, workers: Workers, sink: MailSink, report: Report, is_long: bool
) -> None:
    changes, scene, chance = 1_000 if is_long else 100, "R3, half rolled back", random.Random(3)
    me = User.objects.order_by("pk").first()
    undone = set(chance.sample(range(changes), changes // 2))
    customer = outbox.customer
    customer.contacts.filter(is_main=True).update(email="buyer@example.com")
    workers.mail_url = sink.url
    workers.postman(every=1)  # sends while they are written
    newest = Message.objects.order_by("-pk").values_list("pk", flat=True)[0]
    kept = set()
    for number in range(changes):
        try:
            with transaction.atomic():
                complaint = Complaint(subject=f"Complaint {number}", description="Warped boards.", customer=customer)
                pk = receive_ticket(complaint, actor=me, owner=me).pk
                if number in undone:
                    raise RuntimeError
        except RuntimeError:
            continue
        kept.add(pk)
    written = Message.objects.filter(pk__gt=newest, content_type__model=Ticket._meta.model_name)
    about = list(written.values_list("object_id", flat=True))
    report.line(f"{scene}: messages written", f"{len(about):,}", f"{len(kept):,}", sorted(about) == sorted(kept))
    until(lambda: not open_ones(), seconds=PATIENCE)
    ids = set(written.values_list("message_id", flat=True))
    tell(report, scene, sink, ids, repeats=0)
    said = f"{sink.automatic:,} of {sink.ids.total():,}"
    report.line(f"{scene}: marked as automatic", said, "all", sink.automatic == sink.ids.total())
    report.check(scene)


def test_a_provider_that_is_away_for_half_an_hour(
    outbox: Outbox, workers: Workers, sink: MailSink, report: Report, is_long: bool
) -> None:
    rows, hurry = (1_000, 10) if is_long else (300, 60)
    away = 1800 / hurry
    scene = f"R4, provider away for 30 min, {hurry} times as fast"
    ids = outbox.fill(rows)
    gone = outbox.write("nobody@example.com")
    sink.refused = {"nobody@example.com": "550 No such user"}
    administrator = User.objects.get(email="administrator@example.org")
    workers.mail_url, sink.trouble = sink.url, "busy"
    crew = [workers.postman(every=1, hurry=hurry) for _postman in range(2)]
    shown = until(lambda: selectors.failures_of(administrator) > 0, seconds=60)
    for trouble in ("busy", "silent", "down"):
        sink.trouble = trouble
        time.sleep(away / 3)
    spread, held = jitter(), states(ids)["queued"]
    sink.trouble, back = "", time.monotonic()
    until(lambda: not open_ones(), seconds=2 * away + 60)
    took = time.monotonic() - back
    assert all(one.poll() is None for one in crew)
    tell(report, scene, sink, ids, repeats=0)
    said = f"{took:.0f} s, {held:,} of {rows:,} had waited"
    report.line(f"{scene}: all sent after", said, f"≤ {away:.0f} s", took <= away)
    report.line(f"{scene}: waits differ by", f"± {spread:.0%}", "≥ 10 %", spread >= 0.10)
    gone.refresh_from_db()
    said = f"{gone.state}, {gone.attempts} try, {'on the worklist' if shown else 'unseen'}"
    report.line(f"{scene}: 550", said, "1 try, seen in 1 min", gone.attempts == 1 and gone.state == "failed" and shown)
    report.check(scene)


def jitter() -> float:
    """By which share the waits after the same attempt differ from their middle."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        found: dict[int, list[float]] = {}
        for attempts, seconds in cursor.fetchall():
            found.setdefault(attempts, []).append(float(seconds))
    waits = max(found.values(), key=len)
    return (max(waits) - min(waits)) / (max(waits) + min(waits))


@pytest.mark.parametrize("harm", ["file is missing", "kills its worker"])
def test_one_message_that_harms_at_the_head_of_a_thousand(
    outbox: Outbox, workers: Workers, sink: MailSink, report: Report, harm: str
) -> None:
    rows, scene = 999, f"R5, {harm}"
    address = f"poison-{len(harm)}@example.com"
    poison = outbox.write(address)
    if harm == "file is missing":
        paper = attach_bytes(outbox.customer, PDF, "application/pdf", "Quote", actor=None, purpose="quote")
        MessageAttachment.objects.create(message=poison, attachment=paper)
        Path(paper.file.path).unlink()
    ids = outbox.fill(rows)
    workers.mail_url = sink.url
    deadly = address if harm == "kills its worker" else ""
    crew = [workers.postman(every=RING, deadly=deadly) for _postman in range(2)]
    begun, deaths = time.monotonic(), 0

    def restart() -> None:
        nonlocal deaths
        for place, one in enumerate(crew):
            if one.poll() is not None:
                crew[place], deaths = workers.postman(every=RING, deadly=deadly), deaths + 1

    well = until(lambda: len(ids & set(sink.ids)) == rows, seconds=PATIENCE, meanwhile=restart)
    took = time.monotonic() - begun
    report.line(f"{scene}: the other {rows} sent", f"{took:.0f} s", "≤ 120 s", well and took <= 120)
    until(lambda: not open_ones(), seconds=PATIENCE, meanwhile=restart)
    took = time.monotonic() - begun
    tell(report, scene, sink, ids, repeats=0)
    poison.refresh_from_db()
    tries, state = deaths or poison.strikes, poison.state
    said = f"{state} after {tries} {'deaths' if deaths else 'tries'}, {took:.0f} s"
    report.line(f"{scene}: set aside", said, "≤ 5 tries", state == "failed" and tries <= delivery.STRIKES)
    alerts = InboxItem.objects.filter(topic=f"message:{poison.pk}", user__email="administrator@example.org").count()
    report.line(f"{scene}: alerts to the administrator", str(alerts), "1", alerts == 1)
    report.check(scene)
