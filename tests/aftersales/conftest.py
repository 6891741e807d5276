"""Roles, and somebody of service."""

from __future__ import annotations

import pytest

from aftersales.defaults import load
from foundation.accounts.models import User
from foundation.accounts.roles import load_roles
from tests.aftersales.factories import service_person


@pytest.fixture
def person(db: None) -> User:
    load_roles()
    load()
    return service_person("Chen Yu")
