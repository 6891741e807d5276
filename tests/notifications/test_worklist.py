"""The worklist of failures: many at once, another channel, and the history of one message."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import InternalError, transaction

from foundation.journal.models import Event
from foundation.journal.services import record
from foundation.notifications.delivery import deliver_due
from foundation.notifications.models import Message, MessageStep
from tests.notifications.test_pages import _places, browser, colleague  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.notifications.urls")]


@pytest.fixture
def failed(waiting: Any, mail: Any) -> Any:
    """Messages that the mail server refuses until the test says otherwise."""

    def fail(count: int) -> list[Message]:
        rows = [waiting(f"person{number}@example.com") for number in range(count)]
        mail.answers.update({row.to_address: "550 No such user" for row in rows})
        deliver_due()
        mail.answers.clear()
        return rows

    return fail


def test_every_step_is_kept_with_the_answer_of_the_provider(waiting, mail):
    mail.answers["anna@example.com"] = "450 Busy"
    message = waiting()
    deliver_due()
    mail.answers["anna@example.com"] = "550 No such user"
    Message.objects.update(next_attempt_at=message.created_at)
    deliver_due()
    steps = [(one.state, one.attempt, one.detail) for one in message.steps.all()]
    assert steps == [("queued", 1, "450 Busy"), ("failed", 2, "550 No such user")]
    assert message.steps.first().to_address == "anna@example.com"


def test_a_step_cannot_be_rewritten(failed):
    failed(1)
    with pytest.raises(InternalError), transaction.atomic():
        MessageStep.objects.update(detail="It never failed")


def test_the_page_tells_the_whole_history(browser, failed, mail):  # noqa: F811
    (message,) = failed(1)
    browser.post(f"/messages/{message.pk}/do/resend/")
    deliver_due()
    page = browser.get(f"/messages/{message.pk}/").content.decode()
    assert "550 No such user" in page and "Attempt 1" in page
    assert "Message sent again" in page and "Lena Vogt" in page and "Taken by the provider" in page


def test_many_are_sent_again_at_once(browser, failed, mail):  # noqa: F811
    rows = failed(3)
    listed = browser.get("/messages/").content.decode()
    assert listed.count('name="pk"') == 3 and "/messages/many/resend/" in listed
    answer = browser.post("/messages/many/resend/?view=failed", {"pk": [row.pk for row in rows[:2]]}, follow=True)
    assert "2 messages will be sent again." in answer.content.decode()
    assert Event.objects.filter(code="message.resent").count() == 2
    assert deliver_due() == 2
    assert Message.objects.filter(state="failed").count() == 1


def test_who_comes_too_late_is_told_and_the_others_go_on(browser, failed):  # noqa: F811
    rows = failed(2)
    Message.objects.filter(pk=rows[0].pk).update(state="cancelled")
    answer = browser.post("/messages/many/cancel/", {"pk": [row.pk for row in rows]}, follow=True)
    text = answer.content.decode()
    assert "1 message called off." in text and "1 message could not" in text


@pytest.mark.parametrize("pks", [[], ["x"], ["9" * 30], ["999999"]])
def test_nothing_ticked_changes_nothing(browser, failed, pks):  # noqa: F811
    failed(1)
    answer = browser.post("/messages/many/cancel/", {"pk": pks}, follow=True)
    assert answer.status_code == 200 and "Select messages first." in answer.content.decode()
    assert Message.objects.filter(state="failed").count() == 1


def test_without_the_right_nothing_can_be_ticked(client, failed):
    from tests.accounts.factories import make_user

    (message,) = failed(1)
    client.force_login(make_user("Only Looks", permissions=("notifications.view_message",)))
    assert 'name="pk"' not in client.get("/messages/").content.decode()
    assert client.post("/messages/many/cancel/", {"pk": [message.pk]}).status_code == 403
    assert Message.objects.filter(state="failed").count() == 1


def test_unknown_actions_do_not_exist(browser):  # noqa: F811
    assert browser.post("/messages/many/explode/", {"pk": ["1"]}).status_code == 404


def test_the_list_is_narrowed_by_channel_and_reason(browser, failed, waiting, cast):  # noqa: F811
    failed(1)
    for asked, count in (
        ("channel=email", 1), ("channel=sms", 0), ("reason=refused", 1), ("reason=address", 0), ("reason=fault", 0),
    ):  # fmt: skip
        page = browser.get(f"/messages/?{asked}").content.decode()
        assert page.count('name="pk"') == count, asked
    assert browser.get("/messages/?reason=nonsense").status_code == 200


def test_a_failed_email_goes_out_as_a_text_message_in_the_words_of_that_channel(
    browser, add_rule, crate, mail, sms  # noqa: F811
):  # fmt: skip
    add_rule()
    record("crate.packed", crate, facts={"weight": 12})
    mail.answers["anna@example.com"] = "550 No such user"
    deliver_due()
    old = Message.objects.get()
    form = browser.get(f"/messages/{old.pk}/do/send-otherwise/").content.decode()
    assert "+4930123456" in form and "Gepackt: Oak floor" in form
    values = {"to_address": "+49 30 123456", "body": "Gepackt: Oak floor"}
    assert browser.post(f"/messages/{old.pk}/do/send-otherwise/", values).status_code == 302
    new = Message.objects.exclude(pk=old.pk).get()
    old.refresh_from_db()
    assert (old.state, new.channel, new.instead_of) == ("cancelled", "sms", old)
    assert deliver_due() == 1 and sms.texts[0]["text"] == "Gepackt: Oak floor"
    assert f"/messages/{new.pk}/" in browser.get(f"/messages/{old.pk}/").content.decode()
    assert f"/messages/{old.pk}/" in browser.get(f"/messages/{new.pk}/").content.decode()
    assert browser.post(f"/messages/{old.pk}/do/send-otherwise/", values).status_code == 409
    assert Message.objects.count() == 2


def test_the_other_channel_wants_its_own_kind_of_address(browser, failed):  # noqa: F811
    (message,) = failed(1)
    values = {"to_address": "anna@example.com", "body": "Your crate is packed."}
    answer = browser.post(f"/messages/{message.pk}/do/send-otherwise/", values)
    assert answer.status_code == 422 and "Your crate is packed." in answer.content.decode()
    assert Message.objects.count() == 1


def test_messages_of_unknown_fate_are_ticked_as_sent(browser, waiting):  # noqa: F811
    rows = [waiting(f"person{number}@example.com") for number in range(2)]
    Message.objects.update(state="sending", lease_until=rows[0].created_at)
    Message.objects.update(state="unknown", lease_until=None)
    assert "It was sent" in browser.get("/messages/").content.decode()
    assert "It was sent" in browser.get(f"/messages/{rows[0].pk}/").content.decode()
    browser.post("/messages/many/confirm-sent/", {"pk": [row.pk for row in rows]})
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert Event.objects.filter(code="message.confirmed").count() == 2
