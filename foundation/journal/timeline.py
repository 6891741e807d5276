"""What happened to a record or a customer, newest first, from the journal and from other rooms that have something to show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models.functions import Cast
from django.urls import NoReverseMatch
from django.utils.html import strip_tags
from django.utils.translation import get_language, gettext

from foundation.journal import registry
from foundation.journal.models import Attachment, Event, Pin
from foundation.journal.path import remember_moves
from foundation.journal.pins import pins_of
from foundation.journal.registry import KINDS
from foundation.ui import formats, parts
from foundation.ui.ahead import Wish, wish
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


def source_names() -> Iterable[str]:
    """Of all sources."""
    return _sources.keys()


def register_words(code: str, fn: Callable[[list[Event]], dict[int, tuple[object, object]]]) -> None:
    """Let a room that keeps the words of its events itself say them: `fn(events)` gives {event id: (text, body)}, in one query."""
    _words[code] = fn


def keeps_words(code: str) -> bool:
    """Whether a room keeps the words of such events itself."""
    return code in _words


_word_searches: dict[str, Callable[[str], models.QuerySet[Any]]] = {}
# Of what other rooms show, a search reads the newest of each; events are searched by the database, all of them.
SEARCHED = 200
PAGE = 25  # entries


def register_word_search(code: str, fn: Callable[[str], models.QuerySet[Any]]) -> None:
    """Let a room that keeps the words of its events itself find them: `fn(text)` gives the keys of the subjects."""
    _word_searches[code] = fn


@dataclass(slots=True)
class History:
    """A page of a timeline. `older` is the moment before which the next page begins; None at the end."""

    entries: list[Entry]
    pinned: list[Entry] = field(default_factory=list)
    older: datetime | None = None


def timeline(
    subject: models.Model | None = None,
    customer_id: int | None = None,
    *,
    kinds: Collection[str] | None = None,
    limit: int = PAGE,
    before: datetime | None = None,
) -> list[Entry]:
    """The newest `limit` entries about one record, or about everything of one customer.

    `kinds` keeps only these (system, note, message, record); `before` continues below the last entry shown. The number
    of queries does not depend on the number of entries. The caller has checked that the reader may see the subject.
    """
    asked = _Asked(subject, customer_id, frozenset(KINDS if kinds is None else kinds), before)
    found, _pins = _gather(asked, limit)
    return _finished(found[:limit])


def history(
    subject: models.Model | None = None,
    customer_id: int | None = None,
    *,
    kinds: Collection[str] | None = None,
    limit: int = PAGE,
    before: datetime | None = None,
    find: str = "",
    without: Collection[str] = (),
) -> History:
    """As `timeline`, a page at a time: what is pinned stands on top of the first one; `find` keeps what contains these words.

    `without` names sources that are known to have nothing.
    What happened at the same moment is never divided between two pages, unless it fills a whole one.
    """
    asked = _Asked(
        subject, customer_id, frozenset(KINDS if kinds is None else kinds), before, find.strip(), frozenset(without)
    )
    found, pinned = _gather(asked, limit + 1)
    older = None
    if len(found) > limit:
        cut = found[limit].when
        found = [one for one in found[:limit] if one.when > cut] or found[:limit]
        older = found[-1].when
    return History(_finished(found), _finished(pinned), older)


def wishes(customer_id: int) -> list[Wish]:
    """What `history` of this customer will ask for its first page."""
    return [wish(_rows, customer_id, by="customer", codes=None, limit=PAGE + 1)]


@dataclass(slots=True)
class _Asked:
    subject: models.Model | None
    customer_id: int | None
    wanted: frozenset[str]
    before: datetime | None
    find: str = ""
    without: frozenset[str] = frozenset()

    @property
    def codes(self) -> tuple[str, ...] | None:
        """The codes of the kinds that are asked for; None for all."""
        if self.wanted == frozenset(KINDS):
            return None
        return tuple(one.code for one in registry.all_types() if one.kind in self.wanted)


def _gather(asked: _Asked, limit: int) -> tuple[list[Entry], list[Entry]]:
    """At least `limit` entries, if there are so many, newest first; and what is pinned."""
    found, pinned = _events(asked, limit)
    for name, (fn, offered) in sorted(_sources.items()):
        if offered & asked.wanted and name not in asked.without:
            most = SEARCHED if asked.find else limit
            entries = fn(subject=asked.subject, customer_id=asked.customer_id, limit=most, before=asked.before)
            entries = [one for one in entries if one.kind in asked.wanted]
            found += [one for one in _finished(entries) if _contains(one, asked.find)] if asked.find else entries
    replaced = {one.replaces for one in found if one.replaces}
    found = [one for one in found if one.id not in replaced] if replaced else found
    found.sort(key=lambda one: (one.when, one.rank), reverse=True)
    return found, pinned


def _finished(entries: list[Entry]) -> list[Entry]:
    for one in entries:
        if one.finish is not None:
            one.finish(one)
            one.finish = None
    return entries


def _contains(entry: Entry, words: str) -> bool:
    return words.casefold() in strip_tags(f"{entry.text} {entry.body} {entry.actor}").casefold()


@prepared
def _rows(*values: Any, by: str, codes: tuple[str, ...] | None, limit: int) -> models.QuerySet[Event]:
    """`values`: the key of the record's type and its own, or the customer's, and the moment to continue from."""
    return _plain_rows(values, by, codes)[:limit]


def _plain_rows(values: Sequence[Any], by: str, codes: tuple[str, ...] | None) -> models.QuerySet[Event]:
    has_files = models.Exists(Attachment.objects.filter(event=models.OuterRef("pk")))
    rows = Event.objects.select_related("actor", "private").only(*SHOWN).annotate(has_files=has_files)
    rows = rows.order_by("-occurred_at", "-id")
    if by == "subject":
        where, rest = {"content_type": values[0], "object_id": values[1]}, values[2:]
    else:
        where, rest = {"customer_id": values[0]}, values[1:]
    # the same for every row, so the database looks once
    rows = rows.filter(**where).annotate(pinned=ArraySubquery(pins_of(**where).order_by("-pk").values("event_id")))
    if codes is not None:
        rows = rows.filter(code__in=codes)
    return rows.filter(occurred_at__lt=rest[0]) if rest else rows


def _found(rows: models.QuerySet[Event], words: str) -> models.QuerySet[Event]:
    """Events whose own words, whose facts, or whose sentence in the reader's language contain this."""
    said = words.casefold()
    codes = [one.code for one in registry.all_types() if said in str(one.wording).casefold()]
    rows = rows.annotate(
        its_words=Cast("private__data", models.TextField()), its_facts=Cast("facts", models.TextField())
    )
    fits = models.Q(its_words__icontains=words) | models.Q(actor__name__icontains=words) | models.Q(code__in=codes)
    fits |= models.Q(facts__number__icontains=words)
    for code, fn in _word_searches.items():
        fits |= models.Q(code=code, object_id__in=fn(words))
    return rows.filter(fits)


def _events(asked: _Asked, limit: int) -> tuple[list[Entry], list[Entry]]:
    subject, before = asked.subject, asked.before
    if subject is not None:
        type_id = ContentType.objects.get_for_model(subject, for_concrete_model=False).pk
        values: list[Any] = [type_id, subject.pk]
    elif asked.customer_id is not None:
        values = [asked.customer_id]
    else:
        raise ValueError("timeline() needs a subject or a customer")
    if before is not None:
        values.append(before)
    by, codes = "subject" if subject is not None else "customer", asked.codes
    if asked.find:
        events = list(_found(_plain_rows(values, by, codes), asked.find)[:limit])
    else:
        events = _rows(*values, by=by, codes=codes, limit=limit)
    if subject is not None and codes is None and before is None and not asked.find and len(events) < limit:
        remember_moves(subject, events)
    pins = _pins(events) if before is None and not asked.find else {}
    for pin in pins.values():
        pin.event.has_files = pin.has_files  # type: ignore[attr-defined]
    events = [one for one in events if one.pk not in pins] + [pin.event for pin in pins.values()]
    files = _files(events)
    urls = {} if subject is not None else _addresses(events)
    language = get_language()
    entries = [
        _entry(one, files.get(one.pk, ()), urls.get((one.content_type_id, one.object_id)), language) for one in events
    ]
    _say(events, entries)
    return entries[: len(entries) - len(pins)], _pinned(entries[len(entries) - len(pins) :], pins)


def _pins(events: list[Event]) -> dict[int, Pin]:
    """What is pinned on this timeline, by event; a query only where something is."""
    keys: list[int] = events[0].pinned if events else []  # type: ignore[attr-defined]
    return {pin.event_id: pin for pin in _pinned_rows(list(keys))} if keys else {}


@prepared
def _pinned_rows(event_ids: list[int]) -> models.QuerySet[Pin]:
    has_files = models.Exists(Attachment.objects.filter(event=models.OuterRef("event")))
    names = ("at", "event_id", "by__name", "by__email", *(f"event__{name}" for name in SHOWN))
    rows = Pin.objects.filter(removed_at=None, event__in=event_ids).select_related(
        "by", "event__actor", "event__private"
    )
    return rows.only(*names).annotate(has_files=has_files).order_by("-pk")


def _pinned(entries: list[Entry], pins: dict[int, Pin]) -> list[Entry]:
    for entry in entries:
        pin = pins[entry.rank]
        words = {"name": str(pin.by or ""), "when": formats.relative(pin.at, short=True)}
        entry.pinned = gettext("pinned by %(name)s, %(when)s") % words
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
