"""Fixtures of the whole suite."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone, translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from foundation.ui.catalogues import compile_all
from tests.support.browser import browser, open_page, site  # noqa: F401
from tests.support.database import django_db_setup  # noqa: F401
from tests.support.order import longest_files_first

# `./kontor soak` asks for the others. A shared machine has no deadline for one example.
for _name, _examples in (("quick", 60), ("soak", 500), ("soak-long", 10_000)):
    hypothesis_settings.register_profile(
        _name, max_examples=_examples, deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much] if _examples > 60 else [],
    )  # fmt: skip
hypothesis_settings.load_profile("quick")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the translations that changed; with several processes, the first one does it for all."""
    if not hasattr(session.config, "workerinput"):
        compile_all(Path(settings.BASE_DIR))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Among several processes that share the files, each is told the same order."""
    if hasattr(config, "workerinput"):
        longest_files_first(items)


@pytest.fixture(scope="session", autouse=True)
def _clock_of_the_run() -> Iterator[None]:
    """TEST_CLOCK=2026-03-29T00:59:30Z lets Python's clock begin there and go on from it; the database keeps its own."""
    begin = os.environ.get("TEST_CLOCK")
    if not begin:
        yield
        return
    with time_machine.travel(datetime.fromisoformat(begin)):
        yield


@pytest.fixture
def one_clock(db: None) -> Iterator[None]:
    """Python's clock shows what the database's shows, whatever TEST_CLOCK says: for pages about what was just recorded."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    with time_machine.travel(now.astimezone(UTC)):
        yield


@pytest.fixture
def session_of() -> Callable[[Any], str]:
    """Sign a user in without a form; answers the key of the session, for `open_page(session=…)`."""
    from django.test import Client

    def sign_in(user: Any) -> str:
        client = Client()
        client.force_login(user)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    return sign_in


@pytest.fixture
def still_clock() -> Iterator[None]:
    """Python's clock stands: limits that count per minute do not begin a new one in the middle of a slow test."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Uploads of a test end in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _own_rules() -> None:
    """Message rules, calendars and names of filters that another test has read, and rolled back, are not remembered."""
    from foundation.calendars.models import forget_compiled
    from foundation.lists.pages import chips
    from foundation.notifications.rules import drop
    from foundation.sla.rows import forget

    chips.forget()
    drop()
    forget()
    forget_compiled()


@pytest.fixture(autouse=True)
def _own_cache() -> None:
    """Counts of tries and the like do not outlive their test; company and what is soon are known from the start, as in daily life."""
    from django.core.cache import cache

    from foundation.accounts.models import COMPANY_CACHE_KEY, Company
    from foundation.sla.models import soon

    cache.clear()
    cache.set(COMPANY_CACHE_KEY, Company(pk=1))
    soon.policy.put(soon.SoonPolicy(pk=1))


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A page that was read in another language or zone leaves neither to the next test."""
    translation.activate("en")
    timezone.deactivate()
    yield
    translation.activate("en")
    timezone.deactivate()
