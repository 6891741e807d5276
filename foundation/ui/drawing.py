"""The parts of lists and records as markup, joined in Python: as templates they took most of the page's time.

The templates of the same names in ``components/`` show these, for pages that include them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from foundation.ui.escape import esc
from foundation.ui.html import link
from foundation.ui.icons import icon
from foundation.ui.lines import draw_entries
from foundation.ui.submissions import FIELD, new_token


def csrf_field(token: object) -> str:
    """What ``{% csrf_token %}`` shows, for the token of the page."""
    known = token and str(token) != "NOTPROVIDED"
    return f'<input type="hidden" name="csrfmiddlewaretoken" value="{esc(token)}">' if known else ""


def _hidden(token: object) -> str:
    """The fields of every form that acts: against forgery, and against pressing twice."""
    return f'{csrf_field(token)}<input type="hidden" name="{FIELD}" value="{new_token()}">'


# ---------------------------------------------------------------- lists


def draw_tabs(tabs: Iterable[Any]) -> SafeString:
    """`parts.Tab` one after the other, as links."""
    out = []
    for tab in tabs:
        current = ' aria-current="page"' if tab.is_current else ""
        count = f' <span class="count">{esc(tab.count)}</span>' if tab.count is not None else ""
        out.append(f'<a href="{esc(tab.url)}"{current}>{esc(tab.label)}{count}</a>')
    return SafeString("".join(out))


def draw_heads(heads: Iterable[Any]) -> SafeString:
    """`table.Head` one after the other; what sorts is a link."""
    out = []
    for head in heads:
        label, order = esc(head.label), f' aria-sort="{esc(head.sorted)}"' if head.sorted else ""
        if head.sort_url:
            label = SafeString(f'<a href="{esc(head.sort_url)}">{label}<i class="sort" aria-hidden="true"></i></a>')
        elif head.is_hidden:
            label = SafeString(f'<span class="sr">{label}</span>')
        out.append(f'<th scope="col" role="columnheader" class="{head.css}"{order}>{label}</th>')
    return SafeString("".join(out))


# ---------------------------------------------------------------- buttons


APART = ' class="apart"'


def draw_actions(actions: Any, token: object) -> SafeString:
    """`parts.Actions`: secondary buttons, a menu of the others and of what destroys, the one primary. A post is a form of its own."""
    out = ['<div class="actions">', *(_button(one, token, "btn") for one in actions.secondary)]
    if actions.more or actions.danger:
        items = "".join(f"<li>{_button(one, token, '')}</li>" for one in actions.more)
        items += "".join(
            f"<li{'' if at else APART}>{_button(one, token, 'danger', is_named=False)}</li>"
            for at, one in enumerate(actions.danger)
        )
        more = esc(_("More actions"))
        out.append(
            f'<details class="menu menu-end" data-menu><summary class="btn">{icon("ellipsis-horizontal")}'
            f'<span class="sr">{more}</span></summary><ul class="menu-list">{items}</ul></details>'
        )
    if actions.primary:
        out.append(_button(actions.primary, token, "btn go"))
    return mark_safe("\n".join([*out, "</div>"]))


def _button(action: Any, token: object, css: str, *, is_named: bool = True) -> str:
    hint = f' title="{esc(action.hint)}"' if action.hint and is_named else ""
    label = f"{icon(action.icon) if action.icon else ''}{esc(action.label)}"
    if action.method == "post":
        asks = f' data-confirm="{esc(action.confirm)}"' if action.confirm else ""
        return (
            f'<form method="post" action="{esc(action.url)}" data-once{asks}>{_hidden(token)}'
            f'<button class="{css}"{hint}>{label}</button></form>'
        )
    more = " data-dialog" if action.opens_dialog else ""
    more += f" data-{esc(action.name)}" if action.name and is_named else ""
    return f'<a class="{css}" href="{esc(action.url)}"{more}{hint}>{label}</a>'


# ---------------------------------------------------------------- what the record is


def draw_crumbs(crumbs: Iterable[Any]) -> SafeString:
    """`parts.Crumb`s: the way to this page, which is not among them."""
    items = "".join(f"<li>{link(one.label, one.url)}</li>" for one in crumbs)
    label = esc(_("You are here"))
    return mark_safe(f'<nav class="crumbs" aria-label="{label}"><ol>{items}</ol></nav>')


def draw_path(path: Any) -> SafeString:
    """`parts.Path`: the stations of the record, and what keeps it from the next ones."""
    count = _("Step %(number)s of %(total)s") % {"number": path.number, "total": path.total}
    label = esc(_("State"))
    words = {"done": _("done:"), "left": _("ended as:"), "future": _("to come:")}
    return mark_safe(
        f'<section class="path-box" aria-label="{label}">\n<p class="path-number">{esc(count)}</p>\n'
        f'<ol class="path">{"".join(_step(one, words) for one in path.steps)}</ol>\n{_blocked(path.blocked)}</section>'
    )


def _step(step: Any, words: dict[str, str]) -> str:
    here = ' aria-current="step"' if step.state in ("current", "left") else ""
    said = f'<span class="sr">{esc(words[step.state])} </span>' if step.state in words else ""
    note = f"<span>{esc(step.note)}</span>" if step.note else ""
    return f'<li class="is-{step.state}"{here}><b>{said}{esc(step.label)}</b>{note}</li>'


def _blocked(blocked: Iterable[Any]) -> str:
    """What cannot be done yet and why: in the open, since it is the first question of whoever misses the button."""
    items = [
        f"<div><dt>{esc(one.label)}</dt><dd><ul>{''.join(f'<li>{esc(why)}</li>' for why in one.reasons)}</ul></dd></div>"
        for one in blocked
    ]
    if not items:
        return ""
    title = esc(_("Not possible yet"))
    return f'<div class="blocked"><p>{icon("no-symbol")}<b>{title}</b></p>\n<dl>{"".join(items)}</dl></div>\n'


def draw_related(related: Iterable[Any]) -> SafeString:
    """`parts.Related`s: counters that lead to lists."""
    items = "".join(map(_counter, related))
    label = esc(_("Related records"))
    return mark_safe(f'<ul class="related" aria-label="{label}">{items}</ul>')


def _counter(one: Any) -> str:
    late = ' class="late"' if one.is_late else ""
    return f'<li><a href="{esc(one.url)}"><b{late}>{esc(one.count)}</b> {esc(one.label)}</a></li>'


def draw_sections(sections: Iterable[Any]) -> SafeString:
    """`parts.Section`s, or ready markup."""
    return mark_safe("".join(map(_section, sections)))


def _section(section: Any) -> str:
    if not getattr(section, "body", None):
        return "" if hasattr(section, "body") else esc(section)
    anchor = f' id="{esc(section.id)}"' if section.id else ""
    opens = " data-dialog" if section.action and section.action.opens_dialog else ""
    action = f'<a href="{esc(section.action.url)}"{opens}>{esc(section.action.label)}</a>' if section.action else ""
    return (
        f'<section class="section"{anchor}><div class="section-head"><h2>{esc(section.title)}</h2>{action}</div>'
        f"{esc(section.body)}</section>"
    )


# ---------------------------------------------------------------- what happened


# What has happened, fetched anew when a part of the page answers with `HX-Trigger: timeline-changed`; what somebody is
# writing above it stays.
ENTRIES = (
    '<div id="timeline-entries" hx-get="" hx-trigger="timeline-changed from:body" hx-target="this" '
    'hx-select="#timeline-entries" hx-swap="outerHTML show:none" hx-disinherit="*">'
)


def draw_timeline(timeline: Any, token: object) -> SafeString:
    """`parts.Timeline`: the slot for a note or a message, the filters, the entries."""
    title, shown = esc(_("Timeline")), esc(_("Show in the timeline"))
    out = [
        '<section class="timeline" id="timeline" hx-target="#timeline" hx-select="#timeline" '
        'hx-swap="outerHTML show:none" aria-labelledby="timeline-title">',
        f'<h2 id="timeline-title">{title}</h2>',
    ]
    if timeline.composer:
        out.append(_composer(timeline.composer, token))
    if timeline.filters:
        tabs = "".join(map(_pill, timeline.filters))
        out.append(f'<nav class="pills" hx-boost="true" aria-label="{shown}">{tabs}</nav>')
    if timeline.find is not None:
        out.append(_find(timeline))
    if timeline.pin_url:
        out.append(f'<form id="timeline-pin" method="post" action="{esc(timeline.pin_url)}">{_hidden(token)}</form>')
    out.append(ENTRIES)
    if timeline.newest_url:
        newest = esc(_("Back to the newest entries"))
        out.append(f'<p hx-boost="true"><a class="btn" href="{esc(timeline.newest_url)}">{newest}</a></p>')
    if timeline.pinned:
        label = esc(_("Pinned"))
        out.append(f'<div class="pinned" role="group" aria-label="{label}">{draw_entries(timeline.pinned)}</div>')
    if timeline.entries:
        out.append(draw_entries(timeline.entries))
        if timeline.older_url:
            older = esc(_("Show earlier entries"))
            out.append(f'<p hx-boost="true"><a class="btn" href="{esc(timeline.older_url)}">{older}</a></p>')
    elif not timeline.pinned:
        nothing = esc(_("No entry contains these words.") if timeline.find else _("Nothing has happened yet."))
        out.append(f'<p class="muted">{nothing}</p>')
    return mark_safe("\n".join([*out, "</div></section>"]))


def _find(timeline: Any) -> str:
    """Words to look for; the kind of entries stays as it is chosen."""
    kept = "".join(f'<input type="hidden" name="{esc(key)}" value="{esc(value)}">' for key, value in timeline.hidden)
    label, search, clear = esc(_("Search in the timeline")), esc(_("Search")), esc(_("Clear"))
    off = f'<a href="{esc(timeline.newest_url or timeline.url)}">{clear}</a>' if timeline.find else ""
    return (
        f'<form class="timeline-find" method="get" action="{esc(timeline.url)}" role="search" hx-boost="true" '
        f'aria-label="{label}">{kept}<label class="filter-search"><span class="sr">{label}</span>{icon("magnifying-glass")}'
        f'<input type="search" name="find" id="timeline-find" value="{esc(timeline.find)}" placeholder="{label}"></label>'
        f'<button class="btn no-js">{search}</button>{off}</form>'
    )


def _pill(tab: Any) -> str:
    here = ' aria-current="true"' if tab.is_current else ""
    count = f' <span class="count">{esc(tab.count)}</span>' if tab.count is not None else ""
    return f'<a href="{esc(tab.url)}"{here}>{esc(tab.label)}{count}</a>'


def _composer(composer: Any, token: object) -> str:
    """Posts text, audience (internal or customer) and files to the composer's address."""
    files = ' enctype="multipart/form-data"' if composer.takes_files else ""
    out = [
        f'<form class="composer" method="post" action="{esc(composer.url)}"{files} data-once data-guard>{_hidden(token)}',
        _readers(composer),
    ]
    invalid = ""
    if composer.error:
        out.append(f'<p class="error" id="composer-error">{esc(composer.error)}</p>')
        invalid = ' aria-invalid="true" aria-describedby="composer-error" autofocus'
    label, css = (_("Text"), "sr") if composer.can_send else (_("Internal note"), "")
    files_label, save_label, send_label = esc(_("Attach files")), esc(_("Save note")), esc(_("Send to the customer"))
    attach = (
        f'<label class="file">{icon("paper-clip")}<span class="sr">{files_label}</span>'
        '<input type="file" name="files" multiple></label>'
    )
    send = f'<button class="btn go composer-send">{send_label}</button>'
    out += [
        f'<label for="composer-text" class="{css}">{esc(label)}</label>',
        f'<textarea id="composer-text" name="text" rows="3" required data-note data-grow data-mention{invalid}>'
        f"{esc(composer.text)}</textarea>",
        f'<div class="bar">{attach if composer.takes_files else ""}',
        f'<button class="btn composer-save">{save_label}</button>{send if composer.can_send else ""}</div>',
        "</form>",
    ]
    return "\n".join(out)


def _readers(composer: Any) -> str:
    """Who reads what is written: colleagues, until the switch says the customer."""
    if not composer.can_send:
        return '<input type="hidden" name="audience" value="internal">'
    who, colleagues, customer = esc(_("Who reads this")), esc(_("Internal note")), esc(_("To the customer"))
    goes = _("This goes to %(recipient)s.") % {"recipient": esc(composer.recipient)}
    return (
        f'<fieldset class="segments"><legend class="sr">{who}</legend>\n'
        f'<label><input type="radio" name="audience" value="internal" checked>{colleagues}</label>\n'
        f'<label><input type="radio" name="audience" value="customer">{customer}</label></fieldset>\n'
        f'<p class="composer-to">{icon("paper-airplane")}{goes}</p>'
    )
