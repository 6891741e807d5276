"""In which language somebody is written to, and why: the contact's, the customer's, the country's, the company's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.audiences import Recipient
from foundation.accounts.middleware import supported
from foundation.accounts.models import Company
from foundation.notifications.models import CountryLanguage
from foundation.ui.places import LANGUAGE_OF, country_name, language_name
from foundation.ui.shelf import Shelf, follow


@dataclass(frozen=True)
class Step:
    """One language of the chain and where it comes from: contact, customer, country, company, last."""

    language: str
    source: str


def _read() -> dict[str, str]:
    return dict(CountryLanguage.objects.values_list("country", "language"))


_countries: Shelf[dict[str, str]] = Shelf(_read, of=[CountryLanguage])
follow(CountryLanguage)


def chain(recipient: Recipient, facts: Mapping[str, Any] | None = None) -> list[Step]:
    """Languages to try for one person, each once, of those that the house writes; no query in a warm process."""
    said = facts or {}
    country = recipient.country or str(said.get("country") or "")
    wanted = [
        ("contact", recipient.spoken),
        ("customer" if recipient.kind == "customer" else "contact", recipient.language),
        ("customer", said.get("language")),
        ("country", _countries.get().get(country) if country else ""),
        ("company", Company.current().default_language),
        ("last", "en"),
    ]
    steps: dict[str, Step] = {}
    for source, code in wanted:
        if language := supported(str(code or "")):
            steps.setdefault(language, Step(language, source))
    return list(steps.values())


def reason(recipient: Recipient, step: Step) -> str:
    """Why this language, in one sentence before something is sent."""
    values = {
        "language": language_name(step.language),
        "country": country_name(recipient.country),
        "name": recipient.name,
    }
    reasons = {
        "contact": _("Will be sent in %(language)s, because that is the language of %(name)s."),
        "customer": _("Will be sent in %(language)s, because that is the customer's language."),
        "country": _("Will be sent in %(language)s, because that is how we write to %(country)s."),
        "company": _("Will be sent in %(language)s, because that is our own language."),
        "last": _("Will be sent in %(language)s, because we write in no language that is known here."),
    }
    return reasons[step.source] % values


def load_countries() -> int:
    """Add the countries that are missing; what an administrator chose stays. Returns the additions."""
    there = set(CountryLanguage.objects.values_list("country", flat=True))
    missing = [CountryLanguage(country=one, language=code) for one, code in LANGUAGE_OF.items() if one not in there]
    CountryLanguage.objects.bulk_create(missing)
    return len(missing)
