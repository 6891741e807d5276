"""What is remembered of the past: events at their own time, which start no clock and tell nobody, and clocks that have ended."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch

from foundation.accounts.models import User
from foundation.calendars.zones import to_datetime, to_second
from foundation.journal.models import Event, EventPrivate
from foundation.journal.registry import get_type
from foundation.journal.services import plain, private_digest
from foundation.notifications.models import Message
from foundation.sla import engine
from foundation.sla.aim import AROUND_THE_CLOCK
from foundation.sla.models import Clock, Entry, Target
from foundation.sla.rows import at as instant
from foundation.sla.rows import calendar_of, put_back, remember
from foundation.sla.services.following import kept_facts

# code, time, who, from, to, and what is personal about it
Step = tuple[str, datetime, User | None, str, str, dict[str, Any] | None]


class Ledger:
    """Collects what happened and writes it in the order in which it happened."""

    def __init__(self) -> None:
        self._events: list[tuple[Event, dict[str, Any]]] = []
        self._clocks: list[tuple[Clock, list[Entry]]] = []
        self._messages: list[Message] = []
        targets = Target.objects.select_related("calendar__current").order_by("position", "pk")
        self._targets = [one for one in targets if one.is_active]

    def add(
        self,
        code: str,
        subject: Any,
        *,
        at: datetime,
        actor: User | None = None,
        facts: dict[str, Any] | None = None,
        private: dict[str, Any] | None = None,
    ) -> Event:
        """One fact of the past; it gets its key when everything is written."""
        get_type(code)
        event = Event(
            code=code,
            content_type=ContentType.objects.get_for_model(subject, for_concrete_model=False),
            object_id=subject.pk,
            customer_id=subject.customer_ref(),
            actor=actor,
            imported=True,
            occurred_at=at,
            facts=plain({**subject.journal_facts(), **(facts or {})}),
        )
        self._events.append((event, plain(private) if private else {}))
        return event

    def path(self, subject: Any, steps: Sequence[Step]) -> None:
        """The moves of a machine."""
        for code, at, actor, before, after, private in steps:
            self.add(
                code, subject, at=at, actor=actor, facts={"from": before, "to": after, "status": after}, private=private
            )

    def note(self, subject: Any, text: str, *, at: datetime, actor: User) -> None:
        """An internal note."""
        self.add("note.added", subject, at=at, actor=actor, private={"text": text})

    def clock(
        self,
        metric: str,
        subject: Any,
        *,
        start: datetime,
        stop: datetime,
        pauses: Sequence[tuple[datetime, datetime]] = (),
    ) -> Clock:
        """A promise of the past with its true outcome, counted by the engine itself."""
        facts = subject.journal_facts()
        target = next(one for one in self._targets if one.metric == metric and one.fits(facts))
        version = target.calendar.current if target.calendar else None
        remember(version)
        seconds = target.seconds(version.day_seconds if version else AROUND_THE_CLOCK)
        played = engine.Clock.start(
            calendar_of(version.pk if version else None), seconds, target.warning_percent, to_second(start)
        )
        moves = [("start", start)]
        for begin, end in pauses:
            moves += [("pause", begin), ("resume", end)]
        row = Clock(
            content_type=ContentType.objects.get_for_model(subject, for_concrete_model=False),
            object_id=subject.pk,
            metric=metric,
            target=target,
            calendar_version=version,
            started_at=to_datetime(played.started_at),
            number=subject.number,
            customer_id=subject.customer_ref(),
            owner_id=facts.get("owner_id"),
            facts=kept_facts(plain(facts)),
            path=_path(subject),
        )
        entries = []
        for kind, at in [*moves, ("stop", stop)]:
            if kind != "start":
                getattr(played, kind)(to_second(at))
            entries.append(self._entry(kind, to_second(at), played, version))
        if played.breached_at is not None:
            entries.insert(-1, self._entry("breach", played.breached_at, played, version, consumed=seconds))
        put_back(played, row)
        self._clocks.append((row, entries))
        return row

    def _entry(self, kind: str, second: int, played: engine.Clock, version: Any, consumed: int | None = None) -> Entry:
        return Entry(
            kind=kind,
            at=to_datetime(second),
            calendar_version=version,
            target_s=played.target,
            consumed_s=played.consumed if consumed is None else consumed,
            due_at=instant(played.due_at),
            code="",
        )

    def letter(
        self,
        subject: Any,
        contact: Any,
        *,
        at: datetime,
        actor: User | None,
        subject_line: str,
        body: str,
        language: str,
    ) -> None:
        """An email that went out then; nothing is sent now."""
        self._messages.append(
            Message(
                channel="email",
                state=Message.State.SENT,
                recipient_key=f"contact:{contact.pk}",
                to_name=contact.name,
                to_address=contact.email,
                customer_id=subject.customer_ref(),
                content_type=ContentType.objects.get_for_model(subject, for_concrete_model=False),
                object_id=subject.pk,
                actor=actor,
                language=language,
                subject_line=subject_line[:250],
                body=body,
                attempts=1,
                created_at=at,
                sent_at=at,
            )
        )

    def write(self) -> None:
        """Put everything into the database, oldest first."""
        self._write_events()
        self._clocks.sort(key=lambda one: one[0].started_at)
        Clock.objects.bulk_create([row for row, _entries in self._clocks], batch_size=500)
        entries = []
        for row, mine in self._clocks:
            for entry in mine:
                entry.clock = row
                entries.append(entry)
        Entry.objects.bulk_create(entries, batch_size=1000)
        Message.objects.bulk_create(sorted(self._messages, key=lambda one: one.created_at), batch_size=500)

    def _write_events(self) -> None:
        self._events.sort(key=lambda one: one[0].occurred_at)
        salts: dict[int, str] = {}
        for index, (event, personal) in enumerate(self._events):
            if personal:
                salts[index] = secrets.token_hex(16)
                event.private_digest = private_digest(salts[index], personal)
        Event.objects.bulk_create([event for event, _personal in self._events], batch_size=1000)
        EventPrivate.objects.bulk_create(
            [
                EventPrivate(event=event, salt=salts[index], data=personal)
                for index, (event, personal) in enumerate(self._events)
                if personal
            ],
            batch_size=1000,
        )


def _path(subject: Any) -> str:
    try:
        return str(subject.get_absolute_url())[:200]
    except NoReverseMatch:
        return ""
