"""Icons from one external SVG sprite, built from the heroicons package by ``manage.py build_assets``."""

from __future__ import annotations

import re
import zipfile
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

SPRITE = "ui/icons.svg"
NAMES = [
    "academic-cap",
    "adjustments-horizontal",
    "archive-box",
    "arrow-down-tray",
    "arrow-left",
    "arrow-path",
    "arrow-right",
    "arrow-right-start-on-rectangle",
    "arrow-top-right-on-square",
    "arrow-up-tray",
    "arrow-uturn-left",
    "banknotes",
    "bars-3",
    "bell",
    "book-open",
    "building-office",
    "building-storefront",
    "calculator",
    "calendar-days",
    "camera",
    "chart-bar",
    "chat-bubble-left-ellipsis",
    "chat-bubble-left-right",
    "check",
    "check-badge",
    "check-circle",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "chevron-up-down",
    "clipboard",
    "clipboard-document-check",
    "clipboard-document-list",
    "clock",
    "cloud-arrow-up",
    "cog-6-tooth",
    "computer-desktop",
    "cube",
    "document-check",
    "document-text",
    "ellipsis-horizontal",
    "envelope",
    "exclamation-circle",
    "exclamation-triangle",
    "eye",
    "face-smile",
    "flag",
    "funnel",
    "globe-alt",
    "hand-raised",
    "hand-thumb-up",
    "home",
    "inbox",
    "inbox-arrow-down",
    "information-circle",
    "key",
    "language",
    "lifebuoy",
    "link",
    "lock-closed",
    "magnifying-glass",
    "map-pin",
    "moon",
    "no-symbol",
    "paper-airplane",
    "paper-clip",
    "pause-circle",
    "pencil-square",
    "megaphone",
    "microphone",
    "phone",
    "photo",
    "plus",
    "plus-circle",
    "printer",
    "question-mark-circle",
    "receipt-percent",
    "shield-check",
    "shopping-cart",
    "star",
    "sun",
    "tag",
    "trash",
    "truck",
    "user",
    "user-circle",
    "user-group",
    "user-minus",
    "user-plus",
    "users",
    "view-columns",
    "wrench-screwdriver",
    "x-circle",
    "x-mark",
]
_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def sprite(names: list[str] | None = None) -> str:
    """The sprite's text: one ``<symbol>`` for each icon. Raises KeyError for a name heroicons lacks."""
    archive = files("heroicons") / "heroicons.zip"
    symbols = []
    with archive.open("rb") as file, zipfile.ZipFile(file) as bundle:
        for name in sorted(names or NAMES):
            markup = bundle.read(f"outline/{name}.svg").decode()
            shapes = _SHAPES.search(markup)
            if shapes is None:
                raise ValueError(f"heroicons' {name} is not an SVG")
            inner = re.sub(r"\s+", " ", shapes.group(1)).replace("> <", "><").strip()
            # A used symbol inherits from the page, not from the sprite: base.css has the strokes.
            inner = inner.replace(' stroke-linecap="round"', "").replace(' stroke-linejoin="round"', "")
            symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


def build_sprite(folder: Path) -> Path:
    """Write the sprite below ``folder``; the file is touched only when its content changed."""
    path, content = folder / SPRITE, sprite()
    if not path.is_file() or path.read_text(encoding="utf-8") != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return path


@lru_cache(maxsize=1)
def _sprite_url() -> str:
    try:
        return static(SPRITE)
    except ValueError as error:
        raise ImproperlyConfigured("The icon sprite is missing: run build_assets, then collectstatic.") from error


@lru_cache(maxsize=512)
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Markup of one icon; decorative unless it has a label."""
    if settings.DEBUG and name not in NAMES:
        raise ValueError(f"Unknown icon {name!r}: add it to foundation.ui.icons.NAMES")
    naming = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    classes = f"icon {escape(css)}".strip()
    return mark_safe(f'<svg class="{classes}" {naming}><use href="{_sprite_url()}#{escape(name)}"/></svg>')
