"""Keyboard shortcuts: one registry feeds the handlers in the browser and the sheet behind ``?``.

The browser knows what an action does; this list says which keys call it and how it is named.
Actions: ``palette``, ``search``, ``sheet``, ``new``, ``go:ADDRESS``, ``next``, ``previous``,
``select``, ``open``, ``edit``, ``copy-number``, ``note``, ``save``, ``close``; a page may add its
own with ``click:SELECTOR``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Shortcut:
    """``keys`` as typed: ``mod+k`` (Ctrl or Cmd), one letter, or letters one after the other (``g c``)."""

    keys: str
    action: str
    label: str | Promise
    group: str | Promise
    permission: str = ""
    place: str = ""

    @property
    def shown(self) -> str:
        """The keys as they stand on the sheet."""
        names = {"mod": "Ctrl/⌘", "enter": "⏎", "arrowleft": "←", "arrowright": "→"}
        return " ".join(names.get(key, key.upper()) for key in self.keys.replace("+", " ").split())


GENERAL, LIST, RECORD = _("Everywhere"), _("In a list"), _("On a record")
_shortcuts: dict[str, Shortcut] = {}


def register_shortcut(
    keys: str,
    action: str,
    label: str | Promise,
    group: str | Promise = GENERAL,
    permission: str = "",
    place: str = "",
) -> None:
    """Bind keys to an action, for everybody or for those with the permission; the last one to register a key has it.

    With `place`, a selector, only pages that hold such an element listen to it, before what the key means elsewhere.
    """
    _shortcuts[f"{place}|{keys}" if place else keys] = Shortcut(keys, action, label, group, permission, place)
    _as_json.cache_clear()


def shortcuts(user: Any = None) -> list[Shortcut]:
    """The shortcuts of this person in the order of their registration; all of them for nobody."""
    return [one for one in _shortcuts.values() if user is None or not one.permission or user.has_perm(one.permission)]


# Sentences that only scripts say.
TEXTS: dict[str, str | Promise] = {
    "sheet": _("Keyboard shortcuts"),
    "close": _("Close"),
    "copied": _("Copied: {text}"),
    "unsaved": _("You have unsaved changes."),
    "offline": _("No connection. Your input is kept here; send it when you are back online."),
    "online": _("Back online."),
    "retry": _("Send now"),
    "draft": _("What you typed here before was not saved."),
    "restore": _("Put it back"),
    "discard": _("Throw it away"),
    "signed_out": _("You have been signed out. What you typed stays here: sign in again in another window, then save."),
    "sending": _("Already on its way …"),
    "failed": _("That did not work. Please try again."),
    "palette": _("Command palette"),
    "palette_hint": _("Type a number, a name or what you want to do"),
    "nothing": _("Nothing found."),
    "pages": _("Pages"),
    "create": _("Create"),
    "confirm": _("Yes, go ahead"),
    "cancel": _("Cancel"),
    "results": _("{count} results"),
    "signed": _("The signature has been drawn."),
    "unsigned": _("The signature field is empty."),
    "voice": _("Speak"),
    "voice_stop": _("Stop ({seconds} s)"),
    "no_voice": _("The microphone cannot be used here."),
    "photo": _("Take a photo"),
    "take_off": _("Remove {name}"),
    "colleagues": _("Colleagues"),
    "colleagues_found": _("Colleagues found: {count}. Choose with the arrow keys, take with Enter."),
}


@lru_cache(maxsize=32)
def _as_json(language: str, keys: tuple[str, ...]) -> SafeString:
    content = json.dumps(
        {
            "keys": [_in_json(s) for s in map(_shortcuts.__getitem__, keys)],
            "texts": {name: str(text) for name, text in TEXTS.items()},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return mark_safe(content.replace("<", "\\u003c"))


def _in_json(one: Shortcut) -> list[str]:
    told = [one.keys, one.action, str(one.label), str(one.group)]
    return [*told, one.place] if one.place else told


def browser_json(user: Any = None) -> SafeString:
    """The registry and the scripts' sentences for the browser of this person, in the reader's language."""
    return _as_json(
        get_language() or "en",
        tuple(
            name
            for name, one in _shortcuts.items()
            if user is None or not one.permission or user.has_perm(one.permission)
        ),
    )


register_shortcut("mod+k", "palette", _("Open the command palette"))
register_shortcut("/", "search", _("Search"))
register_shortcut("n", "new", _("Create something new"))
register_shortcut("?", "sheet", _("Show the keyboard shortcuts"))
register_shortcut("g h", "click:[data-home]", _("Go to the start page"))
register_shortcut("mod+enter", "save", _("Save the form you are in"))
register_shortcut("j", "next", _("Next row"), LIST)
register_shortcut("k", "previous", _("Previous row"), LIST)
register_shortcut("enter", "open", _("Open the row"), LIST)
register_shortcut("x", "select", _("Select the row"), LIST)
register_shortcut("e", "click:[data-edit]", _("Edit"), RECORD)
register_shortcut(".", "copy-number", _("Copy the number"), RECORD)
register_shortcut("m", "note", _("Write an internal note"), RECORD)
