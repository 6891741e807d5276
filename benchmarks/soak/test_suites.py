"""The suites of clocks and calendars again: with many more examples, in other places, at odd moments."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import product

import pytest

from benchmarks.soak.conftest import ROOT, Report

SUITES = ["tests/sla", "tests/calendars"]
INVARIANTS = [
    "tests/calendars/test_engine.py",
    "tests/sla/test_engine.py",
    "tests/sla/test_stored_clocks.py",
    "tests/sla/test_interleavings.py",
]
ZONES = ["UTC", "Asia/Shanghai", "America/New_York"]
MOMENTS = {
    "half a minute before Berlin's spring": "2026-03-29T00:59:30Z",
    "half a minute before Berlin's autumn": "2026-10-25T00:59:30Z",
    "leap day": "2028-02-29T12:00:00Z",
    "half a minute before the new year": "2026-12-31T23:59:30Z",
}
# Each zone and each moment once; --long tries every pair.
SHORT = list(zip([*ZONES, "America/New_York"], MOMENTS, strict=True))
PAIRS = [pytest.param(*pair, marks=[] if pair in SHORT else pytest.mark.long) for pair in product(ZONES, MOMENTS)]


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    """pytest on a database of its own; its exit code and its last line."""
    argv = [sys.executable, "-m", "pytest", "-q", "--timeout", "0", "-p", "no:cacheprovider", *arguments]
    env = {**os.environ, "KONTOR_TEST_DB": "test_kontor_suites", **environment}
    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    print(done.stdout[-4000:])
    counts = re.findall(r"^.*\d+ (?:passed|failed|error).*$", done.stdout, re.MULTILINE)
    return done.returncode, counts[-1].strip("= ") if counts else "nothing ran"


def test_each_invariant_with_many_examples(report: Report, is_long: bool) -> None:
    profile, examples = ("soak-long", 10_000) if is_long else ("soak", 500)
    code, said = run(*INVARIANTS, "--hypothesis-profile", profile)
    report.line(f"invariants, {examples:,} examples each", said, "all pass", code == 0)
    report.check("invariants")


@pytest.mark.parametrize(("zone", "moment"), PAIRS)
def test_the_suites_in_other_places_and_at_odd_moments(zone: str, moment: str, report: Report) -> None:
    code, said = run(*SUITES, "-m", "not browser", TZ=zone, TEST_CLOCK=MOMENTS[moment])
    scene = f"suites in {zone}, {moment}"
    report.line(scene, said, "all pass", code == 0)
    report.check(scene)
