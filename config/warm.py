"""What the first request would load, loaded before the server's processes part: once in memory instead of in each."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.template import engines
from django.urls import get_resolver
from django.utils import translation

from config.celery import app
from foundation.lists.tokens import tokens_of
from foundation.ui import formats
from foundation.ui.places import countries

ANY_WORD = "Customers"  # of the catalogues of the rooms; asking for it loads them all
TEMPLATES = ("base.html", "ui/list.html", "ui/record.html", "ui/form.html", "ui/day.html", "ui/public.html")


def warm_up() -> None:
    """Import the views, read the catalogues, the countries' names and the word lists; asks no database and no cache."""
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


def _populate(patterns: Iterable[object]) -> None:
    for pattern in patterns:
        _populate(getattr(pattern, "url_patterns", ()))
