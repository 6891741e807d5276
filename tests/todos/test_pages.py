"""The pages of tasks and mentions, and what stands of them on the pages of others."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.models import User
from foundation.journal.models import Event
from foundation.todos.models import Task
from foundation.todos.selectors import MOST_OF_A_DAY
from foundation.todos.services import tasks
from tests.todos.factories import due_in, late, make_task, repeating
from tests.todos.pages import body, fields, signed_in, wei_writes

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------- cost


@pytest.mark.parametrize("rows", [2, 20])
@pytest.mark.parametrize("query", ["", "?view=asked", "?view=open&q=call", "?view=done", "?view=all&priority=normal"])
def test_the_list_costs_the_same_with_two_and_with_twenty_rows(
    customer, anna, wei, rows, query, django_assert_max_num_queries
):
    for number in range(rows):
        task = make_task(wei if "asked" in query else anna, actor=anna, subject=customer, title=f"Call {number}")
        if "done" in query:
            tasks.finish_task(task.pk, actor=anna)
    client = signed_in(anna)
    with django_assert_max_num_queries(9):
        page = body(client.get(f"/tasks/{query}"))
    assert page.count('<th scope="row"') == rows
    assert "Hafen GmbH" in page


@pytest.mark.parametrize("rows", [2, 20])
def test_a_record_costs_the_same_however_many_tasks_it_has(customer, anna, rows, django_assert_max_num_queries):
    for number in range(rows):
        make_task(anna, subject=customer, title=f"Call {number}")
    client = signed_in(anna)
    # rights and three kinds of settings are among them, which a process reads once but a test's open transaction each time
    with django_assert_max_num_queries(17):
        page = body(client.get(customer.get_absolute_url()))
    assert f"Call {rows - 1}" in page


@pytest.mark.parametrize("rows", [2, 20])
def test_my_day_costs_the_same_however_much_is_due(customer, anna, wei, rows, django_assert_max_num_queries):
    for number in range(rows):
        late(make_task(anna, subject=customer, title=f"Call {number}", due=due_in(anna)))
        wei_writes(wei, customer, f"@anna.berg number {number}")
    client = signed_in(anna)
    with django_assert_max_num_queries(14):
        page = body(client.get("/"))
    assert page.count("Call ") >= 2 and "number" in page


@pytest.mark.parametrize("rows", [2, 20])
def test_what_is_due_within_a_week_stands_among_my_deadlines(
    customer, anna, maria, rows, django_assert_max_num_queries
):
    for number in range(rows):
        late(make_task(anna, subject=customer, title=f"Call {number}", due=due_in(anna)))
    make_task(anna, title="In a fortnight", due=due_in(anna, 14))
    make_task(anna, title="Whenever")
    client = signed_in(anna)
    client.get("/deadlines/")
    with django_assert_max_num_queries(8):
        page = body(client.get("/deadlines/"))
    assert page.count('class="promise-do"') == min(rows, MOST_OF_A_DAY)
    assert "Hafen GmbH" in page and "In a fortnight" not in page and "Whenever" not in page
    assert "Call 0" not in body(signed_in(maria).get(f"/deadlines/?owner={anna.pk}"))
    client.post(re.findall(r'action="(/tasks/\d+/[^"]+)"', page)[0], {"next": "/deadlines/"})
    assert Task.objects.filter(status="done").count() == 1


# ---------------------------------------------------------------- the list


def test_the_views_of_the_list(anna, wei, maria, stranger):
    make_task(anna, title="Own work")
    make_task(wei, actor=anna, title="Given work")
    tasks.finish_task(make_task(anna, title="Old work").pk, actor=anna)
    make_task(stranger, title="Private work")
    shown = {
        view: [
            name
            for name in ("Own work", "Given work", "Old work", "Private work")
            if name in body(signed_in(anna).get(f"/tasks/?view={view}"))
        ]
        for view in ("mine", "asked", "open", "done", "all")
    }
    assert shown == {
        "mine": ["Own work"],
        "asked": ["Given work"],
        "open": ["Own work", "Given work"],
        "done": ["Old work"],
        "all": ["Own work", "Given work", "Old work"],
    }
    assert "view=team" not in body(signed_in(anna).get("/tasks/"))
    team = body(signed_in(maria).get("/tasks/?view=team"))
    assert "Own work" in team and "Given work" in team and "Private work" not in team


def test_the_soonest_stand_first_and_those_without_a_day_last(anna):
    for title, due in (("Third", None), ("Second", due_in(anna, 3)), ("First", due_in(anna, 1))):
        make_task(anna, title=title, due=due)
    page = body(signed_in(anna).get("/tasks/"))
    assert page.index("First") < page.index("Second") < page.index("Third")


def test_all_of_a_record_are_seen_from_the_record_only(customer, anna, wei, stranger):
    make_task(wei, title="For the customer", subject=customer)
    address = f"/tasks/?view=open&record=crm.customer:{customer.pk}"
    assert "For the customer" in body(signed_in(anna).get(address))
    assert "For the customer" not in body(signed_in(anna).get("/tasks/?view=open"))
    assert "For the customer" not in body(signed_in(stranger).get(address))


def test_an_empty_list_says_so_and_the_export_has_the_rows(anna):
    client = signed_in(anna)
    assert "Nothing here yet" in body(client.get("/tasks/"))
    make_task(anna, title="=SUM(A1)")
    answer = b"".join(client.get("/tasks/?format=csv").streaming_content).decode()
    assert "'=SUM(A1)" in answer and "Anna Berg" in answer


# ---------------------------------------------------------------- writing


def test_a_task_with_everything_by_a_plain_form(anna, wei):
    client = signed_in(anna)
    assert client.get("/tasks/new/").status_code == 200
    answer = client.post(
        "/tasks/new/",
        fields(
            person=wei.pk, due_time="09:30", priority="high", remind_amount="2", remind_unit="hours",
            every="2", repeat="weekly", until="2031-12-31", note="Ask first", waits_for_day="on",
        ),
    )  # fmt: skip
    task = Task.objects.get()
    assert answer.url == task.get_absolute_url()
    assert (task.person, task.asked_by, task.priority, task.remind_minutes) == (wei, anna, "high", 120)
    assert timezone.localtime(task.due_at, timezone.get_fixed_timezone(120)).time() == time(9, 30)
    assert (task.series.unit, task.series.every, task.series.waits_for_day) == ("weekly", 2, True)
    page = body(client.get(task.get_absolute_url()))
    for words in ("every 2 weeks, until 31 Dec 2031", "2 h before", "Wei Chen", "Ask first"):
        assert words in page, words


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"due_on": "", "due_time": "09:00"}, "due_on"),
        ({"due_on": "", "repeat": "daily"}, "due_on"),
        ({"due_on": "0001-01-01"}, "due_on"),
        ({"due_on": "9999-12-31"}, "due_on"),
        ({"due_on": "2021-05-05"}, "due_on"),
        ({"repeat": "daily", "until": "2031-05-01"}, "until"),
        ({"repeat": "yearly"}, "repeat"),
        ({"remind_amount": "999", "remind_unit": "days"}, "remind_amount"),
        ({"person": "0"}, "person"),
        ({"note": "@anna.berg @Nobody @Berg", "title": "x" * 201}, "title"),
    ],
)
def test_what_cannot_be_is_refused_next_to_its_field_and_kept(anna, values, field):
    answer = signed_in(anna).post("/tasks/new/", fields(**values))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert f'id="task-{field}_error"' in body(answer)
    assert "<title>Error:" in body(answer)
    assert not Task.objects.exists()


def test_a_person_who_may_not_see_the_record_is_refused_next_to_the_field(customer, anna, stranger):
    ref = f"crm.customer:{customer.pk}"
    answer = signed_in(anna).post("/tasks/new/", fields(record=ref, person=stranger.pk))
    assert answer.status_code == 422
    assert "Otto Fremd may not see this record" in answer.context["form"].errors["person"][0]
    assert not Task.objects.exists()


def test_a_day_before_the_task_was_written_down_is_a_slip_unless_it_stands_there_already(anna):
    client, today = signed_in(anna), timezone.localdate()
    yesterday, earlier = today - timedelta(days=1), today - timedelta(days=2)
    assert client.post("/tasks/new/", fields(due_on=yesterday.isoformat())).status_code == 302
    url = f"/tasks/{Task.objects.get().pk}/edit/"
    refused = client.post(url, fields(due_on=earlier.isoformat()))
    assert refused.status_code == 422 and "had passed before the task was written down" in body(refused)
    Task.objects.update(due_on=earlier, due_at=timezone.now() - timedelta(days=2))
    assert client.post(url, fields(due_on=earlier.isoformat(), title="Other words")).status_code == 302
    assert Task.objects.get().title == "Other words"


def test_editing_starts_with_what_is_known_and_saves_it_unchanged(anna):
    task = repeating(anna, "monthly", at=time(16, 45), every=3)
    before = Task.objects.values().get()
    client = signed_in(anna)
    form = client.get(f"/tasks/{task.pk}/edit/").context["form"]
    values = {name: form[name].value() for name in form.fields}
    posted = {name: str(value) for name, value in values.items() if value not in (None, False, "")}
    answer = client.post(f"/tasks/{task.pk}/edit/", posted)
    assert answer.status_code == 302
    assert Task.objects.values().get() == before
    assert not Event.objects.filter(code="task.changed").exists()
    client.post(f"/tasks/{task.pk}/edit/", {**posted, "title": "Other words"})
    assert Task.objects.get().title == "Other words"


def test_a_quick_task_from_my_day_comes_back_there_and_reminds_as_the_policy_says(anna):
    client = signed_in(anna)
    today = timezone.localdate() + timedelta(days=2)
    answer = client.post(
        "/tasks/new/", {"quick": "on", "next": "/", "title": "Call the bank", "due_on": today.isoformat()}
    )
    assert answer.url == "/"
    task = Task.objects.get()
    assert (task.person, task.remind_minutes) == (anna, 30)
    assert "Task noted: Call the bank" in body(client.get("/"))


def test_nobody_is_sent_out_of_the_house(anna):
    answer = signed_in(anna).post("/tasks/new/", fields(next="//evil.example/"))
    assert answer.url == Task.objects.get().get_absolute_url()


def test_a_settled_task_says_when_it_comes_again(anna):
    client, task = signed_in(anna), repeating(anna, "weekly")
    assert "Comes again" not in body(client.get(task.get_absolute_url()))
    tasks.finish_task(task.pk, actor=anna)
    following = Task.objects.get(status="open")
    page = body(client.get(task.get_absolute_url()))
    assert "Comes again" in page and f'href="{following.get_absolute_url()}"' in page
    waiting = repeating(anna, "weekly", waits_for_day=True)
    tasks.finish_task(waiting.pk, actor=anna)
    assert "Comes again" in body(client.get(waiting.get_absolute_url()))


# ---------------------------------------------------------------- on a record


def test_the_panel_takes_a_task_and_ticks_it_off_with_and_without_htmx(customer, anna):
    client, ref, htmx = signed_in(anna), f"crm.customer:{customer.pk}", {"HX-Request": "true"}
    page = body(client.get(customer.get_absolute_url()))
    assert "No task is open here." in page
    add = client.get(f"/tasks/on/?record={ref}", headers=htmx)
    assert '<div id="tasks-panel"' in body(add) and 'name="title"' in body(add) and "<html" not in body(add)
    assert client.get(f"/tasks/on/?record={ref}").url.startswith("/tasks/new/?record=")
    wrong = client.post("/tasks/new/", fields(record=ref, title=""), headers=htmx)
    assert wrong.status_code == 200 and 'id="task-title_error"' in body(wrong)
    made = client.post("/tasks/new/", fields(record=ref), headers=htmx)
    assert "Task noted: Send samples." in body(made) and "<html" not in body(made)
    plain = client.post("/tasks/new/", fields(record=ref, title="Second"))
    assert plain.url == f"{customer.get_absolute_url()}#tasks"
    first, second = Task.objects.order_by("pk")
    assert (first.subject, first.customer_id) == (customer, customer.pk)
    done = body(client.post(f"/tasks/{first.pk}/tick/", {"record": ref}, headers=htmx))
    assert "Done: Send samples." in done and "Undo" in done and "Second" in done
    here = f"{customer.get_absolute_url()}#tasks"
    assert client.post(f"/tasks/{second.pk}/tick/", {"record": ref, "next": here}).url == here
    assert not Task.objects.open().exists()
    undone = client.post(f"/tasks/{first.pk}/undo/?next={customer.get_absolute_url()}", headers=htmx)
    assert (undone.status_code, undone["HX-Redirect"]) == (204, customer.get_absolute_url())
    assert list(Task.objects.open()) == [first]
    client.post(f"/tasks/{first.pk}/tick/", {"record": ref}, headers=htmx)
    back = body(client.post(f"/tasks/{first.pk}/undo/?record={ref}", headers=htmx))
    assert "The task is open again." in back and "Send samples" in back and "<html" not in back


def test_a_second_tick_says_who_was_faster(anna):
    task = make_task(anna, title="Call")
    client = signed_in(anna)
    client.post(f"/tasks/{task.pk}/tick/", {"next": "/"})
    client.post(f"/tasks/{task.pk}/tick/", {"next": "/"})
    assert "is not possible: Call is “Done” now" in body(client.get("/"))
    assert Event.objects.filter(code="task.done").count() == 1


def test_what_happens_to_a_task_stands_quietly_on_its_record(customer, anna, wei):
    from tests.orders.factories import make_order

    order = make_order(customer=customer)
    task = make_task(anna, subject=order, title="Check the deposit")
    tasks.cancel_task(task.pk, actor=anna, reason="Paid already")
    client = signed_in(wei)
    for address in (order.get_absolute_url(), customer.get_absolute_url()):
        page = body(client.get(address))
        line = re.search(r'<li class="is-system"[^>]*>(?:(?!</li>).)*Task cancelled: (?:(?!</li>).)*', page, re.DOTALL)
        assert line and "Check the deposit" in line[0] and "Paid already" in line[0], address
        assert page.count("Task cancelled") == 1


def test_its_page_offers_only_what_can_be_done_by_this_person(customer, anna, wei, stranger):
    task = make_task(anna, subject=customer, title="Call")
    own, other = body(signed_in(anna).get(task.get_absolute_url())), body(signed_in(wei).get(task.get_absolute_url()))
    for words in ("Postpone", "Hand over", "Cancel the task"):
        assert words in own and words not in other
    assert "Call" in other and "Hafen GmbH" in other
    assert signed_in(stranger).get(task.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("path", ["", "edit/", "do/cancel/", "do/postpone/"])
def test_the_tasks_of_others_are_not_there(anna, stranger, path):
    task = make_task(anna)
    client = signed_in(stranger)
    assert client.get(f"/tasks/{task.pk}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["tick/", "undo/", "edit/", "do/finish/", "do/cancel/", "do/assign/", "note/"])
def test_neither_strangers_nor_lookers_on_change_anything(customer, anna, wei, stranger, path):
    task = make_task(anna, subject=customer)
    before = Task.objects.values().get(), Event.objects.count()
    given = {"reason": "No", "person": wei.pk, "title": "x", "text": ""}
    assert signed_in(stranger).post(f"/tasks/{task.pk}/{path}", given).status_code == 404
    if path != "note/":
        assert signed_in(wei).post(f"/tasks/{task.pk}/{path}", given).status_code == 403
    assert (Task.objects.values().get(), Event.objects.count()) == before


def test_a_record_that_is_not_mine_takes_no_task_of_mine(customer, anna, stranger):
    client = signed_in(stranger)
    for ref in (f"crm.customer:{customer.pk}", "crm.customer:99999999999999999999", "nothing", "auth.group:1"):
        assert client.get("/tasks/new/", {"record": ref}).status_code == 404
        assert client.get("/tasks/on/", {"record": ref}).status_code == 404
        assert client.post("/tasks/new/", fields(record=ref)).status_code == 404
    assert not Task.objects.exists()


@pytest.mark.parametrize(("choice", "days"), [("tomorrow", 1), ("day", 6)])
def test_postponing_by_its_form(anna, choice, days):
    task = make_task(anna, due=due_in(anna, 0))
    client = signed_in(anna)
    today = due_in(anna, 0).on
    given = {"to": choice, "on": (today + timedelta(days=days)).isoformat()}
    assert client.post(f"/tasks/{task.pk}/do/postpone/", given).status_code == 302
    assert Task.objects.get().due_on == today + timedelta(days=days)
    assert client.post(f"/tasks/{task.pk}/do/postpone/", {"to": "day", "on": ""}).status_code == 422
    past = client.post(f"/tasks/{task.pk}/do/postpone/", {"to": "day", "on": "2020-01-01"})
    assert past.status_code == 409 and "This day has passed already." in body(past)
    assert Task.objects.get().due_on == today + timedelta(days=days)


def test_next_monday_is_a_monday_that_comes(anna):
    task = make_task(anna, due=due_in(anna, 0))
    signed_in(anna).post(f"/tasks/{task.pk}/do/postpone/", {"to": "monday"})
    day = Task.objects.get().due_on
    assert day.weekday() == 0 and day > due_in(anna, 0).on


# ---------------------------------------------------------------- my day


def test_my_tasks_stand_among_the_promises_and_are_done_there(customer, anna):
    task = late(make_task(anna, title="Call the port", due=due_in(anna)))
    make_task(anna, title="Far away", due=due_in(anna, 9))
    client = signed_in(anna)
    page = body(client.get("/"))
    promises = page[page.index('<ul class="promises">') :].partition("</ul>")[0]
    assert "Call the port" in promises and "overdue" in promises and "Far away" not in promises
    assert f'action="/tasks/{task.pk}/tick/"' in promises
    assert 'aria-current="page"' in re.search(r'<a href="/"[^>]*data-area="day"[^>]*>', body(client.get("/tasks/")))[0]


# ---------------------------------------------------------------- administration and languages


def test_the_administration_shows_and_the_policy_changes(house, customer, anna, wei):
    repeating(anna)
    wei_writes(wei, customer, "@anna.berg")
    boss = User.objects.create_superuser("boss@kontor.example", "x", name="Boss")
    client = signed_in(boss)
    for name in ("task", "series", "mention", "taskpolicy"):
        assert client.get(reverse(f"admin:todos_{name}_changelist")).status_code == 200
    assert client.get(reverse("admin:todos_task_change", args=[Task.objects.get().pk])).status_code == 200
    assert client.get(reverse("admin:todos_task_add")).status_code == 403


@pytest.mark.parametrize(("language", "words"), [("de", "Aufgaben"), ("zh-hans", "任务"), ("zh-hant", "任務")])
def test_the_pages_speak_the_readers_language(anna, language, words):
    User.objects.filter(pk=anna.pk).update(language=language)
    task = repeating(anna, at=time(9))
    client = signed_in(anna)
    for path in ("/tasks/", task.get_absolute_url(), f"/tasks/{task.pk}/edit/", "/tasks/new/", "/"):
        answer = client.get(path)
        assert answer.status_code == 200 and words in body(answer), path
