"""A board as the second layout of a list: the same query in columns, one for each state of the machine.

`?layout=board` beside whatever else the address asks for. A card is moved by the record's own actions: dragging it onto a
column presses the button of its menu that leads there, so that a form opens where data are needed, and what the machine
refuses says why and stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from foundation.journal.machine import Offer, offers, state_labels
from foundation.lists.pages.listing import MOST_COUNTED, ListPage
from foundation.lists.pages.record import page_of
from foundation.lists.pages.returning import BACK
from foundation.ui import formats, parts

BOARD = "board"


@dataclass
class Move:
    """One entry of a card's menu: what it does, and the column to which it leads (none for what moves nothing)."""

    label: str
    url: str
    to: str
    asks: bool
    danger: bool = False
    blocked: str = ""


@dataclass
class Card:
    """One record on the board: a title that leads to it, lines of words beneath, badges."""

    title: str
    url: str
    lines: Sequence[object] = ()
    badges: Sequence[object] = ()
    state: str = ""  # late, soon: the card's edge
    moves: list[Move] = field(default_factory=list)
    pk: int = 0


@dataclass
class BoardColumn:
    """One state with its cards; `count` is ready text, `more_url` the list of all of them."""

    state: str
    label: str
    count: str
    cards: list[Card]
    url: str
    more_url: str = ""
    is_current: bool = False


class BoardPage(ListPage):
    """A list page of records with a machine, which can be looked at as a board, too.

    `card(obj)` says what a card shows; `ways` names verbs that are no transitions and yet lead to a state (assigning);
    `board_size` is how many cards a column shows. Two queries a column at the most, whatever lies in them.
    """

    board_state: ClassVar[str] = "status"
    board_size: ClassVar[int] = 25
    ways: ClassVar[Mapping[str, str]] = {}

    def card(self, obj: Any) -> Card:
        """What the card of a record shows."""
        return Card(str(obj), obj.get_absolute_url())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The list, or the board."""
        if request.GET.get("layout") != BOARD or request.GET.get("format"):
            return super().get(request, *args, **kwargs)
        self.demand_permission()
        self.tab, self.sort = self._tab(), self._sort()
        queryset, filterset = self._opened()
        return render(request, "ui/board.html", self._board_context(queryset, filterset))

    def actions(self) -> list[parts.Action]:
        """The way to the other layout."""
        if self.request.GET.get("layout") == BOARD:
            return [parts.Action(_("As a list"), self._url(drop=("layout", "column")), icon="bars-3")]
        return [parts.Action(_("As a board"), self._url(layout=BOARD), icon="adjustments-horizontal")]

    def _board_context(self, queryset: Any, filterset: Any) -> dict[str, Any]:
        found = {state: self._cards_of(queryset, state) for state in self._states()}
        self.prepare([row for rows, _count in found.values() for row in rows])
        current = self.request.GET.get("column", "")
        if current not in found:
            current = next((state for state, (rows, _count) in found.items() if rows), next(iter(found)))
        labels = state_labels(self.model, self.board_state)
        columns = []
        for state, (rows, count) in found.items():
            column = BoardColumn(state, labels[state], count, [self._drawn(one) for one in rows], "")
            column.url = self._url(column=state)
            column.is_current = state == current
            if len(rows) == self.board_size and count != str(self.board_size):
                column.more_url = self._url(None, ("layout", "column"), **{self.board_state: state})
            columns.append(column)
        chips = self._chips(filterset)
        page = parts.List(
            title=self.title,
            actions=parts.Actions.sorted_from(self.actions()),
            tabs=self._tabs(),
            filters=self._filter_form() if self.filterset_class else None,
            filters_key=self._filters_key(),
            hidden=[
                (key, value) for key, value in self._state().items() if key in ("view", "sort", "layout", "column")
            ],
            search=self.request.GET.get("q", "") if self.has_search else None,
            chips=chips,
            clear_url=self._url(keep=("view", "sort", "layout")),
            caption="",
        )
        return {"page": page, "list": page, "title": self.title, "columns": columns}

    def _states(self) -> list[str]:
        """The machine's states, in their order."""
        return list(state_labels(self.model, self.board_state))

    def _cards_of(self, queryset: Any, state: str) -> tuple[list[Any], str]:
        """The first cards of a column, and how many there are; counted only where not all are shown."""
        rows = queryset.filter(**{self.board_state: state})
        found = list(rows.order_by(*self._order())[: self.board_size + 1])
        if len(found) <= self.board_size:
            return found, str(len(found))
        count = rows.order_by()[: MOST_COUNTED + 1].count()
        shown = formats.number(MOST_COUNTED) + "+" if count > MOST_COUNTED else formats.number(count)
        return found[: self.board_size], shown

    def _drawn(self, obj: Any) -> Card:
        card = self.card(obj)
        card.pk = obj.pk
        card.moves = [move for offer in offers(obj, self.request.user) if (move := self._move(obj, offer)) is not None]
        return card

    def _move(self, obj: Any, offer: Offer) -> Move | None:
        """The entry of a verb that leads to another column."""
        action = offer.action
        to = self.ways.get(action.name, "")
        if action.is_transition:
            meta = getattr(obj, action.name)._django_fsm
            to = str(meta.get_transition(getattr(obj, self.board_state)).target)
        page = page_of(self.model._meta.label_lower)
        if not to or page is None:
            return None
        back = urlencode({BACK: self.request.get_full_path()}, quote_via=quote)
        url = f"{page.url(f'{page.name}-do', pk=obj.pk, action=action.name)}?{back}"
        asks = action.form is not None or action.page is not None
        return Move(offer.label, url, to, asks, offer.danger, " ".join(map(str, offer.blocked)))
