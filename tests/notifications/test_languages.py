"""In which language somebody is written to: the contact's, the customer's, the country's, the company's, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from foundation.accounts.models import Company
from foundation.notifications.languages import chain, load_countries, reason
from foundation.notifications.models import CountryLanguage
from tests.notifications.conftest import ANNA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _countries(db: None) -> None:
    load_countries()


@pytest.mark.parametrize(("person", "language", "said"), [
    ({"spoken": "de", "language": "de"}, "de", "German, because that is the language of Anna Berg"),
    ({"spoken": "", "language": "zh-hant"}, "zh-hant", "because that is the customer's language"),
    ({"spoken": "fr", "language": "fr", "country": "AT"}, "de", "because that is how we write to Austria"),
    ({"spoken": "ja", "language": "ja", "country": "TW"}, "zh-hant", "because that is how we write to Taiwan"),
    ({"spoken": "fr", "language": "fr", "country": "FR"}, "zh-hans", "because that is our own language"),
])  # fmt: skip
def test_the_first_language_that_we_write_counts_and_says_why(person: dict[str, str], language: str, said: str) -> None:
    company = Company.current()
    company.default_language = "zh-hans"
    company.save()
    anna = replace(ANNA, **person)
    first = chain(anna)[0]
    assert first.language == language
    assert said in reason(anna, first)


def test_an_administrators_choice_for_a_country_counts_and_stays(db: None) -> None:
    CountryLanguage.objects.filter(country="CH").delete()
    CountryLanguage.objects.create(country="CH", language="en")
    assert load_countries() == 0
    assert chain(replace(ANNA, spoken="fr", language="fr", country="CH"))[0].language == "en"


def test_the_chain_costs_no_query_in_a_warm_process(django_assert_num_queries: Any) -> None:
    anna = replace(ANNA, spoken="fr", language="fr", country="AT")
    chain(anna)
    with django_assert_num_queries(0):
        chain(anna)
