"""A small cast: who reads, who writes, who publishes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from foundation.accounts.models import User
from foundation.knowledge.models import Article
from foundation.knowledge.services.articles import create_article, publish_article
from tests.accounts.factories import make_team, make_user
from tests.support.defaults import load_defaults


@pytest.fixture
def house(db: None) -> None:
    """Roles, situations and articles as an installation starts with them."""
    load_defaults()


@pytest.fixture
def writer(house: None) -> User:
    return make_user("Anna Berg", role="service", team=make_team("Service"), time_zone="Europe/Berlin")


@pytest.fixture
def manager(writer: User) -> User:
    return make_user("Maria Roth", role="manager", team=writer.team, time_zone="Europe/Berlin")


@pytest.fixture
def reader(house: None) -> User:
    return make_user("Otto Leser", role="finance", time_zone="Europe/Berlin")


def texts(title: str = "Wet goods", body: str = "Dry them, then call {contact_name}.", **more: str) -> dict[str, str]:
    empty = {f"{name}_{column}": "" for name in ("title", "body") for column in ("en", "zh_hans", "zh_hant", "de")}
    return {**empty, "title_en": title, "body_en": body, **more}


def write(writer: User, **values: Any) -> Article:
    values.setdefault("texts", texts())
    return create_article(actor=writer, owner=writer, **values)


def published(writer: User, manager: User, **values: Any) -> Article:
    return publish_article(write(writer, **values).pk, actor=manager)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.get("/")
    return client
