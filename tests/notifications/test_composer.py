"""The composer: one draft for all, templates filled, files of the record, later, and ten seconds to undo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from foundation.accounts.models import Team, User
from foundation.journal.attachments import attach
from foundation.journal.models import Event
from foundation.notifications import subjects
from foundation.notifications.actions import offer_writing
from foundation.notifications.delivery import deliver_due
from foundation.notifications.models import Message, MessageDraft, Rule
from tests.accounts.factories import make_user
from tests.notifications.conftest import ANNA
from tests.notifications.sinks import MailSink
from tests.notifications.test_delivery import PDF
from tests.notifications.test_pages import RIGHTS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.notifications.urls")]


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


def fields(**values: Any) -> dict[str, Any]:
    return {"recipient": ANNA.key, "channel": "email", "subject_line": "Ihre Kiste", "body": "Guten Tag", **values}


def write(browser: Client, crate: Any, **values: Any) -> Any:
    return browser.post(f"/crates/{crate.pk}/do/write/", fields(**values))


def test_after_send_there_are_ten_seconds_to_undo_and_the_words_are_a_draft_again(
    browser: Client, colleague: User, crate: Any, mail: MailSink
) -> None:
    answer = write(browser, crate)
    message = Message.objects.get()
    assert answer["Location"] == f"/crates/{crate.pk}/?sent={message.pk}"
    assert timedelta(seconds=8) < message.next_attempt_at - message.created_at < timedelta(seconds=12)
    assert deliver_due() == 0
    page = browser.get(answer["Location"]).content.decode()
    assert "leaves in 10 seconds" in page and f"/messages/{message.pk}/take-back/" in page
    back = browser.post(f"/messages/{message.pk}/take-back/")
    assert back["Location"] == f"/crates/{crate.pk}/do/write/"
    message.refresh_from_db()
    assert message.state == "cancelled"
    page = browser.get(back["Location"]).content.decode()
    assert "Guten Tag" in page and "Ihre Kiste" in page
    Message.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert deliver_due() == 0 and not mail.mails


def test_the_switch_above_the_timeline_gives_the_same_ten_seconds_and_leaves_the_draft(
    browser: Client, crate: Any, mail: MailSink
) -> None:
    browser.post(f"/crates/{crate.pk}/do/write/", fields(keep="1", seen="0", body="A longer letter"))
    answer = browser.post(f"/crates/{crate.pk}/note/", {"text": "It left.", "audience": "customer"})
    message = Message.objects.get(body="It left.")
    assert answer["Location"] == f"/crates/{crate.pk}/?sent={message.pk}"
    assert timedelta(seconds=8) < message.next_attempt_at - message.created_at < timedelta(seconds=12)
    assert "leaves in 10 seconds" in browser.get(answer["Location"]).content.decode()
    assert MessageDraft.objects.get().fields["body"] == "A longer letter"
    back = browser.post(f"/messages/{message.pk}/take-back/", follow=True)
    assert "Its words are kept here." in back.content.decode() and "It left." in back.content.decode()
    assert MessageDraft.objects.get().fields["body"] == "A longer letter"
    message.refresh_from_db()
    assert message.state == "cancelled" and deliver_due() == 0


def test_who_undoes_too_late_or_for_somebody_else_is_told(
    browser: Client, crate: Any, mail: MailSink, client: Client
) -> None:
    write(browser, crate)
    message = Message.objects.get()
    Message.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert deliver_due() == 1
    assert "is on its way" in browser.get(f"/crates/{crate.pk}/?sent={message.pk}").content.decode()
    answer = browser.post(f"/messages/{message.pk}/take-back/", follow=True)
    assert "Too late: the message has left." in answer.content.decode()
    other = Client()
    other.force_login(make_user("Chen", permissions=RIGHTS))
    assert other.post(f"/messages/{message.pk}/take-back/").status_code == 404
    assert "sent-notice" not in other.get(f"/crates/{crate.pk}/?sent={message.pk}").content.decode()


def test_a_message_can_leave_later_and_is_listed_until_then(browser: Client, colleague: User, crate: Any) -> None:
    later = (timezone.now() + timedelta(days=2)).astimezone(timezone.get_default_timezone())
    answer = write(browser, crate, send_at=f"{later:%Y-%m-%dT%H:%M}")
    assert answer.status_code == 302, answer.content.decode()
    message = Message.objects.get()
    assert message.next_attempt_at - timezone.now() > timedelta(days=1, hours=10)
    assert "Email to Anna Berg" in browser.get("/messages/?view=waiting").content.decode()
    assert browser.post(f"/messages/{message.pk}/do/cancel/").status_code == 302
    past = write(browser, crate, send_at="2020-01-01T10:00")
    assert past.status_code == 409 and "Choose a moment in the future" in past.content.decode()
    assert Message.objects.count() == 1


def test_a_draft_is_kept_as_typed_and_two_people_at_once_are_told(browser: Client, crate: Any) -> None:
    url = f"/crates/{crate.pk}/do/write/"
    first = browser.post(url, fields(typed="1", seen="0"))
    assert "Draft kept: Lena Vogt" in first.content.decode() and 'name="seen" value="1"' in first.content.decode()
    other = Client()
    other.force_login(make_user("Chen Wei", permissions=RIGHTS))
    page = other.get(url).content.decode()
    assert "Lena Vogt is writing this draft" in page and "Guten Tag" in page
    assert 'value="2"' in other.post(url, fields(typed="1", seen="1", body="Guten Abend")).content.decode()
    refused = browser.post(url, fields(typed="1", seen="1", body="Guten Morgen")).content.decode()
    assert "Chen Wei is writing here too" in refused
    assert MessageDraft.objects.get().fields["body"] == "Guten Abend"
    kept = browser.post(url, fields(keep="1", seen="1", body="Guten Morgen"))
    assert kept.status_code == 409 and "Guten Morgen" in kept.content.decode()
    assert not Message.objects.exists() and not Event.objects.exists()
    write(browser, crate)
    assert not MessageDraft.objects.exists()


def test_a_template_is_filled_and_its_gaps_must_be_closed(browser: Client, crate: Any, add_rule: Any) -> None:
    add_rule(words={"body": "{recipient_name}: {crate_name}, {late_days}"})
    url = f"/crates/{crate.pk}/do/write/"
    assert "crate_packed" in browser.get(url).content.decode()
    page = browser.post(url, fields(fill="1", template_key="crate_packed")).content.decode()
    assert "Anna Berg: Oak floor, ‹" in page and not Message.objects.exists()
    refused = write(browser, crate, template_key="crate_packed", body="Oak floor, ‹late days›")
    assert refused.status_code == 422 and "Still to be filled in: ‹late days›." in refused.content.decode()
    write(browser, crate, template_key="crate_packed", body="Oak floor, 3")
    message = Message.objects.get()
    assert (message.template_key, message.template_version, message.language) == ("crate_packed", 1, "de")
    assert Rule.objects.count() == 1


def test_a_gap_in_the_subject_keeps_no_text_message_back(browser: Client, crate: Any) -> None:
    write(browser, crate, channel="sms", subject_line="‹late days› days late", body="Your crate is ready.")
    message = Message.objects.get()
    assert (message.channel, message.subject_line, message.body) == ("sms", "", "Your crate is ready.")


def test_words_that_were_filled_in_or_refused_are_a_draft(browser: Client, crate: Any, add_rule: Any) -> None:
    add_rule(words={"body": "{recipient_name}: {crate_name}, {late_days}"})
    url = f"/crates/{crate.pk}/do/write/"
    browser.post(url, fields(fill="1", template_key="crate_packed"))
    assert MessageDraft.objects.get().fields["body"].startswith("Anna Berg: Oak floor, ‹")
    refused = write(browser, crate, body="Oak floor, ‹late days›").content.decode()
    assert refused.count("Error: ") == 1
    assert MessageDraft.objects.get().fields["body"] == "Oak floor, ‹late days›"
    assert "Oak floor, ‹late days›" in browser.get(url).content.decode()
    other = Client()
    other.force_login(make_user("Chen Wei", permissions=RIGHTS))
    late = other.post(url, fields(fill="1", template_key="crate_packed", seen="1"))
    assert late.status_code == 409 and "Lena Vogt is writing here too" in late.content.decode()
    assert MessageDraft.objects.get().fields["body"] == "Oak floor, ‹late days›"


def test_files_of_the_record_go_out_and_nobody_elses(browser: Client, crate: Any, colleague: User) -> None:
    def file_of(record: Any) -> Any:
        return attach(record, SimpleUploadedFile("plan.pdf", PDF, "application/pdf"), actor=colleague, purpose="plan")

    mine, other = file_of(crate), file_of(Team.objects.create(name="Another"))
    assert write(browser, crate, papers=[str(other.pk)]).status_code == 422
    assert write(browser, crate, papers=[str(mine.pk)], channel="sms").status_code == 409
    assert write(browser, crate, papers=[str(mine.pk)]).status_code == 302
    assert [one.attachment for one in Message.objects.get().attachments.all()] == [mine]


@pytest.mark.parametrize(("channel", "address", "is_taken"), [
    ("email", "neu@example.com", True), ("email", "neu@", False), ("email", "", False), ("sms", "+49 30 1234567", True), ("sms", "neu", False),
])  # fmt: skip
def test_an_address_typed_by_hand_is_warned_about_and_checked(
    browser: Client, crate: Any, channel: str, address: str, is_taken: bool
) -> None:
    assert "in nobody's file" in browser.get(f"/crates/{crate.pk}/do/write/").content.decode()
    answer = write(browser, crate, recipient="other", other_address=address, channel=channel)
    assert answer.status_code == (302 if is_taken else 422)
    assert Message.objects.filter(customer_id=ANNA.customer_id).count() == is_taken


def test_the_status_says_language_parts_and_the_customers_time(browser: Client, crate: Any) -> None:
    url = f"/crates/{crate.pk}/do/write/"
    said = browser.post(
        url, fields(typed="1", channel="sms", body="你" * 71, send_at="2036-01-15T10:00")
    ).content.decode()
    assert (
        "2 paid parts · 71 places taken · 63 left in the last part · UCS-2" in said
        and "For the customer that is" in said
        and "Will be sent in German" in said
    )


def test_the_note_beside_the_message_goes_nowhere(browser: Client, crate: Any) -> None:
    page = browser.get(f"/crates/{crate.pk}/do/write/").content.decode()
    assert "only colleagues read this, it is never sent" in page and f'action="/crates/{crate.pk}/note/"' in page
    browser.post(f"/crates/{crate.pk}/note/", {"text": "He haggles."})
    assert not Message.objects.exists() and Event.objects.get().code == "note.added"


def test_the_composer_costs_the_same_for_two_and_twenty_files(
    browser: Client, crate: Any, colleague: User, add_rule: Any, django_assert_max_num_queries: Any
) -> None:
    add_rule()
    for number in range(20):
        file = SimpleUploadedFile(f"plan{number}.pdf", PDF, "application/pdf")
        attach(crate, file, actor=colleague, purpose="plan")
        if number in (1, 19):
            browser.get(f"/crates/{crate.pk}/do/write/")
            with django_assert_max_num_queries(22):
                page = browser.get(f"/crates/{crate.pk}/do/write/").content.decode()
            assert f"plan{number}.pdf" in page
