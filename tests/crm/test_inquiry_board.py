"""The board is the list's own query in columns: same filter, moved by the same actions, at the same cost for two cards and twenty."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import Inquiry
from tests.crm.factories import inquiry_in, make_inquiry

pytestmark = pytest.mark.django_db
BOARD = {"layout": "board", "view": "all"}


@pytest.fixture
def desk(client, anna):
    client.force_login(anna)
    return client


def board(client, **asked):
    return client.get(reverse("crm:inquiries"), {**BOARD, **asked})


def columns(answer):
    return {one.state: [card.title for card in one.cards] for one in answer.context["columns"]}


def test_the_columns_are_the_machines_states_and_the_filter_is_the_lists(desk, anna):
    for status in Inquiry.Status.values:
        inquiry_in(status, owner=anna, subject=f"web {status}", channel="web")
        inquiry_in(status, owner=anna, subject=f"chat {status}", channel="chat")
    found = columns(board(desk))
    assert list(found) == list(Inquiry.Status.values)
    assert all(len(titles) == 2 for titles in found.values())
    narrowed = columns(board(desk, channel="chat"))
    assert narrowed == {status: [f"chat {status}"] for status in Inquiry.Status.values}
    page = board(desk, channel="chat").content.decode()
    assert 'name="layout" value="board"' in page  # filtering keeps the layout
    assert "layout=board" in desk.get(reverse("crm:inquiries"), {"view": "all", "channel": "chat"}).content.decode()


def test_a_column_shows_so_many_cards_and_says_how_many_there_are(desk, anna):
    for _n in range(27):
        inquiry_in("answered", owner=anna)
    column = next(one for one in board(desk).context["columns"] if one.state == "answered")
    assert (len(column.cards), column.count) == (25, "27")
    assert "status=answered" in column.more_url
    assert "layout" not in column.more_url


def test_a_card_offers_what_the_record_offers_and_leads_back(desk, anna):
    inquiry_in("assigned", owner=anna)
    column = next(one for one in board(desk).context["columns"] if one.state == "assigned")
    moves = {(move.label, move.to) for move in column.cards[0].moves}
    assert ("Answer", "answered") in moves
    assert ("Close", "closed") in moves
    assert all("back=" in move.url for move in column.cards[0].moves)


def test_a_move_is_the_same_action_and_comes_back_to_the_board(desk, anna):
    inquiry = inquiry_in("new")
    back = reverse("crm:inquiries") + "?layout=board&view=all"
    url = reverse("crm:inquiry-do", args=[inquiry.pk, "take"])
    answer = desk.post(f"{url}?back={back.replace('&', '%26').replace('?', '%3F')}")
    assert (answer.status_code, answer.url) == (302, back)
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.owner) == ("assigned", anna)
    # the second says why, and stays on the board
    again = desk.post(f"{url}?back={back.replace('&', '%26').replace('?', '%3F')}", follow=True)
    assert again.redirect_chain[-1][0] == back
    assert "is not possible" in again.content.decode()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(desk, back):
    inquiry = inquiry_in("new")
    answer = desk.post(reverse("crm:inquiry-do", args=[inquiry.pk, "take"]) + f"?back={back}")
    assert answer.url == inquiry.get_absolute_url()


def test_who_may_not_see_inquiries_sees_no_board(client, roles):
    from tests.accounts.factories import make_user

    client.force_login(make_user("Fin", role="finance"))
    assert board(client).status_code == 403


def test_the_board_costs_the_same_for_two_and_for_twenty(desk, anna):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert board(desk).status_code == 200
        return len(asked)

    for _n in range(2):
        make_inquiry(language="de")
    cost()
    two = cost()
    for _n in range(18):
        make_inquiry(language="de")
        inquiry_in("answered", owner=anna)
    assert cost() <= two
    assert two <= 20
