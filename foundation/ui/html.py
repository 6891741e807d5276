"""Small pieces of markup that selectors and page classes hand to the templates ready-made.

Everything given is escaped; ``SafeString`` passes as it is. The pieces are made into one directly: ``mark_safe`` looks for
lazy texts among its arguments first, and a list has hundreds of pieces.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.ui import formats
from foundation.ui.addresses import record_url
from foundation.ui.escape import esc
from foundation.ui.icons import icon

# State of a promise or a record: colour and mark always come with a word.
STATES = ("in-time", "soon", "late", "paused", "done", "plain")
# HTML's name for the languages of the data.
HTML_LANG = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "zh_hans": "zh-Hans", "zh_hant": "zh-Hant"}


def badge(label: object, state: str = "plain", *, title: object = "", quiet: bool = False) -> SafeString:
    """A word with its mark and colour; ``quiet`` leaves out the frame. The title explains on hover."""
    css = f"badge {state}{' quiet' if quiet else ''}"
    extra = f' title="{esc(title)}"' if title else ""
    return SafeString(f'<span class="{css}"{extra}>{esc(label)}</span>')


def clock(label: object, state: str, *, due_at: dt.datetime | None = None, title: object = "") -> SafeString:
    """The badge of a promise: its text, its state, and the exact deadline behind it."""
    title = title or (formats.exact(due_at) if due_at else "")
    due = f' data-due="{due_at.isoformat()}"' if due_at else ""
    extra = f' title="{esc(title)}"' if title else ""
    return SafeString(f'<span class="badge clock {state}"{due}{extra}>{esc(label)}</span>')


def link(label: object, url: str, *, css: str = "") -> SafeString:
    """A link, or the bare text where there is no address."""
    if not url:
        return esc(label)
    classes = f' class="{css}"' if css else ""
    return SafeString(f'<a href="{esc(url)}"{classes}>{esc(label)}</a>')


def number(text: object) -> SafeString:
    """The number of a document: never broken at its hyphens."""
    return SafeString(f'<span class="nr">{esc(text)}</span>')


def two_lines(first: object, second: object) -> SafeString:
    """A value with a quieter line beneath it."""
    return SafeString(f'{esc(first)}<span class="sub">{esc(second)}</span>') if second else esc(first)


def foreign(text: object, language: str) -> SafeString:
    """A fragment in another language than the page's, marked for screen readers and fonts."""
    return SafeString(f'<span lang="{HTML_LANG.get(language.lower(), language)}">{esc(text)}</span>')


def when(moment: dt.datetime | None, *, now: dt.datetime | None = None) -> SafeString:
    """Relative time with the exact one in the title."""
    if moment is None:
        return SafeString('<span class="muted">–</span>')
    zone, language = timezone.get_current_timezone(), get_language() or "en"
    text = formats.ago_in(moment, now or timezone.now(), zone, language)
    full = formats.exact_in(moment, zone, language)
    return SafeString(f'<time datetime="{moment.isoformat()}" title="{esc(full)}">{esc(text)}</time>')


def day(value: dt.date | None) -> SafeString:
    """A day that is never broken into two lines."""
    if value is None:
        return SafeString('<span class="muted">–</span>')
    return SafeString(f'<time datetime="{value.isoformat()}">{esc(formats.day(value))}</time>')


def phone(number: object, shown: object = "") -> SafeString:
    """A number that opens the dialler; ``number`` is E.164."""
    return SafeString(f'<a href="tel:{esc(number)}">{esc(shown or number)}</a>') if number else empty()


def email(address: object) -> SafeString:
    """An address that opens the mail programme."""
    return SafeString(f'<a href="mailto:{esc(address)}">{esc(address)}</a>') if address else empty()


def empty(add_url: str = "") -> SafeString:
    """A fact that nobody has entered; says "add" where the reader may."""
    if add_url:
        add = esc(_("add"))
        return SafeString(f'<a class="add" href="{esc(add_url)}">{add}</a>')
    return SafeString('<span class="muted">–</span>')


def with_mentions(text: str, spans: Iterable[Sequence[int]]) -> SafeString:
    """A text in which colleagues are named: each `(from, to, user id)` is marked and leads to the colleague."""
    out, done = [], 0
    for start, end, pk in sorted(map(tuple, spans)):
        if done <= start < end <= len(text):
            out += [esc(text[done:start]), link(text[start:end], record_url("accounts:person", pk), css="mention")]
            done = end
    return SafeString("".join([*out, esc(text[done:])]))


def chip(label: object, remove_url: str = "") -> SafeString:
    """A filter in force, with the link that takes it off."""
    if not remove_url:
        return SafeString(f'<span class="chip">{esc(label)}</span>')
    name = esc(_("Remove filter: %(label)s") % {"label": label})
    return SafeString(f'<a class="chip" href="{esc(remove_url)}" aria-label="{name}">{esc(label)}{icon("x-mark")}</a>')
