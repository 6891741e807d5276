"""Many emails to one colleague leave as one; nothing of them is lost, nothing is told that is over by then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.models import Team, User
from foundation.journal import standing
from foundation.journal.services import record
from foundation.notifications import services
from foundation.notifications.delivery import deliver_due
from foundation.notifications.digests import hours, letters, wishes
from foundation.notifications.digests.policy import DIGEST
from foundation.notifications.models import (
    Digest,
    DigestChoice,
    DigestLine,
    DigestPolicy,
    InboxItem,
    Message,
)
from tests.accounts.factories import make_user
from tests.notifications.sinks import MailSink
from tests.notifications.test_races import together

pytestmark = pytest.mark.django_db
STAFF = {"audience": "owner", "channels": ["inbox", "email"]}


@pytest.fixture
def reader(cast: Any) -> User:
    """The colleague in charge, who reads English in Berlin."""
    User.objects.filter(pk=cast.owner.pk).update(language="en", time_zone="Europe/Berlin")
    cast.owner.refresh_from_db()
    return cast.owner


@pytest.fixture
def told(crate: Team, reader: User, add_rule: Any) -> Callable[..., list[Message]]:
    """Some events that the colleague in charge is told of."""

    def tell(count: int = 1, code: str = "crate.packed", **facts: Any) -> list[Message]:
        key = code.replace(".", "_")
        if not add_rule_once(key):
            add_rule(key, event=code, **STAFF)
        events = [record(code, crate, facts={"n": number, **facts}) for number in range(count)]
        return list(Message.objects.filter(event__in=events).order_by("pk"))

    def add_rule_once(key: str) -> bool:
        from foundation.notifications.models import Rule

        return Rule.objects.filter(key=key).exists()

    return tell


def the_digest() -> Message:
    return Message.objects.get(template_key=DIGEST)


def is_time(row: Message | None = None) -> None:
    """The digest's time has come."""
    Message.objects.filter(template_key=DIGEST, state="queued").update(next_attempt_at=timezone.now())


def choose(user: User, mode: str, at: time = time(8)) -> None:
    wishes.choose(user, mode, at)


# ---------------------------------------------------------------- a flood


def test_few_emails_leave_each_by_itself(told: Any, mail: MailSink) -> None:
    told(5)
    assert deliver_due() == 5
    assert not Digest.objects.exists()


def test_a_flood_leaves_as_one_email_soon(told: Any, mail: MailSink, reader: User) -> None:
    told(60)
    assert deliver_due() == 0
    letter = the_digest()
    assert letter.state == "queued" and letter.waits_for == "more news"
    assert timezone.now() < letter.next_attempt_at < timezone.now() + timedelta(minutes=2)
    is_time()
    assert deliver_due() == 1
    assert len(mail.mails) == 1
    assert mail.mails[0]["To"] == f"Chen Wei <{reader.email}>"
    rows = Message.objects.exclude(pk=letter.pk)
    assert set(rows.values_list("state", "last_error")) == {("suppressed", "in a digest")}
    assert DigestLine.objects.filter(digest__message=letter, left_out="").count() == 60


def test_the_sixth_within_ten_minutes_begins_a_digest_and_the_next_one_waits(told: Any, mail: MailSink) -> None:
    told(5)
    deliver_due()
    told(2)
    assert deliver_due() == 0
    is_time()
    assert deliver_due() == 1
    told(1)
    assert deliver_due() == 0
    second = Message.objects.get(template_key=DIGEST, state="queued")
    assert second.next_attempt_at > timezone.now() + timedelta(minutes=9)
    assert len(mail.mails) == 6


def test_the_number_is_an_administrators(told: Any, mail: MailSink) -> None:
    DigestPolicy.objects.create(pk=1, most=1, minutes=30)
    told(2)
    assert deliver_due() == 0
    assert Digest.objects.count() == 1


def test_once_the_flood_is_over_emails_leave_by_themselves_again(told: Any, mail: MailSink) -> None:
    told(6)
    deliver_due()
    is_time()
    deliver_due()
    told(1)
    assert deliver_due() == 1


def test_customers_are_never_bundled(crate: Any, add_rule: Any, mail: MailSink) -> None:
    add_rule(audience="customer_contact")
    for _n in range(12):
        record("crate.packed", crate)
    assert deliver_due() == 12
    assert not Digest.objects.exists()


def test_a_colleagues_own_words_are_never_bundled(crate: Any, reader: User, mail: MailSink) -> None:
    from foundation.accounts.audiences import staff_recipient

    author = make_user("Lena Vogt")
    for number in range(9):
        services.send_message(
            crate,
            recipient=staff_recipient(reader),
            channel="email",
            subject_line=f"{number}",
            body="Hello",
            actor=author,
        )
    assert deliver_due() == 9


# ---------------------------------------------------------------- words


def test_the_letter_is_grouped_soonest_first_with_links_in_plain_text_and_html(
    told: Any, mail: MailSink, crate: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Team, "get_absolute_url", lambda self: f"/teams/{self.pk}/", raising=False)
    told(3)
    told(2, "crate.lost", due_at="2030-03-02T15:00:00+00:00")
    told(1, "crate.lost", due_at="2030-03-01T08:00:00+00:00")
    deliver_due()
    is_time()
    deliver_due()
    letter = mail.mails[0]
    assert letter["Subject"] == "6 notifications"
    plain, page = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    assert plain.index("Crate lost (3)") < plain.index("Crate packed (3)")
    assert plain.index("1 Mar 2030, 09:00 CET") < plain.index("2 Mar 2030, 16:00 CET")
    assert plain.count(f"/teams/{crate.pk}/") == 6
    assert "/profile/#digests" in plain
    assert page.count(f'/teams/{crate.pk}/"') == 6
    assert "<h2" in page and "Crate lost (3)" in page and "2 Mar 2030" in page
    assert page.index("Crate lost") < page.index("Crate packed")


@pytest.mark.parametrize(
    ("language", "subject", "due"),
    [
        ("en", "6 notifications", "Due: 2 Mar 2030, 16:00 CET"),
        ("de", "6 Benachrichtigungen", "Fällig: 02.03.2030, 16:00 CET"),
        ("zh-hans", "6 条通知", "截止：2030年3月2日 16:00 CET"),
        ("zh-hant", "6 則通知", "截止：2030年3月2日 16:00 CET"),
    ],
)
def test_it_speaks_the_language_that_its_reader_reads_when_it_leaves(
    told: Any, mail: MailSink, reader: User, language: str, subject: str, due: str
) -> None:
    told(6, due_at="2030-03-02T15:00:00+00:00")
    deliver_due()
    User.objects.filter(pk=reader.pk).update(language=language)
    is_time()
    deliver_due()
    letter = mail.mails[0]
    assert letter["Subject"] == subject
    text = letter.get_body(("plain",)).get_content()
    said = {"en": "Crate Oak floor", "de": "Kiste Oak floor", "zh-hans": "货箱 Oak floor", "zh-hant": "貨箱 Oak floor"}
    assert text.count(said[language]) == 6
    assert due in text
    assert the_digest().language == language


def test_words_of_customers_cannot_become_markup(told: Any, mail: MailSink, crate: Team) -> None:
    Team.objects.filter(pk=crate.pk).update(name="<script>alert(1)</script>")
    crate.refresh_from_db()
    told(6)
    deliver_due()
    is_time()
    deliver_due()
    page = mail.mails[0].get_body(("html",)).get_content()
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_very_long_one_says_how_many_more_there_are(told: Any, mail: MailSink, monkeypatch: Any) -> None:
    monkeypatch.setattr(letters, "MOST_LINES", 4)
    told(7)
    deliver_due()
    is_time()
    deliver_due()
    text = mail.mails[0].get_body(("plain",)).get_content()
    assert text.count("Crate Oak floor") == 4
    assert "And 3 more in your notifications." in text
    assert mail.mails[0]["Subject"] == "7 notifications"


# ---------------------------------------------------------------- what is over by then


@pytest.fixture
def over(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Events that somebody has settled."""
    found: set[int] = set()

    def check(events: Any) -> dict[int, Any]:
        return {event.pk: "The crate is found." for event in events if event.pk in found}

    monkeypatch.setitem(standing._settling, "crate.packed", check)
    return found


def test_what_is_settled_when_it_leaves_is_left_out(told: Any, mail: MailSink, over: set[int]) -> None:
    rows = told(7)
    deliver_due()
    over |= {rows[0].event_id, rows[1].event_id}
    is_time()
    deliver_due()
    assert mail.mails[0]["Subject"] == "5 notifications"
    assert Counter(DigestLine.objects.values_list("left_out", flat=True)) == {"": 5, "The crate is found.": 2}


def test_an_empty_digest_is_not_sent(told: Any, mail: MailSink, over: set[int]) -> None:
    over |= {row.event_id for row in told(7)}
    deliver_due()
    is_time()
    assert deliver_due() == 0
    assert mail.mails == []
    letter = the_digest()
    assert (letter.state, letter.last_error) == ("cancelled", letters.NOTHING_LEFT)


def test_a_rule_that_was_switched_off_is_left_out(told: Any, mail: MailSink) -> None:
    from foundation.notifications.models import Rule

    told(6)
    told(1, "crate.lost")
    deliver_due()
    Rule.objects.get(key="crate_lost").delete()
    is_time()
    deliver_due()
    assert mail.mails[0]["Subject"] == "6 notifications"


def test_what_a_person_sends_by_itself_leaves_by_itself(told: Any, mail: MailSink) -> None:
    rows = told(7)
    deliver_due()
    services.resend(rows[0].pk, actor=make_user("Admin"))
    assert deliver_due() == 1
    is_time()
    deliver_due()
    assert [letter["Subject"] for letter in mail.mails] == ["Crate Oak floor", "6 notifications"]


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


# ---------------------------------------------------------------- failures and races


def test_a_server_that_is_down_costs_nothing(told: Any, mail: MailSink, settings: Any, over: set[int]) -> None:
    rows = told(8)
    deliver_due()
    is_time()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert deliver_due() == 0
    over.add(rows[0].event_id)
    settings.EMAIL_PORT = port
    is_time()
    assert deliver_due() == 1
    assert mail.mails[0]["Subject"] == "7 notifications"  # looked at again


def test_one_that_cannot_be_worded_stops_no_other(told: Any, mail: MailSink, waiting: Any, monkeypatch: Any) -> None:
    told(8)
    deliver_due()
    monkeypatch.setattr(letters, "rich", lambda *args: 1 / 0)
    is_time()
    waiting()
    assert deliver_due() == 1
    letter = the_digest()
    assert (letter.state, letter.strikes) == ("queued", 1) and "ZeroDivisionError" in letter.last_error


def test_a_worker_that_lost_its_lease_makes_no_line(told: Any, mail: MailSink) -> None:
    from foundation.notifications.delivery import at_the_door, claim

    told(7)
    rows = claim("email")
    Message.objects.filter(pk=rows[0].pk).update(lease_until=timezone.now() + timedelta(hours=1))
    assert at_the_door(rows) == []
    assert DigestLine.objects.count() == 6
    assert Message.objects.get(pk=rows[0].pk).state == "sending"


@pytest.mark.django_db(transaction=True)
def test_several_workers_make_one_digest_and_lose_nothing(told: Any, mail: MailSink) -> None:
    rows = told(120)
    together(lambda: deliver_due(batch=7), 4)
    assert Digest.objects.count() == 1
    assert DigestLine.objects.count() == 120
    is_time()
    assert sum(together(lambda: deliver_due(batch=7), 4)) == 1
    assert [letter["Subject"] for letter in mail.mails] == ["120 notifications"]
    assert set(DigestLine.objects.values_list("message_id", flat=True)) == {row.pk for row in rows}


@pytest.mark.django_db(transaction=True)
def test_what_comes_while_a_digest_leaves_stands_in_this_one_or_the_next(told: Any, mail: MailSink) -> None:
    told(30)
    deliver_due()
    DigestPolicy.objects.update_or_create(pk=1, defaults={"most": 1, "minutes": 1})
    told(30)
    is_time()
    together(lambda: deliver_due(batch=5), 3)
    is_time()
    deliver_due()
    single = sum(1 for letter in mail.mails if "notification" not in letter["Subject"])
    bundled = sum(int(letter["Subject"].split()[0]) for letter in mail.mails if "notification" in letter["Subject"])
    assert single + bundled == 60
    assert Message.objects.filter(state__in=Message.OPEN).count() == 0


def test_a_batch_for_many_colleagues_asks_few_questions(
    told: Any, mail: MailSink, django_assert_max_num_queries: Any
) -> None:
    from foundation.notifications.delivery import claim
    from foundation.notifications.digests.gathering import gather

    told(5)
    rows = claim("email")
    gather(rows)
    with django_assert_max_num_queries(4):
        assert gather(rows) == rows


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
