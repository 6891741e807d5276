"""The inbox, the worklist, the page of a message, and writing to a customer from a record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from foundation.accounts.models import Team, User
from foundation.journal.models import Attachment, Event
from foundation.journal.services import record
from foundation.journal.timeline import timeline
from foundation.notifications import subjects
from foundation.notifications.actions import offer_writing
from foundation.notifications.delivery import deliver_due
from foundation.notifications.models import InboxItem, Message
from foundation.notifications.outbox import put_in_inbox
from foundation.notifications.selectors import unread_count, visible_messages
from tests.accounts.factories import make_user
from tests.notifications.conftest import ANNA
from tests.notifications.sinks import MailSink
from tests.notifications.test_delivery import PDF

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.notifications.urls")]
RIGHTS = ("notifications.view_message", "notifications.change_message", "notifications.send_message")


@pytest.fixture(autouse=True)
def _places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Team, "get_absolute_url", lambda self: f"/crates/{self.pk}/", raising=False)
    monkeypatch.setattr(subjects, "_customers", [lambda user: Team.objects.filter(name="Customer of everybody")])
    offer_writing(Team)
    cache.clear()


@pytest.fixture
def colleague(db: None) -> User:
    Team.objects.create(pk=ANNA.customer_id, name="Customer of everybody")
    return make_user("Lena Vogt", permissions=RIGHTS)


@pytest.fixture
def browser(client: Client, colleague: User) -> Client:
    client.force_login(colleague)
    return client


def notice(user: User, text: str = "A promise is late", link: str = "/crates/1/", **fields: Any) -> InboxItem:
    put_in_inbox([InboxItem(user=user, text=text, link=link, **fields)])
    return InboxItem.objects.latest("pk")


# ---------------------------------------------------------------- inbox


def test_the_bell_counts_what_is_unread_and_forgets_at_once(
    colleague: User, browser: Client, django_capture_on_commit_callbacks: Any, django_assert_num_queries: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        notice(colleague)
    assert 'data-unread="1"' in browser.get("/inbox/").content.decode()
    with django_assert_num_queries(0):
        assert unread_count(colleague) == 1
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/inbox/read/")
    assert unread_count(colleague) == 0


def test_opening_a_notice_marks_it_and_leads_to_its_record(colleague: User, browser: Client) -> None:
    item, other = notice(colleague), notice(colleague, "Another")
    answer = browser.post(f"/inbox/{item.pk}/open/")
    assert answer.status_code == 302 and answer["Location"] == "/crates/1/"
    item.refresh_from_db()
    other.refresh_from_db()
    assert item.read_at is not None and other.read_at is None


def test_reading_pages_writes_nothing_and_opening_by_a_link_is_refused(colleague: User, browser: Client) -> None:
    item = notice(colleague)
    assert browser.get("/inbox/").status_code == 200
    assert browser.get(f"/inbox/{item.pk}/open/").status_code == 405
    assert browser.get("/inbox/read/").status_code == 405
    item.refresh_from_db()
    assert item.read_at is None


def test_other_peoples_notices_do_not_exist(browser: Client) -> None:
    stranger = make_user()
    item = notice(stranger, "Not for your eyes")
    assert browser.post(f"/inbox/{item.pk}/open/").status_code == 404
    browser.post("/inbox/read/")
    item.refresh_from_db()
    assert item.read_at is None
    assert "Not for your eyes" not in browser.get("/inbox/").content.decode()


def test_a_notice_never_leads_out_of_the_house(colleague: User, browser: Client) -> None:
    for link in ("https://thief.example/", "//thief.example", "/\\thief.example", "javascript:alert(1)", ""):
        item = notice(colleague, link=link)
        assert browser.post(f"/inbox/{item.pk}/open/")["Location"] == "/inbox/"


def test_an_empty_inbox_says_so_and_pages_out_of_range_too(browser: Client) -> None:
    for query in ("", "?view=unread", "?page=7", "?page=x", "?page=-1", "?page=99999999999"):
        answer = browser.get(f"/inbox/{query}")
        assert answer.status_code == 200
        assert 'class="empty"' in answer.content.decode()


def pages_of_the_inbox(browser: Client, colleague: User) -> list[int]:
    sizes = []
    for count in (2, 18):
        for number in range(count):
            notice(colleague, f"Notice {count} {number}")
        with CaptureQueries() as queries:
            assert browser.get("/inbox/").status_code == 200
        sizes.append(len(queries))
    return sizes


class CaptureQueries:
    """A short name for counting queries."""

    def __enter__(self) -> Any:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self.context = CaptureQueriesContext(connection)
        return self.context.__enter__()

    def __exit__(self, *args: Any) -> None:
        self.context.__exit__(*args)


def test_the_inbox_costs_the_same_for_two_notices_and_twenty(browser: Client, colleague: User) -> None:
    browser.get("/inbox/")
    few, many = pages_of_the_inbox(browser, colleague)
    assert few == many <= 6


# ---------------------------------------------------------------- messages


def test_the_page_of_a_message_shows_what_was_sent(browser: Client, waiting: Any, mail: MailSink) -> None:
    message = waiting(subject_line="Ihre <Kiste>", body="Zeile eins\n\nZeile <zwei>", language="de")
    deliver_due()
    page = browser.get(f"/messages/{message.pk}/").content.decode()
    assert "Ihre &lt;Kiste&gt;" in page and "Zeile &lt;zwei&gt;" in page
    assert 'lang="de"' in page
    assert "anna@example.com" in page and message.message_id.strip("<>") in page
    assert "Sent" in page


def test_a_failed_message_is_on_the_worklist_and_can_be_sent_again(
    browser: Client, waiting: Any, mail: MailSink
) -> None:
    mail.answers["anna@example.com"] = "550 No such user"
    message = waiting()
    deliver_due()
    listed = browser.get("/messages/").content.decode()
    assert f"/messages/{message.pk}/" in listed and "550 No such user" in listed
    mail.answers.clear()
    answer = browser.post(f"/messages/{message.pk}/do/resend/")
    assert answer.status_code == 302
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == ("queued", 0, "")
    assert deliver_due() == 1
    assert mail.ids == [message.message_id]
    assert Event.objects.filter(code="message.resent", facts__message=message.pk).count() == 1
    assert "Message sent again" in browser.get(f"/messages/{message.pk}/").content.decode()


def test_another_address_is_checked_before_it_is_used(browser: Client, waiting: Any, mail: MailSink) -> None:
    mail.answers["anna@example.com"] = "550 No such user"
    message = waiting()
    deliver_due()
    address = f"/messages/{message.pk}/do/change-address/"
    for bad in ("", "nobody", "a@example.com, b@example.com", "a@example.com\r\nBcc: b@example.com"):
        assert browser.post(address, {"to_address": bad}).status_code == 422
        message.refresh_from_db()
        assert (message.state, message.to_address) == ("failed", "anna@example.com")
    assert browser.post(address, {"to_address": "anna.berg@example.com"}).status_code == 302
    assert deliver_due() == 1
    assert mail.envelopes == [["anna.berg@example.com"]]
    assert "anna.berg" not in str(list(Event.objects.values_list("facts", flat=True)))


def test_a_text_message_goes_on_only_to_a_number(browser: Client, waiting: Any) -> None:
    message = waiting(channel="sms")
    Message.objects.filter(pk=message.pk).update(state="failed")
    address = f"/messages/{message.pk}/do/change-address/"
    assert browser.post(address, {"to_address": "anna@example.com"}).status_code == 422
    assert browser.post(address, {"to_address": "+49 30 654321"}).status_code == 302
    message.refresh_from_db()
    assert (message.state, message.to_address) == ("queued", "+4930654321")


def test_a_message_that_is_out_cannot_be_called_off_or_sent_again(
    browser: Client, waiting: Any, mail: MailSink
) -> None:
    message = waiting()
    deliver_due()
    for action in ("cancel", "resend"):
        answer = browser.post(f"/messages/{message.pk}/do/{action}/")
        assert answer.status_code == 409
        assert "Too late" in answer.content.decode()
    message.refresh_from_db()
    assert message.state == "sent"
    assert not Event.objects.filter(code__startswith="message.").exists()


def test_a_waiting_message_can_be_called_off(browser: Client, waiting: Any, mail: MailSink) -> None:
    message = waiting()
    assert browser.post(f"/messages/{message.pk}/do/cancel/").status_code == 302
    assert deliver_due() == 0
    message.refresh_from_db()
    assert message.state == "cancelled"
    assert mail.mails == []


def test_without_the_right_nothing_can_be_done_and_nothing_changes(client: Client, waiting: Any) -> None:
    message = waiting()
    reader = make_user("Reader", permissions=("notifications.view_message",))
    client.force_login(reader)
    Message.objects.filter(pk=message.pk).update(state="failed", customer_id=None)
    for action in ("resend", "change-address", "cancel"):
        assert client.post(f"/messages/{message.pk}/do/{action}/").status_code == 403
    message.refresh_from_db()
    assert message.state == "failed"
    client.force_login(make_user("Nobody"))
    assert client.get("/messages/").status_code == 403


def test_messages_of_customers_whom_one_may_not_see_do_not_exist(
    browser: Client, colleague: User, waiting: Any
) -> None:
    message = waiting()
    assert browser.get(f"/messages/{message.pk}/").status_code == 200
    for door in ([], [lambda user: Team.objects.none()]):
        subjects._customers[:] = door
        assert browser.get(f"/messages/{message.pk}/").status_code == 404
        assert browser.post(f"/messages/{message.pk}/do/cancel/").status_code == 404
        assert not visible_messages(colleague).exists()
    message.refresh_from_db()
    assert message.state == "queued"


def test_the_worklist_costs_the_same_for_two_messages_and_twenty(browser: Client, waiting: Any) -> None:
    sizes = []
    browser.get("/messages/")
    for count in (2, 18):
        for number in range(count):
            waiting(f"person{count}x{number}@example.com")
        Message.objects.update(state="failed", customer_id=None)
        with CaptureQueries() as queries:
            assert browser.get("/messages/").status_code == 200
        sizes.append(len(queries))
    assert sizes[0] == sizes[1] <= 8


def test_the_author_is_told_when_a_message_is_refused(colleague: User, waiting: Any, mail: MailSink, cast: Any) -> None:
    mail.answers = {"anna@example.com": "550 No", "ben@example.com": "550 No"}
    waiting(actor=colleague)
    waiting("ben@example.com")
    deliver_due()
    told = dict(InboxItem.objects.values_list("user__name", "text"))
    assert told == {
        "Lena Vogt": "The message to Anna Berg could not be sent",
        "Chen Wei": "发给 Anna Berg 的消息未能送出",
    }


# ---------------------------------------------------------------- timeline and composer


def test_messages_stand_on_the_timelines_of_record_and_customer_with_their_state(
    crate: Any, add_rule: Any, mail: MailSink
) -> None:
    add_rule()
    record("crate.packed", crate)
    deliver_due()
    for entries in (timeline(subject=crate), timeline(customer_id=ANNA.customer_id)):
        (entry,) = [one for one in entries if one.kind == "message"]
        assert str(entry.text) == "Email to Anna Berg: Kiste Oak floor"
        assert "Sent" in str(entry.state)
        assert entry.url.startswith("/messages/")


def test_a_timeline_of_twenty_messages_costs_one_query_more_than_none(crate: Any, waiting: Any, cast: Any) -> None:
    sizes = []
    for count in (2, 18):
        for number in range(count):
            waiting(f"p{count}x{number}@example.com", actor=cast.owner)
        with CaptureQueries() as queries:
            timeline(subject=crate)
        sizes.append(len(queries))
    assert sizes[0] == sizes[1]


def write(browser: Client, crate: Any, **values: Any) -> Any:
    data = {
        "recipient": ANNA.key,
        "channel": "email",
        "language": "de",
        "subject_line": "Ihre Kiste",
        "body": "Guten Tag {recipient_name}",
        **values,
    }
    return browser.post(f"/crates/{crate.pk}/do/write/", data)


def test_a_colleague_writes_to_the_customer_from_the_record(
    browser: Client, colleague: User, crate: Any, mail: MailSink
) -> None:
    assert write(browser, crate, uploads=[SimpleUploadedFile("plan.pdf", PDF, "application/pdf")]).status_code == 302
    message = Message.objects.get()
    assert (message.actor, message.language, message.body) == (colleague, "de", "Guten Tag {recipient_name}")
    assert deliver_due() == 0  # ten seconds to undo
    Message.objects.update(next_attempt_at=timezone.now())
    assert deliver_due() == 1
    (file,) = mail.mails[0].iter_attachments()
    assert file.get_payload(decode=True) == PDF
    entries = timeline(subject=crate)
    assert [one.kind for one in entries] == ["message"]
    assert entries[0].body == "Guten Tag {recipient_name}"
    assert Event.objects.get().code == "message.written"


def test_the_form_knows_the_customers_person_and_language(browser: Client, crate: Any) -> None:
    page = browser.get(f"/crates/{crate.pk}/do/write/").content.decode()
    assert "Anna Berg (anna@example.com, +4930123456)" in page
    assert "Will be sent in German, because that is the customer&#x27;s language." in page


@pytest.mark.parametrize("values", [
    {"recipient": "contact:999"},
    {"recipient": ""},
    {"channel": "pigeon"},
    {"channel": "inbox"},
    {"language": "tlh"},
    {"subject_line": ""},
    {"body": "   "},
    {"body": "x" * 20_001},
])  # fmt: skip
def test_a_message_that_cannot_be_sent_keeps_what_was_typed_and_writes_nothing(
    browser: Client, crate: Any, values: dict[str, str]
) -> None:
    assert write(browser, crate, **values).status_code == 422
    assert not Message.objects.exists() and not Event.objects.exists()


def test_a_refused_file_sends_nothing_and_keeps_nothing(browser: Client, crate: Any) -> None:
    evil = SimpleUploadedFile("plan.pdf", b"<script>alert(1)</script>", "application/pdf")
    answer = write(browser, crate, uploads=[evil])
    assert answer.status_code == 409 and "Ihre Kiste" in answer.content.decode()
    assert not Message.objects.exists() and not Event.objects.exists() and not Attachment.objects.exists()


def test_a_text_message_takes_no_files(browser: Client, crate: Any) -> None:
    answer = write(browser, crate, channel="sms", uploads=[SimpleUploadedFile("plan.pdf", PDF, "application/pdf")])
    assert answer.status_code == 409
    assert not Message.objects.exists()


def test_the_composer_writes_an_internal_note_unless_it_is_turned_to_the_customer(browser: Client, crate: Any) -> None:
    page = browser.get(f"/crates/{crate.pk}/").content.decode()
    assert 'value="internal" checked' in page
    assert "This goes to Anna Berg, German, by email." in page
    browser.post(f"/crates/{crate.pk}/note/", {"text": "He haggles."})
    browser.post(f"/crates/{crate.pk}/note/", {"text": "He haggles.", "audience": "internal"})
    assert not Message.objects.exists()
    assert Event.objects.filter(code="note.added").count() == 2
    browser.post(f"/crates/{crate.pk}/note/", {"text": "Your crate left.", "audience": "customer"})
    message = Message.objects.get()
    assert (message.to_address, message.body) == ("anna@example.com", "Your crate left.")
    assert "Oak floor" in message.subject_line
    assert Event.objects.filter(code="note.added").count() == 2


def test_files_stay_with_an_internal_note(browser: Client, crate: Any) -> None:
    file = SimpleUploadedFile("plan.pdf", PDF, "application/pdf")
    browser.post(f"/crates/{crate.pk}/note/", {"text": "See the plan.", "files": file})
    assert Attachment.objects.get().event == Event.objects.get()
    assert not Message.objects.exists()


def test_without_the_right_or_a_person_nobody_can_be_written_to(client: Client, crate: Any, cast: Any) -> None:
    client.force_login(make_user("Reader"))
    assert 'value="customer"' not in client.get(f"/crates/{crate.pk}/").content.decode()
    note = f"/crates/{crate.pk}/note/"
    assert client.post(note, {"text": "Hello", "audience": "customer"}).status_code == 403
    assert client.post(f"/crates/{crate.pk}/do/write/", {}).status_code == 403
    client.force_login(make_user("Writer", permissions=RIGHTS))
    cast.contact = None
    answer = client.post(note, {"text": "Hello you", "audience": "customer"})
    assert answer.status_code == 409 and "Hello you" in answer.content.decode()
    cast.contact = replace(ANNA, email="", phone="")
    assert client.post(note, {"text": "Hello", "audience": "customer"}).status_code == 409
    assert not Message.objects.exists() and not Event.objects.exists()


def test_a_record_that_one_may_not_see_cannot_be_written_from(browser: Client, cast: Any) -> None:
    hidden = Team.objects.create(name="Hidden")
    assert write(browser, hidden).status_code == 404
    assert not Message.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant", "de"])
def test_every_page_speaks_the_readers_language(browser: Client, crate: Any, waiting: Any, language: str) -> None:
    message = waiting()
    for address in ("/inbox/", "/messages/", f"/messages/{message.pk}/", f"/crates/{crate.pk}/do/write/"):
        answer = browser.get(address, {"lang": language})
        assert answer.status_code == 200
        assert answer["Content-Language"] == language
    with translation.override(language):
        assert str(message) == "Hello"
