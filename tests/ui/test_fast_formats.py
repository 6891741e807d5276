"""What is worked out once and kept says the same as Babel and Django, who work it out each time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from foundation.accounts.models import User
from foundation.ui import formats
from foundation.ui.addresses import record_url
from foundation.ui.labels import choice_label

LANGUAGES = ("en", "zh-hans", "zh-hant", "de")
amounts = st.decimals(-(10**11), 10**11, allow_nan=False, places=5).filter(lambda value: abs(value) >= Decimal("0.01"))
moments = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1), timezones=st.just(dt.UTC))


@pytest.mark.parametrize("language", LANGUAGES)
@given(value=amounts, currency=st.sampled_from(["EUR", "USD", "CNY", "JPY", "KWD", "TWD", "HKD", "GBP", "XYZ"]))
def test_money_is_written_as_babel_writes_it(language, value, currency):
    with override(language):
        wanted = format_currency(value, currency, locale=formats.locale())
        assert formats.money(value, currency) == wanted or round(value) == 0


@pytest.mark.parametrize("language", LANGUAGES)
@given(value=amounts)
def test_quantities_and_numbers_are_written_as_babel_writes_them(language, value):
    with override(language):
        assert formats.quantity(value) == format_decimal(value, "#,##0.###", locale=formats.locale())
        assert formats.number(value, 2) == format_decimal(value, "#,##0.00", locale=formats.locale())
        assert formats.number(int(value), 0) == format_decimal(int(value), "#,##0", locale=formats.locale())


def test_nothing_is_never_negative():
    with override("en"):
        assert formats.number(Decimal("-0.001"), 2) == "0.00"
        assert formats.quantity(Decimal("-0.0001")) == "0"


@pytest.mark.parametrize("language", LANGUAGES)
@given(when=moments)
def test_moments_are_written_as_babel_writes_them(language, when):
    with override(language), timezone.override("Asia/Shanghai"):
        here = timezone.localtime(when)
        loc = formats.locale()
        pattern = str(loc.datetime_formats["medium"]).replace("{1}", str(loc.date_formats["medium"].pattern))
        assert formats.moment(when) == format_datetime(here, pattern.replace("{0}", "HH:mm"), locale=loc)


def test_an_address_is_the_one_that_django_finds():
    assert record_url("accounts:person", 7) == reverse("accounts:person", args=[7])
    assert record_url("accounts:person", 12345) == reverse("accounts:person", args=[12345])


def test_a_choice_is_named_in_the_readers_language():
    field = User._meta.get_field("language")
    with override("de"):
        assert choice_label(field, "en") == "Englisch"
    with override("en"):
        assert choice_label(field, "en") == "English"
        assert choice_label(field, "xx") == "xx"
        assert choice_label(field, None) == ""
