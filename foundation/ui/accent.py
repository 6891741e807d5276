"""The company's own colour, kept readable in light and dark whatever was chosen."""

from __future__ import annotations

import re

DEFAULT = "#1f4e79"
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
Rgb = tuple[float, float, float]
LIGHT_PAPER, DARK_PAPER, WHITE, INK = "#f4f2ec", "#262421", "#ffffff", "#10202e"


def _rgb(color: str) -> Rgb:
    return tuple(int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def _luminance(color: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _mixed(color: str, other: str, share: float) -> str:
    return _hex(tuple(a + (b - a) * share for a, b in zip(_rgb(color), _rgb(other), strict=True)))  # type: ignore[arg-type]


def _readable(color: str, on: str, toward: str, ratio: float) -> str:
    """The colour, moved towards black or white until it can be read on its ground."""
    for step in range(21):
        mixed = _mixed(color, toward, step / 20)
        if contrast(mixed, on) >= ratio:
            return mixed
    return toward


def normal(color: str) -> str:
    """``#rrggbb`` in small letters, or empty text for anything else."""
    found = _HEX.fullmatch((color or "").strip())
    return f"#{found.group(1).lower()}" if found else ""


def accent_css(color: str) -> str:
    """A style sheet that replaces the accent's tokens."""
    light = _readable(color, LIGHT_PAPER, "#000000", 4.6)
    dark = _readable(color, DARK_PAPER, WHITE, 6)
    tokens = {
        "accent": (light, dark),
        "accent-strong": (_mixed(light, "#000000", 0.22), _mixed(dark, WHITE, 0.3)),
        "accent-soft": (_mixed(light, WHITE, 0.89), _mixed(dark, "#171614", 0.82)),
        "on-accent": (WHITE, INK if contrast(dark, INK) >= 4.5 else "#000000"),
    }
    body = "".join(f"--{name}:light-dark({a},{b});" for name, (a, b) in tokens.items())
    return f":root{{{body}}}\n"
