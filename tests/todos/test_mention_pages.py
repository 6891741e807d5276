"""Mentions: where a colleague can be named, who is told and finds it, and who is not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from foundation.accounts.models import User
from foundation.journal.models import Event
from foundation.notifications.models import InboxItem
from foundation.todos.models import Mention, Task
from foundation.todos.services import tasks
from tests.todos.factories import due_in
from tests.todos.pages import body, fields, signed_in, wei_writes

pytestmark = pytest.mark.django_db


def test_a_colleague_named_in_a_note_is_told_once_and_finds_it_on_the_day(customer, anna, wei):
    assert wei_writes(wei, customer, "Please look, @anna.berg and again @Anna Berg. Mine: @wei.chen").status_code == 302
    event = Event.objects.get(code="note.added")
    assert event.private.data["text"] == "Please look, @Anna Berg and again @Anna Berg. Mine: @Wei Chen"
    assert event.facts["mentioned_ids"] == [anna.pk, wei.pk]
    assert [(one.user, one.by) for one in Mention.objects.all()] == [(anna, wei)]
    assert InboxItem.objects.get().text == "Wei Chen mentioned you: Hafen GmbH"
    assert InboxItem.objects.get().user == anna
    client = signed_in(anna)
    assert f'<a href="/people/{anna.pk}/" class="mention">@Anna Berg</a>' in body(
        client.get(customer.get_absolute_url())
    )
    day = body(client.get("/"))
    assert 'class="is-unread"' in day and "Please look, @Anna Berg" in day
    opened = client.post(f"/mentions/{Mention.objects.get().pk}/open/")
    assert opened.url == f"{customer.get_absolute_url()}#event-{event.pk}"
    assert Mention.objects.get().read_at is not None
    assert 'class="is-unread"' not in body(client.get("/"))


def test_unread_mentions_stand_first(customer, anna, wei):
    for text in ("@anna.berg one", "@anna.berg two"):
        wei_writes(wei, customer, text)
    newest = Mention.objects.order_by("-pk").first()
    client = signed_in(anna)
    client.post(f"/mentions/{newest.pk}/open/")
    page = body(client.get("/"))
    assert page.index("@Anna Berg one") < page.index("@Anna Berg two")


@pytest.mark.parametrize(
    ("text", "said"),
    [("Ask @Otto Fremd", "Otto Fremd may not see this record"), ("Ask @Anna", "may be several colleagues")],
)
def test_a_mention_that_leads_nowhere_or_to_several_is_refused_and_the_text_kept(
    customer, anna, wei, stranger, text, said
):
    from tests.todos.factories import colleague

    colleague("Anna Meier", email="anna.meier@kontor.example")
    answer = wei_writes(wei, customer, text)
    assert answer.status_code == 409
    assert said in body(answer) and text in body(answer) and 'id="composer-error"' in body(answer)
    assert not Event.objects.filter(code="note.added").exists() and not Mention.objects.exists()


def test_a_tasks_note_mentions_those_who_may_see_it(customer, anna, wei, maria, stranger):
    client, ref = signed_in(anna), f"crm.customer:{customer.pk}"
    client.post("/tasks/new/", fields(record=ref, note="With @maria.roth"))
    task = Task.objects.get()
    assert [one.user for one in Mention.objects.all()] == [maria]
    assert '<a href="/people/' in body(client.get(task.get_absolute_url()))
    refused = client.post("/tasks/new/", fields(note="With @otto.fremd"))
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["note"]
    assert "may not see a task that is on no record" in refused.context["form"].errors["note"][0]
    wish = tasks.Wish(task.title, due=due_in(anna), note="With @maria.roth and @wei.chen")
    tasks.change_task(task.pk, wish, actor=anna)
    assert {one.user for one in Mention.objects.all()} == {maria, wei}
    assert Mention.objects.count() == 2


def test_the_mention_of_somebody_else_is_not_there(customer, anna, wei):
    wei_writes(wei, customer, "@anna.berg")
    assert signed_in(wei).post(f"/mentions/{Mention.objects.get().pk}/open/").status_code == 404
    assert Mention.objects.get().read_at is None


def test_colleagues_are_found_while_typing(house, anna, wei, stranger):
    User.objects.filter(pk=stranger.pk).update(is_active=False)
    client = signed_in(anna)
    address = reverse("todos:colleagues")
    (one,) = client.get(address, {"q": "wei"}).json()["people"]
    assert (one["name"], one["insert"], one["detail"]) == ("Wei Chen", "Wei Chen", "Europe")
    assert client.get(address, {"q": "otto"}).json()["people"] == []
    assert len(client.get(address).json()["people"]) >= 2
    assert Client().get(address).status_code == 302
