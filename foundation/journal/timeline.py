"""What happened to a record or a customer, newest first, from the journal and from other rooms that have something to show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.urls import NoReverseMatch

from foundation.journal import registry
from foundation.journal.models import Attachment, Event
from foundation.journal.registry import KINDS
from foundation.ui import parts

# Keys of the private part that hold somebody's own words; the sentence of the event never contains them.
WORDS = ("text", "comment", "reason", "note")


@dataclass(slots=True)
class Entry(parts.Entry):
    """One line of the timeline, ready for `components/timeline.html`.

    `about` and `about_url` name the record on a customer's timeline. `entered_at` is set when somebody entered later
    what happened earlier.
    """

    code: str = ""
    about: str = ""
    about_url: str = ""
    entered_at: datetime | None = None
    replaces: str = ""
    rank: int = field(default=0, compare=False)


class Source(Protocol):
    """Gives at most `limit` entries, newest first, older than `before`, in a number of queries that does not grow."""

    def __call__(
        self,
        *,
        subject: models.Model | None = None,
        customer_id: int | None = None,
        limit: int,
        before: datetime | None = None,
    ) -> list[Entry]: ...


_words: dict[str, Callable[[list[Event]], dict[int, tuple[object, object]]]] = {}
_sources: dict[str, tuple[Callable[..., list[Entry]], frozenset[str]]] = {}


def register_source(name: str, fn: Callable[..., list[Entry]], *, kinds: Collection[str] = ("message",)) -> None:
    """Let `fn(subject=None, customer_id=None, limit=…, before=None)` add entries of these kinds. Registering a name again replaces it."""
    _sources[name] = (fn, frozenset(kinds))


SHOWN = (
    "code", "content_type_id", "object_id", "customer_id", "recorded_at", "occurred_at", "imported", "facts",
    "actor__name", "actor__email", "private__data",
)  # fmt: skip


def register_words(code: str, fn: Callable[[list[Event]], dict[int, tuple[object, object]]]) -> None:
    """Let a room that keeps the words of its events itself say them: `fn(events)` gives {event id: (text, body)}, in one query."""
    _words[code] = fn


def timeline(
    subject: models.Model | None = None,
    customer_id: int | None = None,
    *,
    kinds: Collection[str] | None = None,
    limit: int = 50,
    before: datetime | None = None,
) -> list[Entry]:
    """The newest `limit` entries about one record, or about everything of one customer.

    `kinds` keeps only these (system, note, message, record); `before` continues below the last entry shown. The number
    of queries does not depend on the number of entries. The caller has checked that the reader may see the subject.
    """
    wanted = frozenset(KINDS if kinds is None else kinds)
    found = _events(subject, customer_id, wanted, limit, before)
    for _name, (fn, offered) in sorted(_sources.items()):
        if offered & wanted:
            entries = fn(subject=subject, customer_id=customer_id, limit=limit, before=before)
            found += [one for one in entries if one.kind in wanted]
    replaced = {one.replaces for one in found if one.replaces}
    found = [one for one in found if one.id not in replaced] if replaced else found
    found.sort(key=lambda one: (one.when, one.rank), reverse=True)
    return found[:limit]


def _events(
    subject: models.Model | None, customer_id: int | None, wanted: frozenset[str], limit: int, before: datetime | None
) -> list[Entry]:
    rows = Event.objects.select_related("actor", "private").only(*SHOWN).order_by("-occurred_at", "-id")
    if subject is not None:
        rows = rows.about(subject)
    elif customer_id is not None:
        rows = rows.of_customer(customer_id)
    else:
        raise ValueError("timeline() needs a subject or a customer")
    if wanted != frozenset(KINDS):
        rows = rows.filter(code__in=[one.code for one in registry.all_types() if one.kind in wanted])
    if before is not None:
        rows = rows.filter(occurred_at__lt=before)
    events = list(rows[:limit])
    files = _files(events)
    subjects = {} if subject is not None else _subjects(events)
    entries = [_entry(one, files.get(one.pk, ()), subjects.get((one.content_type_id, one.object_id))) for one in events]
    _say(events, entries)
    return entries


def _say(events: list[Event], entries: list[Entry]) -> None:
    """Fill in the words that other rooms keep."""
    by_id = {entry.rank: entry for entry in entries}
    for code, fn in _words.items():
        mine = [event for event in events if event.code == code]
        for pk, (text, body) in (fn(mine) if mine else {}).items():
            by_id[pk].text, by_id[pk].body = text, body


def _files(events: list[Event]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    if not events:
        return found
    for one in (
        Attachment.objects.filter(event__in=[event.pk for event in events]).only("event_id", "title").order_by("pk")
    ):
        found.setdefault(one.event_id or 0, []).append((one.title, one.get_absolute_url()))
    return found


def _subjects(events: list[Event]) -> dict[tuple[int, int], models.Model]:
    """The records that these events are about, as far as their addresses need them.

    Most addresses are made of the record's key alone and cost no query; where one needs more of the record, one query
    for each kind of record fetches them.
    """
    wanted: dict[int, set[int]] = {}
    found: dict[tuple[int, int], models.Model] = {}
    for event in events:
        model = ContentType.objects.get_for_id(event.content_type_id).model_class()
        if model is None:
            continue
        names = {f.attname for f in model._meta.concrete_fields}
        stub = model(pk=event.object_id, **({"customer_id": event.customer_id} if "customer_id" in names else {}))
        try:
            _address(stub)
        except ObjectDoesNotExist:
            wanted.setdefault(event.content_type_id, set()).add(event.object_id)
        else:
            found[(event.content_type_id, event.object_id)] = stub
    for content_type_id, ids in wanted.items():
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        if model is not None:
            for pk, obj in model._base_manager.in_bulk(ids).items():
                found[(content_type_id, pk)] = obj
    return found


def _entry(event: Event, files: Sequence[tuple[str, str]], subject: models.Model | None) -> Entry:
    private = event.private.data if hasattr(event, "private") else {}
    try:
        kind_of = registry.get_type(event.code)
        kind, text = kind_of.kind, kind_of.say({**private, **event.facts})
    except LookupError:  # written by a release that knew the code
        kind, text = "system", event.code
    late = not event.imported and (event.recorded_at - event.occurred_at).total_seconds() > 60
    return Entry(
        kind=kind,
        text=text,
        when=event.occurred_at,
        actor=str(event.actor) if event.actor else "",
        body="\n".join(str(private[key]) for key in WORDS if private.get(key)),
        files=files,
        id=f"event-{event.pk}",
        code=event.code,
        about=str(event.facts.get("number") or "") if subject is not None else "",
        about_url=_address(subject),
        entered_at=event.recorded_at if late else None,
        rank=event.pk,
    )


def _address(subject: models.Model | None) -> str:
    if subject is None or not hasattr(subject, "get_absolute_url"):
        return ""
    try:
        return str(subject.get_absolute_url())
    except (NoReverseMatch, NotImplementedError):
        return ""
