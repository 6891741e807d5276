"""The calendar feed: a private address that opens one list and nothing else."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from foundation.accounts import feeds, services
from foundation.accounts.models import AccessToken
from foundation.accounts.tokens_in_logs import redact
from foundation.journal.models import Event
from foundation.ui import ics
from foundation.ui.ics import Appointment
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 27, 17, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture
def chen(monkeypatch):
    user = make_user("Chen Wei", language="de", time_zone="Europe/Berlin")
    source = {"one": lambda person: [Appointment("clock-1@kontor", START, f"Zusage · {person.name}", "http://k/1/")]}
    monkeypatch.setattr(feeds, "_sources", source)
    return user


def fetch(raw, query=""):
    return Client().get(f"/feed/{raw}.ics{query}")


def lines_of(answer):
    """Content lines, unfolded; every line ends as the standard says and fits."""
    text = answer.content.decode()
    assert text.endswith("\r\n")
    folded = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in folded)
    assert "\n" not in text.replace("\r\n", "")
    return text.replace("\r\n ", "").split("\r\n")


def test_the_feed_says_what_is_due_in_utc_and_in_the_persons_language(chen):
    answer = fetch(feeds.open_feed(chen))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    lines = lines_of(answer)
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2] == "END:VCALENDAR"
    assert "X-WR-CALNAME:Fristen von Chen Wei" in lines
    assert {"UID:clock-1@kontor", "DTSTART:20261127T090000Z", "SUMMARY:Zusage · Chen Wei", "URL:http://k/1/"} <= set(
        lines
    )
    assert "BEGIN:VALARM" not in lines


def test_it_is_kept_by_nobody_and_found_by_nobody(chen):
    answer = fetch(feeds.open_feed(chen))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert not answer.cookies


def test_an_alarm_rings_if_asked_for(chen):
    raw = feeds.open_feed(chen)
    assert "TRIGGER:-PT30M" in lines_of(fetch(raw, "?alarm=30"))
    for nonsense in ("-5", "99999", "0", "x", "٣"):
        assert "BEGIN:VALARM" not in lines_of(fetch(raw, f"?alarm={nonsense}"))


def test_unknown_revoked_replaced_and_left_are_one_answer(chen):
    old = feeds.open_feed(chen)
    new = feeds.open_feed(chen)
    assert fetch(new).status_code == 200
    refused = [fetch(old), fetch("A" * 43), fetch("short"), fetch(new + "x")]
    assert feeds.close_feed(chen) is True
    refused.append(fetch(new))
    last = feeds.open_feed(chen)
    type(chen).objects.filter(pk=chen.pk).update(is_active=False)
    refused.append(fetch(last))
    assert {(one.status_code, one.content, tuple(sorted(one.headers.items()))) for one in refused} == {
        (404, b"Not found\n", tuple(sorted(refused[0].headers.items())))
    }


def test_an_account_that_is_switched_off_closes_its_feed_for_good(chen):
    raw = feeds.open_feed(chen)
    boss = make_user("Root", is_superuser=True)
    services.deactivate(chen.pk, actor=boss)
    assert fetch(raw).status_code == 404
    services.reactivate(chen.pk, actor=boss)
    assert fetch(raw).status_code == 404


def test_the_address_is_stored_as_a_digest_and_leaves_no_log(chen):
    raw = feeds.open_feed(chen)
    row = AccessToken.objects.get()
    assert raw not in f"{row.digest}{row.purpose}{row.contact_key}"
    assert raw not in str(list(Event.objects.values("facts")))
    assert raw not in redact(f'GET "/feed/{raw}.ics?alarm=30" 404')
    assert "foundation.accounts.tokens_in_logs.RedactTokens" in settings.LOGGING["filters"]["tokens"]["()"]


def test_a_token_of_another_purpose_opens_no_feed(chen):
    from foundation.accounts import tokens

    assert fetch(tokens.issue("tracking", chen)).status_code == 404


def test_the_page_shows_the_address_once_and_closes_it(chen):
    client = Client()
    client.force_login(chen)
    before = client.get("/profile/calendar/").content.decode()
    assert "/feed/" not in before
    page = client.post("/profile/calendar/")
    text = page.content.decode()
    raw = text.split("/feed/")[1].split(".ics")[0]
    assert page["Cache-Control"] == "no-store"
    assert fetch(raw).status_code == 200
    assert raw not in client.get("/profile/calendar/").content.decode()
    assert client.get("/profile/calendar/close/").status_code == 405
    client.post("/profile/calendar/close/")
    assert fetch(raw).status_code == 404
    codes = list(Event.objects.filter(code__startswith="user.feed").order_by("pk").values_list("code", flat=True))
    assert codes == ["user.feed_opened", "user.feed_closed"]


@pytest.mark.parametrize("path", ["/profile/calendar/", "/calendar/team-feed/"])
def test_loading_the_page_with_the_address_again_makes_no_other(chen, path):
    client = Client()
    client.force_login(make_user("Root", is_superuser=True))
    typed = {"submission": "0f1e"}
    raw = client.post(path, typed).content.decode().split("/feed/")[1].split(".ics")[0]
    again = client.post(path, typed, follow=True)
    assert again.redirect_chain == [(path, 302)] and "is not shown again" in again.content.decode()
    assert "/feed/" not in again.content.decode() and fetch(raw).status_code == 200
    assert AccessToken.objects.count() == 1


@pytest.mark.parametrize(("alarm", "said"), [("30", "?alarm=30"), ("", ""), ("7", ""), ("30&x=1", "")])
def test_the_reminder_stands_in_the_address(chen, alarm, said):
    client = Client()
    client.force_login(chen)
    page = client.post("/profile/calendar/", {"alarm": alarm}).content.decode()
    assert page.split(".ics")[1].split('"')[0] == said


def test_strangers_make_no_address(chen):
    assert Client().post("/profile/calendar/").status_code == 302
    assert not AccessToken.objects.exists()


def calendar_with(*appointments):
    return ics.calendar("n", appointments, now=timezone.now())


def test_text_is_escaped_and_long_lines_are_folded_between_characters():
    said = "a,b;c\\d\ne\r\x07" + "承诺" * 40
    text = calendar_with(Appointment("1@k", START, said))
    assert "SUMMARY:a\\,b\\;c\\\\d\\ne" + "承诺" * 40 in text.replace("\r\n ", "").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_line_break_in_a_name_adds_no_line_of_its_own():
    evil = Appointment("1@k", timezone.now(), "x\r\nEND:VEVENT\r\nBEGIN:VEVENT")
    assert calendar_with(evil).count("\r\nEND:VEVENT\r\n") == 1


def test_a_whole_day_is_written_as_a_day_and_rings_at_no_time():
    text = calendar_with(Appointment("1@k", dt.date(2026, 11, 27), "Call Ana", alarm=30))
    assert "DTSTART;VALUE=DATE:20261127" in text.split("\r\n")
    assert "VALARM" not in text


def test_other_programmes_read_what_was_written(chen):
    said = "Zusage, „eilig“; C:\\Ordner\nzweite Zeile"
    entry = Appointment("1@k", START, said, "http://k/1/?a=1&b=2,3;4", "Notiz", alarm=15)
    event = Calendar.from_ical(calendar_with(entry)).walk("VEVENT")[0]
    assert (event["SUMMARY"], event["URL"], event["DESCRIPTION"]) == (said, entry.url, "Notiz")
    assert event.start == START
    assert event.walk("VALARM")[0]["TRIGGER"].dt == dt.timedelta(minutes=-15)
