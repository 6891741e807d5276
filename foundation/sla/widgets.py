"""How promises ask for events and values: by their words, with nothing but the browser's own means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.journal.registry import all_types
from foundation.sla.wording import event_label

# The list of all events that every such field of a form offers; it stands in the form once.
EVENTS = "known-events"
BLANK_ROWS = 2


def split_codes(value: Any) -> list[str]:
    """Codes of whatever a form sent or holds: rows, or a text with commas."""
    rows = [value] if isinstance(value, str) else value or []
    return [code for row in rows for part in str(row).split(",") if (code := part.strip())]


def _sent(data: Any, name: str) -> list[str] | None:
    if name not in data:
        return None
    return split_codes(data.getlist(name) if hasattr(data, "getlist") else data[name])


class CodesInput(forms.Widget):
    """A row for each event, its words beneath it, and some empty rows; a row takes the code or the words."""

    use_fieldset = True

    def __init__(self, label: Any, *, brings_list: bool = False) -> None:
        super().__init__()
        self.label, self.brings_list = label, brings_list

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str] | None:
        """The codes of the rows; words that only one event has become its code."""
        rows = _sent(data, name)
        if not rows:
            return rows
        labels = {one.code: event_label(one.code) for one in all_types()}
        times = Counter(label.casefold() for label in labels.values())
        codes = {said.casefold(): code for code, said in labels.items() if times[said.casefold()] == 1}
        return list(dict.fromkeys(one if one in labels else codes.get(one.casefold(), one) for one in rows))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """A form without rows says nothing of them."""
        return name not in data

    def id_for_label(self, id_: str) -> str:
        """The fieldset has no one input."""
        return ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Rows as they stand."""
        codes = [*split_codes(value), *[""] * BLANK_ROWS]
        own_id = (attrs or {}).get("id") or f"id_{name}"
        rows = format_html_join(
            "\n",
            '<div class="code-row"><input type="text" name="{}" value="{}" id="{}_{}" list="{}" maxlength="60" '
            'autocomplete="off" spellcheck="false" aria-label="{}">{}</div>',
            (
                (name, code, own_id, place, EVENTS, _("%(field)s, row %(number)s") % {"field": self.label, "number": place + 1}, _said(code))
                for place, code in enumerate(codes)
            ),
        )  # fmt: skip
        return rows + known_events() if self.brings_list else rows


def _said(code: str) -> SafeString:
    label = event_label(code) if code else ""
    return format_html('<span class="hint">{}</span>', label) if label and label != code else SafeString("")


def known_events() -> SafeString:
    """What the rows offer while somebody writes: every event by code and words."""
    offered = sorted(((one.code, event_label(one.code)) for one in all_types()), key=lambda pair: pair[1].casefold())
    options = format_html_join("", '<option value="{}">{}</option>', offered)
    return format_html('<datalist id="{}">{}</datalist>', EVENTS, options)


class ValuesInput(forms.CheckboxSelectMultiple):
    """Ticks for the values that stages have named, by their words."""

    def offer(self, choices: Iterable[tuple[str, Any]]) -> None:
        """What can be ticked."""
        self.choices = list(choices)

    def format_value(self, value: Any) -> list[str]:
        """The field holds a text with commas."""
        return split_codes(value)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str] | None:
        """Ticks, or a text with commas."""
        return _sent(data, name)
