"""Bytes as text, whatever the sender says they are written in."""

from __future__ import annotations

import codecs
import re
import unicodedata

# What senders write, and the superset that programs mean by it.
SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb-2312": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cn-big5": "big5hkscs", "x-x-big5": "big5hkscs",
    "iso-2022-jp": "iso2022_jp_ext", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "iso-8859-1": "cp1252", "us-ascii": "ascii", "ansi": "cp1252",
    "utf8mb4": "utf-8", "unicode": "utf-8", "iso-8859-8-i": "iso-8859-8",
}  # fmt: skip
# Codecs of Python that are no way of writing letters, or that take a long time on bad input.
NO_WRITING = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
GUESSES = ("gb18030", "big5hkscs", "cp932", "cp949")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def readable(text: str) -> str:
    """Without what a database or a page does not take: NUL, other controls, halves of surrogate pairs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text).encode("utf-8", "replace").decode("utf-8")


def decode(data: bytes, charset: str = "") -> str:
    """The text. A charset that is unknown, or that the bytes contradict, is replaced by what they look like."""
    named = codec_of(charset)
    utf8 = _decode_strictly(data, "utf-8")
    # Valid UTF-8 beyond ASCII is never an accident; escape sequences of ISO-2022 are plain ASCII, though.
    if utf8 and (named is None or named.startswith("utf-8") or not data.isascii()):
        return readable(utf8)
    if named is not None and (found := _decode_strictly(data, named)) is not None:
        return readable(found)
    if utf8 is not None and named == "utf-7":  # plain words with a plus among them
        return readable(utf8)
    for guess in GUESSES:
        found = _decode_strictly(data, guess)
        if found and _looks_east_asian(found):
            return readable(found)
    return readable(_decode_loosely(data, named or "cp1252"))


def _decode_loosely(data: bytes, codec: str) -> str:
    """What is left when nothing fits: damaged text stays in its charset, a Latin letter that calls itself UTF-8 does not."""
    found = data.decode(codec, "replace")
    if codec in ("utf-8", "ascii") and not any(one > "\x7f" and one != "\ufffd" for one in found):
        return data.decode("cp1252", "replace")
    return found


def codec_of(charset: str) -> str | None:
    """The name of Python's codec, or None for what nobody knows."""
    wanted = charset.strip().strip("\"'").lower()[:40]
    wanted = SUPERSETS.get(wanted, wanted)
    try:
        found = codecs.lookup(wanted).name if wanted and wanted.isascii() else ""
        return found if found and found.replace("-", "_") not in NO_WRITING and b"".decode(found) == "" else None
    except (LookupError, ValueError, UnicodeError):
        return None


def _decode_strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec, "strict")
    except (UnicodeError, ValueError, LookupError):
        return None


def _looks_east_asian(text: str) -> bool:
    """Whether what is not ASCII is common Han, kana or Hangul and mostly stands together, as umlauts read wrongly do not."""
    text = text[:4000]
    places = [place for place, one in enumerate(text) if ord(one) > 127]
    common = sum(1 for place in places if _is_common(text[place]))
    together = sum(1 for place in places if place and ord(text[place - 1]) > 127)
    return bool(places) and common >= 0.8 * len(places) and together >= 0.4 * len(places)


def _is_common(one: str) -> bool:
    return "\u3000" <= one <= "\u9fff" or "\uac00" <= one <= "\ud7a3" or "\uff00" <= one <= "\uffef"


def one_line(text: str, longest: int) -> str:
    """On one line, without marks that turn the direction of writing or hide."""
    visible = "".join(
        " " if one.isspace() else one for one in text if one.isspace() or unicodedata.category(one)[0] != "C"
    )
    return " ".join(visible.split())[:longest].strip()
