"""The record behind an address of ours, for whoever begins something from there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from foundation.lists.pages.record import known_pages


def record_before(request: HttpRequest) -> Any:
    """The record on whose page this person was before, as the browser says it; None for none and for what they may not see."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host():
        return None
    try:
        match = resolve(came.path)
    except Resolver404:
        return None
    for page in known_pages():
        named = page._named(page.name)
        if match.view_name in (named, f"{named}-do", f"{named}-note", f"{named}-edit") and "pk" in match.kwargs:
            if page.permission and not request.user.has_perm(page.permission):
                return None
            return page.visible(request.user).filter(pk=match.kwargs["pk"]).first()
    return None
