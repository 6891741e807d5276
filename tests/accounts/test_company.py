"""The company is known at once after a change, within the request and in the next one."""

from __future__ import annotations

import pytest

from foundation.accounts.models import Company
from foundation.ui import once

pytestmark = pytest.mark.django_db


def test_a_new_name_counts_at_once_within_the_same_request():
    once._begin()
    try:
        before = Company.current()
        assert Company.current() is before
        changed = Company.objects.get_or_create(pk=1)[0]
        changed.name = "Harbour Trading"
        changed.save()
        assert Company.current().name == "Harbour Trading"
    finally:
        once._end()


def test_a_customers_page_shows_the_new_name_with_the_next_look(client):
    assert client.get("/inquiry/").status_code == 200
    changed = Company.objects.get_or_create(pk=1)[0]
    changed.name, changed.email = "Harbour Trading", "hello@example.com"
    changed.save()
    page = client.get("/inquiry/").content.decode()
    assert page.count("Harbour Trading") >= 2
    assert "mailto:hello@example.com" in page
