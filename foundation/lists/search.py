"""The token column of records that can be found, and the registry behind the global search box."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from foundation.lists.tokens import query_of, tokens_of
from foundation.ui.inserts import insert


def vector(texts: Iterable[str], numbers: Iterable[str] = ()) -> str:
    """The value of a `search` column, for saving or writing in bulk: a tsvector as PostgreSQL reads it, without places."""
    return lexemes(tokens_of(texts, numbers))


def lexemes(tokens: Sequence[str]) -> str:
    """Words as the text of a tsvector."""
    text = "' '".join(tokens)
    if text.count("'") != 2 * max(0, len(tokens) - 1) or "\\" in text:  # ours are letters and digits alone
        text = "' '".join([token.replace("\\", "\\\\").replace("'", "''") for token in tokens])
    return f"'{text}'" if tokens else ""


class TokensField(SearchVectorField):
    """A column that is written and searched, and never read: records come with None instead of hundreds of tokens."""

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """Leave the tokens where they are, also behind a join."""
        return "NULL::tsvector", ()

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """For migrations the column is Django's own."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.contrib.postgres.search.SearchVectorField", args, kwargs


class SearchableQuerySet(models.QuerySet[Any]):
    """Querysets of records that can be found."""

    def search(self, text: str) -> SearchableQuerySet:
        """Records that match every word typed; text without a letter or digit matches nothing."""
        query = query_of(text)
        if not query:
            return self.none() if text.strip() else self
        table = self.model._meta.db_table
        condition = RawSQL(  # the table's name is ours and the query a parameter
            f'"{table}"."search" @@ %s::tsquery',
            (query,),
            output_field=models.BooleanField(),
        )
        return self.filter(condition)


_Finding = models.Manager.from_queryset(SearchableQuerySet)


class SearchableManager(_Finding):
    """Records that can be found."""


class Searchable(models.Model):
    """A record that the search box finds. Say by `search_texts()` and `search_numbers()` what it is found by.

    The index belongs into the model's own Meta: `indexes = [search_index("crm_customer")]`. `SEARCH_FIELDS` names the
    fields whose change renews the tokens when a service saves with `update_fields`.
    """

    search = TokensField(null=True, editable=False)
    SEARCH_FIELDS: tuple[str, ...] = ()

    objects: models.Manager[Any] = SearchableManager()

    class Meta:
        abstract = True

    def search_texts(self) -> list[str]:
        """Names and words."""
        return []

    def search_numbers(self) -> list[str]:
        """Document numbers, phones, codes: found by any part of three characters."""
        return []

    def insert(self) -> None:
        """Write a new record by a statement that is kept, without signals (see `foundation.ui.inserts`)."""
        self.search = self._tokens()
        insert(self)

    def _tokens(self) -> str:
        return vector(self.search_texts(), self.search_numbers())

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if fields is None or set(fields) & set(self.SEARCH_FIELDS):
            self.search = self._tokens()
            if fields is not None:
                kwargs["update_fields"] = {*fields, "search"}
        super().save(*args, **kwargs)


class OneOf(models.Func):
    """A column with a few choices as a list of one: so an index of words holds it too, see `search_index`."""

    template = "ARRAY[%(expressions)s]"
    arity = 1
    output_field: Any = ArrayField(models.CharField(max_length=40))


def search_index(table: str, *, along: str = "") -> GinIndex:
    """The index under the token column.

    A frequent word together with a filter leads to many rows that the filter throws away, once each was fetched. With
    `along`, a column with a few choices, the index knows both: `alias(one=OneOf(column)).filter(one__overlap=[…])`.
    """
    name = f"{table}_search"[:30]
    return (
        GinIndex("search", OneOf(along), name=f"{name}_{along}"[:30])
        if along
        else GinIndex(fields=["search"], name=name)
    )


@dataclass(frozen=True)
class SearchGroup:
    """One kind of record in the global search."""

    code: str
    label: Any
    icon: str
    visible: Callable[[Any], QuerySet[Any]]
    title: Callable[[Any], str]
    subtitle: Callable[[Any], str]
    permission: str | None
    order: int
    list_url_name: str


@dataclass(frozen=True)
class Hit:
    """One result, ready to show."""

    title: str
    subtitle: str
    url: str


_groups: dict[str, SearchGroup] = {}


def register_search(
    code: str,
    label: Any,
    *,
    visible: Callable[[Any], QuerySet[Any]],
    title: Callable[[Any], str] = str,
    subtitle: Callable[[Any], str] = lambda obj: "",
    icon: str = "document-text",
    permission: str | None = None,
    order: int = 100,
    list_url_name: str = "",
) -> None:
    """Let the search box find records of a stage; `visible(user)` is the stage's own door, with what title and subtitle need."""
    _groups[code] = SearchGroup(code, label, icon, visible, title, subtitle, permission, order, list_url_name)


def find(user: Any, text: str, *, limit: int = 6) -> list[tuple[SearchGroup, list[Hit]]]:
    """Results by kind, newest first within each; one query a kind, kinds without a hit left out."""
    if not query_of(text):
        return []
    results = []
    for group in sorted(_groups.values(), key=lambda g: g.order):
        if group.permission and not user.has_perm(group.permission):
            continue
        rows = group.visible(user).search(text).order_by("-pk")[:limit]  # type: ignore[attr-defined]
        hits = [Hit(group.title(row), group.subtitle(row), row.get_absolute_url()) for row in rows]
        if hits:
            results.append((group, hits))
    return results
