"""The same question from the same sender is one inquiry, also when it comes twice at once; other questions are others."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import close_old_connections
from django.utils import timezone

from crm.models import Inquiry, InquiryPolicy
from crm.services import close_inquiry, receive_inquiry
from crm.services.repeats import is_alike
from foundation.accounts.roles import load_roles
from foundation.journal.models import Event, EventPrivate
from tests.accounts.factories import make_user
from tests.crm.factories import make_inquiry

pytestmark = pytest.mark.django_db
ASKED = {
    "email": "jo@bodenwerk.example",
    "text": "We need 600 m² of oak flooring in Hamburg by May. What is your price?",
}


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("How much is oak?", "how much is  OAK", True),
        ("We need 600 m² of oak flooring by May.", "We need 600 m² of oak flooring by May", True),
        ("We need 600 m² of oak flooring by May, please.", "We need 600 m² of oak floorings by May please!", True),
        ("We need 600 m² of oak flooring.", "We need 900 m² of oak flooring.", False),
        ("我们需要600平方米的橡木地板，请报价。", "我们需要600平方米橡木地板,请报价", True),
        ("How much is oak?", "Do you have glass partitions?", False),
        ("…", "…", True),
        ("+1", "-1", False),
        ("", "…", False),
    ],
)
def test_words_are_compared_without_what_does_not_matter(first, second, alike):
    assert is_alike(first, second, 90) is alike
    assert is_alike(second, first, 90) is alike


def test_the_same_sender_with_the_same_words_joins_the_open_inquiry(anna):
    first = make_inquiry(**ASKED)
    again = make_inquiry(**{**ASKED, "subject": "Second try", "channel": "email"})
    assert again == first
    assert again.was_joined
    assert (again.times_asked, Inquiry.objects.count()) == (2, 1)
    event = Event.objects.get(code="inquiry.repeated")
    assert event.facts["again_by"] == "email"
    assert "oak" not in str(event.facts)
    assert EventPrivate.objects.get(event=event).data["text"].startswith("Second try")


def test_a_question_of_few_words_is_read_with_its_subject(anna):
    doors = {"email": "jo@bodenwerk.example", "subject": "Glass doors", "text": "Prices?"}
    make_inquiry(**doors)
    assert make_inquiry(**{**doors, "subject": "glass  doors"}).was_joined
    assert not make_inquiry(**{**doors, "subject": "Glass walls"}).was_joined
    assert Inquiry.objects.count() == 2


def test_by_phone_alone_it_is_the_same_sender_in_any_writing(anna):
    first = make_inquiry(email="", phone="040 123456", subject="Oak", text="Oak in stock?")
    assert make_inquiry(email="", phone="+49 40 123456", subject="oak", text="oak in stock").was_joined
    assert not make_inquiry(email="", phone="040 654321", text="Oak in stock?").was_joined
    assert Inquiry.objects.get(pk=first.pk).times_asked == 2


def test_other_words_another_sender_a_closed_inquiry_and_an_old_one_are_new(anna):
    first = make_inquiry(**ASKED)
    assert not make_inquiry(**{**ASKED, "text": "And glass partitions?"}).was_joined
    assert not make_inquiry(**{**ASKED, "email": "other@bodenwerk.example"}).was_joined
    Inquiry.objects.filter(pk=first.pk).update(received_at=timezone.now() - timedelta(days=8))
    second = make_inquiry(**ASKED)
    assert not second.was_joined
    close_inquiry(second.pk, actor=None, outcome="spam")
    assert not make_inquiry(**ASKED).was_joined


def test_an_administrator_may_switch_it_off(anna):
    InquiryPolicy.objects.create(repeat_days=0)
    make_inquiry(**ASKED)
    assert not make_inquiry(**ASKED).was_joined


@pytest.mark.django_db(transaction=True)
def test_two_same_posts_at_once_are_one_inquiry():
    load_roles()
    make_user("Anna Berg", role="sales", languages={"en": 3})
    start, found = threading.Barrier(4), []

    def post() -> None:
        try:
            start.wait()
            found.append(
                receive_inquiry(
                    actor=None,
                    contact_name="Jo",
                    subject="Oak",
                    text="How much is oak?",
                    language="en",
                    email="jo@x.example",
                )
            )
        finally:
            close_old_connections()

    threads = [threading.Thread(target=post) for _n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 4
    assert Inquiry.objects.get().times_asked == 4
    assert sorted(one.was_joined for one in found) == [False, True, True, True]
