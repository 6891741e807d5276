"""What tags, own fields, pins and the timeline's pages make of two customers that became one."""

from __future__ import annotations

import re

import pytest

from crm import services
from crm.models import CustomerMerge, GivenUp
from crm.services.development import give_up
from foundation.journal.models import Event
from foundation.journal.pins import pin_event
from foundation.journal.services import add_note
from tests.crm.conftest import anna, maria, roles  # noqa: F401
from tests.crm.factories import make_customer

pytestmark = pytest.mark.django_db


def test_the_timeline_is_paged_across_both_numbers_and_pins_of_either_stand_on_top(anna, maria, client):  # noqa: F811
    winner, loser = make_customer("Bodenwerk", owner=anna), make_customer("Bodenwerke", owner=anna)
    for number in range(40):
        add_note(winner, f"winner says {number:02}.", actor=anna)
        note = add_note(loser, f"loser says {number:02}.", actor=anna)
    services.merge_customers(winner.pk, loser.pk, actor=maria)
    client.force_login(maria)
    here = winner.get_absolute_url()
    client.post(f"{here}pin/", {"pin": note.pk})
    page = client.get(here)
    assert [entry.id for entry in page.context["record"].timeline.pinned] == [f"event-{note.pk}"]
    texts, url = page.content.decode(), page.context["record"].timeline.older_url
    while url:
        page = client.get(here + url)
        texts, url = texts + page.content.decode(), page.context["record"].timeline.older_url
    for who in ("winner", "loser"):
        for number in range(40):
            assert texts.count(f"{who} says {number:02}.") >= 1
    client.post(f"{here}pin/", {"unpin": note.pk})
    assert client.get(here).context["record"].timeline.pinned == []


def test_own_fields_and_the_service_owner_fill_what_the_winner_has_not_and_come_back(anna, maria):  # noqa: F811
    winner, loser = make_customer("Bodenwerk", owner=anna), make_customer("Bodenwerke", owner=anna)
    type(winner).objects.filter(pk=winner.pk).update(own={"floor": "oak"})
    type(winner).objects.filter(pk=loser.pk).update(own={"floor": "ash", "halls": 3}, service_owner=anna)
    for one in (winner, loser):
        give_up(one.pk, actor=anna, reason=GivenUp.Reason.values[0])
    merge = services.merge_customers(winner.pk, loser.pk, actor=maria)
    winner.refresh_from_db()
    assert (winner.own, winner.service_owner) == ({"floor": "oak", "halls": 3}, anna)
    assert GivenUp.objects.filter(customer=winner, resumed_at=None).count() == 1
    services.undo_merge(merge.pk, actor=maria)
    for one in (winner, loser):
        one.refresh_from_db()
    assert (winner.own, winner.service_owner) == ({"floor": "oak"}, None)
    assert loser.own == {"floor": "ash", "halls": 3}
    assert pin_event(add_note(loser, "on its own again", actor=anna).pk, actor=anna).customer_id == loser.pk


def test_the_buttons_of_the_page_merge_once_and_undo_once(anna, maria, client):  # noqa: F811
    winner, loser = make_customer("Bodenwerk", owner=anna), make_customer("Bodenwerke", owner=anna, industry="Wood")
    client.force_login(maria)

    def press(address, **said):
        """As a browser posts the form: with what is hidden in it, its token above all, twice."""
        main = client.get(address).content.decode().split("<main")[1]
        values = {**dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', main)), **said}
        assert values["submission"]
        return [client.post(address, values).get("Location") for _press in range(2)]

    compared = f"{winner.get_absolute_url()}do/merge/?with={loser.pk}"
    assert press(compared, industry="other") == [winner.get_absolute_url()] * 2
    merge = CustomerMerge.objects.get()
    assert (merge.winner, merge.loser) == (winner, loser)
    winner.refresh_from_db()
    assert winner.industry == "Wood"
    assert client.get(compared)["Location"] == winner.get_absolute_url()  # a page that was left open says what happened
    assert press(merge.get_absolute_url(), reason="Two after all") == [loser.get_absolute_url()] * 2
    assert Event.objects.filter(code="customer.unmerged").count() == 1
