"""Tags and filters of the shell. For rows of lists use ``foundation.ui.html`` in Python instead."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from foundation.ui import drawing, fields, formats, html, lines
from foundation.ui.icons import icon as icon_markup
from foundation.ui.keep import keep
from foundation.ui.panels import panels_for
from foundation.ui.submissions import FIELD, new_token

register = template.Library()
register.tag("keep", keep)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """``{% icon "truck" %}``: decorative; with a label it is read out."""
    return icon_markup(name, str(label), css)


@register.simple_tag
def badge(label: object, state: str = "plain", title: str = "", quiet: bool = False) -> SafeString:
    """``{% badge _("Paid") "done" %}``"""
    return html.badge(label, state, title=title, quiet=quiet)


@register.simple_tag(takes_context=True)
def panels(context: template.Context, place: str, **kwargs: Any) -> list[Any]:
    """``{% panels "record.main" subject=object as parts %}``"""
    return panels_for(place, request=context.get("request"), **kwargs)


@register.simple_tag(takes_context=True)
def draw_actions(context: template.Context, actions: Any) -> SafeString:
    """The buttons of a page."""
    return drawing.draw_actions(actions, context.get("csrf_token")) if actions else SafeString("")


@register.simple_tag(takes_context=True)
def draw_timeline(context: template.Context, timeline: Any) -> SafeString:
    """The timeline with its slot for a note."""
    return drawing.draw_timeline(timeline, context.get("csrf_token")) if timeline else SafeString("")


@register.filter
def leading(label: Any) -> str:
    """A label before what is said about it: a colon follows, the wide one in Chinese, unless it asks already."""
    said = str(label).rstrip(".。")  # what is consented to is a sentence
    colon = "：" if (get_language() or "").startswith("zh") else ":"
    return said if said.endswith(("?", "？")) else f"{said}{colon}"


@register.filter
def draw_crumbs(crumbs: Any) -> SafeString:
    """The way to this page."""
    return drawing.draw_crumbs(crumbs) if crumbs else SafeString("")


@register.filter
def draw_tabs(tabs: Any) -> SafeString:
    """The views of a list."""
    return drawing.draw_tabs(tabs)


@register.filter
def draw_heads(heads: Any) -> SafeString:
    """The headings of a list's columns."""
    return drawing.draw_heads(heads)


@register.filter
def draw_path(path: Any) -> SafeString:
    """The stations of a record."""
    return drawing.draw_path(path) if path else SafeString("")


@register.filter
def draw_related(related: Any) -> SafeString:
    """Counters that lead to lists."""
    return drawing.draw_related(related) if related else SafeString("")


@register.filter
def draw_sections(sections: Any) -> SafeString:
    """Titled parts of a page."""
    return drawing.draw_sections(sections)


@register.filter
def draw_facts(facts: Any) -> SafeString:
    """Key facts as a definition list."""
    return lines.draw_facts(facts)


@register.filter
def draw_field(field: Any) -> SafeString:
    """A bound field with its label, hint and error."""
    return fields.draw_field(field)


@register.filter
def relative(value: dt.datetime | None) -> SafeString:
    """``<time>`` with relative text and the exact time in its title."""
    return html.when(value)


@register.filter
def exact(value: dt.datetime | None) -> str:
    return formats.exact(value) if value else "–"


@register.filter
def moment(value: dt.datetime | None) -> str:
    return formats.moment(value) if value else "–"


@register.filter
def day(value: dt.date | None) -> str:
    return formats.day(value) if value else "–"


@register.filter
def span(seconds: float | dt.timedelta | None) -> str:
    """A length of time, given in seconds or as a timedelta."""
    if seconds is None:
        return "–"
    return formats.span(seconds.total_seconds() if isinstance(seconds, dt.timedelta) else seconds)


@register.filter
def number(value: Any, places: int | None = None) -> str:
    return formats.number(value, places)


@register.filter
def quantity(value: Any, unit: str = "") -> str:
    return formats.quantity(value, unit)


@register.filter
def money(value: Any, currency: str) -> str:
    return formats.money(value, currency)


@register.filter
def percent(value: Any, places: int = 1) -> str:
    return formats.percent(value, places)


@register.filter
def file_size(value: int) -> str:
    return formats.file_size(value)


@register.filter
def html_lang(code: str) -> str:
    """``zh-hans`` as HTML writes it."""
    return html.HTML_LANG.get(code.lower(), code)


@register.simple_tag
def submission() -> SafeString:
    """The hidden token that makes a second press of Save harmless; see ``submissions.submit_once``."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_token())


@register.filter
def in_language(text: Any, code: str) -> str:
    """A lazy text in a language other than the page's."""
    with override(code):
        return str(text)


@register.filter
def in_line(text: Any) -> str:
    """Several lines as one: an address in a footer."""
    return ", ".join(line.strip().rstrip(",") for line in str(text).splitlines() if line.strip())
