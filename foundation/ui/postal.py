"""Addresses as each country writes them: which parts there are, in which order, and how they stand on paper.

After the address data of the Unicode CLDR project (libaddressinput) and the templates of the Universal Postal Union
(S42), for the countries that we deal with; all others are written in the general form. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PARTS = ("street", "district", "city", "region", "postal_code")
_PIECE = re.compile(r"\{(\w+)\}")
# Characters of Chinese and Japanese: an address in them runs from the largest part to the smallest.
_HAN = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")

LABELS: dict[str, str | Promise] = {
    "street": _("Street and number"),
    "district": _("District"),
    "city": _("City"),
    "region": _("Province or state"),
    "postal_code": _("Postal code"),
}


@dataclass(frozen=True)
class Form:
    """How a country writes. `parts` in the order in which people there tell them; `lines` as they stand on a letter.

    `local` are the lines in the country's own script, where that runs the other way round.
    """

    parts: tuple[str, ...] = ("street", "district", "postal_code", "city", "region")
    lines: tuple[str, ...] = ("{street}", "{district}", "{postal_code} {city}, {region}")
    local: tuple[str, ...] = ()
    required: frozenset[str] = frozenset({"street", "city"})
    pattern: str = ""
    example: str = ""
    labels: Mapping[str, str | Promise] = field(default_factory=dict)

    def label(self, part: str) -> str | Promise:
        """What the part is called there."""
        return self.labels.get(part) or LABELS[part]

    def fits(self, code: str) -> bool:
        """Whether a postal code looks as one of that country does."""
        return not self.pattern or re.fullmatch(self.pattern, code) is not None


GENERAL = Form()
_TOWN = ("street", "postal_code", "city")


def _continental(pattern: str, example: str, **changes: Any) -> Form:
    """Street and number, then postal code and town; nothing else is written."""
    known: dict[str, Any] = {
        "parts": _TOWN,
        "lines": ("{street}", "{postal_code} {city}"),
        "required": frozenset({"street", "postal_code", "city"}),
        "pattern": pattern,
        "example": example,
    }
    return Form(**{**known, **changes})


def _with_region(label: str | Promise, pattern: str, example: str, last: str, **changes: Any) -> Form:
    """A town, its state or province, and the postal code in one line."""
    known: dict[str, Any] = {
        "parts": ("street", "district", "city", "region", "postal_code"),
        "lines": ("{street}", "{district}", last),
        "required": frozenset({"street", "city", "region", "postal_code"}),
        "pattern": pattern,
        "example": example,
        "labels": {"region": label, "district": _("Second line (suite, building)")},
    }
    return Form(**{**known, **changes})


_STATE, _PROVINCE, _ZIP = pgettext_lazy("part of an address", "State"), _("Province"), _("ZIP code")
_WEST = "{city}, {region} {postal_code}"
_CHINA = {"region": _PROVINCE, "city": pgettext_lazy("in China", "City"), "district": pgettext_lazy("in China", "District or county")}  # fmt: skip
_NO_CODE = frozenset({"street", "city"})
_ONE_LINE = "{region}{city}{district}{street}"

FORMS: dict[str, Form] = {
    "CN": Form(
        parts=("region", "city", "district", "street", "postal_code"),
        lines=("{street}", "{district}", _WEST),
        local=("{postal_code}", _ONE_LINE),
        required=frozenset({"region", "city", "street"}),
        pattern=r"\d{6}",
        example="510623",
        labels=_CHINA,
    ),
    "TW": Form(
        parts=("postal_code", "city", "district", "street"),
        lines=("{street}", "{district}", "{city} {postal_code}"),
        local=("{postal_code}", _ONE_LINE),
        required=frozenset({"city", "street"}),
        pattern=r"\d{3}(-?\d{2,3})?",
        example="110-55",
        labels={"city": _("City or county"), "district": _("Township or district")},
    ),
    "HK": Form(
        parts=("city", "district", "street"),
        lines=("{street}", "{district}", "{city}"),
        local=(_ONE_LINE,),
        required=_NO_CODE,
        labels={"city": pgettext_lazy("in Hong Kong", "Area")},
    ),
    "MO": Form(
        parts=("city", "district", "street"), lines=("{street}", "{district}", "{city}"), local=(_ONE_LINE,), required=_NO_CODE
    ),
    "JP": Form(
        parts=("postal_code", "region", "city", "district", "street"),
        lines=("{street}", "{district}", "{city}, {region} {postal_code}"),
        local=("〒{postal_code}", _ONE_LINE),
        pattern=r"\d{3}-?\d{4}",
        example="100-0001",
        labels={"region": _("Prefecture")},
    ),
    "KR": Form(
        parts=("region", "city", "district", "street", "postal_code"),
        lines=("{street}", "{district}", "{city}, {region} {postal_code}"),
        pattern=r"\d{5}",
        example="04524",
        labels={"region": _PROVINCE},
    ),
    "US": _with_region(
        _STATE, r"\d{5}(-\d{4})?", "30309", _WEST,
        labels={"region": _STATE, "postal_code": _ZIP, "district": _("Second line (suite, building)")},
    ),
    "CA": _with_region(_PROVINCE, r"[A-Z]\d[A-Z] ?\d[A-Z]\d", "K1A 0B1", _WEST),
    "AU": _with_region(_STATE, r"\d{4}", "2000", _WEST),
    "IN": _with_region(_STATE, r"\d{3} ?\d{3}", "110 001", _WEST),
    "BR": _with_region(_STATE, r"\d{5}-?\d{3}", "01310-100", "{city} - {region}, {postal_code}"),
    "MX": _with_region(_STATE, r"\d{5}", "06000", "{postal_code} {city}, {region}"),
    "MY": _with_region(_STATE, r"\d{5}", "50088", "{postal_code} {city}, {region}"),
    "GB": Form(
        parts=("street", "district", "city", "postal_code"),
        lines=("{street}", "{district}", "{city}", "{postal_code}"),
        required=frozenset({"street", "city", "postal_code"}),
        pattern=r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
        example="SE1 9SG",
        labels={"district": pgettext_lazy("in Great Britain", "Locality"), "city": _("Post town"), "postal_code": _("Postcode")},
    ),
    "IE": Form(
        parts=("street", "district", "city", "region", "postal_code"),
        lines=("{street}", "{district}", "{city}", "{region}", "{postal_code}"),
        pattern=r"[A-Z]\d[\dW] ?[A-Z\d]{4}",
        example="D02 X285",
        labels={"region": _("County"), "postal_code": "Eircode"},
    ),
    "NZ": Form(
        parts=("street", "district", "city", "postal_code"),
        lines=("{street}", "{district}", "{city} {postal_code}"),
        pattern=r"\d{4}",
        example="1010",
    ),
    "SG": _continental(r"\d{6}", "018956", lines=("{street}", "{city} {postal_code}")),
    "AE": Form(
        parts=("street", "district", "city", "region"),
        lines=("{street}", "{district}", "{city}", "{region}"),
        required=_NO_CODE,
        labels={"region": _("Emirate")},
    ),
    "IT": _continental(
        r"\d{5}", "20121", parts=("street", "postal_code", "city", "region"),
        lines=("{street}", "{postal_code} {city} {region}"), labels={"region": _PROVINCE},
    ),
    "ES": _continental(
        r"\d{5}", "28013", parts=("street", "postal_code", "city", "region"),
        lines=("{street}", "{postal_code} {city}", "{region}"), labels={"region": _PROVINCE},
    ),
    "HU": _continental(r"\d{4}", "1051", parts=("city", "street", "postal_code"), lines=("{city}", "{street}", "{postal_code}")),
    "DE": _continental(r"\d{5}", "20457"),
    "AT": _continental(r"\d{4}", "1010"),
    "CH": _continental(r"\d{4}", "8001"),
    "LI": _continental(r"\d{4}", "9490"),
    "LU": _continental(r"(L-)?\d{4}", "1648"),
    "BE": _continental(r"\d{4}", "1000"),
    "NL": _continental(r"\d{4} ?[A-Z]{2}", "1012 LG"),
    "FR": _continental(r"\d{5}", "75001"),
    "DK": _continental(r"\d{4}", "1050"),
    "SE": _continental(r"\d{3} ?\d{2}", "111 52"),
    "NO": _continental(r"\d{4}", "0155"),
    "FI": _continental(r"\d{5}", "00100"),
    "PL": _continental(r"\d{2}-\d{3}", "00-001"),
    "CZ": _continental(r"\d{3} ?\d{2}", "110 00"),
    "SK": _continental(r"\d{3} ?\d{2}", "811 01"),
    "SI": _continental(r"\d{4}", "1000"),
    "HR": _continental(r"\d{5}", "10000"),
    "PT": _continental(r"\d{4}-\d{3}", "1100-148"),
    "GR": _continental(r"\d{3} ?\d{2}", "105 57"),
    "RO": _continental(r"\d{6}", "010011"),
    "BG": _continental(r"\d{4}", "1000"),
    "EE": _continental(r"\d{5}", "10111"),
    "LV": _continental(r"LV-\d{4}", "LV-1050"),
    "LT": _continental(r"(LT-)?\d{5}", "01103"),
    "TR": replace(GENERAL, pattern=r"\d{5}", example="34122", labels={"region": _PROVINCE}),
    "RU": replace(GENERAL, pattern=r"\d{6}", example="101000"),
    "UA": replace(GENERAL, pattern=r"\d{5}", example="01001"),
    "TH": replace(GENERAL, pattern=r"\d{5}", example="10200", labels={"region": _PROVINCE}),
    "VN": replace(GENERAL, pattern=r"\d{5,6}", example="100000", labels={"region": _PROVINCE}),
    "ID": replace(GENERAL, pattern=r"\d{5}", example="10110", labels={"region": _PROVINCE}),
    "PH": replace(GENERAL, pattern=r"\d{4}", example="1000", labels={"region": _PROVINCE}),
    "SA": replace(GENERAL, pattern=r"\d{5}(-\d{4})?", example="11564"),
    "IL": replace(GENERAL, pattern=r"\d{5}(\d{2})?", example="9103401"),
    "EG": replace(GENERAL, pattern=r"\d{5}", example="11511"),
    "ZA": replace(GENERAL, pattern=r"\d{4}", example="8001", labels={"region": _PROVINCE}),
    "KE": replace(GENERAL, pattern=r"\d{5}", example="00100"),
    "NG": replace(GENERAL, pattern=r"\d{6}", example="101241", labels={"region": _STATE}),
    "KZ": replace(GENERAL, pattern=r"\d{6}|[A-Z]\d{2}[A-Z]\d[A-Z]\d", example="010000"),
    "CL": replace(GENERAL, pattern=r"\d{7}", example="8320000"),
}  # fmt: skip


def form_of(country: str) -> Form:
    """How this country writes its addresses."""
    return FORMS.get(country, GENERAL)


def is_local(country: str, values: Mapping[str, str]) -> bool:
    """Whether the address is written in the country's own script, and so from the largest part down."""
    return bool(form_of(country).local) and _HAN.search(values.get("city", "") + values.get("street", "")) is not None


def lines_of(country: str, values: Mapping[str, str]) -> list[str]:
    """The parts as they stand on a letter, without the recipient and the country; what is not known leaves no trace.

    Parts that the country does not write, but that somebody has entered, stand below the street.
    """
    form = form_of(country)
    lines = form.local if is_local(country, values) else form.lines
    if lines is form.local and values.get("city") == values.get("region"):  # a city that is its own province
        values = {**values, "region": ""}
    written = {name for line in lines for name in _PIECE.findall(line)}
    spare = [str(values[name]) for name in PARTS if name not in written and values.get(name)]
    found = [line for line in (_filled(one, values) for one in lines) if line]
    return [*found[:1], *spare, *found[1:]]


def _filled(line: str, values: Mapping[str, str]) -> str:
    """One line; what stands between two parts is written only between two that are there."""
    out, between = "", ""
    for literal, name in _pieces(line):
        between = between or literal
        value = str(values.get(name) or "") if name else ""
        if value:
            out += value if not out and between in (" ", ", ", " - ") else between + value
            between = ""
    return out


def _pieces(line: str) -> Iterator[tuple[str, str]]:
    """What stands before each part, and the part."""
    at = 0
    for match in _PIECE.finditer(line):
        yield line[at : match.start()], match[1]
        at = match.end()


def tidy_code(code: str) -> str:
    """A postal code as it is compared and kept: capital letters, single spaces, plain dashes."""
    return " ".join(code.upper().replace("–", "-").replace("—", "-").split())
