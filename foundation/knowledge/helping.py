"""What helps with a record: the published articles that fit it best, from a small index that each process keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import get_language

from foundation.knowledge.models import Article, ArticleVersion, Situation
from foundation.knowledge.situations import Circumstances
from foundation.knowledge.words import COLUMNS, words_of
from foundation.lists.tokens import is_han, tokens_of
from foundation.ui.addresses import record_url
from foundation.ui.shelf import Shelf, follow

MOST = 3
ENOUGH = 4  # a score that is worth showing
SHORTEST_WORD = 4
# Words that say nothing about what a text is about.
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """
about after also before call from have into more most must need over than that their them then there they this under what when where
which will with your aber auch dann eine einem einen einer haben kann mehr nach nicht noch oder sich sind und ueber unser vom wenn werden
wird zum zur bitte please order orders customer kunde kunden auftrag 客户 订单 关于 我们 问题
""",
    )
)


@dataclass(frozen=True)
class Entry:
    """What is needed of an article to tell whether it helps, and to name it."""

    pk: int
    kind: str
    titles: dict[str, str]
    languages: frozenset[str]
    situations: frozenset[str]
    families: frozenset[str]
    words: frozenset[str]
    uses: int
    position: int

    @property
    def title(self) -> str:
        """In the active language."""
        return self.titles.get(get_language() or "en") or self.titles["en"]

    @property
    def url(self) -> str:
        """Where it is read."""
        return record_url("knowledge:article", self.pk)


def telling_words(texts: Iterable[str]) -> frozenset[str]:
    """The words by which a text is recognised: longer ones in Latin letters, pairs of characters in Chinese."""
    return frozenset(
        token
        for token in tokens_of(texts, most=2_000)
        if token not in _EMPTY and (len(token) == 2 if is_han(token) else len(token) >= SHORTEST_WORD)
    )


def _read() -> tuple[Entry, ...]:
    rows = Article.objects.published().select_related("current").annotate(times=Count("uses"))
    return tuple(_entry(row) for row in rows.order_by("position", "pk"))


def _entry(row: Any) -> Entry:
    titles = {language: words_of(row.current, "title", language) for language in COLUMNS.values()}
    return Entry(
        row.pk,
        row.kind,
        titles,
        frozenset(COLUMNS.values()) - frozenset(row.current.missing),
        frozenset(row.situations),
        frozenset(one.casefold() for one in row.families),
        telling_words([row.keywords, *titles.values()]),
        row.times,
        row.position,
    )


_index: Shelf[tuple[Entry, ...]] = Shelf(_read, of=(Article, ArticleVersion, Situation))
follow(Article, ArticleVersion, Situation)


def score(entry: Entry, found: Circumstances, words: frozenset[str]) -> int:
    """How well an article fits; below `ENOUGH` it is not worth the place."""
    points = 0
    for place, code in enumerate(found.situations):
        if code in entry.situations:
            points += max(4, 12 - 3 * place)
    if entry.families & {one.casefold() for one in found.families}:
        points += 5
    points += min(6, 2 * len(entry.words & words))
    if points < ENOUGH:
        return 0
    return 2 * points + (entry.kind == "script") + (found.language.lower() in entry.languages)


def best_for(found: Circumstances, *, most: int = MOST) -> list[Entry]:
    """The articles that help most, best first. No query in a process that has read the index."""
    words = telling_words([found.words]) if found.words else frozenset()
    scored = [(score(entry, found, words), entry) for entry in _index.get()]
    fitting = [(points, entry) for points, entry in scored if points]
    fitting.sort(key=lambda pair: (-pair[0], -min(pair[1].uses, 1_000), pair[1].position, pair[1].pk))
    return [entry for _points, entry in fitting[:most]]
