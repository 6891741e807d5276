"""Values of own fields: as forms ask for them, as they are kept, as people read them, as files say them.

Kept as JSON by the code of the field: a text, a number, a day as ISO writes it, the code of an answer, a sorted list of
such codes, or true and false. What is empty is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from crm.models import OwnChoice, OwnField
from foundation.ui import formats, html

Kind = OwnField.Kind
PREFIX = "own_"
YES, NO = "yes", "no"
LONGEST = 500


def name_of(field: OwnField) -> str:
    """What the field is called in a form and in an address."""
    return f"{PREFIX}{field.code}"


def _known(field: OwnField) -> list[OwnChoice]:
    """Its answers; those from the shelf know them."""
    found: list[OwnChoice] | None = field.__dict__.get("known_choices")
    return list(field.choices.all()) if found is None else found


def answers(field: OwnField, *, retired: str | list[str] = "") -> list[tuple[str, str]]:
    """What a choice offers: the answers in use, and those that the record already has."""
    kept = {retired} if isinstance(retired, str) else set(retired)
    return [(one.code, str(one)) for one in _known(field) if one.is_active or one.code in kept]


def kept(field: OwnField, cleaned: Any) -> Any:
    """What is kept of a form's cleaned value; None for nothing."""
    if cleaned in (None, "", []):
        return None
    if field.kind == Kind.YES_NO:
        return cleaned in (YES, True)
    if field.kind == Kind.NUMBER:
        return number(Decimal(cleaned))
    if field.kind == Kind.DATE:
        return cleaned.isoformat() if isinstance(cleaned, date) else str(cleaned)
    if field.kind == Kind.MANY:
        return sorted(set(cleaned))
    return cleaned


def number(value: Decimal) -> int | float:
    """A number as JSON keeps it."""
    return int(value) if value == value.to_integral_value() else float(value)


def shown(field: OwnField, value: Any) -> object:
    """The value as people read it, as markup where it leads somewhere; empty for nothing."""
    if field.kind == Kind.LINK and value:
        return html.link(value, value)
    return plain(field, value)


def plain(field: OwnField, value: Any) -> str:
    """The value in words, for exports and the history."""
    if value is None or value == "" or value == []:
        return ""
    if field.kind == Kind.YES_NO:
        return _("Yes") if value else _("No")
    if field.kind == Kind.NUMBER:
        places = max(0, -int(Decimal(str(value)).normalize().as_tuple().exponent))
        return formats.number(Decimal(str(value)), places)
    if field.kind == Kind.DATE:
        return formats.day(date.fromisoformat(value))
    if field.kind in (Kind.CHOICE, Kind.MANY):
        names = {str(one.code): str(one) for one in _known(field)}
        return ", ".join(str(names.get(one, one)) for one in (value if isinstance(value, list) else [value]))
    return str(value)


def recorded(value: Any) -> str:
    """The value as the journal keeps it, in nobody's language: codes, numbers, days as ISO writes them."""
    if value is None or value == "" or value == []:
        return ""
    return "; ".join(value) if isinstance(value, list) else str(value)


def read(field: OwnField, text: str) -> str:
    """What `recorded` kept, in the reader's words; a text that is none of it stays as it is."""
    if field.kind in (Kind.CHOICE, Kind.MANY):
        return plain(field, text.split("; "))
    try:
        if field.kind == Kind.DATE:
            return formats.day(date.fromisoformat(text))
        if field.kind == Kind.NUMBER:
            return plain(field, Decimal(text))
    except (ValueError, ArithmeticError):
        return text
    return text


def raw(field: OwnField, value: Any) -> object:
    """The value for a file that is imported again: codes, numbers, days as ISO writes them."""
    if field.kind == Kind.MANY and value:
        return "; ".join(value)
    if field.kind == Kind.YES_NO and value is not None:
        return YES if value else NO
    return "" if value is None else value


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by code, as somebody other than a form gives them, each of its kind. Raises ValidationError naming the field."""
    fields = {one.code: one for one in OwnField.of(retired=True)}
    found = {}
    for code, value in values.items():
        field = fields.get(code)
        if field is None:
            raise ValidationError(_("There is no own field “%(code)s”."), params={"code": code})
        try:
            found[code] = None if value in (None, "", []) else _CHECKS[field.kind](field, value)
        except (ValueError, ArithmeticError, TypeError, ValidationError) as error:
            message = _("“%(value)s” does not fit %(field)s.") % {"value": value, "field": field}
            raise ValidationError(message) from error
    return found


def _one_of(field: OwnField, value: Any) -> str:
    names = {str(label).casefold(): code for code, label in answers(field)}
    codes = {one.code for one in _known(field)}
    found = value if value in codes else names.get(str(value).casefold(), "")
    if not found:
        raise ValueError(value)
    return str(found)


def _several_of(field: OwnField, value: Any) -> list[str]:
    parts = value if isinstance(value, list) else str(value).replace("；", ";").split(";")
    return sorted({_one_of(field, part.strip()) for part in parts if part.strip()})


def _truth(field: OwnField, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    said = str(value).strip().casefold()
    if said in (YES, "true", "1", "ja", "是"):
        return True
    if said in (NO, "false", "0", "nein", "否"):
        return False
    raise ValueError(value)


def _link(field: OwnField, value: Any) -> str:
    URLValidator(schemes=["https", "http"])(str(value))
    return str(value)[:LONGEST]


_CHECKS: dict[str, Callable[[OwnField, Any], Any]] = {
    Kind.TEXT: lambda field, value: " ".join(str(value).split())[:LONGEST],
    Kind.NUMBER: lambda field, value: number(Decimal(str(value))),
    Kind.DATE: lambda field, value: date.fromisoformat(str(value)).isoformat(),
    Kind.CHOICE: _one_of,
    Kind.MANY: _several_of,
    Kind.YES_NO: _truth,
    Kind.LINK: _link,
}
