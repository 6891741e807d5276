"""What every page's frame needs, computed only when the template asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from foundation.ui.accent import DEFAULT, normal
from foundation.ui.nav import areas_for, links, new_items_for
from foundation.ui.shortcuts import browser_json

_providers: dict[str, Callable[[HttpRequest], Any]] = {}
# As people write them; a reader who cannot read the page must still find the own language.
LANGUAGE_NAMES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文", "de": "Deutsch"}
HTML_LANGUAGES = {"en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "de": "de"}


def provide(name: str, fn: Callable[[HttpRequest], Any]) -> None:
    """Let a later room fill ``shell.NAME``: ``company``, ``logo_url``, ``unread`` (a number), ``local_time`` (text) …"""
    _providers[name] = fn


class Shell:
    """The frame of one page. Attributes are read at most once per page, on demand."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._user = getattr(request, "user", None)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        provider = _providers.get(name)
        value = provider(self._request) if provider else None
        setattr(self, name, value)
        return value

    @property
    def lang(self) -> str:
        """The page's language as HTML writes it."""
        return HTML_LANGUAGES.get(get_language() or "en", "en")

    @property
    def language(self) -> str:
        return get_language() or "en"

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """(code, HTML language, own name) of every language on offer."""
        return [(code, HTML_LANGUAGES[code], LANGUAGE_NAMES[code]) for code, _name in settings.LANGUAGES]

    @property
    def theme(self) -> str:
        """system, light or dark."""
        return getattr(self._user, "theme", "") or "system"

    @property
    def density(self) -> str:
        """comfortable or compact."""
        return getattr(self._user, "density", "") or "comfortable"

    @property
    def has_keys(self) -> bool:
        """Whether single-letter shortcuts work for this person (WCAG 2.1.4)."""
        return bool(getattr(self._user, "single_key_shortcuts", True))

    @property
    def is_narrow(self) -> bool:
        """Whether the rail was left collapsed."""
        return self._request.COOKIES.get("rail") == "narrow"

    @property
    def style_url(self) -> str:
        """A style sheet with the company's own accent; empty for the house's."""
        color = normal(getattr(self.company, "accent", "") or "")
        return reverse("ui:accent", args=[color[1:]]) if color and color != DEFAULT else ""

    @property
    def browser(self) -> str:
        """Shortcuts and sentences for the scripts, as JSON."""
        return browser_json(self._user)

    @property
    def urls(self) -> dict[str, str]:
        return links()


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``shell``, ``nav`` and ``new_items``; the last two are empty for strangers."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    nav: Any = SimpleLazyObject(lambda: areas_for(user, request.path)) if signed_in else []
    new_items: Any = SimpleLazyObject(lambda: new_items_for(user)) if signed_in else []
    frame = Shell(request)
    return {
        "shell": frame,
        "nav": nav,
        "new_items": new_items,
        "frame_key": SimpleLazyObject(lambda: _frame_key(frame, nav, new_items)),
    }


def _frame_key(frame: Shell, nav: Any, new_items: Any) -> str:
    """All that the rail, the menus and the head of a page depend on, besides the language."""
    areas = [(area["code"], area["url"], area["count"], area["late"], area["current"]) for area in nav]
    company = getattr(frame.company, "name", "")
    return repr((areas, [item["url"] for item in new_items], company, frame.logo_url, frame.is_narrow))
