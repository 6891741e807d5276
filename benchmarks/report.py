"""The table that a person reads."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime

from benchmarks.background import Line
from benchmarks.pages import Timing


def table(empties: list[Timing], timings: list[Timing], lines: list[Line], rows: int) -> str:
    """Markdown that also reads well in a terminal."""
    head = [
        f"# Benchmark: {rows:,} customers, orders and complaints",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, {os.cpu_count()} processors, "
        "concurrency 1, shipped server. Only the ratios of one run compare.",
        "",
        f"The empty view: p50 {' and '.join(f'{one.p50:.2f}' for one in empties)} ms before and after, "
        f"p95 {max(one.p95 for one in empties):.1f} ms, {min(one.cpu for one in empties):.1f} ms of work of the web server, "
        f"{empties[0].queries} SQL. Each page is divided by the empty views that were asked for in turn with it.",
        "",
    ]
    body = [["page", "p50 ms", "p95 ms", "× empty", "CPU ms", "bar", "SQL", ""]]
    for one in timings:
        if one.problem:
            body.append([one.page.name, "–", "–", "–", "–", f"≤ {one.page.bar:g}", "–", one.problem])
            continue
        ratio = one.ratio
        over = []
        if ratio > one.page.bar:
            over.append("over")
        if one.queries is not None and one.queries > one.page.sql:
            over.append(f"SQL over {one.page.sql}")
        body.append(
            [
                one.page.name,
                f"{one.p50:.1f}",
                f"{one.p95:.1f}",
                f"{ratio:.1f}",
                f"{one.cpu:.1f}",
                f"≤ {one.page.bar:g}",
                str(one.queries),
                ", ".join(over),
            ]
        )
    rest = [["work", "measured", "compared", "bar"], *([one.name, one.value, one.ratio, one.bar] for one in lines)]
    return "\n".join([*head, *grid(body), "", *grid(rest), ""])


def _width(text: str) -> int:
    return sum(2 if "\u2e80" <= char <= "\uffef" else 1 for char in text)


def grid(rows: list[list[str]]) -> list[str]:
    """A table whose columns stand under each other, wide characters counted as two."""
    widths = [max(_width(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return lines
