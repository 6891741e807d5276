"""A task with a mention from a phone, with the keyboard of a desk, and without scripts."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect

from foundation.todos.models import Mention, Task
from tests.accounts.factories import make_team
from tests.crm.factories import make_customer
from tests.support.defaults import load_defaults
from tests.todos.factories import colleague

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Generous: the machine may be busy.
expect.set_options(timeout=20_000)
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def people():
    load_defaults()
    team = make_team("Europe")
    anna = colleague("Anna Berg", role="sales", team=team, email="anna.berg@kontor.example")
    return anna, colleague("王伟", role="sales", team=team, email="wei.wang@kontor.example")


@pytest.mark.parametrize("dark", [False, True])
def test_a_task_with_a_mention_from_a_phone(people, session_of, open_page, dark):
    anna, wei = people
    customer = make_customer("Hafen GmbH", owner=anna)
    page = open_page(customer.get_absolute_url(), width=390, dark=dark, session=session_of(anna))
    page.locator("#composer-text").fill("half a sentence")
    page.get_by_role("link", name="Add a task").click()
    form = page.locator("form.todo-add")
    form.get_by_label("What is to be done").fill("Send samples")
    form.get_by_label("Due on").fill("2031-05-05")
    note = form.get_by_label("Note")
    note.press_sequentially("Mit @wei")
    option = page.locator(".mention-list [role=option]", has_text="王伟")
    expect(option).to_have_attribute("aria-selected", "true")
    assert note.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert page.evaluate(FITS)
    note.press("Enter")
    expect(note).to_have_value("Mit @王伟 ")
    form.get_by_role("button", name="Note the task").click()
    expect(page.locator("#tasks-panel")).to_contain_text("Task noted: Send samples.")
    expect(page.locator("#timeline-entries")).to_contain_text("Task: Send samples")
    expect(page.locator("#composer-text")).to_have_value("half a sentence")
    task = Task.objects.get()
    assert (task.subject, task.note) == (customer, "Mit @王伟")
    assert Mention.objects.get().user == wei
    assert page.evaluate(FITS)
    box = page.locator("#tasks-panel .tick").bounding_box()
    assert min(box["width"], box["height"]) >= 44
    page.locator("#tasks-panel .tick").click()
    undo = page.locator("#tasks-panel .undo")
    expect(undo).to_be_visible()
    assert Task.objects.get().status == "done"
    undo.click()
    expect(page.locator("#tasks-panel")).to_contain_text("The task is open again.")
    assert Task.objects.get().status == "open"


def test_a_note_with_a_mention_from_the_composer(people, session_of, open_page):
    anna, wei = people
    customer = make_customer("Hafen GmbH", owner=anna)
    page = open_page(customer.get_absolute_url(), session=session_of(anna))
    text = page.locator("#composer-text")
    text.press_sequentially("请@王")
    expect(page.locator(".mention-list")).to_be_visible()
    text.press("Escape")
    expect(page.locator(".mention-list")).to_be_hidden()
    text.press_sequentially("伟看一下")
    page.get_by_role("button", name="Save note").click()
    mention = page.locator(".timeline .mention")
    expect(mention).to_have_text("@王伟")
    assert Mention.objects.get().user == wei


def test_words_that_were_saved_are_not_offered_again_and_those_that_were_not_are(people, session_of, open_page):
    anna, _wei = people
    page = open_page("/tasks/new/", session=session_of(anna))
    offer = page.get_by_text("What you typed here before was not saved.")
    page.get_by_label("What is to be done").fill("Order labels")
    page.locator("main form.form button.go").click()
    page.get_by_text("Task noted: Order labels.").wait_for()
    new = page.url.split("/tasks/")[0] + "/tasks/new/"
    page.goto(new)
    expect(page.get_by_label("What is to be done")).to_have_value("")
    expect(offer).to_have_count(0)
    page.get_by_label("What is to be done").fill("Order tape")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("main form.form button.go").click()
    page.wait_for_url("**/account/login/**")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(anna), "url": new}])
    page.goto(new)
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("What is to be done")).to_have_value("Order tape")
    assert Task.objects.count() == 1


def test_without_scripts_a_task_is_noted_and_done_on_my_day(people, session_of, open_page):
    anna, _wei = people
    page = open_page("/", width=390, scripts=False, session=session_of(anna))
    page.locator("#quick-title").fill("Call the bank")
    page.get_by_role("button", name="Note the task").click()
    promises = page.locator(".promises")
    assert "Call the bank" in promises.inner_text()
    assert page.evaluate(FITS)
    promises.get_by_role("button", name="Done").click()
    assert Task.objects.get().status == "done"
