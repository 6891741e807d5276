"""The newest few records of a kind on somebody else's page: a small table and the way to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from foundation.ui.escape import esc
from foundation.ui.html import link


@dataclass(frozen=True, slots=True)
class Newest:
    """One record. `label` and `url` name it, `number` stands below where the label is no number itself; `amount` and `at`
    are the figures at the end of the line."""

    label: object
    url: str
    badge: object
    at: object
    number: str = ""
    amount: object = None


def draw_newest(rows: Sequence[Newest], all_url: str, *, has_more: bool = False) -> SafeString:
    """The table; `has_more` says that there are others, which stand behind `all_url`."""
    if not rows:
        return mark_safe(f'<p class="muted">{esc(_("None yet."))}</p>')
    body = "".join(map(_row, rows))
    everything = link(_("Show all") if has_more else _("Show as a list"), all_url)
    return mark_safe(
        f'<div class="table-box"><table class="rows"><tbody>{body}</tbody></table></div>\n<p>{everything}</p>'
    )


def _row(one: Newest) -> str:
    below = f'<span class="sub nr">{esc(one.number)}</span>' if one.number else ""
    amount = f'<td class="num c-fact">{esc(one.amount)}</td>' if one.amount is not None else ""
    return (
        f'<tr><th scope="row" class="c-title{"" if one.number else " c-number"}">{link(one.label, one.url)}{below}</th>'
        f'<td class="c-end">{esc(one.badge)}</td>{amount}<td class="num muted c-fact">{esc(one.at)}</td></tr>'
    )
