"""What the shared templates are given. A page class fills these; templates/README.md says which page takes what.

Texts are ready to show: translated, formatted, and ``SafeString`` where they carry markup.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from foundation.ui import formats
from foundation.ui.lines import draw_entries
from foundation.ui.table import Head

Text = str | Promise


@dataclass(slots=True)
class Action:
    """A button. ``get`` opens a page or a short form, ``post`` acts at once; ``confirm`` asks before posting."""

    label: Text
    url: str
    icon: str = ""
    style: str = "secondary"  # primary, secondary, danger
    method: str = "get"  # get, post
    confirm: Text = ""  # names the object: "Cancel order SO-2026-0001?"
    hint: Text = ""
    opens_dialog: bool = False  # with scripts, the form opens over the page
    name: str = ""  # for the palette and for data-edit and the like
    is_usual: bool = False  # stays a button before others where there are too many for one row
    is_step: bool = False  # on the record's path: always a button


# So many secondary ones stand beside "Edit", the menu and the primary in one row of 1280 pixels, in German too.
MOST_BUTTONS = 2


@dataclass(slots=True)
class Actions:
    """Buttons of a page: at most one primary, the rest secondary; what is less usual and what destroys in a menu."""

    primary: Action | None = None
    secondary: list[Action] = field(default_factory=list)
    more: list[Action] = field(default_factory=list)
    danger: list[Action] = field(default_factory=list)

    @classmethod
    def sorted_from(cls, actions: Sequence[Action]) -> Actions:
        """The first primary stays primary, further ones become secondary."""
        sorted_actions = cls()
        for action in actions:
            if action.style == "danger":
                sorted_actions.danger.append(action)
            elif action.style == "primary" and sorted_actions.primary is None:
                sorted_actions.primary = action
            else:
                sorted_actions.secondary.append(action)
        return sorted_actions

    def folded(self) -> Actions:
        """The same in one row: steps stay buttons, then the usual ones, else the first; the others go into the menu."""
        if len(self.secondary) <= MOST_BUTTONS + (not self.danger):
            return self
        steps = [one for one in self.secondary if one.is_step]
        others = sorted((one for one in self.secondary if not one.is_step), key=lambda one: not one.is_usual)
        stay = {id(one) for one in [*steps, *others[: max(MOST_BUTTONS - len(steps), 0)]]}
        shown = [one for one in self.secondary if id(one) in stay]
        more = [one for one in self.secondary if id(one) not in stay]
        return Actions(self.primary, shown, [*self.more, *more], self.danger)

    def __bool__(self) -> bool:
        return bool(self.primary or self.secondary or self.more or self.danger)


@dataclass(slots=True)
class Tab:
    """A built-in or saved view of a list, or a filter of the timeline."""

    label: Text
    url: str
    count: int | str | None = None
    is_current: bool = False


@dataclass(slots=True)
class Chip:
    """A filter in force; ``url`` is the address without it."""

    label: Text
    url: str


@dataclass(slots=True)
class Pager:
    """Pages of a list; ``total`` is ready text ("48 customers", "1,000+ orders")."""

    number: int = 1
    previous_url: str = ""
    next_url: str = ""
    first_url: str = ""
    shown: Text = ""  # "26–50"
    total: Text = ""

    def __bool__(self) -> bool:
        return bool(self.previous_url or self.next_url)


@dataclass(slots=True)
class Empty:
    """Why there is nothing: ``nothing`` yet, ``nomatch`` for the filters, no ``permission``."""

    kind: str = "nothing"
    title: Text = ""
    text: Text = ""
    action: Action | None = None


@dataclass(slots=True)
class Crumb:
    label: Text
    url: str = ""


@dataclass(slots=True)
class Step:
    """A state of the record's path: done, skipped, current, future, or ``left`` when the record went off the path.

    A skipped one was passed without being taken; its note says so.
    """

    label: Text
    state: str = "future"
    note: Text = ""  # "Mon 09:14, web"


@dataclass(slots=True)
class Blocked:
    """A next step that is not possible yet, and the conditions that fail."""

    label: Text
    reasons: Sequence[Text]


@dataclass(slots=True)
class Path:
    """The state path, and what is not possible yet with the reasons."""

    steps: list[Step]
    blocked: list[Blocked] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Which step is the current one, from 1."""
        return next((i for i, step in enumerate(self.steps, 1) if step.state in ("current", "left")), 1)

    @property
    def total(self) -> int:
        return len(self.steps)


@dataclass(slots=True)
class Fact:
    """A key fact; an empty one offers to be added where ``add_url`` is known."""

    label: Text
    value: object = ""
    add_url: str = ""


@dataclass(slots=True)
class Related:
    """A counter that links to the filtered list."""

    label: Text
    url: str
    count: int | str = 0
    is_late: bool = False


@dataclass(slots=True)
class Section:
    """A titled part of the record page; ``body`` is markup. Panels may return these."""

    title: Text
    body: object
    id: str = ""
    action: Action | None = None


KIND_WORDS: dict[str, Text] = {
    "note": _("Internal note"),
    "message": _("Message"),
    "record": _("Record"),
    "system": "",
}


@dataclass(slots=True)
class Entry:
    """One line of the timeline. ``kind``: note, message, record, or system (shown more quietly)."""

    kind: str
    text: object
    when: dt.datetime
    actor: Text = ""
    body: object = ""  # the note's or message's own words
    body_language: str = ""  # when it differs from the page's
    state: object = ""  # delivery badge of a message
    url: str = ""
    files: Sequence[tuple[str, str]] = ()  # (name, url)
    id: str = ""
    at: Text = ""  # instead of the relative time: a clock time, or "today"
    pinned: Text = ""  # who keeps it on top, and since when
    pin_id: int = 0  # what the page's pin form takes; 0 for what cannot be pinned

    @property
    def iso(self) -> str:
        return self.when.isoformat()

    @property
    def relative(self) -> str:
        return formats.relative(self.when, short=True)

    @property
    def exact(self) -> str:
        return formats.exact(self.when)

    @property
    def word(self) -> Text:
        return KIND_WORDS.get(self.kind, "")


@dataclass(slots=True)
class Composer:
    """The slot above the timeline. It posts ``text``, ``audience`` (internal or customer), ``files``."""

    url: str
    can_send: bool = False
    recipient: Text = ""  # "Frau Petersen, German"
    takes_files: bool = False
    text: str = ""  # kept after a failure
    error: Text = ""


@dataclass(slots=True)
class Timeline:
    """Newest first."""

    entries: Sequence[Entry]
    filters: list[Tab] = field(default_factory=list)
    composer: Composer | None = None
    older_url: str = ""
    newest_url: str = ""  # given on every page but the first
    pinned: Sequence[Entry] = ()
    pin_url: str = ""
    url: str = ""  # where the search of the timeline asks
    find: str | None = None  # the words that are looked for; None for a timeline without search
    hidden: Sequence[tuple[str, str]] = ()  # kept while searching

    @property
    def lines(self) -> SafeString:
        return draw_entries(self.entries)


@dataclass(slots=True)
class List:
    """Everything that ui/list.html shows."""

    title: Text
    heads: list[Head] = field(default_factory=list)
    rows: object = ""  # markup from table.render_rows
    caption: Text = ""
    lead: Text = ""
    actions: Actions | None = None
    links: list[Action] = field(default_factory=list)  # other lists that belong to this one
    tabs: list[Tab] = field(default_factory=list)
    filters: object = None  # a form; its fields are drawn in a panel
    filters_key: str = field(default_factory=lambda: uuid.uuid4().hex)  # drawn fields are kept under this name
    hidden: list[tuple[str, str]] = field(default_factory=list)  # kept while filtering (view, sort)
    search: str | None = None  # current text, or None for a list without search
    chips: list[Chip] = field(default_factory=list)
    clear_url: str = ""
    pager: Pager | None = None
    empty: Empty | None = None
    crumbs: list[Crumb] = field(default_factory=list)
    bulk: list[Action] = field(default_factory=list)  # shown when rows are selectable


@dataclass(slots=True)
class Record:
    """Everything that ui/record.html shows."""

    title: Text  # number and name, as the h1
    type: Text = ""  # for the page title
    number: str = ""
    subtitle: object = ""  # one quiet line with links
    crumbs: list[Crumb] = field(default_factory=list)
    badges: list[object] = field(default_factory=list)
    actions: Actions | None = None
    path: Path | None = None
    next_step: object = ""  # the next step and its date, or ""
    next_step_url: str = ""  # given when the record needs one: a missing step is flagged
    facts: list[Fact] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    sections: list[object] = field(default_factory=list)  # Section or markup
    timeline: Timeline | None = None
    edit_url: str = ""
    ref: str = ""  # "crm.customer:12", so that the palette offers its transitions
    badges_url: str = ""  # asked each minute for fresh badges
    notices: list[object] = field(default_factory=list)  # markup above everything else, such as a way back
