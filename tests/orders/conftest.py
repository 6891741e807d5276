"""What every test of this stage needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from orders import papers
from orders.views import quotes as quote_pages
from tests.orders.factories import prepare

FAKE_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nxref\ntrailer<</Root 1 0 R>>\nstartxref\n42\n%%EOF\n"


@pytest.fixture(autouse=True)
def defaults(db: None) -> None:
    """Units, rules and roles."""
    cache.clear()
    prepare()


@pytest.fixture
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the press alone: half a second for each paper.

    The pages are read first: a module that is imported while the fake stands there would keep it for all tests to come.
    """
    monkeypatch.setattr(quote_pages, "print_quote", lambda quote: FAKE_PDF)
    monkeypatch.setattr(papers, "print_quote", lambda quote: FAKE_PDF)


@pytest.fixture
def signed_in(client: Any) -> Callable[[Any], Any]:
    """A client of this user."""

    def sign_in(user: Any) -> Any:
        client.force_login(user)
        return client

    return sign_in
