"""Each answer in the reader's language and time zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header


def supported(code: str | None) -> str | None:
    """The offered language that fits a code from outside (`zh-TW` → `zh-hant`), or None."""
    if not code:
        return None
    try:
        found: str = get_supported_language_variant(code.lower())
    except (LookupError, ValueError):  # ValueError: far too long
        return None
    return found


def wanted_language(request: HttpRequest) -> str:
    """An explicit choice first, then the account's language, then the browser's, then the installation's."""
    asked = supported(request.GET.get("lang"))
    if asked:
        return asked
    user = request.user
    if user.is_authenticated:
        return supported(user.language) or settings.LANGUAGE_CODE
    if chosen := supported(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)):
        return chosen
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code != "*" and (found := supported(code)):
            return found
    return settings.LANGUAGE_CODE


class ReaderMiddleware:
    """Activate language and zone for the request, remember an explicit choice, keep private pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = wanted_language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        zone = request.user.time_zone if request.user.is_authenticated else None
        try:
            timezone.activate(zoneinfo.ZoneInfo(zone or settings.TIME_ZONE))
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            timezone.deactivate()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        response.headers.setdefault("Cache-Control", "no-store")
        if "no-store" not in response.headers["Cache-Control"] and "immutable" not in response.headers["Cache-Control"]:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if not request.user.is_authenticated and request.GET.get("lang") and supported(request.GET["lang"]) == language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
        timezone.deactivate()
        return response
