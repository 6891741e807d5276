"""The figures on a manager's first page."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.ui import charts, formats
from kpi.periods import last_days
from kpi.selectors import Card, cards

FRESH_SECONDS = 60


def shown_value(card: Card) -> str:
    """The value as people read it."""
    if card.result.value is None:
        return "–"
    if card.figure.unit == "percent":
        return formats.percent(card.result.value)
    return f"{formats.number(card.result.value)}\u00a0{unit_word(card.figure.unit)}"


def unit_word(unit: str) -> str:
    """The unit behind a number."""
    return {"days": _("days"), "hours": _("hours")}.get(unit, "")


def goal_text(card: Card) -> str:
    """The goal beside the value."""
    if card.goal is None:
        return ""
    goal = (
        formats.percent(card.goal)
        if card.figure.unit == "percent"
        else f"{formats.number(card.goal)}\u00a0{unit_word(card.figure.unit)}"
    )
    return _("target %(goal)s") % {"goal": goal}


def card_dict(card: Card) -> dict[str, Any]:
    """A card ready for the template."""
    return {
        "name": card.figure.name,
        "label": str(card.figure.label),
        "definition": str(card.figure.definition),
        "value": shown_value(card),
        "state": card.state,
        "note": goal_text(card),
        "counted": card.result.denominator,
        "shown_count": formats.number(card.result.denominator),
        "spark": charts.spark([None if r.value is None else float(r.value) for _month, r in card.course], card.state),
        "url": reverse("kpi:rows", args=[card.figure.name]),
    }


def day_figures(request: Any, **context: Any) -> list[dict[str, Any]]:
    """The last 90 days for those who see figures, at most a minute old."""
    if not request.user.has_perm("kpi.view_figures"):
        return []
    key = f"kpi:day:{get_language()}"
    found: list[dict[str, Any]] | None = cache.get(key)
    if found is None:
        found = [card_dict(card) for card in cards(last_days(90), last_days(365))]
        cache.set(key, found, FRESH_SECONDS)
    return [{**one, "url": f"{one['url']}?period=90"} for one in found]
