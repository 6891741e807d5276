"""A house full of running clocks, and what it says about how they were told. All times are the database's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections

from aftersales.models import Ticket
from aftersales.services.tickets import Complaint, receive_ticket
from benchmarks.copying import ALIAS, clone, move_sequences
from benchmarks.house import people
from benchmarks.mailing import Outbox
from crm.services.customers import create_customer
from foundation.accounts.models import User
from foundation.notifications.models import QuietHours
from foundation.sla.models import Clock, Timer

METRIC = "solution"
TOLD = """
SELECT t.id, t.due_at, t.fired_at, count(e.id), min(e.recorded_at), min(e.occurred_at), c.breached_at, c.id
FROM sla_timer t JOIN sla_clock c ON c.id = t.clock_id
LEFT JOIN journal_event e ON e.content_type_id = c.content_type_id AND e.object_id = c.object_id
  AND (e.facts->>'clock_id')::bigint = c.id AND e.code = CASE WHEN t.kind = 'breach' THEN 'sla.breached' ELSE 'sla.warned' END
WHERE t.id = ANY(%s) GROUP BY t.id, c.id
"""


@dataclass(frozen=True)
class Figures:
    """How a set of timers was told."""

    timers: int
    missed: int
    doubled: int
    misdated: int
    lateness: list[float]

    def late(self, share: float) -> float:
        """Seconds after due that so large a share of the timers was told within."""
        return self.lateness[min(len(self.lateness) - 1, int(len(self.lateness) * share))] if self.lateness else 0.0

    @property
    def spread(self) -> str:
        """p50, p99 and the latest."""
        return f"p50 {self.late(0.5):.1f} s, p99 {self.late(0.99):.1f} s, max {self.late(1):.1f} s"


class House:
    """Complaints, each with one running promise that is due far ahead until a scene asks otherwise."""

    def __init__(self, kind: int) -> None:
        self.kind = kind
        self.used = 0

    @classmethod
    def build(cls, clocks: int) -> House:
        """Defaults, people, and so many complaints, written in a few statements."""
        call_command("load_defaults", verbosity=0)
        me = people()
        User.objects.exclude(pk=me.pk).update(manager=me)
        customer = create_customer(actor=me, name="Original Ltd", country="GB", main_contact={"name": "Buyer"})
        original = receive_ticket(
            Complaint(subject="Original", description="As in all the others.", customer=customer), actor=me, owner=me
        )
        colleagues = list(User.objects.order_by("pk").values_list("pk", flat=True))
        kind = ContentType.objects.get_for_model(Ticket).pk
        owner = f"(ARRAY{colleagues}::bigint[])[1 + n % {len(colleagues)}]"
        numbers = f"(SELECT n, {owner} AS owner FROM generate_series(1, {clocks}) n)"
        clone(Ticket, f"t.id = {original.pk}", numbers, number="'T-S' || g.n", owner_id="g.owner")
        twins = f"(SELECT * FROM aftersales_ticket WHERE number LIKE 'T-S%' AND id > {original.pk})"
        about = f"t.content_type_id = {kind} AND t.object_id = {original.pk} AND t.metric = '{METRIC}'"
        clone(
            Clock, about, twins, object_id="g.id", number="g.number", owner_id="g.owner_id",
            due_at="now() + interval '300 days' + g.id * interval '1 second'",
        )  # fmt: skip
        origin = Clock.objects.about(original).get(metric=METRIC).pk
        clocks_made = f"(SELECT * FROM sla_clock WHERE content_type_id = {kind} AND object_id > {original.pk})"
        clone(Timer, f"t.clock_id = {origin}", clocks_made, clock_id="g.id", due_at="g.due_at")
        move_sequences(Ticket, Clock, Timer)
        with connections[ALIAS].cursor() as cursor:
            # What the original itself would say is no part of any scene.
            cursor.execute(
                "DELETE FROM sla_timer WHERE clock_id IN (SELECT id FROM sla_clock WHERE object_id = %s)", [original.pk]
            )
            cursor.execute("VACUUM ANALYZE")
        return cls(kind)

    def waiting(self) -> int:
        """Timers that have neither fired nor ended."""
        return Timer.objects.filter(fired_at=None, cancelled_at=None).count()

    def make_due(self, count: int, *, first_s: float, seconds: float, warnings: int = 0) -> list[int]:
        """Let fresh clocks run out, evenly over so many seconds from `first_s` from now on; answers their timers.

        The last `warnings` of them only reach their highest warning level. Other timers of these clocks are taken away.
        """
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(
                "SELECT id FROM sla_clock WHERE content_type_id = %s AND stopped_at IS NULL AND breached_at IS NULL "
                "AND due_at > now() + interval '200 days' ORDER BY id OFFSET %s LIMIT %s",
                [self.kind, 0, count],
            )
            clocks = [row[0] for row in cursor.fetchall()]
            assert len(clocks) == count, "not enough clocks are left: ask for more with --clocks"
            breaching, warned = clocks[: count - warnings], clocks[count - warnings :]
            when = "date_trunc('second', now()) + %s * interval '1 second' + (n * %s / %s)::int * interval '1 second'"
            cursor.execute(
                f"UPDATE sla_clock c SET due_at = {when} FROM unnest(%s::bigint[]) WITH ORDINALITY AS o (id, n) WHERE c.id = o.id",
                [first_s, seconds, len(breaching) or 1, breaching],
            )
            cursor.execute("UPDATE sla_clock SET due_at = now() + interval '100 days' WHERE id = ANY(%s)", [warned])
            cursor.execute("DELETE FROM sla_timer WHERE clock_id = ANY(%s) AND kind <> 'breach'", [breaching])
            cursor.execute("DELETE FROM sla_timer WHERE clock_id = ANY(%s) AND kind <> 'warn:90'", [warned])
            cursor.execute(
                "UPDATE sla_timer t SET due_at = c.due_at FROM sla_clock c WHERE c.id = t.clock_id AND c.id = ANY(%s)",
                [breaching],
            )
            cursor.execute(
                f"UPDATE sla_timer t SET due_at = {when} FROM unnest(%s::bigint[]) WITH ORDINALITY AS o (id, n) WHERE t.clock_id = o.id",
                [first_s, seconds, len(warned) or 1, warned],
            )
            cursor.execute("SELECT id FROM sla_timer WHERE clock_id = ANY(%s)", [clocks])
            return [row[0] for row in cursor.fetchall()]

    def make_overdue(self, count: int, *, hours: float) -> list[int]:
        """Let fresh clocks have run out evenly over so many hours until now, with all they had to say on the way.

        Warnings at 50, 75 and 90 % of a day before due, an escalation four hours after it. Answers the breach timers.
        """
        timers = self.make_due(count, first_s=-hours * 3600, seconds=hours * 3600 - 5)
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(
                "INSERT INTO sla_timer (clock_id, kind, due_at, is_skipped) SELECT c.id, k.kind, c.due_at + k.later, false "
                "FROM sla_clock c JOIN sla_timer t ON t.clock_id = c.id, (VALUES ('warn:50', interval '-12 hours'), "
                "('warn:75', interval '-6 hours'), ('warn:90', interval '-144 minutes'), ('escalate:1', interval '4 hours')) "
                "AS k (kind, later) WHERE t.id = ANY(%s)",
                [timers],
            )
        return timers

    def left(self, timers: list[int]) -> int:
        """How many of these have not been told."""
        return Timer.objects.filter(pk__in=timers, fired_at=None, cancelled_at=None).count()

    def figures(self, timers: list[int]) -> Figures:
        """Missed, told twice, dated wrongly, and how late; by the database's clock."""
        with connection.cursor() as cursor:
            cursor.execute(TOLD, [timers])
            rows = cursor.fetchall()
        return Figures(
            timers=len(timers),
            missed=sum(1 for row in rows if not row[3]),
            doubled=sum(max(0, row[3] - 1) for row in rows),
            misdated=sum(1 for row in rows if row[3] and (row[5] != row[1] or row[6] not in (None, row[1]))),
            lateness=sorted((row[4] - row[1]).total_seconds() for row in rows if row[3]),
        )

    def messages(self, timers: list[int]) -> Counter[tuple[int, str]]:
        """Rows of the outbox per clock and recipient, by whatever rule and channel but the inbox."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (e.facts->>'clock_id')::bigint, m.recipient_key || ' ' || m.channel FROM notifications_message m "
                "JOIN journal_event e ON e.id = m.event_id WHERE e.code LIKE 'sla.%%' AND (e.facts->>'clock_id')::bigint "
                "IN (SELECT clock_id FROM sla_timer WHERE id = ANY(%s))",
                [timers],
            )
            return Counter(cursor.fetchall())


def furnished(customers: int) -> Outbox:
    """Defaults, people who are alerted, no quiet hours, and so many customers who can be written to."""
    call_command("load_defaults", verbosity=0)
    me = User.objects.order_by("pk").first() or people()
    administrator = User.objects.create(email="administrator@example.org", name="Administrator", language="en")
    administrator.groups.set(Group.objects.filter(name="administrator"))
    QuietHours.objects.all().delete()
    return Outbox(customers, actor=me)


def database_time() -> datetime:
    """What the database's clock shows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


def told_codes(timers: list[int]) -> dict[str, int]:
    """How many events of each code the clocks of these timers have left in the journal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, count(*) FROM journal_event WHERE code LIKE 'sla.%%' AND (facts->>'clock_id')::bigint "
            "IN (SELECT clock_id FROM sla_timer WHERE id = ANY(%s)) GROUP BY code",
            [timers],
        )
        found: dict[str, Any] = dict(cursor.fetchall())
    return found
