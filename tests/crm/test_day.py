"""What somebody's first page plans for today."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from crm.models import Inquiry
from crm.services import plan_next_step
from foundation.accounts.models import User
from foundation.ui.panels import panels_for
from tests.crm.factories import inquiry_in, make_customer
from tests.support.defaults import load_defaults


def entries(rf, user: User) -> list:
    request = rf.get("/")
    request.user = User.objects.get(pk=user.pk)
    return [entry for group in panels_for("day.today", request=request) for entry in group]


def due(owner: User, days: int, step: str = "Ask about the samples", name: str = ""):
    customer = make_customer(name, owner=owner)
    day = timezone.localdate() + timedelta(days=days)
    return plan_next_step(customer.pk, actor=None, next_step=step, next_step_on=day)


def test_my_next_steps_that_are_due_stand_on_my_day_and_say_which_are_late(client, anna):
    User.objects.filter(pk=anna.pk).update(time_zone="UTC")
    due(anna, 0, "Send the price list", "Hafen GmbH")
    due(anna, -3, "Call about the deposit", "Kai GmbH")
    due(anna, 1, "Visit the fair")
    client.force_login(anna)
    shown = client.get("/").content.decode()
    today = shown[shown.index("<h2>Today</h2>") :].partition("</ol>")[0]
    assert today.index("Call about the deposit") < today.index("Send the price list")
    assert "Kai GmbH" in today and "Hafen GmbH" in today
    assert today.count("overdue") == 1
    assert "Visit the fair" not in today
    assert "Nothing planned" not in today


def test_steps_of_colleagues_and_of_closed_customers_are_not_mine(rf, anna, wei, maria):
    due(wei, 0)
    gone = due(anna, 0)
    type(gone).objects.filter(pk=gone.pk).update(archived_at=timezone.now())
    assert entries(rf, anna) == []
    assert entries(rf, maria) == []


def test_an_answer_promised_for_today_stands_at_its_time(rf, anna):
    now = timezone.now()
    inquiry = inquiry_in("assigned", owner=anna, subject="Herringbone", promised_at=now)
    inquiry_in("answered", owner=anna, promised_at=now, answered_at=now, answered_by=anna)
    found = entries(rf, anna)
    assert [entry.url for entry in found] == [inquiry.get_absolute_url()]
    assert "Herringbone" in str(found[0].text)
    assert found[0].at == timezone.localtime(now).strftime("%H:%M")
    with translation.override("zh-hans"):
        assert "Herringbone" in str(entries(rf, anna)[0].text)


@pytest.mark.parametrize("rows", [2, 20])
def test_the_day_asks_the_same_questions_for_two_and_for_twenty(rf, anna, rows, django_assert_max_num_queries):
    for number in range(rows):
        due(anna, -number)
    entries(rf, anna)
    with django_assert_max_num_queries(10):  # visits, receptions and who is to hear from us among them
        found = entries(rf, anna)
    assert len(found) == min(rows, 11)
    assert (found[-1].url == f"/customers/?view=due&owner={anna.pk}") == (rows > 10)


def test_the_list_opens_on_mine_for_those_who_have_some_and_else_on_what_is_open(client, anna, maria):
    mine = inquiry_in("assigned", owner=anna, subject="Skirting for Anna")
    inquiry_in("closed", subject="Long ago", closed_at=timezone.now())
    for person, tab in ((anna, "mine"), (maria, "open")):
        client.force_login(person)
        shown = client.get("/inquiries/").content.decode()
        assert mine.subject in shown
        assert "Long ago" not in shown
        tabs = shown[shown.index('class="tabs') : shown.index("</nav>", shown.index('class="tabs'))]
        current = tabs[: tabs.index("aria-current")]
        assert current.rindex(f"view={tab}") == current.rindex("view=")


def test_a_list_that_was_asked_for_stays_even_when_it_is_empty(client, maria):
    inquiry_in("assigned", subject="Somebody's")
    client.force_login(maria)
    shown = client.get("/inquiries/?view=mine").content.decode()
    assert "Somebody" not in shown
    assert Inquiry.objects.count() == 1


def test_a_promise_names_the_question_and_not_only_its_number(client, anna):
    from tests.crm.factories import make_inquiry

    load_defaults()
    inquiry = make_inquiry(subject="Herringbone for a hotel", actor=anna)
    assert inquiry.owner == anna
    client.force_login(anna)
    assert f"{inquiry.number} · Herringbone for a hotel" in client.get("/").content.decode()
