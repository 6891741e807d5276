"""Why somebody got an inquiry, in words: the verdicts that routing left in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import Inquiry
from foundation.accounts.models import User, UserLanguage
from foundation.journal.models import Event


@dataclass(frozen=True)
class Line:
    """One step of the decision: what was asked, and what came of it."""

    title: str
    said: str
    decided: bool


def last_verdicts(inquiry: Inquiry) -> list[dict[str, Any]]:
    """What the last decision of the routing was based on; nothing for one that people gave out. One query."""
    rows = Event.objects.about(inquiry).filter(facts__has_key="routing").order_by("-id")
    facts = rows.values_list("facts", flat=True).first()
    return list(facts["routing"]) if facts else []


def lines(verdicts: Sequence[dict[str, Any]]) -> list[Line]:
    """The verdicts in the reader's language. One query for all names."""
    keys = {one["person_id"] for one in verdicts if one.get("person_id")}
    keys |= {key for one in verdicts for key in one.get("away", ())}
    names = dict(User.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    return [Line(_title(one), _said(one, names), one["said"] == "takes") for one in verdicts]


def _title(verdict: dict[str, Any]) -> str:
    if verdict["by"] == "owner":
        return _("The customer's own salesperson")
    if verdict["by"] == "rule":
        return _("Rule “%(name)s”") % {"name": verdict.get("rule", "")}
    return _("Whoever in sales speaks the language")


def _said(verdict: dict[str, Any], names: dict[int, str]) -> str:
    name = names.get(verdict.get("person_id") or 0, "–")
    said = verdict["said"]
    if said == "takes":
        return _taken(verdict, name, names)
    if verdict["by"] == "owner":
        return {
            "away": _("%(name)s is away today.") % {"name": name},
            "language": _("%(name)s does not speak the sender's language.") % {"name": name},
        }.get(said, said)
    return {
        "country": _("Does not fit: another country."),
        "region": _("Does not fit: another province or state."),
        "no_region": _("Does not fit: the sender's province or state is not known."),
        "language": _("Does not fit: another language."),
        "channel": _("Does not fit: came another way."),
        "words": _("Does not fit: none of its words or products is in the question."),
        "silent": _("Fits, but nobody of it speaks the language well enough."),
        "nobody": _("Fits, but nobody of it is there.") if verdict["by"] == "rule" else _("Nobody is there."),
    }.get(said, said) + _away(verdict.get("away", ()), names)


def _taken(verdict: dict[str, Any], name: str, names: dict[int, str]) -> str:
    said = [_("%(name)s gets it.") % {"name": name}]
    if verdict.get("stands_in"):
        said.append(_("Stands in for who is away."))
    level = verdict.get("level") or 0
    said.append(
        _("Speaks the language: %(level)s.") % {"level": UserLanguage.Level(level).label}
        if level
        else _("Does not speak the language; nobody better was there.")
    )
    if (waiting := verdict.get("waiting")) is not None:
        said.append(
            ngettext("%(count)s inquiry was waiting.", "%(count)s inquiries were waiting.", waiting)
            % {"count": waiting}
        )
        if verdict.get("share", 100) != 100:
            said.append(_("Share: %(percent)s %%.") % {"percent": verdict["share"]})
    return " ".join(said) + _away(verdict.get("away", ()), names)


def _away(keys: Iterable[int], names: dict[int, str]) -> str:
    people = ", ".join(names[key] for key in keys if key in names)
    return " " + _("Away: %(people)s.") % {"people": people} if people else ""
