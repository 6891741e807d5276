"""Markdown to HTML: no HTML of the writer's own, links and pictures of the house, `{names}` filled in as plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import nh3
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from foundation.notifications.texts import PLACE
from foundation.ui.escape import esc

Values = Mapping[str, Any]
_ALLOWED = {
    "p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "s", "blockquote", "code", "pre", "a", "img", "span",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "loading"},
    "span": {"class"},
    "ol": {"start"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_LOWER = 2  # the page has the first heading, its parts the second


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    reader.add_render_rule("text", _text)
    reader.add_render_rule("image", _image)
    return reader


def _text(self: Any, tokens: Any, place: int, options: Any, env: Any) -> str:
    """What was written, with the names filled in; whatever a record says stays text."""
    content = tokens[place].content
    fill = env.get("fill")
    if fill is None or "{" not in content:
        return str(esc(content))
    out, done = [], 0
    for match in PLACE.finditer(content):
        out += [str(esc(content[done : match.start()])), fill(match.group(1))]
        done = match.end()
    return "".join([*out, str(esc(content[done:]))])


def _image(self: Any, tokens: Any, place: int, options: Any, env: Any) -> str:
    """A picture of the article by its file's name; any other one leaves its words."""
    token = tokens[place]
    words = esc(token.content or token.attrs.get("alt", ""))
    url = env.get("pictures", {}).get(str(token.attrs.get("src", "")))
    return f'<img src="{esc(url)}" alt="{words}" loading="lazy">' if url else str(words)


def render(
    text: str, *, values: Values | None = None, names: Values | None = None, pictures: Mapping[str, str] | None = None
) -> SafeString:
    """The text as HTML. With `values`, `{names}` are filled in; one without a value reads as a gap with its label."""
    reader = _reader()
    env: dict[str, Any] = {"pictures": pictures or {}}
    if values is not None:
        env["fill"] = _filler(values, names or {})
    tokens = reader.parse(text, env)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + _LOWER)}"
    drawn = reader.renderer.render(tokens, reader.options, env)
    clean = nh3.clean(
        drawn, tags=_ALLOWED, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer"
    )
    return SafeString(clean)


def _filler(values: Values, names: Values) -> Callable[[str], str]:
    def fill(name: str) -> str:
        value = values.get(name)
        value = value() if callable(value) else value
        if value:
            return f'<span class="filled">{esc(value)}</span>'
        return f'<span class="gap">[{esc(names.get(name) or _("to be filled in"))}]</span>'

    return fill


def plain(text: str) -> str:
    """The words alone, for passages and short lines."""
    out: list[str] = []
    for token in _reader().parse(text, {}):
        if token.type == "inline":
            out.append(
                "".join(" " if one.type in ("softbreak", "hardbreak") else one.content for one in token.children or [])
            )
    return " ".join(" ".join(out).split())  # fmt: skip
