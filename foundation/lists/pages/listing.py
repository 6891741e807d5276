"""One list page for every kind of record: filters, sort, tabs, search and page are all in the address."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from foundation.lists.pages.chips import keys_of, narrowed_by, said_of
from foundation.lists.pages.export import Echo, neutral
from foundation.lists.pages.found import Search, count_up_to, keys_in_order, keys_of_page
from foundation.lists.pages.kept import Asked, fixed_count, fixed_page, kept_rows, only
from foundation.ui import formats, parts
from foundation.ui.prepared import rights_of
from foundation.ui.table import Head, Row, render_rows

MOST_COUNTED = 1_000
DEEPEST = 10_000
MOST_EXPORTED = 5_000
EVERYTHING = "all"  # the code of the tab that narrows nothing


@dataclass(frozen=True)
class Column:
    """A column. `cell(obj, page)` gives text or markup, `plain(obj, page)` the value for the export where that differs.

    `sort` is the field (or fields) behind the heading's link; `place` says where the cell stands on a phone's card:
    title, end, fact, or nowhere: extra, and wide, which narrow desks leave out too.
    """

    name: str
    label: str | Promise
    cell: Callable[[Any, ListPage], object]
    sort: str | tuple[str, ...] = ""
    place: str = "extra"
    is_number: bool = False
    plain: Callable[[Any, ListPage], object] | None = None


@dataclass(frozen=True)
class Tab:
    """A built-in view of the list. `narrow(queryset, request)` filters it; `permission` hides it from others."""

    code: str
    label: str | Promise
    narrow: Callable[[QuerySet[Any], HttpRequest], QuerySet[Any]] = lambda queryset, request: queryset
    permission: str | None = None


class ListPage(View):
    """A list of records.

    A stage declares `model`, `title`, `columns`, and the door `visible(user)`; optionally `tabs` (the first is the
    default; while it is empty the list opens on the first of `fallbacks` that is not, and a search or a filter on `all`),
    a django-filter `filterset_class`, `ordering`, `permission`, and overrides `queryset()` for joins, `prepare(rows)` for
    what is fetched for the page at once, `actions()` for buttons. Eight queries at the most, whatever the number of rows:
    the count stops at 1,000, and who wants to see row 10,001 filters or searches.
    """

    http_method_names = ["get", "head", "options"]

    model: ClassVar[type[Model]]
    title: ClassVar[str | Promise] = ""
    noun: ClassVar[str] = ""
    # A list whose columns or filters depend on rows sets both in its `setup()`.
    columns: Sequence[Column] = ()
    # Tabs that narrow by who asks and nothing else (not by the day, not by the rest of the address): their SQL is kept.
    fixed_tabs: ClassVar[Sequence[str]] = ()
    tabs: ClassVar[Sequence[Tab]] = ()
    fallbacks: ClassVar[Sequence[str]] = ()
    filterset_class: type[django_filters.FilterSet] | None = None
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    # What a search finds, where that is another order: names in order would mean to read all that come before.
    found_ordering: ClassVar[tuple[str, ...]] = ()
    permission: ClassVar[str | None] = None
    has_search: ClassVar[bool] = True
    is_prepared: ClassVar[bool] = (
        False  # `queryset()` depends on the user alone and prefetches nothing: its SQL is kept
    )
    page_size: ClassVar[int] = 25
    template_name: ClassVar[str] = "ui/list.html"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.extra: dict[str, Any] = {}

    # ------------------------------------------------------------ what a stage overrides

    def visible(self, user: Any) -> QuerySet[Any]:
        """The stage's door to its records."""
        raise NotImplementedError

    def queryset(self) -> QuerySet[Any]:
        """What the rows need, in one query."""
        return self.visible(self.request.user)

    def prepare(self, rows: list[Any]) -> None:
        """Fetch for all rows at once what the cells will ask for, into `self.extra`."""

    def actions(self) -> list[parts.Action]:
        """The buttons of the page."""
        return []

    def links(self) -> list[parts.Action]:
        """The ways to other lists that belong to this one."""
        return []

    def bulk(self) -> list[parts.Action]:
        """What can be done with many rows at once; rows can be ticked where there is something."""
        return []

    def row_state(self, obj: Any) -> str:
        """A state that marks the row's edge: late, soon or empty."""
        return ""

    def empty_action(self) -> parts.Action | None:
        """What to do when there is nothing yet: the primary button, unless a stage says otherwise."""
        return next((action for action in self.actions() if action.style == "primary"), None)

    def total_text(self, total: int) -> str:
        """“48 records”, “1,000+ records”."""
        if total > MOST_COUNTED:
            return _("%(count)s+ records") % {"count": formats.number(MOST_COUNTED)}
        return ngettext("%(count)s record", "%(count)s records", total) % {"count": total}

    # ------------------------------------------------------------ the page

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with the page, with its list alone for htmx, or with the rows as CSV."""
        self.demand_permission()
        self.tab = self._tab()
        self.sort = self._sort()
        if self._is_fixed():
            return render(request, self.template_name, self._context(None, None))
        queryset, filterset = self._opened()
        if request.GET.get("format") == "csv":
            return self._csv(queryset)
        return render(request, self.template_name, self._context(queryset, filterset))

    def demand_permission(self) -> None:
        """Raise PermissionDenied for whoever may not read the list."""
        if self.permission and not self.request.user.has_perm(self.permission):
            raise PermissionDenied

    def _is_fixed(self) -> bool:
        """Whether the list depends on nothing but the person, the tab, the order and the page."""
        asked = self.request.GET
        is_plain = not asked.get("q") and not asked.get("format") and not self._filters_asked()
        is_named = not self.fallbacks or "view" in asked
        return is_plain and is_named and self.tab is not None and self.tab.code in self.fixed_tabs

    @classmethod
    def of_person(cls, user: Any) -> ListPage:
        """This list while its SQL is written to be kept: nothing of a request but the person is there to look at."""
        page = cls()
        page.request = SimpleNamespace(user=user)  # type: ignore[assignment]
        return page

    def fixed_rows(self) -> QuerySet[Any]:
        """The rows of a fixed tab."""
        page = self.of_person(self.request.user)
        assert self.tab is not None
        return self.tab.narrow(page.queryset(), page.request)

    def _context(self, queryset: QuerySet[Any] | None, filterset: Any) -> dict[str, Any]:
        number = self._page_number()
        rows, more, counted = self._page_of(queryset, filterset, number)
        if not rows and number > 1:
            number = 1
            rows, more, counted = self._page_of(queryset, filterset, number)
        start = (number - 1) * self.page_size
        total = start + len(rows)
        if counted is not None:
            total = max(counted, total)
        elif more:
            total = max(self._count(queryset, filterset) if start < MOST_COUNTED else 0, total + 1)
        self.prepare(rows)
        heads = self._heads()
        bulk = self.bulk()
        lines = [self._row(obj, bool(bulk)) for obj in rows]
        body = render_rows(heads, lines, selectable=bool(bulk))
        chips = self._chips(filterset)
        page = parts.List(
            title=self.title,
            heads=heads,
            rows=body,
            caption=self.title,
            actions=parts.Actions.sorted_from([*self.actions(), self._export_action()]),
            links=self.links(),
            tabs=self._tabs(),
            filters=SimpleLazyObject(self._filter_form) if self.filterset_class else None,
            filters_key=self._filters_key(),
            hidden=[(key, value) for key, value in self._state().items() if key in ("view", "sort")],
            search=self.request.GET.get("q", "") if self.has_search else None,
            chips=chips,
            clear_url=self._url(keep=("view", "sort")),
            pager=self._pager(number, start, len(rows), total, more),
            bulk=bulk if rows else [],
            empty=None if rows else self._empty(bool(chips or self.request.GET.get("q"))),
        )
        return {"page": page, "list": page, "title": self.title}

    def _row(self, obj: Any, can_be_ticked: bool) -> Row:
        cells = [column.cell(obj, self) for column in self.columns]
        return Row(cells, obj.pk, str(obj) if can_be_ticked else "", self.row_state(obj))

    # ------------------------------------------------------------ state, which is the address

    def _state(self) -> dict[str, str]:
        return {
            key: str(value)
            for key, value in self.request.GET.items()
            if value and key not in ("page", "format", "lang")
        }

    def _url(self, keep: tuple[str, ...] | None = None, drop: tuple[str, ...] = (), **changes: Any) -> str:
        pairs: list[tuple[str, str]] = []
        for key in self.request.GET:
            if key in ("page", "format", "lang", *drop, *changes) or (keep is not None and key not in keep):
                continue
            pairs += [(key, value) for value in self.request.GET.getlist(key) if value]
        pairs += [(key, str(value)) for key, value in changes.items() if value not in ("", None)]
        return "?" + urlencode(pairs)

    def _open_tabs(self) -> list[Tab]:
        return [tab for tab in self.tabs if not tab.permission or self.request.user.has_perm(tab.permission)]

    def _tab(self) -> Tab | None:
        tabs = self._open_tabs()
        wanted = self.request.GET.get("view")
        if wanted is None and (self._text() or self._filters_asked()):
            wanted = EVERYTHING  # who seeks something without naming a view wants it found wherever it is
        return next((tab for tab in tabs if tab.code == wanted), tabs[0] if tabs else None)

    def _sort(self) -> str:
        wanted = self.request.GET.get("sort", "")
        sortable = {column.name for column in self.columns if column.sort}
        return wanted if wanted.removeprefix("-") in sortable else ""

    def _order(self) -> tuple[str, ...]:
        if not self.sort:
            return self.found_ordering if self.found_ordering and self.request.GET.get("q") else self.ordering
        column = next(one for one in self.columns if one.name == self.sort.removeprefix("-"))
        fields = (column.sort,) if isinstance(column.sort, str) else column.sort
        sign = "-" if self.sort.startswith("-") else ""
        return (*(f"{sign}{name}" for name in fields), f"{sign}pk")

    def _opened(self) -> tuple[QuerySet[Any], Any]:
        """The list that the address names; where it names none, the first one that has something to show."""
        narrowed = self._narrowed()
        if "view" in self.request.GET or not self.fallbacks or narrowed[0].exists():
            return narrowed
        first = self.tab
        for tab in [tab for code in self.fallbacks for tab in self._open_tabs() if tab.code == code]:
            self.tab = tab
            found = self._narrowed()
            if found[0].exists():
                return found
        self.tab = first
        return narrowed

    def _narrowed(self) -> tuple[QuerySet[Any], Any]:
        """The rows, built when somebody looks at them, and the filters that the address asks for."""
        filterset = None
        if asked := self._filters_asked():
            chosen: Any = only(self.filterset_class, asked)  # type: ignore[arg-type]  # the library has no types
            nothing = self.model._default_manager.none()
            filterset = SimpleLazyObject(lambda: chosen(self.request.GET, queryset=nothing, request=self.request))
        rows: Any = SimpleLazyObject(lambda: self._matching(filterset, self._text()))
        return rows, filterset

    def _matching(self, filterset: Any, text: str) -> QuerySet[Any]:
        queryset = self.queryset()
        if self.tab is not None:
            queryset = self.tab.narrow(queryset, self.request)
        if text:
            queryset = queryset.search(text)  # type: ignore[attr-defined]
        if filterset is not None and filterset.is_valid():
            queryset = filterset.filter_queryset(queryset)
        return queryset

    def _search(self, filterset: Any) -> Search:
        """What is looked for; its SQL is kept where it depends on the person, the tab and the filters alone."""
        key = None
        if self.is_prepared and self.tab is not None and self.tab.code in self.fixed_tabs:
            chosen = tuple(
                (name, *self.request.GET.getlist(name)) for name in self._filter_keys() if name in self.request.GET
            )
            zone = timezone.get_current_timezone_name()  # days begin there
            key = (type(self), self.tab.code, rights_of(self.request.user), zone, self.filterset_class, chosen)
        return Search(
            partial(self._matching, filterset), self._text(), key, lambda: filterset is None or filterset.is_valid()
        )

    def _text(self) -> str:
        return self.request.GET.get("q", "").replace("\0", "").strip() if self.has_search else ""

    def _filter_keys(self) -> Iterator[str]:
        names = self.filterset_class.base_filters if self.filterset_class is not None else ()
        return (key for name in names for key in keys_of(name))

    def _filters_asked(self) -> frozenset[str]:
        """The filters that the address says something about."""
        names = self.filterset_class.base_filters if self.filterset_class is not None else ()
        return frozenset(name for name in names if any(map(self.request.GET.get, keys_of(name))))

    def _filters_key(self) -> str:
        """What the drawn filters depend on; a new colleague is on offer a minute later."""
        chosen = [(key, self.request.GET.getlist(key)) for key in self._filter_keys() if key in self.request.GET]
        return repr((type(self).__qualname__, self.request.path, self.request.user.pk, time.time() // 60, chosen))

    def _filter_form(self) -> Any:
        """The form of all filters; most looks at a list find it drawn already and never ask."""
        assert self.filterset_class is not None
        nothing = self.model._default_manager.none()
        return self.filterset_class(self.request.GET, queryset=nothing, request=self.request).form

    def _page_number(self) -> int:
        asked = self.request.GET.get("page", "1")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
        return number if 1 <= number <= DEEPEST // self.page_size else 1

    def _count(self, queryset: QuerySet[Any] | None, filterset: Any) -> int:
        """How many rows there are, up to one more than we count; None stands for a fixed tab."""
        if queryset is None:
            return fixed_count(asked=Asked(self), most=MOST_COUNTED + 1, user=self.request.user)
        if (search := self._search(filterset)).kept_as is not None:
            return count_up_to(search, MOST_COUNTED + 1)
        return queryset.order_by()[: MOST_COUNTED + 1].count()

    def _page_of(
        self, queryset: QuerySet[Any] | None, filterset: Any, number: int
    ) -> tuple[list[Any], bool, int | None]:
        """The rows of a page, whether there are more behind it, and how many there are if that was counted on the way."""
        start = (number - 1) * self.page_size
        end = start + self.page_size + 1
        if queryset is None:
            found = fixed_page(asked=Asked(self), order=self._order(), start=start, end=end, user=self.request.user)
            return found[: self.page_size], len(found) > self.page_size, None
        counted = None
        search, order = self._search(filterset), self._order()
        if search.text and start <= MOST_COUNTED:
            keys, counted = keys_in_order(search, order, start=start, end=end, most=MOST_COUNTED)
            if counted <= MOST_COUNTED:
                return self._rows_of(keys[: self.page_size]), len(keys) > self.page_size, counted
        if search.kept_as is not None:
            keys = keys_of_page(search, order, start=start, end=end)
            return self._rows_of(keys[: self.page_size]), len(keys) > self.page_size, counted
        found = list(queryset.order_by(*order)[start:end])
        return found[: self.page_size], len(found) > self.page_size, counted

    def _rows_of(self, keys: list[int]) -> list[Any]:
        """The rows of these keys, in this order."""
        if self.is_prepared:
            found = kept_rows(keys, page=type(self), user=self.request.user)
        else:
            found = list(self.queryset().filter(pk__in=keys))
        rows = {row.pk: row for row in found}
        return [rows[key] for key in keys if key in rows]

    # ------------------------------------------------------------ parts of the page

    def _heads(self) -> list[Head]:
        heads = []
        for column in self.columns:
            state, url = "", ""
            if column.sort:
                state = {column.name: "ascending", f"-{column.name}": "descending"}.get(self.sort, "")
                url = self._url(sort=f"-{column.name}" if self.sort == column.name else column.name)
            heads.append(Head(column.label, column.place, column.is_number, url, state))
        return heads

    def _tabs(self) -> list[parts.Tab]:
        return [
            parts.Tab(tab.label, self._url(drop=("view",), view=tab.code), None, tab is self.tab)
            for tab in self._open_tabs()
        ]

    def _chips(self, filterset: Any) -> list[parts.Chip]:
        if filterset is None:
            return []
        said = said_of(self._filters_key(), lambda: narrowed_by(filterset.form, self.request.GET))
        return [parts.Chip(text, self._url(drop=(key,))) for key, text in said]

    def _pager(self, number: int, start: int, shown: int, total: int, more: bool) -> parts.Pager:
        return parts.Pager(
            number=number,
            previous_url=self._url(page=number - 1) if number > 1 else "",
            next_url=self._url(page=number + 1) if more and start + shown < DEEPEST else "",
            first_url=self._url() if number > 1 else "",
            shown=f"{start + 1}–{start + shown}" if shown else "",
            total=self.total_text(total),
        )

    def _empty(self, is_narrowed: bool) -> parts.Empty:
        if is_narrowed:
            return parts.Empty("nomatch", _("Nothing matches"), _("No record fits the filters and the search."))
        return parts.Empty("nothing", _("Nothing here yet"), "", self.empty_action())

    # ------------------------------------------------------------ export

    def _export_action(self) -> parts.Action:
        return parts.Action(_("Export"), self._url(format="csv"), icon="arrow-down-tray")

    def _csv(self, queryset: QuerySet[Any]) -> StreamingHttpResponse:
        rows = list(queryset.order_by(*self._order())[:MOST_EXPORTED])
        self.prepare(rows)
        answer = StreamingHttpResponse(self._csv_lines(rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{self.model._meta.model_name}.csv"'
        return answer

    def _csv_lines(self, rows: list[Any]) -> Iterator[str]:
        writer = csv.writer(Echo())
        yield "\ufeff" + writer.writerow([str(column.label) for column in self.columns])
        for obj in rows:
            cells = [(column.plain or column.cell)(obj, self) for column in self.columns]
            yield writer.writerow([neutral(cell) for cell in cells])
