"""Texts that stand in four columns, one for each language of the house."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

# Column of a text → the language that people and browsers call it by.
COLUMNS = {"en": "en", "zh_hans": "zh-hans", "zh_hant": "zh-hant", "de": "de"}
LANGUAGE_LABELS: dict[str, str | Promise] = {
    "en": _("English"),
    "zh_hans": _("Simplified Chinese"),
    "zh_hant": _("Traditional Chinese"),
    "de": _("German"),
}


def column_of(language: str | None = None) -> str:
    """The column of a language (the active one), English for one that the house does not write."""
    column = (language or get_language() or "en").lower().replace("-", "_")
    return column if column in COLUMNS else "en"


def words_of(row: Any, name: str, language: str | None = None) -> str:
    """A text of four columns in this language (the active one), in English where nobody has translated it."""
    return str(getattr(row, f"{name}_{column_of(language)}") or getattr(row, f"{name}_en"))


def worded(name: str, texts: tuple[str, ...]) -> dict[str, str]:
    """Four texts, in the order of the columns, as values for a row."""
    return {f"{name}_{column}": text for column, text in zip(COLUMNS, texts, strict=True)}


def in_all_languages(row: Any, name: str) -> dict[str, str]:
    """A text as facts of an event keep it: said in the reader's language."""
    return {language: words_of(row, name, language) for language in COLUMNS.values()}


class Named(models.Model):
    """A row that is called by a title in four languages."""

    title_en = models.CharField(pgettext_lazy("language of a title", "English"), max_length=200)
    title_zh_hans = models.CharField(
        pgettext_lazy("language of a title", "Simplified Chinese"), max_length=200, blank=True
    )
    title_zh_hant = models.CharField(
        pgettext_lazy("language of a title", "Traditional Chinese"), max_length=200, blank=True
    )
    title_de = models.CharField(pgettext_lazy("language of a title", "German"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the active language, in English where nobody has translated it."""
        return words_of(self, "title")
