"""Facts in words: what a rule's condition asks for, named as people name it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

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
_values: dict[str, dict[str, list[Any]]] = {}


def register_fact(name: str, label: Any = None, choices: Iterable[tuple[str, Any]] = ()) -> None:
    """Give a fact its name, and its values theirs; stages that use one name for their own values add to it."""
    if label is not None:
        _labels[name] = label
    known = _values.setdefault(name, {})
    for code, said in choices:
        known.setdefault(str(code), []).append(said)


def fact_label(name: str) -> str:
    """The fact's name; the name that events use where nobody gave it another."""
    return str(_labels.get(name, name.replace("_", " ")))


def value_label(name: str, value: Any) -> str:
    """A value in words; what two stages name differently is named both ways."""
    if isinstance(value, bool):
        return _t("yes") if value else _t("no")
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
