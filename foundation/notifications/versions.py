"""The versions of a template's words: written with each change, read for its history and for what a message said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Max

from foundation.notifications.models import WORDS, Template, TemplateVersion

Origin = TemplateVersion.Origin


def version_of(row: Template, *, origin: str, actor: Any = None) -> TemplateVersion:
    """What the row says now, still to be written down."""
    return TemplateVersion(
        key=row.key,
        language=row.language,
        number=row.version,
        origin=origin,
        saved_by=actor if getattr(actor, "pk", None) else None,
        **words_of(row),
    )


def last_numbers(keys: Iterable[str]) -> dict[tuple[str, str], int]:
    """The highest version number by key and language, of rows that are gone too."""
    rows = TemplateVersion.objects.filter(key__in=list(keys)).order_by().values_list("key", "language")
    return {(key, language): number for key, language, number in rows.annotate(last=Max("number"))}


def words_of(source: Any) -> dict[str, str]:
    """Subject, body and sms of a template, a version or a shipped text."""
    return {name: getattr(source, name) for name in WORDS}


def history_of(key: str, language: str) -> list[TemplateVersion]:
    """Every version, the newest first."""
    return list(TemplateVersion.objects.filter(key=key, language=language).select_related("saved_by"))
