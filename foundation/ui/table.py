"""Table rows as markup, joined in Python: a template loop over 25 x 8 cells costs several times as much.

On a phone each row becomes a card: the ``title`` cell, the ``end`` cell beside it, and at most two
``fact`` cells below; ``extra`` cells are left out there, ``wide`` ones on narrow desks too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.ui.escape import esc

PLACES = ("title", "end", "fact", "extra", "wide")
PHONE_FACTS = 4


@dataclass(slots=True)
class Head:
    """One column's heading. ``sort_url`` makes it a link; ``sorted`` is ascending, descending or empty."""

    label: str | Promise
    place: str = "extra"
    is_number: bool = False
    sort_url: str = ""
    sorted: str = ""
    is_hidden: bool = False  # heading for screen readers only (row checkboxes, row actions)

    @property
    def css(self) -> str:
        """Class of the heading and of the cells below it."""
        return f"c-{self.place}{' num' if self.is_number else ''}"


@dataclass(slots=True)
class Row:
    """One record: ready-made cells in the order of the columns; ``state`` marks the row's edge."""

    cells: Sequence[object]
    pk: int | str = ""
    label: object = ""
    state: str = ""
    values: dict[str, object] = field(default_factory=dict)  # further data-… attributes


def render_rows(heads: Sequence[Head], rows: Iterable[Row], *, selectable: bool = False) -> SafeString:
    """The body of the table. Cells are escaped unless they are SafeString."""
    styles = [head.css for head in heads]
    labels = [f' data-label="{esc(head.label)}"' if head.place == "fact" else "" for head in heads]
    title = next((i for i, head in enumerate(heads) if head.place == "title"), 0)
    out: list[str] = []
    for row in rows:
        out.append(_open(row))
        if selectable:
            out.append(_checkbox(row))
        for index, cell in enumerate(row.cells):
            if index == title:
                out.append(f'<th scope="row" role="rowheader" class="{styles[index]}">{esc(cell)}</th>')
            else:
                out.append(f'<td role="cell" class="{styles[index]}"{labels[index]}>{esc(cell)}</td>')
        out.append("</tr>")
    return SafeString("".join(out))


def _open(row: Row) -> str:
    data = "".join(f' data-{name}="{esc(value)}"' for name, value in row.values.items())
    state = f' class="is-{row.state}"' if row.state else ""
    return f'<tr role="row"{state}{data}>'


def _checkbox(row: Row) -> str:
    name = esc(_("Select %(name)s") % {"name": row.label or row.pk})
    return (
        '<td role="cell" class="c-select"><input type="checkbox" name="pk" form="bulk" '
        f'value="{esc(row.pk)}" aria-label="{name}"></td>'
    )
