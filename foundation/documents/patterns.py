"""How a document number is written: `SO-{year}-{n:04}`. Own small language, so that a pattern can reach nothing else."""

from __future__ import annotations

import re
from string import Formatter

from django.utils.translation import gettext as _

_WIDTH = re.compile(r"0?\d{0,2}")
_PLACES = ("year", "yy", "n")


class PatternError(ValueError):
    """The pattern cannot be used; the text says why."""


def render_number(pattern: str, *, year: int, n: int) -> str:
    """The `n`-th number of `year`. Raises PatternError for a pattern without `{n}` or with a place of another name."""
    values = {"year": year, "yy": year % 100, "n": n}
    text, counts = "", False
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError as error:
        raise PatternError(_("The braces of this pattern do not match.")) from error
    for literal, place, width, conversion in parts:
        text += literal
        if place is None:
            continue
        if place not in _PLACES or conversion or not _WIDTH.fullmatch(width or ""):
            raise PatternError(
                _("“{%(place)s}” means nothing here: use {year}, {yy} and {n}, or {n:04} for four digits.")
                % {"place": place}
            )
        counts = counts or place == "n"
        text += format(values[place], "02" if place == "yy" else (width or ""))
    if not counts:
        raise PatternError(_("The pattern needs {n}, the place of the count."))
    return text
