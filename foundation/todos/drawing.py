"""The panels of tasks as markup, joined in Python as in `foundation.ui.drawing`: each record's page and each day has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.ui.drawing import csrf_field
from foundation.ui.escape import esc
from foundation.ui.html import link
from foundation.ui.icons import icon
from foundation.ui.submissions import FIELD, new_token


def draw_panel(rows: str, foot: str, said: str) -> SafeString:
    """The tasks of a record: what was just done, the open ones, and below them the way to another one or its form."""
    done = f'<p class="message success">{esc(said)}</p>' if said else ""
    return SafeString(
        '<div id="tasks-panel" hx-target="#tasks-panel" hx-swap="outerHTML">\n'
        f'<div role="status">{done}</div>\n{rows}\n{foot}\n</div>'
    )


def draw_rows(rows: Iterable[dict[str, Any]], token: object, *, ref: str, here: str) -> str:
    """Open tasks with their ticks; `ref` and `here` name the record to which the reader comes back."""
    back = f'{csrf_field(token)}<input type="hidden" name="record" value="{esc(ref)}">'
    back += f'<input type="hidden" name="next" value="{esc(here)}">'
    return f'<ul class="todo-list">{"".join(_row(row, back) for row in rows)}</ul>'


def _row(row: dict[str, Any], back: str) -> str:
    task, tick = row["task"], '<span class="tick" aria-hidden="true"></span>'
    if row["may_tick"]:
        url, done = esc(row["tick_url"]), esc(pgettext("task", "Done"))
        tick = (
            f'<form method="post" action="{url}" hx-post="{url}">{back}<button class="tick" title="{done}">'
            f'{icon("check")}<span class="sr">{done}: {esc(task.title)}</span></button></form>'
        )
    person = f' <span class="muted by">{esc(row["person"])}</span>' if row["person"] else ""
    return f"<li>{tick}<div>{link(task.title, task.get_absolute_url())}{person}</div>{row['badge']}</li>"


def draw_none() -> str:
    """Said where no task is open."""
    words = esc(_("No task is open here."))
    return f'<p class="muted">{words}</p>'


def draw_add(new_url: str, panel_url: str) -> str:
    """The way to another task: with scripts, its form opens in the panel."""
    label = esc(_("Add a task"))
    return f'<p><a class="btn" href="{esc(new_url)}" hx-get="{esc(panel_url)}">{icon("plus")}{label}</a></p>'


def draw_quick(token: object, *, url: str, back: str, today: str) -> SafeString:
    """A line in which a task is noted; `today` (ISO) is its day until another one is chosen."""
    title, due, note = esc(_("What is to be done")), esc(_("Due on")), esc(_("Note the task"))
    return SafeString(
        f'<form method="post" action="{esc(url)}" class="quick" data-once>{csrf_field(token)}'
        f'<input type="hidden" name="{FIELD}" value="{new_token()}">\n'
        f'<input type="hidden" name="quick" value="on"><input type="hidden" name="next" value="{esc(back)}">\n'
        f'<label for="quick-title" class="sr">{title}</label><input id="quick-title" name="title" maxlength="200" required'
        f' autocomplete="off" placeholder="{title}">\n'
        f'<label for="quick-due" class="sr">{due}</label><input id="quick-due" name="due_on" type="date" value="{today}">\n'
        f'<button class="btn">{icon("plus")}{note}</button>\n</form>'
    )
