"""What messages cost: sending ten thousand, writing one beside an event, and a thousand rules that do not apply."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks.background import Line
from benchmarks.house import landmarks
from benchmarks.mailing import Outbox, open_ones
from benchmarks.sink import MailSink
from crm.models import Customer
from foundation.journal.registry import event_type
from foundation.journal.services import record
from foundation.notifications import rules
from foundation.notifications.models import Message, Rule, Template

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
FEWEST = 200  # a second
RULES = 1000
TURNS = 200
EVENT = "customer.measured"
CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def messages(count: int, folder: Path) -> list[Line]:
    """The three lines of the report."""
    event_type(EVENT, "Measured")
    outbox = Outbox(count, actor=landmarks()[0])
    # What the house has made beside would only be measured with it.
    Message.objects.filter(state=Message.State.QUEUED).update(state=Message.State.CANCELLED)
    return [sending(outbox, count, folder), *recording(outbox.customer)]


@contextmanager
def delivering(sink: MailSink, log: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two processes that send, as two workers do."""
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_OWNER_URL"}
    env.update(DJANGO_SETTINGS_MODULE="benchmarks.settings", EMAIL_URL=sink.url)
    argv = [sys.executable, "-m", "benchmarks.soak.postman", "--every", "1"]
    with log.open("wb") as out:
        running = [subprocess.Popen(argv, cwd=ROOT, env=env, stdout=out, stderr=out) for _worker in range(WORKERS)]
        try:
            yield running
        finally:
            for one in running:
                one.kill()
                one.wait()


def sending(outbox: Outbox, count: int, folder: Path) -> Line:
    """Queued letters to a mail server on this machine, from the first that arrives to the last."""
    sink = MailSink()
    ids = outbox.fill(count)
    with delivering(sink, folder / "postmen.log") as running:
        while not sink.ids and all(one.poll() is None for one in running):
            time.sleep(0.05)
        begun = sum(map(_work, [one.pid for one in running] + _backends()))
        deadline = time.monotonic() + 600
        while open_ones() and time.monotonic() < deadline and all(one.poll() is None for one in running):
            time.sleep(0.5)
        work = (sum(map(_work, [one.pid for one in running] + _backends())) - begun) / count
    sink.close()
    took = (sink.last_at or 0) - (sink.first_at or 0)
    arrived = len(ids & set(sink.ids))
    rate = arrived / took if took else 0
    lost = (
        f"{count - arrived} lost, {sink.repeats} repeated" if arrived < count or sink.repeats else "each arrived once"
    )
    return Line(
        f"{count:,} emails by {WORKERS} workers", f"{took:.1f} s",
        f"{rate:.0f} a second, {lost}, {work:.1f} ms of CPU each", f"≥ {FEWEST} a second",
    )  # fmt: skip


def _backends() -> list[int]:
    """The database's processes that work for others than us."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' "
            "AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _work(pid: int) -> float:
    """Milliseconds that a process of this machine has worked."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    except OSError:
        return 0.0


def recording(customer: Customer) -> list[Line]:
    """An event that no rule speaks at, one that writes an email, and the same among a thousand rules that do not apply."""
    bare = _statements(customer)
    Template.objects.create(
        key="measured", language="en", subject="Measured", body="Dear {recipient_name}, all is well."
    )
    Rule.objects.create(
        key="measured", event=EVENT, audience="customer_contact", template_key="measured", channels=["email"]
    )
    customer.contacts.filter(is_main=True).update(email="buyer@example.com")
    told = _statements(customer)
    added = sum(told.values()) - sum(bare.values()), told["savepoints"] - bare["savepoints"]
    before = _time(customer)
    Rule.objects.bulk_create(
        Rule(
            key=f"measured-{number}", event=EVENT, audience="customer_contact", template_key="measured",
            channels=["email"], condition={"tier": ["gold", "silver"], "mode": f"mode-{number}"},
        )
        for number in range(RULES)
    )  # fmt: skip
    rules.forget()
    started = time.perf_counter()
    rules.plans_for(EVENT)
    reading = (time.perf_counter() - started) * 1000
    among = _time(customer)
    Rule.objects.filter(key__startswith="measured-").delete()
    rules.forget()
    before = (before + _time(customer)) / 2  # others on this machine may have come or gone meanwhile
    Rule.objects.filter(key="measured").delete()
    rules.forget()
    return [
        Line(
            "queries of an email beside its event", f"{added[0] - added[1]}", f"and {added[1]} of a savepoint", "≤ 2 more"
        ),
        Line(
            f"an event among {RULES:,} rules for it", f"{among:.2f} ms",
            f"{among - before:+.2f} ms over one rule; read once in {reading:.0f} ms", "≤ +2 ms",
        ),
    ]  # fmt: skip


def _once(customer: Customer) -> None:
    with transaction.atomic():
        record(EVENT, customer, facts={"tier": "gold"})


def _statements(customer: Customer) -> dict[str, int]:
    """Statements of one event in a warm process, those that only mark a savepoint apart."""
    _once(customer)
    with CaptureQueriesContext(connection) as asked:
        _once(customer)
    control = sum(one["sql"].startswith(CONTROL) for one in asked.captured_queries)
    return {"savepoints": control, "others": len(asked) - control}


def _time(customer: Customer) -> float:
    taken = []
    for _turn in range(TURNS):
        started = time.perf_counter()
        _once(customer)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)
