"""Tax numbers of companies: in one form, told apart by country, and with their check digits.

`read()` knows the numbers by which a company is known for certain (the VAT numbers of Europe, 统一社会信用代码, 統一編號). Others are
compared as they are typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

_CHINESE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class TaxNumber:
    """A number in one form; `country` is whose it is, `is_checked` that its check digit is right, `is_wrong` that it is not."""

    country: str
    digits: str
    is_checked: bool = False
    is_wrong: bool = False

    @property
    def key(self) -> str:
        """By this two customers are the same company; empty when we cannot be certain."""
        return f"{self.country}:{self.digits}" if self.is_checked else ""


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(one) * weight for one, weight in zip(digits, weights, strict=False))


def _german(digits: str) -> bool:
    product = 10
    for one in digits[:8]:
        product = ((int(one) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[8])


def _chinese(code: str) -> bool:
    total = sum(_CHINESE.index(one) * (pow(3, place) % 31) for place, one in enumerate(code[:17]))
    return _CHINESE[(31 - total % 31) % 31] == code[17]


def _luhn_sum(digits: str, weights: tuple[int, ...]) -> int:
    return sum(sum(divmod(int(one) * weight, 10)) for one, weight in zip(digits, weights, strict=True))


def _austrian(digits: str) -> bool:
    return (10 - (_luhn_sum(digits[1:8], (1, 2, 1, 2, 1, 2, 1)) + 4) % 10) % 10 == int(digits[8])


def _italian(digits: str) -> bool:
    return _luhn_sum(digits, (1, 2) * 5 + (1,)) % 10 == 0


def _polish(digits: str) -> bool:
    return _weighted(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(digits[9])


def _french(digits: str) -> bool:
    return not digits[:2].isdigit() or (int(digits[2:] + "12") % 97) == int(digits[:2])


def _swiss(digits: str) -> bool:
    return (11 - _weighted(digits[:8], (5, 4, 3, 2, 7, 6, 5, 4)) % 11) % 11 == int(digits[8])


def _taiwanese(digits: str) -> bool:
    total = _luhn_sum(digits, (1, 2, 1, 2, 1, 2, 4, 1))
    return total % 5 == 0 or (digits[6] == "7" and (total + 1) % 5 == 0)


# country: how the number looks without its prefix, and its check
KNOWN: dict[str, tuple[str, Callable[[str], bool]]] = {
    "DE": (r"[1-9]\d{8}", _german),
    "CN": (rf"[{_CHINESE}]{{2}}\d{{6}}[{_CHINESE}]{{10}}", _chinese),
    "AT": (r"U\d{8}", _austrian),
    "IT": (r"\d{11}", _italian),
    "PL": (r"\d{10}", _polish),
    "FR": (r"[0-9A-HJ-NP-Z]{2}\d{9}", _french),
    "CH": (r"\d{9}", _swiss),
    "TW": (r"\d{8}", _taiwanese),
}
_PREFIXES = {"DE": "DE", "AT": "AT", "IT": "IT", "PL": "PL", "FR": "FR", "CHE": "CH"}
_SUFFIX = re.compile(r"(MWST|TVA|IVA|UID)$")


def read(text: str, country: str = "") -> TaxNumber:
    """What the number says; by its prefix or its shape it may belong to another country than the customer."""
    plain = re.sub(r"[\W_]+", "", text).upper()
    prefix = next((one for one in _PREFIXES if plain.startswith(one)), "")
    if prefix:
        whose, digits = _PREFIXES[prefix], _SUFFIX.sub("", plain[len(prefix) :])
    elif re.fullmatch(KNOWN["CN"][0], plain) and not plain.isdigit():
        whose, digits = "CN", plain
    else:
        whose, digits = country if country in ("CN", "TW") else "", plain
    if whose not in KNOWN:
        return TaxNumber(country, plain)
    shape, check = KNOWN[whose]
    if not re.fullmatch(shape, digits):
        # an older number of the tax office looks otherwise; one with the prefix of a VAT number must be one
        return TaxNumber(whose, digits, is_wrong=bool(prefix))
    fits = check(digits)
    return TaxNumber(whose, digits, is_checked=fits, is_wrong=not fits)


def complaint(text: str, country: str = "") -> str:
    """A sentence when the number cannot be right; empty otherwise."""
    number = read(text, country)
    if not number.is_wrong:
        return ""
    if number.country == "CN":
        return _("The check digit of this unified social credit code is wrong: compare it with the licence.")
    return _("The check digit of this tax number is wrong: compare it with the customer's papers.")


def compared(text: str, country: str = "") -> str:
    """The form in which two numbers are compared, whether or not their check digits are known."""
    if not text:
        return ""
    number = read(text, country)
    return f"{number.country}:{number.digits}" if len(number.digits) >= 5 else ""
