"""What a rule would have sent lately, had it been there: counted from the journal, nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from foundation.accounts.audiences import channel_choices
from foundation.journal.models import Event
from foundation.notifications.compose import BrokenRule, recipients, wanted_channels
from foundation.notifications.models import Rule
from foundation.notifications.rules import Plan

DAYS = 30
MOST = 5_000
SHOWN = 5


@dataclass(frozen=True)
class Sent:
    """One event that the rule would have spoken at: `to` is pairs of a name and the channels."""

    when: datetime
    subject: Any
    to: list[tuple[str, str]]


@dataclass(frozen=True)
class Trace:
    """How often the event happened, how often the condition held, and the last cases."""

    happened: int
    held: int
    is_whole: bool
    cases: list[Sent]


def trace(rule: Rule) -> Trace:
    """The last thirty days of a rule, saved or not."""
    since = timezone.now() - timedelta(days=DAYS)
    plan = _plan(rule)
    rows = Event.objects.filter(code=rule.event, recorded_at__gte=since, imported=False).order_by("-pk")
    facts = list(rows.values_list("pk", "facts")[: MOST + 1])
    held = [pk for pk, said in facts[:MOST] if _applies(plan, said)]
    events = Event.objects.filter(pk__in=held[:SHOWN]).select_related("actor").order_by("-pk")
    cases = [case for event in events if (case := _case(plan, event)) is not None]
    return Trace(min(len(facts), MOST), len(held), len(facts) <= MOST, cases)


def _plan(rule: Rule) -> Plan:
    return Plan(
        rule.key,
        rule.audience,
        rule.template_key,
        rule.channels,
        rule.every_channel,
        rule.condition,
        rule.delay,
        rule.lasts,
        rule.attach,
        {},
    )


def _applies(plan: Plan, facts: Any) -> bool:
    try:
        return plan.applies(facts)
    except TypeError:
        return False


def _case(plan: Plan, event: Event) -> Sent | None:
    subject = event.subject
    if subject is None:
        return None
    names = dict(channel_choices())
    try:
        with transaction.atomic():
            found = [
                (one.name, ", ".join(str(names.get(code, code)) for code in wanted_channels(plan, one)))
                for one in recipients(plan, event, subject)
            ]
    except BrokenRule:
        return None
    return Sent(event.recorded_at, subject, found)
