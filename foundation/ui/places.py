"""Countries, languages and time zones, named in the reader's language (from the Unicode CLDR, through Babel)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import to_locale

from foundation.ui.pinyin import syllables

# Where people write to a company from, when a country has several zones and the first by name is not the usual one.
_USUAL_ZONES = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto",
    "CD": "Africa/Kinshasa", "CL": "America/Santiago", "CN": "Asia/Shanghai", "CY": "Asia/Nicosia", "DE": "Europe/Berlin",
    "EC": "America/Guayaquil", "ES": "Europe/Madrid", "FM": "Pacific/Pohnpei", "ID": "Asia/Jakarta", "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York", "UZ": "Asia/Tashkent",
}  # fmt: skip
_NO_COUNTRIES = {"AC", "CP", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ", "CQ"}
# What customers of a trading company are likely to write in; the first four have texts of ours.
CUSTOMER_LANGUAGES = (
    "en", "zh-hans", "zh-hant", "de", "ar", "cs", "da", "el", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko",
    "ms", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi",
)  # fmt: skip
LANGUAGE_OF = {
    "CN": "zh-hans", "SG": "en", "TW": "zh-hant", "HK": "zh-hant", "MO": "zh-hant", "DE": "de", "AT": "de", "CH": "de", "LI": "de",
}  # fmt: skip

# The one word in the names of countries that is wider than a column.
_BREAKS = {"Sonderverwaltungsregion": "Sonder\u00adverwaltungs\u00adregion"}


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(to_locale(language), sep="_")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@lru_cache(maxsize=32)
def _territories(language: str) -> dict[str, str]:
    names = _locale(language).territories
    return {
        code: str(name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }


@lru_cache(maxsize=32)
def _sorted_countries(language: str) -> tuple[tuple[str, str], ...]:
    def key(pair: tuple[str, str]) -> str:
        name = "".join(syllables(pair[1])) if language.startswith("zh") else pair[1]
        return "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))

    return tuple(sorted(_territories(language).items(), key=key))


def countries() -> list[tuple[str, str]]:
    """ISO alpha-2 code and name of every country, in the order of the active language."""
    return list(_sorted_countries(translation.get_language() or "en"))


def is_country(code: str) -> bool:
    """Whether this is an ISO alpha-2 code, in capitals."""
    return code in _territories("en")


def country_name(code: str) -> str:
    """The country's name in the active language; the code itself when it is unknown."""
    return _territories(translation.get_language() or "en").get(code, code)


def country_cell(code: str) -> str:
    """The country's name for a narrow column: its longest words may break, at soft hyphens."""
    name = country_name(code)
    for word, broken in _BREAKS.items():
        name = name.replace(word, broken)
    return name


def language_name(code: str) -> str:
    """A language's name in the active language, `zh-hans` included; the code itself when it is unknown."""
    names = _locale(translation.get_language() or "en").languages
    wanted = to_locale(code)
    return str(names.get(wanted) or names.get(wanted.split("_")[0]) or code) if code else ""


def customer_languages() -> list[tuple[str, str]]:
    """The languages that a customer may have, those with texts of ours first."""
    return [(code, language_name(code)) for code in CUSTOMER_LANGUAGES]


def zone_name(zone: str) -> str:
    """The city that a time zone is called by, in the active language: London, 伦敦."""
    return _zone_name(zone, translation.get_language() or "en") if zone else ""


@lru_cache(maxsize=1024)
def _zone_name(zone: str, language: str) -> str:
    known = _locale(language).time_zones
    for key in (zone, *(old for old, new in get_global("zone_aliases").items() if new == zone)):
        if city := known.get(key, {}).get("city"):
            return str(city)
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def zone_of(country: str) -> str:
    """The usual time zone of a country; empty when the country is unknown."""
    if country in _USUAL_ZONES:
        return _USUAL_ZONES[country]
    zones = get_global("territory_zones").get(country) or []
    return str(sorted(zones)[0]) if zones else ""


def zones_of(country: str) -> list[str]:
    """All time zones of a country, the usual one first."""
    usual = zone_of(country)
    return (
        [usual, *[z for z in sorted(get_global("territory_zones").get(country) or []) if z != usual]] if usual else []
    )


def language_of(country: str) -> str:
    """The language of ours in which a customer of that country is written to until they say otherwise."""
    return LANGUAGE_OF.get(country, "en")


lazy_countries = lazy(countries, list)
lazy_customer_languages = lazy(customer_languages, list)
