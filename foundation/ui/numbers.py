"""Numbers as people type them in the language of the page."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

_SPACES = re.compile(r"[\s\u00a0\u202f']")
_DECIMAL = re.compile(r"[+-]?\d*(\.\d*)?")
MOST_TYPED = 40


def decimal_mark() -> str:
    """What separates decimals in the active language."""
    return "," if (get_language() or "en").startswith("de") else "."


def read_decimal(text: str) -> Decimal:
    """`1.234,50` in German, `1,234.50` elsewhere; spaces group anywhere. Raises ValueError."""
    mark = decimal_mark()
    group = "." if mark == "," else ","
    plain = _SPACES.sub("", text.translate(str.maketrans("０１２３４５６７８９．，", "0123456789.,")))
    whole, _mark, rest = plain.partition(mark)
    if group in whole and not re.fullmatch(rf"[+-]?\d{{1,3}}(\{group}\d{{3}})+", whole):
        raise ValueError(text)
    plain = whole.replace(group, "") + (f".{rest}" if rest else "")
    if not _DECIMAL.fullmatch(plain) or not any(c.isdigit() for c in plain):
        raise ValueError(text)
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise ValueError(text) from error


def write_decimal(value: Decimal) -> str:
    """The number without grouping and superfluous zeros, as `read_decimal` reads it."""
    text = f"{value.normalize():f}" if value else "0"
    return text.replace(".", decimal_mark())


class NumberInput(forms.TextInput):
    """A text field with a numeric keyboard: browsers' own number fields refuse the other decimal mark."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"inputmode": "decimal", "autocomplete": "off", "maxlength": MOST_TYPED, "size": 12, **(attrs or {})}
        )

    def format_value(self, value: Any) -> str | None:
        return write_decimal(value) if isinstance(value, Decimal) else super().format_value(value)


class AmountField(forms.DecimalField):
    """A decimal number in the notation of the active language."""

    widget = NumberInput
    default_error_messages = {"invalid": _("Enter a number, such as 1250.50.")}

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, Decimal):
            return None if value in self.empty_values else value
        try:
            return read_decimal(str(value)[:MOST_TYPED])
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class DayField(forms.DateField):
    """A date, with the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)
