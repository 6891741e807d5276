"""News that goes where its record goes: what has not left when the record changes hands is told to whoever has it then.

`journal.standing.follow_hands` names the events. A message that waits is set aside and the new owner's takes its place;
a line of a digest is left out when the digest leaves (`digests.letters`); an unread line of the inbox moves. What has
left, or has been read, stays as it is and is not told twice.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from foundation.journal import standing
from foundation.journal.models import ClockTimestamp, Event
from foundation.journal.rounds import with_subjects
from foundation.notifications import outbox
from foundation.notifications.compose import Drafts, draft, recipients
from foundation.notifications.manners.reasons import PASSED_ON
from foundation.notifications.models import InboxItem, Message
from foundation.notifications.overtaken import reasons
from foundation.notifications.rules import Plan, plans_for
from foundation.ui import once

log = logging.getLogger(__name__)
# Kept in the row in English, shown to people in their language.
SAID = gettext_noop("The record changed hands before this was told: its new owner is told instead.")


@dataclass
class Readers:
    """Whom the rules tell of one event as its record stands now."""

    event: Any
    subject: Any
    plans: dict[str, tuple[Plan, frozenset[str]]]

    @classmethod
    def of(cls, event: Any, subject: Any) -> Readers:
        """Ask the audiences of every rule that speaks at this event."""
        applying = [plan for plan in plans_for(event.code) if plan.applies(event.facts)]
        found = {plan.key: (plan, frozenset(one.key for one in recipients(plan, event, subject))) for plan in applying}
        return cls(event, subject, found)

    def are_others(self, rule_key: str, reader: str) -> bool:
        """Whether the rule tells somebody else now and no rule tells this reader; where nobody is found, nothing moves."""
        told = self.plans.get(rule_key)
        return told is not None and bool(told[1]) and not any(reader in people for _plan, people in self.plans.values())

    def drafts(self, rule_keys: Iterable[str], channels: Collection[str] = ()) -> Drafts:
        """What these rules say now, in the inbox and by these channels; whoever has been told already is told nothing twice."""
        wanted = [replace(self.plans[key][0], delay=timedelta(0)) for key in sorted(set(rule_keys))]
        found = draft(self.event, self.subject, wanted)
        found.messages = [one for one in found.messages if one.channel in channels]
        return found


def pass_on(event_ids: list[int]) -> None:
    """The records of these events have new owners. What goes wrong here never stops the hand-over."""
    try:
        with transaction.atomic(), once.kept():
            _pass_on(event_ids)
    except Exception:
        log.exception("News of %d events could not be passed on", len(event_ids))


def _pass_on(event_ids: list[int]) -> None:
    waiting = _waiting(event_ids)
    lines = list(InboxItem.objects.filter(event__in=event_ids, read_at=None))
    if not waiting and not lines:
        return
    events = list(Event.objects.filter(pk__in=event_ids).select_related("actor").order_by("pk"))
    over = reasons(events)
    for event, subject in with_subjects(one for one in events if one.pk not in over):
        if subject is not None:
            readers = Readers.of(event, subject)
            _pass_messages(readers, [row for row in waiting if row.event_id == event.pk])
            _pass_lines(readers, [line for line in lines if line.event_id == event.pk])


def _waiting(event_ids: Sequence[int]) -> list[Message]:
    """News to colleagues that are still in the house, alone or in a digest that is open; a worker's own are left to it."""
    here = Q(state=Message.State.QUEUED) | Q(
        state=Message.State.SUPPRESSED, digest_line__isnull=False, digest_line__digest__closed_at=None
    )
    rows = Message.objects.filter(here, event__in=event_ids, user__isnull=False, actor=None).exclude(rule_key="")
    return list(rows.order_by("pk"))


def _pass_messages(readers: Readers, rows: Sequence[Message]) -> None:
    moving = [row for row in rows if readers.are_others(row.rule_key, row.recipient_key)]
    alone = [row.pk for row in moving if row.state == Message.State.QUEUED]
    if alone:
        Message.objects.filter(pk__in=alone, state=Message.State.QUEUED).update(
            state=Message.State.SUPPRESSED, last_error=PASSED_ON, waits_for=""
        )
    tell_instead(readers, moving)


def tell_instead(readers: Readers, moving: Sequence[Message]) -> None:
    """Tell those who have the record now, by the channels of these messages; one who had it before and has it again, too."""
    if not moving:
        return
    drafts = readers.drafts([row.rule_key for row in moving], {row.channel for row in moving})
    keys = {one.recipient_key for one in drafts.messages}
    again = Message.objects.filter(
        event=readers.event, recipient_key__in=keys, state=Message.State.SUPPRESSED, last_error=PASSED_ON
    )
    again.update(state=Message.State.QUEUED, last_error="", next_attempt_at=ClockTimestamp())
    outbox.write(drafts)


def _pass_lines(readers: Readers, lines: Sequence[InboxItem]) -> None:
    """Unread lines of those who have the record no more become lines of those who have it."""
    moving, rules = [], set()
    for line in lines:
        keys = [key for key, (plan, _people) in readers.plans.items() if plan.template_key == line.template_key]
        others = [key for key in keys if readers.are_others(key, f"user:{line.user_id}")]
        if others:
            moving.append(line)
            rules.update(others)
    if moving:
        InboxItem.objects.filter(pk__in=[line.pk for line in moving], read_at=None).delete()
        people = {line.user_id for line in moving}
        transaction.on_commit(lambda: outbox.forget_unread(people))
        outbox.write(readers.drafts(rules))


def passed_on(rows: Sequence[Message]) -> set[int]:
    """Of these messages of one digest those that are for others by now, by key; the others are told, if they are not yet.

    Where nobody can say whose they are, they stay.
    """
    following = [row for row in rows if row.event is not None and standing.follows_hands(row.event.code)]
    found: set[int] = set()
    with once.kept():
        for row in following:
            try:
                with transaction.atomic():
                    readers = Readers.of(row.event, row.subject) if row.subject is not None else None
                    if readers is not None and readers.are_others(row.rule_key, row.recipient_key):
                        tell_instead(readers, [row])
                        found.add(row.pk)
            except Exception:
                log.exception("Nobody can say whose message %s is; it is told", row.pk)
    return found
