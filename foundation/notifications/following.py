"""The subscriber to the journal: every event is held against the rules, in the transaction of the change."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation.notifications import alerts, outbox
from foundation.notifications.compose import Drafts, draft
from foundation.notifications.rules import Plan, plans_for

log = logging.getLogger(__name__)


def on_event(event: Any, subject: Any) -> None:
    """Write what the rules say about this event.

    One savepoint holds all rules. Should one of them fail, each is tried in a savepoint of its own; the broken one
    raises an alert to the administrators and never stops the change itself.
    """
    plans = plans_for(event.code)
    if not plans or subject is None:  # the record may be gone when its clock runs out
        return
    try:
        with transaction.atomic():
            _apply(event, subject, plans)
    except Exception:
        for plan in plans:
            _apply_alone(event, subject, plan)


def on_events(told: Sequence[tuple[Any, Any]]) -> None:
    """The same for events that were recorded together: all their messages go in at once, and if one fails, one by one."""
    plans = {code: plans_for(code) for code in {event.code for event, _subject in told}}
    present = [(event, subject) for event, subject in told if subject is not None]
    try:
        with transaction.atomic():
            drafts = Drafts()
            for event, subject in present:
                drafts += draft(event, subject, [plan for plan in plans[event.code] if plan.applies(event.facts)])
            outbox.write(drafts)
    except Exception:
        for event, subject in present:
            on_event(event, subject)


def wants(code: str) -> bool:
    """Whether some rule speaks at events of this code."""
    return bool(plans_for(code))


def _apply(event: Any, subject: Any, plans: list[Plan]) -> None:
    if matching := [plan for plan in plans if plan.applies(event.facts)]:
        outbox.write(draft(event, subject, matching))


def _apply_alone(event: Any, subject: Any, plan: Plan) -> None:
    try:
        with transaction.atomic():
            _apply(event, subject, [plan])
    except Exception as error:
        log.exception("Message rule %s failed on %s", plan.key, event.code)
        alerts.to_administrators(
            topic=f"rule:{plan.key}",
            text=_("The message rule “%(rule)s” does not work"),
            values={"rule": plan.key},
            detail=f"{event.code}: {error}",
            link_to=("admin:notifications_rule_changelist", f"?key={plan.key}"),
        )
