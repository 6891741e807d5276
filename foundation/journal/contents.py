"""Judging a file by what is in it. Knows no model and no request; runs on bytes from strangers."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import warnings
from dataclasses import dataclass
from typing import Any

import puremagic
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MEGABYTE = 1024 * 1024
MAX_BYTES = {
    "image/jpeg": 10 * MEGABYTE,
    "image/png": 10 * MEGABYTE,
    "image/webp": 10 * MEGABYTE,
    "application/pdf": 10 * MEGABYTE,
    **{f"audio/{kind}": 10 * MEGABYTE for kind in ("webm", "ogg", "mp4", "mpeg", "wav")},
}
LARGEST = max(MAX_BYTES.values())
# Decoding costs memory by pixel, not by byte. Large JPEGs are decoded at a fraction of their size, the others whole.
MAX_PIXELS = {"JPEG": 64_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
MAX_SIDE = 3200
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
EXTENSIONS = {
    "image/jpeg": {"jpg", "jpeg", "jpe", "jfif"},
    "image/png": {"png"},
    "image/webp": {"webp"},
    "application/pdf": {"pdf"},
    "audio/webm": {"webm", "weba"},
    "audio/ogg": {"ogg", "oga", "opus"},
    "audio/mp4": {"m4a"},
    "audio/mpeg": {"mp3"},
    "audio/wav": {"wav"},
}
_STARTS = {
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "application/pdf": re.compile(rb"%PDF-[12]\.\d"),
}
# Voices: kept as they are, and played by the browser alone, which never takes them for a page.
_VOICES = {
    "audio/webm": re.compile(rb"\x1a\x45\xdf\xa3.{0,60}webm", re.DOTALL),
    "audio/ogg": re.compile(rb"OggS\0"),
    "audio/mp4": re.compile(rb"....ftyp(?:M4A |mp4[12]|isom|iso[2-6]|dash)", re.DOTALL),
    "audio/mpeg": re.compile(rb"ID3[\x02-\x04]|\xff[\xf2\xf3\xfa\xfb]"),
    "audio/wav": re.compile(rb"RIFF....WAVEfmt ", re.DOTALL),
}
# Names in a PDF may be written with hexadecimal escapes.
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PROGRAM = re.compile(rb"/(?:JavaScript|Launch)\b")


class Unacceptable(Exception):
    """The file is not taken; the message is a sentence for people."""


@dataclass(frozen=True)
class Content:
    """What is stored: our own bytes for a picture, the sender's for a PDF."""

    data: bytes
    media_type: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def judge(data: bytes, *, name: str = "", media_type: str = "", voices: bool = False) -> Content:
    """The content to store. Raises Unacceptable unless it is a sound JPEG, PNG, WebP or PDF, or, among `voices`, a recording.

    `name` is the sender's name of the file, whose ending must agree; without a name the expected `media_type` must.
    """
    if not data:
        raise Unacceptable(_("This file is empty."))
    if len(data) > LARGEST:
        raise Unacceptable(_("This file is too large: at most %(size)s MB.") % {"size": LARGEST // MEGABYTE})
    found = media_type_of(data)
    if found is None or (found in _VOICES and not voices):
        said = _("Only JPEG, PNG and WebP pictures, PDF files and voice recordings are taken.") if voices else ""
        raise Unacceptable(said or _("Only JPEG, PNG and WebP pictures and PDF files are taken."))
    if name:
        ending = name.rpartition(".")[2].lower() if "." in name else ""
        if ending not in EXTENSIONS[found]:
            raise Unacceptable(_("The name of this file says something else than its content."))
    if media_type and media_type != found:
        raise Unacceptable(_("The name of this file says something else than its content."))
    if len(data) > MAX_BYTES[found]:
        raise Unacceptable(_("This file is too large: at most %(size)s MB.") % {"size": MAX_BYTES[found] // MEGABYTE})
    if found == "application/pdf":
        _check_pdf(data)
        return Content(data, found)
    if found in _VOICES:
        return Content(data, found)
    return Content(_drawn_again(data, FORMATS[found]), found)


def media_type_of(data: bytes) -> str | None:
    """The media type by content if we take it, else None. A library's guess and our own look must agree.

    Of voices our own look decides: the library does not tell sound from film in the same container.
    """
    for media_type, start in _VOICES.items():
        if start.match(data):
            return media_type
    try:
        guess = puremagic.from_string(data[:4096], mime=True)
    except (puremagic.PureError, ValueError, IndexError):
        return None
    for media_type, start in _STARTS.items():
        if guess == media_type and start.match(data):
            return media_type
    return None


def _check_pdf(data: bytes) -> None:
    end = data.rfind(b"%%EOF")
    pointer = re.search(rb"startxref\s+(\d{1,10})\s*$", data[max(0, end - 64) : end])
    # Nothing may hide behind the end, and the table must lie where the file says.
    whole = end > 0 and not data[end + 5 :].strip(b"\0\r\n\t \x1a") and pointer and int(pointer[1]) < len(data)
    if not whole:
        raise Unacceptable(_("This PDF is damaged. Please save or print it as a PDF again."))
    names = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data)
    if _PROGRAM.search(names):
        raise Unacceptable(_("This PDF contains a program. Please print it as a plain PDF and send that."))


def _drawn_again(data: bytes, format_name: str) -> bytes:
    """The picture as a new file: upright, at most MAX_SIDE pixels a side, without metadata or anything appended."""
    damaged = _("This picture is damaged or too large. Please save it again.")
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=[format_name]) as image:
                if image.width * image.height > MAX_PIXELS[format_name] or min(image.size) < 1:
                    raise Unacceptable(damaged)
                if format_name == "JPEG":
                    image.draft(None, (MAX_SIDE, MAX_SIDE))
                image.load()
                upright = ImageOps.exif_transpose(image)
                plain = _plain(upright, format_name)
            plain.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
            # Comments, profiles and positions ride along in `info`; a new picture has none.
            plain.info = {}
            out = io.BytesIO()
            plain.save(out, format=format_name, **_quality(format_name))
        except Unacceptable:
            raise
        except Exception as error:  # decoders of damaged files raise nearly anything
            raise Unacceptable(damaged) from error
    return out.getvalue()


def _plain(image: Image.Image, format_name: str) -> Image.Image:
    if image.mode == "L":
        return image.copy()
    if image.mode[0] in "IF":  # 16 bits of grey
        return image.convert("F").point(lambda value: value * (1 / 256) + 0).convert("L")
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    return image.convert("RGBA" if has_alpha and format_name != "JPEG" else "RGB")


def _quality(format_name: str) -> dict[str, Any]:
    return {"JPEG": {"quality": 85, "optimize": True}, "WEBP": {"quality": 85, "method": 4}, "PNG": {}}[format_name]


def clean_title(name: str) -> str:
    """The sender's name of a file as a title: no folders, no control or direction marks, at most 200 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    return " ".join(visible.split())[:200]
