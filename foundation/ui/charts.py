"""Charts as SVG made on the server: spark, bars, line. On screen classes colour them, in a PDF literal fills do.

Each figure has a title, a text summary, and a table of its values; marks differ by label and shape, not by
colour alone. A missing value is a gap, never zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from foundation.ui import formats
from foundation.ui.escape import esc

Value = float | int | None
Text = str | Promise
# Literal colours for paper; the same inks as tokens.css in its light half.
INK = {
    "trace": "#1f4e79",
    "mark": "#1f4e79",
    "grid": "#e5e1d8",
    "axis": "#cbc5b8",
    "goal": "#1d1c1a",
    "text": "#5f5b53",
    "value": "#1d1c1a",
}
PDF_FONTS = "Noto Sans CJK SC, Noto Sans, DejaVu Sans, sans-serif"
WIDTH, HEIGHT = 640, 220
LEFT, TOP, BOTTOM = 46, 18, 26
CROWDED = 6
RIGHT, RIGHT_OF_GOAL = 28, 96  # the goal is named beside its line, where no mark can be


@dataclass(slots=True)
class Figure:
    """What a chart shows. ``points`` are (label, value); ``unit`` stands behind the values."""

    title: Text
    points: Sequence[tuple[Text, Value]]
    unit: str = ""
    goal: Value = None
    source: Text = ""  # what is counted, and as of when
    is_percent: bool = False

    def shown(self, value: Value) -> str:
        """One value as text."""
        if value is None:
            return "–"
        if self.is_percent:
            return formats.percent(value)
        text = formats.number(value)
        return f"{text}\u00a0{self.unit}" if self.unit else text

    @property
    def right(self) -> int:
        """Where the marks end."""
        return WIDTH - (RIGHT if self.goal is None else RIGHT_OF_GOAL)

    @property
    def values(self) -> list[float]:
        return [float(value) for _label, value in self.points if value is not None]


def spark(values: Sequence[Value], state: str = "", *, for_pdf: bool = False) -> SafeString:
    """A line without axes beside a figure that says the number; hidden from screen readers."""
    known = [float(v) for v in values if v is not None]
    if len(known) < 2:
        return mark_safe("")
    low, spread = min(known), (max(known) - min(known)) or 1
    step = 120 / (len(values) - 1)
    runs = _runs(
        [(i * step, 26 - (float(v) - low) / spread * 24) if v is not None else None for i, v in enumerate(values)]
    )
    lines = "".join(
        f'<polyline {_ink("trace", for_pdf)} vector-effect="non-scaling-stroke" points="{_points(run)}"/>'
        for run in runs
    )
    return mark_safe(
        f'<svg class="spark {esc(state)}" viewBox="0 0 120 28" preserveAspectRatio="none" aria-hidden="true">{lines}</svg>'
    )


def line(figure: Figure, *, for_pdf: bool = False) -> SafeString:
    """Values over time."""
    scale = _Scale(figure)
    count = max(len(figure.points) - 1, 1)
    spots = [
        (scale.x(i / count), scale.y(float(value))) if value is not None else None
        for i, (_label, value) in enumerate(figure.points)
    ]
    marks = [f'<polyline {_ink("trace", for_pdf)} points="{_points(run)}"/>' for run in _runs(spots)]
    marks += [
        f'<circle {_ink("mark", for_pdf)} cx="{spot[0]:.1f}" cy="{spot[1]:.1f}" r="3"/>' for spot in spots if spot
    ]
    every = max(1, len(figure.points) // 8)
    labels = [(scale.x(i / count), label) for i, (label, _value) in enumerate(figure.points) if i % every == 0]
    return _frame(figure, scale, marks, labels, for_pdf)


def bars(figure: Figure, *, for_pdf: bool = False) -> SafeString:
    """Values of a few kinds or periods side by side, each with its number on top."""
    scale = _Scale(figure, from_zero=True)
    slot = (figure.right - LEFT) / max(len(figure.points), 1)
    marks, labels = [], []
    for i, (label, value) in enumerate(figure.points):
        middle = LEFT + slot * (i + 0.5)
        labels.append((middle, label))
        if value is None:
            marks.append(_text(middle, HEIGHT - BOTTOM - 4, "–", "text", for_pdf, "middle"))
            continue
        top, width = scale.y(float(value)), min(slot * 0.62, 64)
        height = max(HEIGHT - BOTTOM - top, 0.5)
        marks.append(
            f'<rect {_ink("mark", for_pdf)} x="{middle - width / 2:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
        )
        marks.append(_text(middle, top - 4, figure.shown(value), "value", for_pdf, "middle"))
    return _frame(figure, scale, marks, labels, for_pdf)


def summary(figure: Figure) -> str:
    """The chart in a sentence: first, last, lowest, highest."""
    known = [(label, value) for label, value in figure.points if value is not None]
    if not known:
        return _("There are no values yet.")
    low, high = min(known, key=lambda point: float(point[1])), max(known, key=lambda point: float(point[1]))
    return _("From %(first)s (%(first_label)s) to %(last)s (%(last_label)s); lowest %(low)s (%(low_label)s), highest %(high)s (%(high_label)s).") % {
        "first": figure.shown(known[0][1]), "first_label": known[0][0], "last": figure.shown(known[-1][1]), "last_label": known[-1][0],
        "low": figure.shown(low[1]), "low_label": low[0], "high": figure.shown(high[1]), "high_label": high[0],
    }  # fmt: skip


def framed(figure: Figure, chart: SafeString) -> SafeString:
    """The chart with its title, summary, source, and the values as a table."""
    rows = "".join(
        f'<tr><th scope="row">{esc(label)}</th><td class="num">{esc(figure.shown(value))}</td></tr>'
        for label, value in figure.points
    )
    return mark_safe(
        f'<figure class="figure-box"><figcaption><b>{esc(figure.title)}</b><span class="muted">{esc(summary(figure))}</span></figcaption>{chart}'
        f'<details><summary>{esc(_("Values as a table"))}</summary><table class="rows is-plain"><caption class="sr">{esc(figure.title)}</caption>'
        f"<tbody>{rows}</tbody></table></details>{f'<p class=muted>{esc(figure.source)}</p>' if figure.source else ''}</figure>"
    )


class _Scale:
    """From values to pixels."""

    def __init__(self, figure: Figure, *, from_zero: bool = False) -> None:
        values = figure.values + ([float(figure.goal)] if figure.goal is not None else [])
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        if from_zero or low < (high - low):
            low = min(low, 0.0)
        if high == low:
            high = low + 1
        room = (high - low) * 0.08
        self.low = low - (room if low else 0)
        self.high = high + room
        self.right = figure.right
        if figure.is_percent:
            self.high = min(self.high, 104.0) if high <= 100 else self.high

    def x(self, share: float) -> float:
        return LEFT + share * (self.right - LEFT)

    def y(self, value: float) -> float:
        return TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)

    def ticks(self) -> list[float]:
        span = self.high - self.low
        step = next(s for s in (m * 10**e for e in range(-3, 13) for m in (1, 2, 5)) if span / s <= 5)
        first = -(-self.low // step) * step
        return [round(first + step * i, 6) for i in range(6) if first + step * i <= self.high]


def _frame(
    figure: Figure, scale: _Scale, marks: list[str], labels: list[tuple[float, Text]], for_pdf: bool
) -> SafeString:
    grid = []
    for tick in scale.ticks():
        y = scale.y(tick)
        grid.append(f'<line {_ink("grid", for_pdf)} x1="{LEFT}" x2="{scale.right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        grid.append(_text(LEFT - 6, y + 4, formats.number(tick), "text", for_pdf, "end"))
    if figure.goal is not None:
        y = scale.y(float(figure.goal))
        grid.append(f'<line {_ink("goal", for_pdf)} x1="{LEFT}" x2="{scale.right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        grid.append(
            _text(
                scale.right + 6,
                y + 4,
                _("target %(value)s") % {"value": figure.shown(figure.goal)},
                "text",
                for_pdf,
                "start",
            )
        )
    # on a phone the letters are larger against the drawing, and every other name would touch the next
    crowded = len(labels) > CROWDED and not for_pdf
    names = [
        _text(x, HEIGHT - 8, label, "text spare" if crowded and i % 2 else "text", for_pdf, "middle")
        for i, (x, label) in enumerate(labels)
    ]
    base = (
        f'<line {_ink("axis", for_pdf)} x1="{LEFT}" x2="{scale.right}" y1="{HEIGHT - BOTTOM}" y2="{HEIGHT - BOTTOM}"/>'
    )
    fonts = f' font-family="{PDF_FONTS}"' if for_pdf else ""
    name = f"{esc(figure.title)}. {esc(summary(figure))}"
    return mark_safe(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{name}"{fonts}>{"".join([*grid, base, *marks, *names])}</svg>'
    )


def _runs(spots: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Unbroken stretches; a missing value ends one."""
    runs: list[list[tuple[float, float]]] = [[]]
    for spot in spots:
        if spot is None:
            runs.append([])
        else:
            runs[-1].append(spot)
    return [run for run in runs if len(run) > 1]


def _points(run: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in run)


def _ink(kind: str, for_pdf: bool) -> str:
    if not for_pdf:
        return f'class="{kind}"'
    if kind == "mark":
        return f'fill="{INK[kind]}"'
    dash = ' stroke-dasharray="4 3"' if kind == "goal" else ""
    return f'fill="none" stroke="{INK[kind]}" stroke-width="{2 if kind == "trace" else 1}"{dash}'


def _text(x: float, y: float, content: object, kind: str, for_pdf: bool, anchor: str) -> str:
    style = f'fill="{INK[kind]}" font-size="11"' if for_pdf else f'class="{kind}"'
    return f'<text {style} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{esc(content)}</text>'
