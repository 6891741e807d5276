"""One house with a hundred thousand clocks for all scenes, and the report that they leave."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from benchmarks.mailing import Outbox
from benchmarks.report import grid
from benchmarks.sink import MailSink
from benchmarks.soak.house import House, furnished
from benchmarks.soak.workers import Workers
from tests.support.database import django_db_setup  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "var/bench/soak.md"
HEADS = ["scene", "measured", "bar", ""]


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long it may take."""
    group = parser.getgroup("soak")
    group.addoption("--long", action="store_true", help="the full figures: hours, not minutes")
    group.addoption("--clocks", type=int, default=100_000, help="running clocks in the house (100000)")


def pytest_configure(config: pytest.Config) -> None:
    """The mark of what only --long runs."""
    config.addinivalue_line("markers", "long: only with --long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what would make a short run long."""
    if not config.getoption("--long"):
        leave_out = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=leave_out)
        items[:] = [item for item in items if item not in leave_out]


class Report:
    """What was measured, line by line; a line that misses its bar fails its scene."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []

    def line(self, scene: str, measured: str, bar: str, well: bool) -> None:
        """One line; `well` says whether the bar was kept."""
        self.rows.append([scene, measured, bar, "" if well else "MISSED"])

    def check(self, scene: str) -> None:
        """Keep what is known, and fail the scene if one of its lines missed its bar."""
        self.write()
        wrong = [f"{row[1]} (bar: {row[2]})" for row in self.rows if row[0].startswith(scene) and row[3]]
        assert not wrong, "; ".join(wrong)

    def write(self) -> None:
        """Keep the report as far as it has come."""
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(self.text(), encoding="utf-8")

    def text(self) -> str:
        """Markdown that also reads well in a terminal."""
        head = (
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {os.cpu_count()} processors."
        )
        return "\n".join(["# Soak", "", head, "", *grid([HEADS, *self.rows]), ""])


_report = Report()


@pytest.fixture(scope="session")
def report() -> Report:
    """The report of this run."""
    return _report


@pytest.fixture(scope="session")
def is_long(request: pytest.FixtureRequest) -> bool:
    """Whether the full figures are wanted."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:  # noqa: F811
    """The house; the database is open to all scenes from here on, and dropped with the run."""
    from foundation.ui.catalogues import compile_all

    compile_all(Path(settings.BASE_DIR))
    with django_db_blocker.unblock():
        yield House.build(request.config.getoption("--clocks"))


@pytest.fixture(scope="session")
def outbox(is_long: bool, django_db_setup: None, django_db_blocker: Any) -> Iterator[Outbox]:  # noqa: F811
    """A house without clocks: people, customers, and messages when a scene asks for them."""
    from foundation.ui.catalogues import compile_all

    compile_all(Path(settings.BASE_DIR))
    with django_db_blocker.unblock():
        yield furnished(10_000 if is_long else 1_000)


@pytest.fixture
def sink() -> Iterator[MailSink]:
    """The mail server of this scene."""
    server = MailSink()
    yield server
    server.close()


@pytest.fixture
def workers() -> Iterator[Workers]:
    """Processes of this scene; none outlives it."""
    crew = Workers(ROOT / "var/bench/soak.log")
    yield crew
    crew.end()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the report and keep it."""
    if not _report.rows:
        return
    text = _report.text()
    _report.write()
    terminalreporter.write_line(f"\n{text}\nwritten to {REPORT.relative_to(ROOT)}")
