"""Many timers in one minute, four scanners: as they are, killed at random, and with clocks of their own that jump."""

from __future__ import annotations

import random

from benchmarks.soak.conftest import Report
from benchmarks.soak.house import Figures, House
from benchmarks.soak.workers import Workers, until

SCANNERS = 4
EVERY = 20.0  # as beat rings
PATIENCE = 300


def tell(report: Report, scene: str, runs: list[Figures]) -> None:
    """The lines that every scene of this kind has."""
    total = sum(one.timers for one in runs)
    missed, doubled = sum(one.missed for one in runs), sum(one.doubled for one in runs)
    misdated = sum(one.misdated for one in runs)
    whole = Figures(total, missed, doubled, misdated, sorted(late for one in runs for late in one.lateness))
    report.line(f"{scene}: missed, doubled", f"{missed}, {doubled} of {total:,}", "0, 0", not (missed or doubled))
    report.line(f"{scene}: dated otherwise than at due", str(misdated), "0", not misdated)
    well = whole.late(0.99) <= 60 and whole.late(1) <= 120
    report.line(f"{scene}: lateness", whole.spread, "p99 ≤ 60 s, max ≤ 120 s", well)
    report.check(scene)


def rush(house: House, timers: int, *, seconds: float = 60) -> list[int]:
    """Seven in ten miss their promise, three are warned; the first is due in a few seconds."""
    return house.make_due(timers, first_s=5, seconds=seconds, warnings=timers * 3 // 10)


def test_five_thousand_timers_in_a_minute(house: House, workers: Workers, report: Report, is_long: bool) -> None:
    for _scanner in range(SCANNERS):
        workers.scanner(every=EVERY)
    scene, runs = f"{SCANNERS} scanners, {house.waiting():,} timers wait", []
    for _run in range(10 if is_long else 1):
        timers = rush(house, 5000)
        assert until(lambda due=timers: not house.left(due), seconds=PATIENCE)
        runs.append(house.figures(timers))
    tell(report, scene, runs)


def test_scanners_killed_at_random(house: House, workers: Workers, report: Report, is_long: bool) -> None:
    chance, crew, killed = random.Random(5), [workers.scanner(every=1) for _scanner in range(SCANNERS)], [0]
    beats = [0]

    def maybe_kill() -> None:
        beats[0] += 1
        if beats[0] % 6 == 0:  # every three seconds, at any point of what it does
            victim = chance.randrange(SCANNERS)
            workers.kill(crew[victim])
            crew[victim] = workers.scanner(every=1)
            killed[0] += 1

    timers = rush(house, 5000 if is_long else 2000, seconds=60 if is_long else 40)
    assert until(lambda: not house.left(timers), seconds=PATIENCE, meanwhile=maybe_kill)
    assert killed[0] >= 5
    tell(report, f"kill -9 of {killed[0]} scanners", [house.figures(timers)])


def test_clocks_of_the_application_that_jump_by_five_minutes(
    house: House, workers: Workers, report: Report, is_long: bool
) -> None:
    crew = [workers.scanner(every=EVERY if is_long else 5, steps=True) for _scanner in range(SCANNERS)]
    timers = rush(house, 5000 if is_long else 2000, seconds=60 if is_long else 30)
    assert until(lambda: not house.left(timers), seconds=PATIENCE)
    assert all(one.poll() is None for one in crew)
    figures = house.figures(timers)
    early = min(figures.lateness)
    report.line("clocks ±5 min: earliest", f"{early:.1f} s after due", "≥ 0 s", early >= 0)
    tell(report, "clocks ±5 min", [figures])
