"""A typed name as a signature: who cannot draw, or has no scripts, signs with the keyboard."""

from __future__ import annotations

import importlib.util
import io
import os
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN = 600, 200, 24
INK, PAPER = "#1d1c1a", "#ffffff"
LONGEST_NAME = 80
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")


def _font_file() -> str | None:
    """A font that draws Chinese and Latin letters, or None."""
    spec = importlib.util.find_spec("noto_cjk_sans_otc")
    if spec and spec.origin:
        found = Path(spec.origin).parent / "NotoSansCJK-Regular.ttc"
        if found.is_file():
            return str(found)
    folders = (Path(folder) for folder in _FONT_FOLDERS if os.path.isdir(folder))
    return next((str(path) for folder in folders for path in folder.rglob("NotoSansCJK-Regular.ttc")), None)


def draw_name(name: str) -> bytes:
    """The name on a line, as a PNG of a drawn signature's size."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    size, path = 72, _font_file()
    while True:
        font = ImageFont.truetype(path, size) if path else ImageFont.load_default(size)
        width = pen.textlength(name, font=font)
        if width <= WIDTH - 2 * MARGIN or size <= 12:
            break
        size -= 4
    pen.text((MARGIN, HEIGHT - 64), name, fill=INK, font=font, anchor="ls")
    pen.line((MARGIN, HEIGHT - 44, WIDTH - MARGIN, HEIGHT - 44), fill=INK, width=1)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
