"""The rows of good manners in the admin, and the report of what was held back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client

from foundation.accounts.models import Team
from foundation.journal.services import record
from foundation.notifications.manners.defaults import load_manners
from foundation.notifications.manners.kinds import all_kinds
from foundation.notifications.models import MarketingLimit, Message, QuietHours, Rule
from tests.accounts.factories import make_user


@pytest.fixture
def administrator(client: Client, db: None) -> Client:
    client.force_login(make_user("Min Luo", is_superuser=True, is_staff=True))
    load_manners()
    return client


@pytest.mark.parametrize("name", ["messagekind", "quiethours", "marketinglimit", "optout", "deadaddress"])
def test_an_administrator_sees_the_rows(administrator: Client, name: str) -> None:
    assert administrator.get(f"/admin/notifications/{name}/", follow=True).status_code == 200


def test_defaults_are_loaded_once(administrator: Client) -> None:
    assert load_manners() == 0
    assert (QuietHours.objects.count(), MarketingLimit.objects.count()) == (1, 1)


def test_hours_for_two_at_once_are_refused(administrator: Client) -> None:
    data = {"country": "DE", "person_key": "contact:1", "begins": "20:00", "ends": "07:00"}
    assert administrator.post("/admin/notifications/quiethours/add/", data).status_code == 200
    assert QuietHours.objects.count() == 1
    assert administrator.post("/admin/notifications/quiethours/add/", {**data, "person_key": ""}).status_code == 302


def test_what_was_held_back_is_counted_by_reason(
    administrator: Client, crate: Team, add_rule: Callable[..., Rule]
) -> None:
    add_rule()
    record("crate.packed", crate)
    Message.objects.update(state="suppressed", last_error="too many", kind="news")
    page = administrator.get("/messages/held-back/").content.decode()
    assert "as much marketing as one may get" in page and "New products" in page
    behind = html.unescape(re.search(r'href="(/messages/\?[^"]*held=[^"]*)"', page)[1])
    listed = administrator.get(behind).content.decode()
    assert Message.objects.get().get_absolute_url() in listed
    other = next(one.code for one in all_kinds() if one.code != "news")
    elsewhere = administrator.get(behind.replace("kind=news", f"kind={other}")).content.decode()
    assert Message.objects.get().get_absolute_url() not in elsewhere
    message = Message.objects.get()
    assert administrator.get(message.get_absolute_url()).status_code == 200
    Message.objects.update(kind="")
    page = administrator.get("/messages/held-back/").content.decode()
    behind = html.unescape(re.search(r'href="(/messages/\?[^"]*held=[^"]*)"', page)[1])
    assert message.get_absolute_url() in administrator.get(behind).content.decode()
    Message.objects.update(kind="news")
    assert message.get_absolute_url() not in administrator.get(behind).content.decode()
