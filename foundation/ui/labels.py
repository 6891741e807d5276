"""The words of a field's choices, found once per language: Django walks through all of them for every cell."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Field
from django.utils.translation import get_language


def choice_label(field: Field[Any, Any], value: Any) -> str:
    """What `get_FOO_display()` says: the choice's label in the active language, or the value itself."""
    labels = _labels(field, get_language())
    return labels.get(value) or ("" if value is None else str(value))


@lru_cache(maxsize=2048)
def _labels(field: Field[Any, Any], _language: str | None) -> dict[Any, str]:
    return {value: str(label) for value, label in field.flatchoices}
