"""Beats, workers and the broker, as `./kontor run` starts them: doubled, killed, flushed, and away for a day."""

from __future__ import annotations

import random
import time

import redis

from benchmarks.soak.conftest import Report
from benchmarks.soak.house import House, database_time, told_codes
from benchmarks.soak.test_rush import tell
from benchmarks.soak.workers import Workers, until

BEATS = 3
PATIENCE = 300


def test_three_beats_and_workers_that_are_killed(house: House, workers: Workers, report: Report, is_long: bool) -> None:
    workers.start_broker()
    for _beat in range(BEATS):
        workers.beat()
    crew, chance, turns, killed = [workers.worker() for _worker in range(2)], random.Random(9), [0], [0]

    def maybe_kill() -> None:
        turns[0] += 1
        if turns[0] % 50 == 0:
            victim = chance.randrange(len(crew))
            workers.kill(crew[victim])
            crew[victim] = workers.worker()
            killed[0] += 1

    timers = house.make_due(3000 if is_long else 600, first_s=5, seconds=600 if is_long else 60, warnings=100)
    assert until(lambda: not house.left(timers), seconds=PATIENCE + 600 * is_long, meanwhile=maybe_kill)
    until(lambda: False, seconds=45)  # whatever still rings would tell them again now
    tell(report, f"{BEATS} beats, kill -9 of {killed[0]} workers", [house.figures(timers)])


def test_a_broker_that_is_flushed_and_killed(house: House, workers: Workers, report: Report) -> None:
    server = workers.start_broker()
    workers.beat(), workers.worker()
    timers = house.make_due(600, first_s=5, seconds=60)
    time.sleep(20)
    redis.Redis(unix_socket_path=str(server.socket)).flushall()
    time.sleep(15)
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    time.sleep(5)
    server.start()  # empty: nothing of it was kept
    assert until(lambda: not house.left(timers), seconds=PATIENCE)
    tell(report, "broker flushed, killed, empty", [house.figures(timers)])


def test_a_stop_of_twenty_six_hours(house: House, workers: Workers, report: Report) -> None:
    scene = "26 h stop, 300 due"
    timers = house.make_overdue(300, hours=26)
    time.sleep(6)
    workers.start_broker()
    started = database_time()
    workers.beat(), workers.worker()
    assert until(lambda: not house.left(timers), seconds=PATIENCE)
    took = (database_time() - started).total_seconds()
    report.line(f"{scene}: all told after the start", f"{took:.0f} s", "≤ 300 s", took <= 300)
    worded = until(lambda: len({clock for clock, _who in house.messages(timers)}) >= len(timers), seconds=PATIENCE)
    took = (database_time() - started).total_seconds()
    report.line(f"{scene}: all messages written", f"{took:.0f} s", "≤ 300 s", worded and took <= 300)
    until(lambda: False, seconds=25)  # one more ring
    figures = house.figures(timers)
    wrong = figures.missed + figures.doubled
    report.line(f"{scene}: missed, doubled", f"{figures.missed}, {figures.doubled}", "0, 0", not wrong)
    report.line(f"{scene}: breach dated otherwise than at due", str(figures.misdated), "0", not figures.misdated)
    codes = told_codes(timers)
    warned, breached = codes.get("sla.warned", 0), codes.get("sla.breached", 0)
    report.line(f"{scene}: warnings beside {breached} breaches", str(warned), "0", not warned and breached == 300)
    most = max(house.messages(timers).values(), default=0)
    escalated = codes.get("sla.escalated", 0)
    measured = f"at most {most}, {escalated} escalations among them"
    report.line(f"{scene}: messages per clock and recipient", measured, "1", most == 1)
    report.check(scene)
