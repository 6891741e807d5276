"""Limits of channels, with several workers, on the real database and against a real gateway."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from foundation.notifications.delivery import deliver_due
from foundation.notifications.models import ChannelLimit, ChannelTake, Message
from foundation.notifications.services.addresses import mark_bounced
from tests.accounts.factories import make_user
from tests.notifications.sinks import Provider


@pytest.fixture
def gateway(provider: Provider, settings: Any) -> Iterator[Provider]:
    settings.SMS_URL = f"http://{provider.host}/send"
    provider.answer = {"id": "p"}
    yield provider


def test_without_a_row_there_is_no_limit_and_nothing_is_written(waiting: Any, gateway: Provider) -> None:
    for number in range(30):
        waiting(channel="sms", address=f"{number}@example.com")
    ChannelLimit.objects.create(channel="email", per_second=1)
    assert deliver_due() == 30
    assert not ChannelTake.objects.exists()


def test_a_minute_holds_no_more_than_it_may_and_the_rest_keeps_waiting(waiting: Any, gateway: Provider) -> None:
    ChannelLimit.objects.create(channel="sms", per_minute=3)
    for number in range(7):
        waiting(channel="sms", address=f"{number}@example.com")
    begun = time.monotonic()
    assert (deliver_due(), deliver_due()) == (3, 0)
    assert time.monotonic() - begun < 20  # nobody sits the minute out
    assert set(Message.objects.exclude(state="sent").values_list("state", "attempts")) == {("queued", 0)}
    ChannelTake.objects.update(taken_at=timezone.now() - timedelta(seconds=61))
    assert deliver_due() == 3
    assert len(gateway.requests) == 6


@pytest.mark.django_db(transaction=True)
def test_workers_share_one_limit(waiting: Any, gateway: Provider) -> None:
    """Eighteen texts at five a second by four workers: what they take up never exceeds five within any second."""
    ChannelLimit.objects.create(channel="sms", per_second=5)
    for number in range(18):
        waiting(channel="sms", address=f"{number}@example.com")

    def work() -> None:
        try:
            deliver_due(seconds=60)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(120)
    assert Message.objects.filter(state="sent").count() == len(gateway.requests) == 18
    kept = [(at.timestamp(), count) for at, count in ChannelTake.objects.values_list("taken_at", "count")]
    for at, _count in kept:
        assert sum(count for other, count in kept if at - 1 < other <= at) <= 5
    assert max(gateway.times) - min(gateway.times) > 1.5


@pytest.mark.django_db
def test_another_channel_does_not_wait_for_a_slow_one(waiting: Any, gateway: Provider, mail: Any) -> None:
    ChannelLimit.objects.create(channel="email", per_minute=1)
    for number in range(3):
        waiting(f"{number}@example.com")
        waiting(channel="sms", address=f"s{number}@example.com")
    assert deliver_due() == 4
    assert (len(mail.mails), len(gateway.requests)) == (1, 3)


def test_what_the_door_holds_back_costs_nothing(waiting: Any, gateway: Provider) -> None:
    ChannelLimit.objects.create(channel="sms", per_minute=2)
    mark_bounced("sms", "+4930999999", permanent=True, reason="gone")
    for number in range(4):
        waiting(channel="sms", address=f"dead{number}@example.com", phone="+4930999999")
    for number in range(2):
        waiting(channel="sms", address=f"{number}@example.com")
    assert deliver_due() == 2
    assert Message.objects.filter(state="sent").count() == 2


@pytest.mark.django_db
def test_an_administrator_sets_limits_and_none_of_nothing() -> None:
    client = Client()
    client.force_login(make_user("Min Luo", is_staff=True, is_superuser=True))
    address = "/admin/notifications/channellimit/add/"
    assert "at least one" in client.post(address, {"channel": "sms", "per_second": 0}).content.decode().lower()
    client.post(address, {"channel": "sms", "per_second": 5, "per_minute": ""})
    assert ChannelLimit.objects.values_list("channel", "per_second", "per_minute").get() == ("sms", 5, None)
    with pytest.raises(ValidationError):
        ChannelLimit(channel="email", per_minute=0).full_clean()
