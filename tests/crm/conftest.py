"""The cast: two salespeople of different teams, one manager, one of the service."""

from __future__ import annotations

import pytest

from foundation.accounts.models import User
from foundation.accounts.roles import load_roles
from tests.accounts.factories import make_team, make_user


@pytest.fixture
def roles(db: None) -> None:
    """Every role with its permissions."""
    load_roles()


@pytest.fixture
def anna(roles: None) -> User:
    """Sells in English and German."""
    return make_user("Anna Berg", role="sales", team=make_team("Europe"), languages={"en": 3, "de": 4})


@pytest.fixture
def wei(roles: None) -> User:
    """Sells in Chinese and English, in another team."""
    return make_user("Wei Chen", role="sales", team=make_team("Asia"), languages={"zh-hans": 4, "en": 2})


@pytest.fixture
def maria(roles: None) -> User:
    """Manages sales."""
    return make_user("Maria Roth", role="manager")


@pytest.fixture
def sven(roles: None) -> User:
    """Works in the service."""
    return make_user("Sven Lund", role="service")
