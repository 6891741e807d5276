"""What a list shows for an address, for whoever works on its rows without drawing it: a campaign, a round of the system."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from foundation.lists.pages.listing import EVERYTHING, ListPage


def _page(kind: type[ListPage], user: Any, query: str) -> ListPage:
    request = HttpRequest()
    request.method, request.user, request.GET = "GET", user, QueryDict(query)
    page = kind()
    page.setup(request)
    page.tab, page.sort = page._tab(), ""
    return page


def rows_of(kind: type[ListPage], user: Any, query: str) -> QuerySet[Any]:
    """The rows that this person sees in the list at the address `?query`, all pages of them, in no order."""
    rows, _filterset = _page(kind, user, query)._narrowed()
    found: QuerySet[Any] = rows.order_by()
    return found


def said_of(kind: type[ListPage], user: Any, query: str) -> list[str]:
    """What the address narrows the list to, in the reader's language; empty when it is the whole list."""
    page = _page(kind, user, query)
    _rows, filterset = page._narrowed()
    said = [] if page.tab is None or page.tab.code == EVERYTHING else [str(page.tab.label)]
    said += [str(chip.label) for chip in page._chips(filterset)]
    return [*said, f"“{page._text()}”"] if page._text() else said
