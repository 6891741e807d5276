"""Every template at one glance: what it says in which language and channel, what is missing, which rules send it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from foundation.accounts.audiences import get_audience
from foundation.notifications import defaults
from foundation.notifications.models import WORDS, Rule, Template
from foundation.ui.places import language_name

# What a channel needs of a template. The inbox shows the subject.
NEEDS = {"email": ("subject", "body"), "sms": ("sms",), "inbox": ("subject",), "wecom": ("subject",)}
NAMES = {"subject": _("subject"), "body": _("text of the email"), "sms": _("text message")}


@dataclass(frozen=True)
class Cell:
    """One template in one language; `missing` names what a channel needs and the words do not say."""

    language: str
    row: Template | None
    missing: tuple[str, ...]
    is_edited: bool

    @property
    def language_label(self) -> str:
        """The language in the reader's words."""
        return language_name(self.language)

    @property
    def missing_labels(self) -> list[Any]:
        """What is missing, in words."""
        return [NAMES[name] for name in self.missing]


@dataclass
class Line:
    """One template: `key`, a title for people, the rules that send it, a cell per language."""

    key: str
    title: str
    for_staff: bool
    is_shipped: bool
    needs: tuple[str, ...]
    rules: list[Rule] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    @property
    def is_missing(self) -> bool:
        """Whether some language lacks something."""
        return any(cell.missing for cell in self.cells)


def languages() -> list[str]:
    """The languages of the house, in their order."""
    return [code for code, _name in settings.LANGUAGES]


def overview(keys: Iterable[str] | None = None) -> list[Line]:
    """Every template, or those of these keys: to customers first, then by key. Two queries."""
    templates = Template.objects.all() if keys is None else Template.objects.filter(key__in=list(keys))
    rows: dict[str, dict[str, Template]] = {}
    for row in templates:
        rows.setdefault(row.key, {})[row.language] = row
    rules: dict[str, list[Rule]] = {}
    for rule in Rule.objects.filter(template_key__in=list(rows)).order_by("key"):
        rules.setdefault(rule.template_key, []).append(rule)
    lines = [_line(key, found, rules.get(key, [])) for key, found in rows.items()]
    return sorted(lines, key=lambda line: (line.for_staff, line.key))


def line_of(key: str) -> Line | None:
    """One template, or None for a key that nobody uses."""
    return next(iter(overview([key])), None)


def _line(key: str, found: dict[str, Template], rules: list[Rule]) -> Line:
    shipped = defaults.shipped_words(key)
    needs = _needs(rules, shipped)
    line = Line(key, _title(key, found), _is_for_staff(rules, shipped), shipped is not None, needs, rules)
    for language in languages():
        row = found.get(language)
        missing = tuple(name for name in needs if not (row and getattr(row, name)))
        line.cells.append(Cell(language, row, missing, _is_edited(row)))
    return line


def _needs(rules: list[Rule], shipped: defaults.ShippedMessage | None) -> tuple[str, ...]:
    used = {channel for rule in rules if isinstance(rule.channels, list) for channel in rule.channels}
    if not rules:  # sent by hand, or by a rule to come
        used = {"email", "sms"}
    wanted = {name for channel in used for name in NEEDS.get(str(channel), ())}
    return tuple(name for name in WORDS if name in wanted)


def _title(key: str, found: dict[str, Template]) -> str:
    """Its subject as the reader would get it, placeholders and all."""
    for language in (get_language() or "en", "en", *found):
        row = found.get(language)
        if row and row.subject:
            return row.subject
    return key


def _is_for_staff(rules: list[Rule], shipped: defaults.ShippedMessage | None) -> bool:
    codes = [rule.audience for rule in rules] or ([shipped.audience] if shipped else [])
    kinds = {audience.kind for code in codes if (audience := get_audience(code))}
    return kinds == {"staff"}


def _is_edited(row: Template | None) -> bool:
    """Whether the words are the house's own, not those that were shipped."""
    if row is None:
        return False
    return not row.shipped or defaults.Text(row.subject, row.body, row.sms).digest() != row.shipped
