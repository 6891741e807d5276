"""The left rail, the New menu and the addresses that the shell itself needs.

Areas are registered once, in ``AppConfig.ready()``. All counters of a person are computed together
and kept for a minute, so that a page costs one cache read and no query for its rail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.cache import cache
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from foundation.ui import together

COUNTER_SECONDS = 60
MOST_AREAS = 7

# (how many, whether some of them are late)
Count = int | tuple[int, bool]
Counter = Callable[[Any], Count]


@dataclass(frozen=True, slots=True)
class Area:
    """One link of the rail. ``also`` lists further address prefixes that belong to the area."""

    code: str
    label: str | Promise
    icon: str
    url_name: str
    order: int
    permission: str | None = None
    counter: Counter | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewItem:
    """One entry of the New menu."""

    code: str
    label: str | Promise
    icon: str
    url_name: str
    order: int
    permission: str | None = None


_areas: dict[str, Area] = {}
_new: dict[str, NewItem] = {}
_below: dict[str, set[str]] = {}
_more_counters: dict[str, list[Counter]] = {}
_links: dict[str, str] = {
    "home": "home",
    "search": "lists:search",
    "palette": "lists:palette",
    "inbox": "notifications:inbox",
    "preferences": "accounts:preferences",
    "profile": "accounts:profile",
    "password": "account_change_password",
    "people": "accounts:people",
    "company": "accounts:company",
    "login": "account_login",
    "logout": "account_logout",
    "tick": "ui:tick",
    "help": "ui:help",
}


def register_area(
    code: str,
    label: str | Promise,
    icon: str,
    url_name: str,
    order: int,
    permission: str | None = None,
    counter: Counter | None = None,
    also: Iterable[str] = (),
) -> None:
    """Put an area on the rail of everybody who has the permission; ``counter(user)`` is read once a minute."""
    _areas[code] = Area(code, label, icon, url_name, order, permission, counter, tuple(also))
    _url.cache_clear()


def register_counter(code: str, counter: Counter) -> None:
    """Let another room add to the number beside an area; it is read with the others, once a minute."""
    found = _more_counters.setdefault(code, [])
    if counter not in found:
        found.append(counter)


def register_below(code: str, prefix: str) -> None:
    """Count the pages below this address to an area that another room has registered, or will."""
    _below.setdefault(code, set()).add(prefix)


def register_new(
    code: str, label: str | Promise, icon: str, url_name: str, order: int, permission: str | None = None
) -> None:
    """Put an entry into the New menu of everybody who has the permission."""
    _new[code] = NewItem(code, label, icon, url_name, order, permission)


def register_link(name: str, url_name: str) -> None:
    """Say where one of the shell's own links leads (search, palette, inbox, preferences, profile …)."""
    _links[name] = url_name
    _url.cache_clear()


@lru_cache(maxsize=256)
def _url(url_name: str) -> str:
    """The address, or empty text while nobody serves it."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def links() -> dict[str, str]:
    """Addresses of the shell's own links; empty text where a page does not exist yet."""
    return {name: _url(url_name) for name, url_name in _links.items()}


def _allowed(entry: Area | NewItem, user: Any) -> bool:
    return bool(_url(entry.url_name)) and (entry.permission is None or user.has_perm(entry.permission))


def areas_for(user: Any, path: str = "") -> list[dict[str, Any]]:
    """The rail of this person: dicts with code, label, url, icon, count, late, current."""
    areas = sorted((a for a in _areas.values() if _allowed(a, user)), key=lambda a: a.order)[:MOST_AREAS]
    counts = counters_for(user)
    current = _current(areas, path)
    return [
        {
            "code": area.code,
            "label": area.label,
            "url": _url(area.url_name),
            "icon": area.icon,
            "count": counts.get(area.code, (0, False))[0],
            "late": counts.get(area.code, (0, False))[1],
            "current": area.code == current,
        }
        for area in areas
    ]


def _current(areas: list[Area], path: str) -> str | None:
    """The area whose address is the longest beginning of the page's own address."""
    found: tuple[int, str | None] = (0, None)
    for area in areas:
        for prefix in (_url(area.url_name), *area.also, *_below.get(area.code, ())):
            fits = path == "/" if prefix == "/" else path.startswith(prefix)
            if prefix and fits and len(prefix) > found[0]:
                found = len(prefix), area.code
    return found[1]


def _counters_key(user_id: int) -> str:
    return f"ui:counters:{user_id}"


together.read_along("counters", _counters_key)


def counters_for(user: Any) -> dict[str, tuple[int, bool]]:
    """All counters of one person, at most a minute old."""
    counts: dict[str, tuple[int, bool]] | None = together.read("counters", user.pk)
    if counts is None:
        counts = {}
        for area in _areas.values():
            counters = [*([area.counter] if area.counter else []), *_more_counters.get(area.code, ())]
            if counters and _allowed(area, user):
                found = [value if isinstance(value := counter(user), tuple) else (value, False) for counter in counters]
                counts[area.code] = sum(number for number, _late in found), any(late for _number, late in found)
        cache.set(_counters_key(user.pk), counts, COUNTER_SECONDS)
    return counts


def forget_counters(user_ids: Iterable[int]) -> None:
    """Have the counters of these people read afresh on their next page."""
    cache.delete_many([_counters_key(pk) for pk in user_ids])


def new_items_for(user: Any) -> list[dict[str, Any]]:
    """Entries of this person's New menu: dicts with label, url, icon."""
    items = sorted((item for item in _new.values() if _allowed(item, user)), key=lambda item: item.order)
    return [{"label": item.label, "url": _url(item.url_name), "icon": item.icon} for item in items]
