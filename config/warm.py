"""What the first request would load, loaded before the server's processes part: once in memory instead of in each."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import get_backends
from django.template import engines
from django.urls import get_resolver
from django.utils import translation
from django.utils.formats import get_format
from django.utils.module_loading import import_string

from config.celery import app
from foundation.calendars.public_days import is_known
from foundation.lists.tokens import tokens_of
from foundation.ui import formats
from foundation.ui.places import countries

ANY_WORD = "Customers"  # of the catalogues of the rooms; asking for it loads them all
TEMPLATES = ("base.html", "ui/list.html", "ui/record.html", "ui/form.html", "ui/day.html", "ui/public.html")


def warm_up() -> None:
    """Import the views, read the catalogues, the countries' names and the word lists; asks no database and no cache.

    What Django, the libraries and we load at their first use is loaded, too: an object that each process makes for itself is
    as many times in memory, and so is each page of memory that one of them writes into.
    """
    resolver = get_resolver()
    _populate(resolver.url_patterns)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            resolver._populate()
            translation.gettext(ANY_WORD)
            formats.locale()
            list(countries())
    tokens_of(["锦绣"], ["SO-1"])
    app.amqp.queues  # noqa: B018 (the messaging library is loaded by looking at it)
    for name in TEMPLATES:
        engines["django"].get_template(name)
    _load_what_is_named()


def _load_what_is_named() -> None:
    """What settings name by its path, and what is imported only where it is used."""
    get_backends()
    import_string(settings.CACHES["default"]["BACKEND"])
    import_string(settings.SESSION_SERIALIZER)
    for engine in engines.all():
        engine.engine.template_context_processors  # type: ignore[attr-defined]  # noqa: B018 - looked up once and kept
    is_known("DE", 2026)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            get_format("DATE_FORMAT")


def _populate(patterns: Iterable[object]) -> None:
    for pattern in patterns:
        _populate(getattr(pattern, "url_patterns", ()))
