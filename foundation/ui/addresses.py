"""Addresses of records, worked out once per kind: twenty-five rows with two links each ask for fifty."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import Resolver404, get_script_prefix, get_urlconf, resolve, reverse

from foundation.ui.once import once

_EXAMPLE = 987654321
_KEY = re.compile(r"\d+")


def record_url(name: str, pk: int | None) -> str:
    """`reverse(name, args=[pk])` for a page whose address holds nothing but the key."""
    before, after = _around(name, *once("ui:addresses", _where))
    return f"{before}{pk}{after}"


def page_url(name: str) -> str:
    """`reverse(name)` for a page without any key: panels ask for the same ones on each page."""
    return _plain(name, *once("ui:addresses", _where))


def may_open(user: Any, url: str) -> bool:
    """Whether the page at this address is open to people with this user's rights; its records may still not be.

    A page says what it asks for by its `permission`. A link that would only be refused is better shown as text.
    """
    path = _KEY.sub("1", url.partition("?")[0].partition("#")[0])
    permission = _permission(path, *once("ui:addresses", _where))
    return not permission or user.has_perm(permission)


@lru_cache(maxsize=512)
def _permission(path: str, urlconf: str, _prefix: str) -> str:
    try:
        view = resolve(path, urlconf).func
    except Resolver404:
        return ""
    return getattr(getattr(view, "view_class", view), "permission", None) or ""


def _where() -> tuple[str, str]:
    return get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()


@lru_cache(maxsize=512)
def _plain(name: str, _urlconf: str, _prefix: str) -> str:
    return reverse(name)


@lru_cache(maxsize=512)
def _around(name: str, _urlconf: str, _prefix: str) -> tuple[str, str]:
    before, _example, after = reverse(name, args=[_EXAMPLE]).partition(str(_EXAMPLE))
    return before, after
