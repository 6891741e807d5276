"""When a digest leaves: as its reader wished, by the clock on their wall; and where it is chosen and seen."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.models import User
from foundation.journal.services import record
from foundation.notifications import services
from foundation.notifications.delivery import deliver_due
from foundation.notifications.digests import hours
from foundation.notifications.digests.policy import DIGEST
from foundation.notifications.models import (
    Digest,
    DigestChoice,
    InboxItem,
    Message,
)
from tests.accounts.factories import make_user
from tests.notifications.digests import STAFF, choose, is_time, the_digest
from tests.notifications.sinks import MailSink

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------- wishes


def test_whoever_wants_an_hourly_digest_gets_no_single_email(told: Any, mail: MailSink, reader: User) -> None:
    choose(reader, "hourly")
    told(1)
    assert deliver_due() == 0
    at = the_digest().next_attempt_at
    assert (at.minute, at.second) == (0, 0) and timezone.now() < at <= timezone.now() + timedelta(hours=1)
    told(1)
    deliver_due()
    is_time()
    assert deliver_due() == 1
    assert mail.mails[0]["Subject"] == "2 notifications"


def test_a_digest_of_one_says_what_it_is(told: Any, mail: MailSink, reader: User) -> None:
    choose(reader, "hourly")
    told(1)
    deliver_due()
    is_time()
    deliver_due()
    assert mail.mails[0]["Subject"] == "1 notification: Crate Oak floor"


def test_a_daily_digest_leaves_at_its_time_in_the_readers_zone(told: Any, mail: MailSink, reader: User) -> None:
    choose(reader, "daily", time(7, 30))
    told(1)
    deliver_due()
    wall = the_digest().next_attempt_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert (wall.hour, wall.minute) == (7, 30)


def test_what_is_urgent_leaves_at_once_whatever_was_chosen(
    crate: Any, reader: User, add_rule: Any, mail: MailSink
) -> None:
    choose(reader, "daily")
    add_rule(is_urgent=True, **STAFF)
    record("crate.packed", crate)
    assert deliver_due() == 1


def test_a_flood_of_urgent_news_is_one_email_that_waits_for_no_morning(
    crate: Any, reader: User, add_rule: Any, mail: MailSink
) -> None:
    choose(reader, "daily")
    add_rule("crate_packed", is_urgent=True, **STAFF)
    add_rule("crate_lost", event="crate.lost", **STAFF)
    record("crate.lost", crate)
    deliver_due()
    assert the_digest().next_attempt_at > timezone.now()
    for _n in range(8):
        record("crate.packed", crate)
    assert deliver_due() == 0
    assert the_digest().next_attempt_at < timezone.now() + timedelta(minutes=2)
    is_time()
    deliver_due()
    assert mail.mails[0]["Subject"] == "9 notifications"


def test_a_new_wish_lets_what_waits_leave_earlier_and_never_later(told: Any, reader: User, mail: MailSink) -> None:
    choose(reader, "daily")
    told(1)
    deliver_due()
    choose(reader, "hourly")
    at = the_digest().next_attempt_at
    assert at.minute == 0 and at <= timezone.now() + timedelta(hours=1)
    choose(reader, "daily")
    assert the_digest().next_attempt_at == at
    choose(reader, "at once")
    assert the_digest().next_attempt_at <= timezone.now() + timedelta(minutes=2)


def test_a_digest_that_was_called_off_takes_nothing_more(told: Any, reader: User, mail: MailSink) -> None:
    choose(reader, "hourly")
    told(1)
    deliver_due()
    services.cancel(the_digest().pk, actor=make_user("Admin"))
    told(1)
    deliver_due()
    assert Digest.objects.filter(closed_at=None).count() == 1
    assert Message.objects.filter(template_key=DIGEST, state="queued").count() == 1


# ---------------------------------------------------------------- hours


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("asked", "at", "zone", "expected"),
    [
        ("2026-03-27T07:00+00:00", time(8), "Europe/Berlin", "2026-03-28T07:00+00:00"),  # it is eight: tomorrow
        ("2026-03-28T08:00+00:00", time(8), "Europe/Berlin", "2026-03-29T06:00+00:00"),  # summer time begins
        ("2026-03-28T08:00+00:00", time(2, 30), "Europe/Berlin", "2026-03-29T01:30+00:00"),  # left out: half past three
        ("2026-10-24T08:00+00:00", time(2, 30), "Europe/Berlin", "2026-10-25T00:30+00:00"),  # twice: the first
        ("2026-10-25T00:45+00:00", time(2, 30), "Europe/Berlin", "2026-10-26T01:30+00:00"),  # not a second time
        ("2026-11-26T15:00+00:00", time(8), "Asia/Shanghai", "2026-11-27T00:00+00:00"),
        ("2026-11-26T15:00+00:00", time(8), "America/Los_Angeles", "2026-11-26T16:00+00:00"),
        ("2026-11-26T15:00+00:00", time(8), "Pacific/Kiritimati", "2026-11-26T18:00+00:00"),
    ],
)
def test_once_a_day_by_the_wall_clock(asked: str, at: time, zone: str, expected: str) -> None:
    found = hours.next_time_of_day(datetime.fromisoformat(asked), at, ZoneInfo(zone))
    assert found == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("asked", "zone", "expected"),
    [
        ("2026-11-26T15:00:00+00:00", "Europe/Berlin", "2026-11-26T16:00+00:00"),
        ("2026-11-26T15:59:59+00:00", "Europe/Berlin", "2026-11-26T16:00+00:00"),
        ("2026-11-26T15:10:00+00:00", "Asia/Kolkata", "2026-11-26T15:30+00:00"),
        ("2026-10-25T00:45:00+00:00", "Europe/Berlin", "2026-10-25T01:00+00:00"),
    ],
)
def test_every_hour_by_the_wall_clock(asked: str, zone: str, expected: str) -> None:
    assert hours.next_full_hour(datetime.fromisoformat(asked), ZoneInfo(zone)) == datetime.fromisoformat(expected)


def test_a_flood_pauses_between_two() -> None:
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    minute = timedelta(minutes=1)
    assert hours.after_a_flood(now, None, gather=minute, pause=10 * minute) == now + minute
    assert hours.after_a_flood(now, now - 3 * minute, gather=minute, pause=10 * minute) == now + 7 * minute
    assert hours.after_a_flood(now, now - 30 * minute, gather=minute, pause=10 * minute) == now + minute


# ---------------------------------------------------------------- pages


def test_the_wish_is_said_on_the_profile_page(client: Any, reader: User) -> None:
    client.force_login(reader)
    page = client.get(reverse("accounts:profile")).content.decode()
    assert 'id="digests"' in page and 'name="digest-mode"' in page
    said = {
        "name": reader.name, "language": "en", "time_zone": "Europe/Berlin", "theme": "system", "density": "compact",
        "languages-TOTAL_FORMS": "0", "languages-INITIAL_FORMS": "0",
    }  # fmt: skip
    answer = client.post(reverse("accounts:profile"), {**said, "digest-mode": "daily", "digest-at": "06:45"})
    assert answer.status_code == 302
    assert DigestChoice.objects.values_list("mode", "at").get() == ("daily", time(6, 45))
    client.post(reverse("accounts:profile"), said)
    assert DigestChoice.objects.get().mode == "daily"
    assert (
        client.post(reverse("accounts:profile"), {**said, "digest-mode": "daily", "digest-at": "7.99"}).status_code
        == 422
    )


def test_the_page_of_a_message_says_where_it_was_told(client: Any, told: Any, mail: MailSink, reader: User) -> None:
    rows = told(7)
    deliver_due()
    is_time()
    deliver_due()
    client.force_login(reader)
    page = client.get(rows[0].get_absolute_url()).content.decode()
    assert the_digest().get_absolute_url() in page and "7 notifications" in page
    letter = client.get(the_digest().get_absolute_url()).content.decode()
    assert letter.count(rows[0].get_absolute_url()) == 1


def test_a_busy_hour_is_one_entry_in_the_inbox(client: Any, told: Any, reader: User) -> None:
    told(8)
    told(2, "crate.lost")
    client.force_login(reader)
    page = client.get(reverse("notifications:inbox")).content.decode()
    assert page.count('<details class="stack">') == 1
    assert "Crate packed (8)" in page and "Crate lost (" not in page
    mine = list(InboxItem.objects.filter(event__code="crate.packed").values_list("pk", flat=True))
    client.post(reverse("notifications:read-all"), {"pk": mine})
    assert InboxItem.objects.filter(read_at=None).count() == 2
