"""Many emails to one colleague leave as one; nothing of them is lost, nothing is told that is over by then."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from foundation.accounts.models import Team, User
from foundation.journal.services import record
from foundation.notifications import services
from foundation.notifications.delivery import deliver_due
from foundation.notifications.digests import letters
from foundation.notifications.digests.policy import DIGEST
from foundation.notifications.models import (
    Digest,
    DigestLine,
    DigestPolicy,
    Message,
)
from tests.accounts.factories import make_user
from tests.notifications.digests import is_time, the_digest
from tests.notifications.sinks import MailSink
from tests.notifications.test_races import together

pytestmark = pytest.mark.django_db


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
