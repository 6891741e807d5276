"""What a record page repeats most, joined in Python: key facts and the lines of the timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.ui import formats
from foundation.ui.escape import esc
from foundation.ui.html import link
from foundation.ui.icons import icon

VOICES = (".weba", ".webm", ".ogg", ".oga", ".opus", ".m4a", ".mp3", ".wav")


def draw_facts(facts: Iterable[Any]) -> SafeString:
    """`parts.Fact`s as a definition list; an empty one offers to be added, or shows a dash."""
    return mark_safe(f'<dl class="facts">{"".join(map(_fact, facts))}</dl>')


def _fact(fact: Any) -> str:
    label = esc(fact.label)
    if fact.value:
        value: str = esc(fact.value)
    elif fact.add_url:
        add = esc(_("add"))
        value = f'<a class="add" href="{esc(fact.add_url)}">{add}<span class="sr"> {label}</span></a>'
    else:
        value = '<span class="muted">–</span>'
    return f"<div><dt>{label}</dt><dd>{value}</dd></div>"


def draw_entries(entries: Iterable[Any]) -> SafeString:
    """`parts.Entry`s as the lines of a timeline."""
    now, zone, language = timezone.now(), timezone.get_current_timezone(), get_language() or "en"
    return mark_safe(f'<ol class="line">{"".join([_entry(one, now, zone, language) for one in entries])}</ol>')


def _entry(entry: Any, now: dt.datetime, zone: dt.tzinfo, language: str) -> str:
    anchor = f' id="{esc(entry.id)}"' if entry.id else ""
    pieces = [
        f'<li class="is-{esc(entry.kind)}"{anchor}><time datetime="{entry.iso}" '
        f'title="{esc(formats.exact_in(entry.when, zone, language))}">'
        f"{esc(formats.ago_in(entry.when, now, zone, language))}</time><div>",
        _note(entry) if entry.kind == "note" else said(entry),
    ]
    if entry.pinned:
        pieces.append(f' <span class="pinned-by muted">{icon("star")}{esc(entry.pinned)}</span>')
    if entry.actor:
        pieces.append(f' <span class="muted by">{esc(entry.actor)}</span>')
    if entry.state:
        pieces.append(f" {esc(entry.state)}")
    if entry.body:
        foreign = f' lang="{esc(entry.body_language)}"' if entry.body_language else ""
        pieces.append(f'<div class="words"{foreign}>{linebreaksbr(entry.body)}</div>')
    pieces.append(draw_files(entry.files))
    if entry.pin_id:
        pieces.append(_pin(entry))
    return "".join([*pieces, "</div></li>"])


def _pin(entry: Any) -> str:
    """The button belongs to the one form of the timeline."""
    name, label = ("unpin", _("Unpin")) if entry.pinned else ("pin", _("Pin"))
    about = esc(_("this entry"))
    return (
        f' <button class="as-link pin" form="timeline-pin" name="{name}" value="{entry.pin_id}">{esc(label)}'
        f'<span class="sr"> {about}</span></button>'
    )


def _note(entry: Any) -> str:
    word = f'<b class="word">{esc(entry.word)}</b>'
    if entry.text != entry.word:
        return f"{word} {said(entry)}"
    about = getattr(entry, "about", "")
    return f"{word} {link(about, entry.about_url, css='nr')}" if about else word


def said(entry: Any) -> SafeString:
    """The sentence of an entry; the number of the record that it is about is a link, and stands there once."""
    text, about, about_url = entry.text, str(getattr(entry, "about", "")), str(getattr(entry, "about_url", ""))
    if entry.url:
        text = link(text, entry.url)
    elif about and about_url and not isinstance(text, SafeString) and about in str(text):
        before, _about, after = str(text).partition(about)
        return mark_safe(f"{esc(before)}{link(about, about_url, css='nr')}{esc(after)}")
    return mark_safe(f"{esc(text)} {link(about, about_url, css='nr')}" if about else esc(text))


def _player(name: str, url: str) -> str:
    """What was spoken can be heard where it stands."""
    if not name.lower().endswith(VOICES):
        return ""
    return f'<audio controls preload="none" src="{esc(url)}" aria-label="{esc(name)}"></audio>'


def draw_files(files: Sequence[tuple[str, str]]) -> str:
    """Names with their addresses; what was spoken can be heard."""
    if not files:
        return ""
    shown = (
        f'<li><a href="{esc(url)}">{icon("paper-clip")}{esc(name)}</a>{_player(name, url)}</li>' for name, url in files
    )
    return f'<ul class="files">{"".join(shown)}</ul>'
