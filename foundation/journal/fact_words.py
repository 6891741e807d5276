"""Facts of events in words: what promises and message rules ask for, named as people name it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from foundation.ui.places import language_name

# Facts that events of every stage carry; the stages name their own.
_labels: dict[str, Any] = {
    "number": _("number"),
    "kind": _("kind"),
    "channel": _("channel"),
    "priority": _("priority"),
    "tier": _("tier"),
    "language": _("language"),
    "country": _("country"),
    "status": _("status"),
    "owner": _("owner"),
    "subject": _("subject"),
    "reason": _("reason"),
    "metric": _("promise"),
    "level": _("level in percent"),
    "is_late": _("late"),
    "is_repeated": _("belongs to a repeating task"),
    "answers": _("answers the customer"),
}
# fact -> code -> what the stages call it
_values: dict[str, dict[str, list[Any]]] = {}


def register_fact(name: str, label: Any) -> None:
    """Give a fact its name."""
    _labels[name] = label


def register_values(name: str, choices: Iterable[tuple[str, Any]]) -> None:
    """Give a fact's values their names; stages that use one fact for values of their own add to it."""
    known = _values.setdefault(name, {})
    for code, said in choices:
        known.setdefault(str(code), []).append(said)


def known_values(name: str) -> list[str] | None:
    """The values of a fact that stages have named, in their order; None where nobody has named any."""
    return list(_values[name]) if name in _values else None


def fact_label(name: str) -> str:
    """The fact's name; the name that events use where nobody gave it another."""
    return str(_labels.get(name, name.replace("_", " ")))


def value_label(name: str, value: Any) -> str:
    """A value in words, the value itself where nobody has said; what two stages name differently is named both ways."""
    if isinstance(value, bool):
        return _t("yes") if value else _t("no")
    if name == "language" and isinstance(value, str):
        return language_name(value)
    labels = dict.fromkeys(str(said) for said in _values.get(name, {}).get(str(value), ()))
    return " / ".join(labels) or ("" if value is None else str(value))


def said_condition(condition: Any) -> list[str]:
    """A condition, one sentence for each fact."""
    said = []
    for name, wanted in (condition if isinstance(condition, dict) else {}).items():
        values = wanted if isinstance(wanted, list) else [wanted]
        words = {"fact": fact_label(name), "values": ", ".join(value_label(name, one) for one in values)}
        said.append(_t("%(fact)s: %(values)s") % words)
    return said
