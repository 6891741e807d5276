"""A small cast."""

from __future__ import annotations

import pytest

from foundation.accounts.models import User
from tests.accounts.factories import make_team
from tests.crm.factories import make_customer
from tests.support.defaults import load_defaults
from tests.todos.factories import colleague


@pytest.fixture
def team(db):
    return make_team("Europe")


@pytest.fixture
def anna(team) -> User:
    return colleague("Anna Berg", role="sales", team=team, email="anna.berg@kontor.example")


@pytest.fixture
def wei(team) -> User:
    return colleague("Wei Chen", role="sales", team=team, email="wei.chen@kontor.example", time_zone="Asia/Shanghai")


@pytest.fixture
def maria(team) -> User:
    person = colleague("Maria Roth", role="manager", team=team, email="maria.roth@kontor.example")
    team.lead = person
    team.save()
    return person


@pytest.fixture
def stranger(db) -> User:
    return colleague("Otto Fremd", role="sales", team=make_team("Overseas"), email="otto.fremd@kontor.example")


@pytest.fixture
def house(db) -> None:
    """Roles, rules and texts as an installation starts with them."""
    load_defaults()


@pytest.fixture
def customer(house, anna):
    return make_customer("Hafen GmbH", owner=anna)
