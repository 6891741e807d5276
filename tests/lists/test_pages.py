"""What every list, the search box and the first page do alike."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client, RequestFactory

from foundation.accounts.models import Team, User
from foundation.lists.pages import Column, ListPage, Tab
from foundation.lists.pages.export import neutral

pytestmark = pytest.mark.django_db


class TeamList(ListPage):
    """A list of a model that needs no door."""

    model = Team
    title = "Teams"
    has_search = False
    ordering = ("name",)
    columns = (
        Column("name", "Name", lambda obj, page: obj.name, sort="name", place="title"),
        Column("email", "Email", lambda obj, page: obj.email, place="end"),
    )
    tabs = (Tab("all", "All"), Tab("mail", "With mail", lambda rows, request: rows.exclude(email="")))

    def visible(self, user: Any) -> QuerySet[Team]:
        return Team.objects.all()


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ada@example.org", "a long enough secret", name="Ada")


def answer(user: User, query: str = "") -> Any:
    request = RequestFactory().get(f"/teams/?{query}")
    request.user = user
    request._messages = []  # type: ignore[attr-defined]
    return TeamList.as_view()(request)


def teams(count: int) -> None:
    Team.objects.bulk_create(
        Team(name=f"Team {n:03}", email="" if n % 2 else f"t{n}@example.org") for n in range(count)
    )


@pytest.mark.parametrize("count", [2, 20])
def test_a_list_costs_the_same_queries_for_two_rows_and_twenty(
    user: User, count: int, django_assert_max_num_queries: Any
) -> None:
    teams(count)
    with django_assert_max_num_queries(6):  # two of them are the counters of rail and bell, read once a minute
        response = answer(user)
    assert response.content.decode().count('<th scope="row"') == count


def test_the_address_is_the_state(user: User) -> None:
    teams(60)
    page = answer(user, "sort=-name&view=mail&page=2").content.decode()
    assert 'aria-sort="descending"' in page
    assert "page=1" in page or "?sort=-name&amp;view=mail" in page
    assert page.count('<th scope="row"') == 5
    assert "Team 008" in page and "Team 009" not in page


@pytest.mark.parametrize(
    "query", ["page=99", "page=0", "page=-1", "page=x", "page=%00", "page=9999999999999999999", "page=٣"]
)
def test_a_page_out_of_range_is_the_first(user: User, query: str) -> None:
    teams(30)
    page = answer(user, query).content.decode()
    assert "Team 000" in page


@pytest.mark.parametrize("query", ["sort=password", "sort=-", "sort=name;drop", "view=nothing", "sort=name&sort=-name"])
def test_a_sort_or_view_that_does_not_exist_is_ignored(user: User, query: str) -> None:
    teams(3)
    assert answer(user, query).status_code == 200


def test_an_empty_list_says_so(user: User) -> None:
    assert "Nothing here yet" in answer(user).content.decode()


def test_the_export_has_the_rows_and_no_formula(user: User) -> None:
    Team.objects.create(name="=1+1", email="a@example.org")
    body = b"".join(answer(user, "format=csv").streaming_content).decode("utf-8-sig")
    assert body.splitlines() == ["Name,Email", "'=1+1,a@example.org"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "＝1"])
def test_a_cell_that_looks_like_a_formula_is_defused(text: str) -> None:
    assert str(neutral(text)).startswith("'")


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    for address in ("/", "/search/?q=x", "/palette/?q=x"):
        response = client.get(address)
        assert response.status_code == 302 and "/account/login/" in response["Location"]


def test_the_first_page_and_the_search_open_for_staff(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get("/").status_code == 200
    assert client.get("/search/").status_code == 200
    assert client.get("/search/?q=%00%27%22%3Cscript%3E").status_code == 200
    for key in ("999", "²", "①", "x", ""):
        assert client.get("/palette/", {"q": "x", "record": f"crm.customer:{key}"}).json() == {"groups": []}
