"""Names of languages and countries, and times of the day, in templates of this stage."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone

from foundation.ui import formats
from foundation.ui.places import country_name, language_name

register = template.Library()


@register.filter
def language_label(code: str) -> str:
    """`de` → German, in the reader's language."""
    return language_name(code)


@register.filter
def country_label(code: str) -> str:
    """`DE` → Germany, in the reader's language."""
    return country_name(code) if code else ""


@register.filter
def clock_time(moment: dt.datetime | None) -> str:
    """Hour and minute in the reader's zone; empty for none."""
    return formats.clock_time(timezone.localtime(moment)) if moment else ""
