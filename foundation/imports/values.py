"""From the text of a cell to a value, or to a reason why not."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import pycountry
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from foundation.accounts.middleware import supported
from foundation.accounts.models import Company
from foundation.imports.mapping import Feed
from foundation.imports.registry import Field, Rejected

TRUE = {"1", "yes", "true", "y", "ja", "是", "x"}
FALSE = {"0", "no", "false", "n", "nein", "否", ""}
MOST_DIGITS = 14
BETWEEN_DIGITS = re.compile(r"[\s\u00a0']")
DECIMAL = re.compile(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+")
REMEMBERED = 5000


_zone: ContextVar[str] = ContextVar("zone of the running import")


class Unmapped(Exception):
    """The value table does not know this value: it becomes empty and is counted."""


@contextmanager
def one_zone() -> Iterator[None]:
    """Let days begin where the company is now, without asking again for each."""
    token = _zone.set(Company.current().time_zone)
    try:
        yield
    finally:
        _zone.reset(token)


def beginning_of(day: date | None) -> datetime | None:
    """The first moment of a day where the company is; None stays None."""
    if day is None:
        return None
    zone = _zone.get("") or Company.current().time_zone
    return datetime.combine(day, time(), zoneinfo.ZoneInfo(zone))


def convert(feed: Feed, text: str, decimal: str) -> Any:
    """The value of a cell, None for an empty one. Raises Rejected or Unmapped."""
    text = text.strip()
    if "\0" in text:
        raise Rejected(_("“%(field)s” contains a character that no text may have.") % {"field": feed.field.label})
    if not text or text in feed.empty or (feed.empty_prefixes and text.startswith(feed.empty_prefixes)):
        return None
    if feed.table is not None:
        if text not in feed.table:
            raise Unmapped(text)
        text = feed.table[text]
        if not text:
            return None
    return _typed(feed.field, text, feed.dates, decimal)


def _typed(field: Field, text: str, dates: tuple[str, ...], decimal: str) -> Any:
    if field.type == "decimal":
        return _decimal(field, text, decimal)
    if field.type == "integer":
        return int(_decimal(field, text, decimal))
    if field.type == "date":
        return _date(field, text, dates)
    if field.type in _OTHERS:
        return _OTHERS[field.type](field, text)
    if len(text) > field.max_length:
        raise Rejected(
            _("“%(field)s” has more than %(most)d characters.") % {"field": field.label, "most": field.max_length}
        )
    return text


def _bad(field: Field, text: str, example: str) -> Rejected:
    words = {"field": field.label, "value": text[:60], "example": example}
    return Rejected(_("“%(field)s”: “%(value)s” cannot be understood; an example: %(example)s.") % words)


def _decimal(field: Field, text: str, decimal: str) -> Decimal:
    plain = BETWEEN_DIGITS.sub("", text)
    plain = plain.replace(".", "").replace(",", ".") if decimal == "," else plain.replace(",", "")
    try:
        if not DECIMAL.fullmatch(plain):
            raise InvalidOperation
        value = Decimal(plain)
        if value.adjusted() >= MOST_DIGITS - field.places:
            raise InvalidOperation
        value = value.quantize(Decimal(1).scaleb(-field.places if field.type == "decimal" else 0), ROUND_HALF_UP)
    except InvalidOperation as error:
        raise _bad(field, text, "1234.50") from error
    if field.minimum is not None and value < field.minimum:
        words = {"field": field.label, "least": field.minimum}
        raise Rejected(_("“%(field)s” is less than %(least)d.") % words)
    return value


def _date(field: Field, text: str, formats: tuple[str, ...]) -> date:
    found = _day(text, formats)
    if found is not None:
        return found
    example = date(2026, 3, 31).strftime(formats[0]) if formats else "2026-03-31"
    raise _bad(field, text, example)


# Days, countries and languages come again and again in a file.
@lru_cache(maxsize=REMEMBERED)
def _day(text: str, formats: tuple[str, ...]) -> date | None:
    for one in formats:
        try:
            found = datetime.strptime(text, one).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if 1900 <= found.year <= 2200:
            return found
    return None


@lru_cache(maxsize=REMEMBERED)
def _alpha_2(text: str) -> str | None:
    try:
        return str(pycountry.countries.lookup(text).alpha_2)
    except LookupError:
        return None


def _country(field: Field, text: str) -> str:
    found = _alpha_2(text)
    if found is None:
        raise _bad(field, text, "DE")
    return found


def _currency(field: Field, text: str) -> str:
    found = pycountry.currencies.get(alpha_3=text.upper())
    if found is None:
        raise _bad(field, text, "USD")
    return str(found.alpha_3)


def _language(field: Field, text: str) -> str:
    code = supported(text)
    if code is None:
        raise _bad(field, text, "zh-hans")
    return code


@lru_cache(maxsize=REMEMBERED)
def _is_host(host: str) -> bool:
    return EmailValidator().validate_domain_part(host)


class _Email(EmailValidator):
    """The usual check; the part behind the sign comes again and again, too."""

    def validate_domain_part(self, domain_part: str) -> bool:
        """Whether mail can go to this host."""
        return _is_host(domain_part)


_validate_email = _Email()


def _email(field: Field, text: str) -> str:
    try:
        _validate_email(text)
    except ValidationError as error:
        raise _bad(field, text, "name@example.com") from error
    return text.lower()


def _phone(field: Field, text: str) -> str:
    try:
        number = PhoneNumber.from_string(text)
    except Exception as error:  # the library has a family of its own
        raise _bad(field, text, "+49 40 123456") from error
    if not number.is_valid():
        raise _bad(field, text, "+49 40 123456")
    return str(number.as_e164)


def _choice(field: Field, text: str) -> str:
    folded = text.casefold().replace(" ", "_")
    for one in field.choices:
        if one.casefold() in (folded, text.casefold()):
            return one
    raise _bad(field, text, ", ".join(field.choices[:6]))


def _boolean(field: Field, text: str) -> bool:
    folded = text.casefold()
    if folded in TRUE or folded in FALSE:
        return folded in TRUE
    raise _bad(field, text, "yes")


_OTHERS = {
    "country": _country,
    "currency": _currency,
    "language": _language,
    "email": _email,
    "phone": _phone,
    "choice": _choice,
    "boolean": _boolean,
}
