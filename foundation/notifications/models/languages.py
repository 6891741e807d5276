"""In which language a country is written to while nobody knows better."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.ui.places import country_name, language_name


class CountryLanguage(models.Model):
    """One country and the language of ours for people there whose own language we do not have."""

    country = models.CharField(_("country"), max_length=2, unique=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)

    class Meta:
        verbose_name = _("language of a country")
        verbose_name_plural = _("languages of countries")
        ordering = ("country",)

    def __str__(self) -> str:
        return f"{country_name(self.country)}: {language_name(self.language)}"
