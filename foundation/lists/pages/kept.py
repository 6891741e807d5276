"""What a list asks again and again, put into SQL once: for the tabs that depend on the person alone, and for rows by their keys."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import QuerySet

from foundation.ui.prepared import prepared, prepared_count

if TYPE_CHECKING:
    from foundation.lists.pages.listing import ListPage


class Asked:
    """A tab of a list, as a key under which its SQL is kept."""

    def __init__(self, page: ListPage) -> None:
        self.page: ListPage | None = page
        self.key = (type(page), page.tab.code if page.tab else "")

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Asked) and self.key == other.key

    def rows(self) -> QuerySet[Any]:
        """The rows; only once, since the key lives on when the request is gone."""
        assert self.page is not None
        page, self.page = self.page, None
        return page.fixed_rows()


@lru_cache(maxsize=256)
def only(filterset: type[django_filters.FilterSet], names: frozenset[str]) -> type[django_filters.FilterSet]:
    """The filter set with these filters alone: all others would be copied for each look, and do nothing."""
    others: dict[str, Any] = dict.fromkeys(filterset.base_filters.keys() - names)  # named None, a filter is taken out
    return type(filterset.__name__, (filterset,), {"__module__": filterset.__module__, **others})


@prepared
def kept_rows(keys: list[int], *, page: type[ListPage], user: Any) -> QuerySet[Any]:
    return page.of_person(user).queryset().filter(pk__in=keys)


@prepared
def fixed_page(*, asked: Asked, order: tuple[str, ...], start: int, end: int, user: Any) -> QuerySet[Any]:
    return asked.rows().order_by(*order)[start:end]


@prepared_count
def fixed_count(*, asked: Asked, most: int, user: Any) -> QuerySet[Any]:
    return asked.rows().order_by()[:most]
