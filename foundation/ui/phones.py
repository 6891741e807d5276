"""Telephone numbers as people write them, and as we keep them."""

from __future__ import annotations

from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What a number may be too long for: nobody writes one of more characters, and the parser need not see it.
LONGEST = 40


def example_for(country: str) -> str:
    """A number as one looks in that country, in international writing."""
    example: Any = phonenumbers.example_number(country) or phonenumbers.example_number("DE")
    return str(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def parse_phone(text: str, country: str = "") -> str:
    """The E.164 form of a number in national (of `country`) or international writing; empty for empty text.

    Raises ValidationError with an example when it cannot be understood.
    """
    text = (text or "").strip()
    if not text:
        return ""
    try:
        if len(text) > LONGEST:
            raise ValueError
        number = phonenumbers.parse(text, country or None)
        if not phonenumbers.is_valid_number(number):
            raise ValueError
    except (phonenumbers.NumberParseException, ValueError) as error:
        raise ValidationError(
            _("This is no telephone number that we understand. Write it with country code, for instance %(example)s."),
            code="phone",
            params={"example": example_for(country)},
        ) from error
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def understood_phone(text: str, country: str = "") -> str:
    """The E.164 form, or empty text when the number cannot be understood."""
    try:
        return parse_phone(text, country)
    except ValidationError:
        return ""


def shown_phone(number: object) -> str:
    """A stored number in international writing, with spaces."""
    return str(getattr(number, "as_international", number) or "")


def e164(number: object) -> str:
    """A stored number as machines want it; empty for none. `str()` of the same would be for people, with spaces."""
    return str(getattr(number, "as_e164", number) or "")
