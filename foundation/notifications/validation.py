"""What is checked before a rule or a template is saved: each refusal names what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.accounts.audiences import get_audience
from foundation.journal import registry
from foundation.notifications import channels, defaults, facts, subjects
from foundation.notifications.models import Rule, Template
from foundation.notifications.placeholders import all_names, names_for
from foundation.notifications.texts import PLACE, strangers_in

Scalar = facts.Scalar
# Events that the sending of messages and their keeping record themselves.
ABOUT_MESSAGES = ("message", "template", "rule")


def names_of_rule(event: str, audience: str) -> dict[str, Any]:
    """The placeholders that a rule's words may use."""
    found = get_audience(audience)
    return names_for(event, staff=found is not None and found.kind == "staff")


def names_of_template(key: str) -> dict[str, Any]:
    """The placeholders that a template may use: what all rules that send it know; everything while nobody says for whom it is."""
    offered = [names_of_rule(rule.event, rule.audience) for rule in Rule.objects.filter(template_key=key)]
    if not offered:
        shipped = defaults.shipped_words(key)
        return shipped.known_names() if shipped else all_names()
    return {name: label for name, label in offered[0].items() if all(name in other for other in offered)}


def check_words(values: dict[str, str], known: dict[str, Any]) -> None:
    """Refuse every placeholder that is not known. `values` is texts by field name; raises ValidationError by field."""
    errors = {
        field: explain_strangers(strangers, known)
        for field, text in values.items()
        if (strangers := strangers_in(text, known))
    }
    if errors:
        raise ValidationError(errors)


def explain_strangers(strangers: Iterable[str], known: Collection[str]) -> list[str]:
    """A sentence or two for each thing in braces that these words must not say: what it is, and what was probably meant."""
    return [" ".join(filter(None, (_why(one), _meant(one, known)))) for one in strangers]


def _why(stranger: str) -> str:
    values = {"placeholder": stranger}
    if not PLACE.fullmatch(stranger):
        return (
            _(
                "%(placeholder)s is not known here: braces hold exactly one name, such as {number}, and stand for nothing else."
            )
            % values
        )
    name = stranger[1:-1]
    if name in all_names() and name not in all_names(staff=False):
        return _("%(placeholder)s is not known here: it is for colleagues only, a customer must not read it.") % values
    if name in all_names():
        return _("%(placeholder)s is not known here: only other messages know it.") % values
    return _("%(placeholder)s is not known here.") % values


def _meant(stranger: str, known: Collection[str]) -> str:
    near = get_close_matches(stranger.strip("{} ").lower().replace(" ", "_"), list(known), n=1, cutoff=0.6)
    return _("Did you mean %(placeholder)s?") % {"placeholder": f"{{{near[0]}}}"} if near else ""


def check_rule(rule: Rule) -> None:
    """Refuse an unknown event, audience, channel or paper, a condition that is no set of facts, and words that do not fit."""
    errors: dict[str, Any] = {}
    if rule.event not in {one.code for one in registry.all_types()}:
        errors["event"] = _("Nothing of this name ever happens.")
    elif rule.event.partition(".")[0] in ABOUT_MESSAGES:
        errors["event"] = _("A message about messages would set itself off again and again.")
    if get_audience(rule.audience) is None:
        errors["audience"] = _("Nobody knows this audience.")
    if not isinstance(rule.channels, list) or not rule.channels or set(map(str, rule.channels)) - set(channels.codes()):
        errors["channels"] = _("Choose from: %(names)s.") % {"names": ", ".join(channels.codes())}
    elif not _reaches_customers(rule):
        errors["channels"] = _("This channel reaches colleagues only.")
    if rule.attach and rule.attach not in dict(subjects.papers_choices()):
        errors["attach"] = _("Nobody knows these papers.")
    if problem := condition_problem(rule.condition) or _unknown_fact(rule):
        errors["condition"] = problem
    if errors:
        raise ValidationError(errors)
    _check_words_of(rule)


def _reaches_customers(rule: Rule) -> bool:
    """Whether no channel of a rule for customers is one for colleagues alone."""
    audience = get_audience(rule.audience)
    if audience is None or audience.kind == "staff":
        return True
    used = [channels.get_channel(str(code)) for code in (*rule.channels, rule.fallback_to)]
    return all(one is None or one.for_customers for one in used)


def _check_words_of(rule: Rule) -> None:
    known = names_of_rule(rule.event, rule.audience)
    rows = list(Template.objects.filter(key=rule.template_key))
    if not rows:
        raise ValidationError({"template_key": _("There is no template of this name.")})
    for row in rows:
        if strangers := strangers_in(f"{row.subject}\n{row.body}\n{row.sms}", known):
            message = _("The template (%(language)s) uses %(names)s, which this event does not know.")
            raise ValidationError({"template_key": message % {"language": row.language, "names": ", ".join(strangers)}})


def _unknown_fact(rule: Rule) -> str:
    """A sentence if the condition asks for a fact that these events never carry, else empty text."""
    known = facts.known_facts(rule.event)
    strangers = [name for name in rule.condition if name not in known] if known else []
    if not strangers:
        return ""
    values = {"name": strangers[0], "names": ", ".join(known)}
    said = _("This event carries no fact “%(name)s”. It carries: %(names)s.") % values
    near = get_close_matches(strangers[0], list(known), n=1)
    return f"{said} " + _("Did you mean %(placeholder)s?") % {"placeholder": near[0]} if near else said


def condition_problem(condition: Any) -> str:
    """A sentence if this is no flat set of facts, else empty text."""
    if not isinstance(condition, dict):
        return _('Write facts and their values, such as {"mode": "air"}.')
    for name, wanted in condition.items():
        values = wanted if isinstance(wanted, list) else [wanted]
        if not all(isinstance(value, Scalar) for value in values):
            return _("“%(name)s” must be one value or a list of values.") % {"name": name}
    return ""
