"""A target in words: what is promised, from when until when, in which hours, and what happens when time runs out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext, npgettext
from django.utils.translation import gettext as _

from foundation.accounts.audiences import channel_choices, get_audience
from foundation.journal.models import Event
from foundation.journal.registry import get_type
from foundation.sla import escalation
from foundation.sla.dates import date_label
from foundation.sla.models import Target
from foundation.sla.values import value_label
from foundation.ui import formats

GAP = "\0"
LONG_HOURS = 72  # so many by the wall clock are told in days
_IN_BRACKETS = re.compile(r"\s*[(（][^()（）]*\0[^()（）]*[)）]")
_LATER_PART = re.compile(r"\s*[:：,，;；][^:：,，;；]*\0[^:：,，;；]*")
# Words that lead to what only one event knows, and say nothing without it.
_LOOSE = re.compile(
    r"(?:\b(?:by|to|of|on|at|in|for|until|an|am|bis|durch|für|mit|von)\s+|(?:给|給|由)\s*)\0", re.IGNORECASE
)
_BEFORE_SEPARATOR = re.compile(r"\s+(?=[:：,，;；])")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_QUOTES = re.compile(r"[“”„«»「」\"]")
CONDITION_NAMES = {
    "kinds": gettext_lazy("kind"),
    "priorities": gettext_lazy("priority"),
    "tiers": gettext_lazy("customer tier"),
    "languages": gettext_lazy("language"),
    "channels": gettext_lazy("channel"),
}


class _Gaps(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return GAP


def event_label(code: str, *, otherwise: str | None = None) -> str:
    """An event in the reader's words, without what only one event knows: “Inquiry received”.

    One that nobody has registered is called by its code, or `otherwise`.
    """
    try:
        return _label(str(get_type(code).wording)) or code
    except LookupError:
        return code if otherwise is None else otherwise


@lru_cache(maxsize=2048)
def _label(wording: str) -> str:
    """A sentence without its gaps and what hangs on them: lists say few of them often."""
    said = wording % _Gaps()
    said = _LOOSE.sub("", _LATER_PART.sub("", _IN_BRACKETS.sub("", said))).replace(GAP, " ")
    said = _BEFORE_SEPARATOR.sub("", re.sub(r"\s+", " ", _QUOTES.sub("", said)))
    return _BETWEEN_HAN.sub("", said).strip(" :：,，;；")


def event_said(code: str, event: Event | None) -> str:
    """One event in the reader's words, with the names that the timeline shows; no colon leads to what was erased."""
    if event is None:
        return event_label(code)
    private = event.private.data if hasattr(event, "private") else {}
    try:
        return get_type(code).say({**private, **event.facts}).strip(" :：,，;；")
    except LookupError:
        return code


def one_of(texts: Sequence[str]) -> str:
    """“a, b or c”."""
    if len(texts) < 2:
        return "".join(texts)
    return _("%(most)s or %(last)s") % {"most": _(", ").join(texts[:-1]), "last": texts[-1]}


def all_of(texts: Sequence[str]) -> str:
    """“a, b and c”."""
    if len(texts) < 2:
        return "".join(texts)
    return _("%(most)s and %(last)s") % {"most": _(", ").join(texts[:-1]), "last": texts[-1]}


def events_label(codes: Sequence[str]) -> str:
    """Any of these events."""
    return one_of([_("“%(event)s”") % {"event": event_label(code)} for code in codes])


def amount_text(amount: int, unit: str, *, is_worked: bool = True) -> str:
    """“2 hours”; by the wall clock, from three days on, “7 days”."""
    if unit == Target.Unit.HOURS and not is_worked and amount >= LONG_HOURS and amount % 24 == 0:
        days = amount // 24
        return npgettext("promise", "%(count)s day", "%(count)s days", days) % {"count": formats.number(days)}
    values = {"count": formats.number(amount)}
    if unit == Target.Unit.MINUTES:
        return ngettext("%(count)s minute", "%(count)s minutes", amount) % values
    if unit == Target.Unit.HOURS:
        return ngettext("%(count)s hour", "%(count)s hours", amount) % values
    return ngettext("%(count)s working day", "%(count)s working days", amount) % values


def time_text(target: Target) -> str:
    """How long, and counted in which hours."""
    time = amount_text(target.amount, target.unit, is_worked=target.calendar is not None)
    if target.anchor_fact:
        date = date_label(target.anchor_fact)
        if target.amount == 0:
            time = _("by the %(date)s") % {"date": date}
        elif target.anchor_side == Target.Side.BEFORE:
            time = _("%(time)s before the %(date)s") % {"time": time, "date": date}
        else:
            time = _("%(time)s after the %(date)s") % {"time": time, "date": date}
    if target.calendar is None:
        return _("%(time)s, around the clock") % {"time": time}
    return _("%(time)s in the working hours of “%(calendar)s”") % {"time": time, "calendar": target.calendar.label}


def sentence(target: Target) -> str:
    """The whole promise."""
    values = {
        "time": time_text(target),
        "start": events_label(target.start_events),
        "stop": events_label([*target.stop_events, *target.restart_events]),
    }
    parts = [_("%(time)s, from %(start)s until %(stop)s") % values]
    if target.restart_events:
        parts.append(_("begins anew with each %(events)s") % {"events": events_label(target.restart_events)})
    if target.pause_events:
        pause = {"pause": events_label(target.pause_events), "resume": events_label(target.resume_events)}
        parts.append(_("pauses from %(pause)s to %(resume)s") % pause)
    if target.warning_percent:
        levels = all_of([_("%(level)s %%") % {"level": level} for level in sorted(target.warning_percent)])
        parts.append(_("warns at %(levels)s") % {"levels": levels})
    parts += [step_text(step) for step in escalation.steps_of(target)]
    return _("%(sentence)s.") % {"sentence": _("; ").join(parts)}


def step_text(step: escalation.Step) -> str:
    """One step of the escalation."""
    channels = dict(channel_choices())
    values = {
        "time": formats.span(step.after * 60),
        "who": all_of([audience_label(code) for code in step.audiences]),
        "how": all_of([str(channels.get(code, code)) for code in step.channels]),
    }
    return _("%(time)s after the breach it tells %(who)s (%(how)s)") % values


def audience_label(code: str) -> str:
    """Those people in the reader's words, as they stand within a sentence."""
    audience = get_audience(code)
    label = str(audience.label) if audience else code
    is_lowered = (get_language() or "en").startswith("en") or label.startswith(("Der ", "Die ", "Das "))
    return label[:1].lower() + label[1:] if is_lowered else label


def _within(label: str) -> str:
    """A value as it stands within an English sentence, where it is no name or abbreviation."""
    is_lowered = (get_language() or "en").startswith("en") and label[1:2].islower()
    return label[:1].lower() + label[1:] if is_lowered else label


def conditions_text(target: Target) -> list[str]:
    """For which records only; empty for all."""
    said = []
    for field, values in ((name, getattr(target, name)) for name in Target.CONDITIONS):
        if values:
            shown = [
                value_label(field, one) if field == "languages" else _within(value_label(field, one)) for one in values
            ]
            said.append(_("%(what)s: %(values)s") % {"what": CONDITION_NAMES[field], "values": one_of(shown)})
    return said
