"""Addresses of records, worked out once per kind: twenty-five rows with two links each ask for fifty."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

from foundation.ui.once import once

_EXAMPLE = 987654321


def record_url(name: str, pk: int | None) -> str:
    """`reverse(name, args=[pk])` for a page whose address holds nothing but the key."""
    before, after = _around(name, *once("ui:addresses", _where))
    return f"{before}{pk}{after}"


def page_url(name: str) -> str:
    """`reverse(name)` for a page without any key: panels ask for the same ones on each page."""
    return _plain(name, *once("ui:addresses", _where))


def _where() -> tuple[str, str]:
    return get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()


@lru_cache(maxsize=512)
def _plain(name: str, _urlconf: str, _prefix: str) -> str:
    return reverse(name)


@lru_cache(maxsize=512)
def _around(name: str, _urlconf: str, _prefix: str) -> tuple[str, str]:
    before, _example, after = reverse(name, args=[_EXAMPLE]).partition(str(_EXAMPLE))
    return before, after
