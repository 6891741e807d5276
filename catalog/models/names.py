"""Names of master data in the languages of the house."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """A row with a name in English and, where somebody entered it, in the other languages."""

    name = models.CharField(_("name"), max_length=200)
    name_de = models.CharField(_("name in German"), max_length=200, blank=True)
    name_zh_hans = models.CharField(_("name in Simplified Chinese"), max_length=200, blank=True)
    name_zh_hant = models.CharField(_("name in Traditional Chinese"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        """The name in `language`; the English one where there is no other."""
        return str(getattr(self, f"name_{language.replace('-', '_')}", "") or self.name)

    def all_names(self) -> list[str]:
        """Every name that is known, for the search."""
        return [self.name, self.name_de, self.name_zh_hans, self.name_zh_hant]
