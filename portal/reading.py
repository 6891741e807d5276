"""What every page behind a token does: open it or say no in one way, and speak the customer's language."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from foundation.accounts import tokens
from foundation.accounts.middleware import supported
from foundation.accounts.models import AccessToken, Company

M = TypeVar("M", bound=models.Model)


def opened(
    purpose: str, raw: str, model: type[M], rows: models.QuerySet[M] | Callable[[int], list[M]]
) -> tuple[AccessToken, M] | None:
    """The token and its record, read through `rows` (a query set, or a prepared query by the key).

    None for whatever does not open anything. Two queries.
    """
    token = tokens.resolve(purpose, raw)
    if token is None or token.content_type_id != ContentType.objects.get_for_model(model).pk:
        return None
    key = token.object_id
    found = list(rows.filter(pk=key).order_by()) if isinstance(rows, models.QuerySet) else rows(key)
    return (token, found[0]) if found else None


def read_as(request: HttpRequest, language: str, time_zone: str) -> None:
    """Answer in this language and zone, unless the reader chose another language on the page."""
    chosen = supported(request.GET.get("lang")) or supported(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME))
    wanted = chosen or supported(language) or settings.LANGUAGE_CODE
    translation.activate(wanted)
    request.LANGUAGE_CODE = wanted
    try:
        timezone.activate(zoneinfo.ZoneInfo(time_zone))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        timezone.activate(zoneinfo.ZoneInfo(settings.TIME_ZONE))


def public(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A customer's page: kept by nobody, found by no search engine, naming no address to other sites.

    Not `no-referrer`: browsers would then send `Origin: null` with the page's own forms, which are refused as forged.
    """
    response = render(request, template, {"company": Company.current(), **context}, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    return response


def closed(request: HttpRequest) -> HttpResponse:
    """The one answer to an address that opens nothing: unknown, ended, revoked and used up look the same."""
    return public(request, "portal/closed.html", {}, status=404)
