"""The demo pages as a site of their own."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from foundation.accounts.models import User
from foundation.ui import nav
from foundation.ui.keep import forget_all


@pytest.fixture
def demo(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Serve the demo's pages, with its seven areas on the rail and nobody else's."""
    from tests.ui import demo as pages

    monkeypatch.setattr(nav, "_areas", {})
    monkeypatch.setattr(nav, "_new", {})
    monkeypatch.setattr(nav, "_links", dict(nav._links))
    pages.register()
    nav._url.cache_clear()
    forget_all()
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.ui.demo"
    yield
    forget_all()
    nav._url.cache_clear()


@pytest.fixture
def reader(db: None) -> User:
    """A colleague who reads English in Guangzhou."""
    return User.objects.create_user("li@example.com", "a-long-password", name="Li Wei", is_staff=True)
