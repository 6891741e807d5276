"""The sealer: one at a time, it links the rows of all transactions that have finished.

A row is taken when its transaction is older than any that is still running, so nothing can appear later behind the
sealer's back: whatever turns up with the number of an earlier transaction was put there by hand. Numbers that a rolled
back transaction used up leave gaps, which are no removals: the chain counts positions of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.journal.chain import GENESIS, SEALS, Forge, SealedTable, canonical, sealed_tables
from foundation.journal.models import Link, Seal

LOCK = 7_305_541_120  # any number that nobody else uses for an advisory lock
BATCH = 2000


@dataclass(frozen=True)
class Sealed:
    """What a run did: rows linked, and the chain's end. `head` is worth keeping outside, against a cut tail."""

    rows: int
    position: int
    head: str
    is_busy: bool = False


@dataclass(frozen=True)
class Moment:
    """The transactions of this server at one moment: all below `horizon` are finished, `frontier` is the next number."""

    horizon: int
    frontier: int
    at: datetime


def moment() -> Moment:
    """Now, by the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint, clock_timestamp()"
            " FROM pg_current_snapshot() AS s"
        )
        return Moment(*cursor.fetchone())


def last_seal() -> Seal | None:
    """The end of the last complete run."""
    return Seal.objects.order_by("-number").first()


def seal(*, batch: int = BATCH) -> Sealed:
    """Link every row that may be linked now. Safe to repeat, to run anywhere and to kill: each batch is whole or absent.

    Where another sealer is at work, it does nothing and says so.
    """
    total = 0
    while True:
        with transaction.atomic():
            if not _locked():
                return Sealed(total, *_end(), is_busy=True)
            linked, is_done = _seal_batch(batch, total)
            total += linked
        if is_done:
            return Sealed(total, *_end())


def _end() -> tuple[int, str]:
    forge = Forge()
    return forge.position, "" if forge.head == GENESIS else forge.head


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _seal_batch(batch: int, before: int) -> tuple[int, bool]:
    now, last, forge = moment(), last_seal(), Forge()
    may_be_linked = finished(now, last)
    links: list[Link] = []
    for one in sealed_tables():
        room = batch - len(links)
        if not room:
            break
        found = unsealed(one).filter(may_be_linked).order_by("pk").values("pk", *one.fields)[:room]
        links += [forge.link(one.name, row["pk"], canonical(one.fields, row)) for row in found]
    is_done = len(links) < batch
    total = before + len(links)
    if is_done and total:
        closing = Seal(
            number=last.number + 1 if last else 1,
            generation=generation(now, last),
            horizon=now.horizon,
            frontier=now.frontier,
            sealed_at=now.at,
            rows_sealed=total,
        )
        closing.save(force_insert=True)
        row = {name: getattr(closing, name) for name in SEALS.fields}
        links.append(forge.link(SEALS.name, closing.number, canonical(SEALS.fields, row)))
    Link.objects.bulk_create(links)
    return total - before, is_done


def is_restored(now: Moment, last: Seal | None) -> bool:
    """Whether this server counts its transactions anew: a dump was restored into a fresh one."""
    return last is not None and now.frontier < last.horizon


def generation(now: Moment, last: Seal | None) -> int:
    """The generation that a seal of this moment belongs to."""
    if last is None:
        return 1
    return last.generation + is_restored(now, last)


def finished(now: Moment, last: Seal | None) -> Q:
    """Rows of transactions that ended after the last seal's horizon and before now."""
    if last is None:
        return Q(transaction__lt=now.horizon)
    if is_restored(now, last):
        return Q(transaction__gte=last.horizon) | Q(transaction__lt=now.horizon)
    return Q(transaction__gte=last.horizon, transaction__lt=now.horizon)


def unsealed(one: SealedTable) -> QuerySet[Any]:
    """Rows of a table that no link names."""
    linked = Link.objects.filter(source=one.name, row_id=OuterRef("pk"))
    return one.model._base_manager.filter(~Exists(linked))
