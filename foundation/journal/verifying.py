"""The verifier: walks the chain from its first link and names the first row that is not what was sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from foundation.journal import sealing
from foundation.journal.chain import (
    GENESIS,
    SEALS,
    Row,
    SealedTable,
    canonical,
    link_digest,
    seal_rows,
    sealed_tables,
    table,
)
from foundation.journal.models import Link, Seal

CHUNK = 2000
# The database's clock may be set back by this much without anybody being accused.
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong. `kind` is altered, removed, inserted or cut off."""

    kind: str
    source: str
    row_id: int | None
    position: int
    why: str

    def __str__(self) -> str:
        row = f"{self.source} {self.row_id}" if self.row_id is not None else self.source
        return f"{row} was {self.kind} (link {self.position}): {self.why}"


@dataclass
class Report:
    """What the walk found: `fault` None means that every sealed row is as it was."""

    links: int = 0
    head: str = ""
    waiting: int = 0
    fault: Fault | None = None
    seen_head: bool = False
    seal: Row | None = field(default=None, repr=False)


def verify(*, head: str = "", with_files: bool = True) -> Report:
    """Check every link, what hangs on the rows, and that nothing was slipped in; with `head` also that no tail was cut.

    `head` is a digest that an earlier run printed and somebody kept elsewhere: it must still be in the chain.
    """
    report = Report(head=GENESIS)
    wanted = head.strip().lower()
    for links in _links():
        report.fault = _check_links(links, report, wanted, with_files)
        if report.fault:
            return report
    report.fault = _cut_off(report, wanted) or _slipped_in(report)
    report.head = "" if report.head == GENESIS else report.head
    return report


def _links() -> Iterator[list[Link]]:
    position = 0
    while links := list(Link.objects.filter(position__gt=position).order_by("position")[:CHUNK]):
        yield links
        position = links[-1].position


def _check_links(links: list[Link], report: Report, wanted: str, with_files: bool) -> Fault | None:
    rows = _rows(links)
    faults = _faults_beside(rows, with_files)
    for link in links:
        place = report.links + 1
        if link.position != place:
            return Fault("removed", "link", place, place, f"the next one seals {link.source} {link.row_id}")
        row = rows.get(link.source, {}).get(link.row_id)
        if row is None:
            return Fault("removed", link.source, link.row_id, place, "the sealed row is not there")
        fields = _fields(link.source)
        digest = link_digest(report.head, place, link.source, link.row_id, canonical(fields, row))
        if digest != link.digest:
            return Fault("altered", link.source, link.row_id, place, "it is not what was sealed")
        if why := _forged_time(link, row, report.seal):
            return Fault("inserted", link.source, link.row_id, place, why)
        if why := faults.get((link.source, link.row_id), ""):
            return Fault("altered", link.source, link.row_id, place, why)
        report.links, report.head = place, link.digest
        report.seen_head = report.seen_head or digest == wanted
        if link.source == SEALS.name:
            report.seal = row
    return None


def _fields(source: str) -> tuple[str, ...]:
    one = SEALS if source == SEALS.name else table(source)
    return one.fields if one else ()


def _rows(links: list[Link]) -> dict[str, dict[int, Row]]:
    ids: dict[str, list[int]] = {}
    for link in links:
        ids.setdefault(link.source, []).append(link.row_id)
    found: dict[str, dict[int, Row]] = {}
    for source, wanted in ids.items():
        one = table(source)
        if source == SEALS.name:
            found[source] = seal_rows(wanted)
        elif one is not None:
            found[source] = one.rows(wanted)
    return found


def _faults_beside(rows: dict[str, dict[int, Row]], with_files: bool) -> dict[tuple[str, int], str]:
    found = {}
    for source, own in rows.items():
        one = table(source)
        if one is None:
            continue
        for inspect in (one.inspect, one.inspect_files if with_files else None):
            if inspect:
                found.update({(source, pk): why for pk, why in inspect(own).items()})
    return found


def _forged_time(link: Link, row: Row, seal: Row | None) -> str:
    """A transaction that began after a seal cannot have written before it."""
    one = table(link.source)
    if one is None or seal is None or row["transaction"] < seal["frontier"]:
        return ""
    is_too_early = row[one.recorded] < seal["sealed_at"] - CLOCK_TOLERANCE
    return f"it says {row[one.recorded]:%Y-%m-%d %H:%M} but was written later" if is_too_early else ""


def _cut_off(report: Report, wanted: str) -> Fault | None:
    last_link = Link.objects.order_by("-position").first()
    after = f"{last_link.source} {last_link.row_id}" if last_link else "the beginning"
    extra = Seal.objects.filter(number__gt=report.seal["number"] if report.seal else 0).order_by("number").first()
    if extra:
        return Fault("cut off", "the chain", None, report.links + 1, f"seal {extra.number} closes links that are gone")
    if wanted and not report.seen_head:
        return Fault(
            "cut off", "the chain", None, report.links + 1, f"the given head is not in it; it ends after {after}"
        )
    return None


def _slipped_in(report: Report) -> Fault | None:
    """Rows that no link names although their transactions ended before the last seal; the others wait for the next."""
    now, last = sealing.moment(), sealing.last_seal()
    for one in sealed_tables():
        rows = sealing.unsealed(one).order_by("pk")
        if last is not None and not sealing.is_restored(now, last):
            if old := rows.filter(transaction__lt=last.horizon).first():
                return _inserted(one, old, "its transaction was sealed without it")
            late = {"transaction__gte": last.frontier, f"{one.recorded}__lt": last.sealed_at - CLOCK_TOLERANCE}
            if forged := rows.filter(**late).first():
                return _inserted(one, forged, "it says that it was written before the last seal")
        report.waiting += rows.count()
    return None


def _inserted(one: SealedTable, row: Any, why: str) -> Fault:
    return Fault("inserted", one.name, row.pk, 0, why)
