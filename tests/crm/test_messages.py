"""Who is told what about an inquiry, in which language, and that the words agree across languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine

from crm import messages, services
from crm.services.hours import office_at
from foundation.accounts.models import Company
from foundation.calendars.defaults import load as load_calendars
from foundation.calendars.selectors import is_office_open
from foundation.notifications.defaults import load_messages, shipped_messages
from foundation.notifications.models import InboxItem, Message
from tests.accounts.factories import make_user
from tests.crm.factories import inquiry_in, make_inquiry

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "zh-hans", "zh-hant", "de")
# A Wednesday in Guangzhou: ten in the morning, and nine in the evening.
OPEN = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
CLOSED = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)


@pytest.fixture
def words(db: None) -> None:
    load_calendars()
    load_messages()


def told(address: str) -> list[Message]:
    return list(Message.objects.filter(to_address=address).order_by("pk"))


@pytest.mark.parametrize("key", [one.key for one in shipped_messages() if one.key.startswith("inquiry.")])
def test_every_language_uses_the_same_placeholders(key):
    texts = {one.key: one.texts for one in shipped_messages()}[key]
    if not texts:
        return
    used = {
        code: set(re.findall(r"\{(\w+)\}", texts[code].subject + texts[code].body + texts[code].sms))
        for code in LANGUAGES
    }
    assert all(found == used["en"] for found in used.values()), used


@pytest.mark.parametrize(
    ("language", "phrase"),
    [("en", "thank you"), ("de", "vielen Dank"), ("zh-hans", "感谢"), ("zh-hant", "感謝"), ("fr", "thank you")],
)
def test_the_sender_gets_a_confirmation_in_their_language(words, language, phrase):
    with time_machine.travel(OPEN):
        inquiry = make_inquiry(language=language)
    message = told(inquiry.email)[0]
    assert phrase in message.body
    assert inquiry.number in message.body
    assert "{" not in message.body + message.subject_line


def test_outside_working_hours_the_confirmation_names_the_emergency_contact(words):
    company = Company.current()
    company.emergency_contact, company.emergency_phone = "Wei Chen", "+8613800138000"
    company.save()
    assert Company.current().time_zone == "Asia/Shanghai"
    with time_machine.travel(CLOSED):
        assert not is_office_open()
        late = make_inquiry()
    with time_machine.travel(OPEN):
        early = make_inquiry()
    assert "Wei Chen" in told(late.email)[0].body
    assert "Wei Chen" not in told(early.email)[0].body
    assert len(told(late.email)) == len(told(early.email)) == 1


def test_an_inquiry_taken_down_on_the_phone_is_not_confirmed_by_email(words):
    assert not told(make_inquiry(channel="phone").email)


def test_the_owner_is_told_unless_they_took_it_themselves(words, anna, maria):
    given = inquiry_in("new")
    services.assign_inquiry(given.pk, actor=maria, owner=anna)
    assert InboxItem.objects.filter(user=anna).count() == 1
    services.take_inquiry(inquiry_in("new").pk, actor=anna)
    assert InboxItem.objects.filter(user=anna).count() == 1


def test_the_managers_are_told_when_nobody_speaks_the_language(words, anna, maria):
    make_inquiry(language="fr")
    assert "French" in InboxItem.objects.get(user=maria).text


def test_a_promise_is_told_to_the_sender_in_their_own_time(words, anna):
    inquiry = inquiry_in("assigned", owner=anna, language="de", time_zone="Europe/Berlin")
    services.promise_answer(inquiry.pk, actor=anna, promised_at=datetime(2036, 1, 15, 11, 0, tzinfo=UTC))
    assert "12:00" in told(inquiry.email)[0].subject_line


def test_the_line_about_emergencies_is_empty_without_a_number(db):
    assert messages.emergency_line() == ""


def test_somebody_who_is_new_to_the_house_is_written_to_only_once(words):
    make_user("Nobody")
    inquiry = make_inquiry(request_key="once")
    make_inquiry(request_key="once", email=inquiry.email)
    assert len(told(inquiry.email)) == 1


def test_on_a_holiday_the_reply_says_when_we_are_back(words):
    """The first of May: closed in Shanghai for the labour days."""
    first_of_may = datetime(2026, 5, 1, 2, 0, tzinfo=UTC)
    office = office_at(first_of_may)
    inquiry = make_inquiry(language="en", received_at=first_of_may)
    assert office.on_holiday and office.back_at is not None and office.back_at > first_of_may
    message = told(inquiry.email)[0]
    assert "closed for a holiday" in message.body and "May 2026" in message.subject_line
    assert len(told(inquiry.email)) == 1 and "{" not in message.body
