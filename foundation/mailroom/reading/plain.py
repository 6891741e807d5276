"""HTML from strangers as plain text: cleaned by nh3 first, so that what we walk through is small, sound and ours."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

LONGEST = 1_000_000  # characters of HTML that are looked at
DEEPEST = 400
_KEPT = {
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "tr",
    "td",
    "th",
    "table",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "pre",
    "hr",
    "a",
}
_BREAKS = {"p", "div", "br", "li", "tr", "table", "h1", "h2", "h3", "h4", "pre", "hr", "ul", "ol"}
_TAG = re.compile(r"<[^<>]{0,2000}>")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self.quoted += 1
        if tag in _BREAKS or tag == "blockquote":
            self._line()
        if tag == "li":
            self.parts.append("• ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._line()
            self.quoted = max(0, self.quoted - 1)
        elif tag in _BREAKS and tag != "br":
            self._line()
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        words = re.sub(r"[ \t\r\n\xa0]+", " ", data)
        if words.strip() and self.quoted and (not self.parts or self.parts[-1] == "\n"):
            self.parts.append("> ")
        self.parts.append(words)

    def _line(self) -> None:
        self.parts.append("\n")


def text_of(html: str) -> str:
    """The words of a letter in HTML. Quotations are marked with `>`, as in plain letters; pictures and addresses are gone."""
    html = html[:LONGEST]
    if html.count("<") > 60_000 or _depth(html) > DEEPEST:  # no letter: nesting that only costs time
        cleaned = _TAG.sub(" ", html)
        return "\n".join(line.strip() for line in cleaned.split("\n") if line.strip())
    cleaned = nh3.clean(
        html, tags=_KEPT, attributes={}, strip_comments=True, clean_content_tags={"script", "style", "head", "title"}
    )
    words = _Words()
    words.feed(cleaned)
    words.close()
    lines = [line.strip() for line in "".join(words.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _depth(html: str) -> int:
    """How deep open elements pile up, roughly: openings minus closings at their highest."""
    depth = highest = 0
    for found in re.finditer(r"<(/?)(?:div|blockquote|table|span|b|i|font|ul|ol|td|tr|p|a)\b", html, re.IGNORECASE):
        depth += -1 if found[1] else 1
        highest = max(highest, depth)
    return highest
