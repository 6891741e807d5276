"""What the tests of this stage share."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from foundation.accounts.models import Company
from tests.logistics.factories import make_user


@pytest.fixture(autouse=True)
def _fresh_counters() -> Any:
    """No counter or limit survives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def clerk(db: Any) -> Any:
    """Somebody of logistics."""
    return make_user("logistics", language="en", time_zone="Asia/Shanghai")


@pytest.fixture
def desk(clerk: Any) -> Client:
    """The clerk's browser, with the company known to the cache."""
    Company.current()
    client = Client()
    client.force_login(clerk)
    return client
