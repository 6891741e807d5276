"""What happened to a record or a customer, newest first, from the journal and from other rooms that have something to show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.urls import NoReverseMatch
from django.utils.translation import get_language

from foundation.journal import registry
from foundation.journal.models import Attachment, Event
from foundation.journal.path import remember_moves
from foundation.journal.registry import KINDS
from foundation.ui import parts
from foundation.ui.html import with_mentions
from foundation.ui.prepared import prepared

# Keys of the private part that hold somebody's own words; the sentence of the event never contains them.
WORDS = ("text", "comment", "reason", "note")


@dataclass(slots=True)
class Entry(parts.Entry):
    """One line of the timeline, ready for `components/timeline.html`.

    `about` and `about_url` name the record on a customer's timeline. `entered_at` is set when somebody entered later
    what happened earlier. Of many entries some are not shown: `finish(entry)` fills in what costs time, for those that are.
    """

    code: str = ""
    about: str = ""
    about_url: str = ""
    entered_at: datetime | None = None
    replaces: str = ""
    rank: int = field(default=0, compare=False)
    finish: Callable[[Entry], None] | None = field(default=None, compare=False, repr=False)


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
    del found[limit:]
    for one in found:
        if one.finish is not None:
            one.finish(one)
            one.finish = None
    return found


@prepared
def _rows(*values: Any, by: str, codes: tuple[str, ...] | None, limit: int) -> models.QuerySet[Event]:
    """`values`: the key of the record's type and its own, or the customer's, and the moment to continue from."""
    has_files = models.Exists(Attachment.objects.filter(event=models.OuterRef("pk")))
    rows = Event.objects.select_related("actor", "private").only(*SHOWN).annotate(has_files=has_files)
    rows = rows.order_by("-occurred_at", "-id")
    if by == "subject":
        rows, rest = rows.filter(content_type=values[0], object_id=values[1]), values[2:]
    else:
        rows, rest = rows.filter(customer_id=values[0]), values[1:]
    if codes is not None:
        rows = rows.filter(code__in=codes)
    return (rows.filter(occurred_at__lt=rest[0]) if rest else rows)[:limit]


def _events(
    subject: models.Model | None, customer_id: int | None, wanted: frozenset[str], limit: int, before: datetime | None
) -> list[Entry]:
    if subject is not None:
        type_id = ContentType.objects.get_for_model(subject, for_concrete_model=False).pk
        values: list[Any] = [type_id, subject.pk]
    elif customer_id is not None:
        values = [customer_id]
    else:
        raise ValueError("timeline() needs a subject or a customer")
    codes = None
    if wanted != frozenset(KINDS):
        codes = tuple(one.code for one in registry.all_types() if one.kind in wanted)
    if before is not None:
        values.append(before)
    events = _rows(*values, by="subject" if subject is not None else "customer", codes=codes, limit=limit)
    if subject is not None and codes is None and before is None and len(events) < limit:
        remember_moves(subject, events)
    files = _files(events)
    urls = {} if subject is not None else _addresses(events)
    language = get_language()
    entries = [
        _entry(one, files.get(one.pk, ()), urls.get((one.content_type_id, one.object_id)), language) for one in events
    ]
    _say(events, entries)
    return entries


def _say(events: list[Event], entries: list[Entry]) -> None:
    """Fill in the words that other rooms keep."""
    by_id = {entry.rank: entry for entry in entries}
    for code, fn in _words.items():
        mine = [event for event in events if event.code == code]
        for pk, (text, body) in (fn(mine) if mine else {}).items():
            by_id[pk].text, by_id[pk].body = text, body


@prepared
def _attached(event_ids: list[int]) -> models.QuerySet[Attachment]:
    return Attachment.objects.filter(event__in=event_ids).only("event_id", "title").order_by("pk")


def _files(events: list[Event]) -> dict[int, list[tuple[str, str]]]:
    """Names and addresses of what is attached; few events have something, and without them nothing is asked."""
    found: dict[int, list[tuple[str, str]]] = {}
    with_files = [event.pk for event in events if event.has_files]  # type: ignore[attr-defined]
    if not with_files:
        return found
    for one in _attached(with_files):
        found.setdefault(one.event_id or 0, []).append((one.title, one.get_absolute_url()))
    return found


def _addresses(events: list[Event]) -> dict[tuple[int, int], str]:
    """The addresses of the records that these events are about, empty for those that have none.

    Most addresses are made of the record's key alone and cost no query; where one needs more of the record, one query
    for each kind of record fetches them.
    """
    wanted: dict[int, set[int]] = {}
    found: dict[tuple[int, int], str] = {}
    stubs: dict[int, models.Model | None] = {}
    for event in events:
        type_id, pk = event.content_type_id, event.object_id
        if (type_id, pk) in found:
            continue
        if type_id not in stubs:
            model = ContentType.objects.get_for_id(type_id).model_class()
            stubs[type_id] = model() if model is not None else None
        stub = stubs[type_id]
        if stub is None:
            continue
        stub.pk = pk
        if "customer_id" in stub.__dict__:
            stub.customer_id = event.customer_id  # type: ignore[attr-defined]
        try:
            found[(type_id, pk)] = _address(stub)
        except ObjectDoesNotExist:
            wanted.setdefault(type_id, set()).add(pk)
    for type_id, ids in wanted.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model is not None:
            for pk, obj in model._base_manager.in_bulk(ids).items():
                found[(type_id, pk)] = _address(obj)
    return found


def _entry(event: Event, files: Sequence[tuple[str, str]], url: str | None, language: str | None = None) -> Entry:
    private = event.private.data if hasattr(event, "private") else {}
    try:
        kind_of = registry.get_type(event.code)
        kind, text = kind_of.kind, kind_of.say({**private, **event.facts}, language)
    except LookupError:  # written by a release that knew the code
        kind, text = "system", event.code
    late = not event.imported and (event.recorded_at - event.occurred_at).total_seconds() > 60
    return Entry(
        kind=kind,
        text=text,
        when=event.occurred_at,
        actor=str(event.actor) if event.actor else "",
        body=words_of(private),
        files=files,
        id=f"event-{event.pk}",
        code=event.code,
        about=str(event.facts.get("number") or "") if url is not None else "",
        about_url=url or "",
        entered_at=event.recorded_at if late else None,
        rank=event.pk,
    )


def words_of(private: dict[str, Any]) -> str:
    """Somebody's own words, as the personal part of an event keeps them; colleagues whom they mention are marked."""
    words = "\n".join(str(private[key]) for key in WORDS if private.get(key))
    if private.get("mentions") and private.get("text"):
        return with_mentions(words, private["mentions"])
    return words


def _address(subject: models.Model) -> str:
    if not hasattr(subject, "get_absolute_url"):
        return ""
    try:
        return str(subject.get_absolute_url())
    except (NoReverseMatch, NotImplementedError):
        return ""
