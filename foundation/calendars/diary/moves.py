"""Moving an entry: what does not fit is said beforehand, the stage's own service decides, and it can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.selectors import absences_seen_by
from foundation.calendars.diary.entries import Asked, Entry, Source, entries_between, source_named, sources_for
from foundation.calendars.diary.openings import Opening, customer_is_open, is_open_for, opening_of
from foundation.journal.machine import Refused
from foundation.ui import formats

SALT = "calendars.diary.undo"
UNDO_SECONDS = 600
MOST_SAID = 6
Time = datetime | date


def found_for(reader: Any, code: str, pk: int) -> tuple[Source, Entry] | None:
    """The kind and the entry, if this person may see it and it is of a kind that moves."""
    source = source_named(reader, code)
    if source is None or source.find is None or source.move is None:
        return None
    entry = source.find(reader, pk)
    return (source, entry) if entry is not None else None


def end_after(entry: Entry, start: Time, end: Time | None = None) -> Time | None:
    """The end that was asked for, or as long as before."""
    if end is not None or entry.end is None or not isinstance(start, datetime):
        return end
    assert isinstance(entry.start, datetime) and isinstance(entry.end, datetime)
    return start + (entry.end - entry.start)


def conflicts_of(reader: Any, source: Source, entry: Entry, start: Time, end: Time | None) -> list[str]:
    """What does not fit at the new time, in sentences: another appointment, leave, closed days, closed hours of the customer.

    Nothing of it forbids the move.
    """
    moved = replace(entry, start=start, end=end)
    people = list(User.objects.filter(pk__in=entry.people).select_related("team"))
    said = _absences(reader, moved, people)
    if isinstance(start, datetime):
        if source.is_busy:
            said += _appointments(reader, moved)
        said += _closed(people, start)
        said += _customer(moved, start)
    else:
        said += _closed_days(people, start)
    return said[:MOST_SAID]


def _appointments(reader: Any, moved: Entry) -> list[str]:
    assert isinstance(moved.start, datetime)
    if not moved.people:
        return []
    asked = Asked(reader, moved.people, moved.start, moved.until)
    busy = [one for one in sources_for(reader) if one.is_busy]
    others = [one for one in entries_between(asked, busy) if one.key != moved.key and isinstance(one.start, datetime)]
    return [
        _("At the same time: %(what)s (%(when)s)")
        % {"what": " · ".join(part for part in (one.title, one.customer) if part), "when": _times(one)}
        for one in others
        if isinstance(one.start, datetime) and one.start < moved.until and one.until > moved.start
    ]


def _times(entry: Entry) -> str:
    assert isinstance(entry.start, datetime)
    return f"{formats.clock_time(entry.start)}–{formats.clock_time(entry.until)}"


def _absences(reader: Any, moved: Entry, people: list[User]) -> list[str]:
    first, last = moved.days(timezone.get_current_timezone())
    away = absences_seen_by(reader, first, last).filter(person__in=[one.pk for one in people])
    return [
        _("%(name)s is away from %(first)s to %(last)s.")
        % {"name": one.person, "first": formats.day(one.first_day), "last": formats.day(one.last_day)}
        for one in away[:MOST_SAID]
    ]


def _closed(people: list[User], start: datetime) -> list[str]:
    said = []
    for team_id in dict.fromkeys(one.team_id for one in people):
        if is_open_for(team_id, start):
            continue
        day = opening_of(team_id, timezone.localtime(start).date(), timezone.get_current_timezone())
        if day is not None and not day.is_open:
            said.append(_closed_words(day, timezone.localtime(start).date()))
        else:
            said.append(_("This is outside of the working hours."))
    return list(dict.fromkeys(said))


def _closed_days(people: list[User], day: date) -> list[str]:
    said = []
    for team_id in dict.fromkeys(one.team_id for one in people):
        opening = opening_of(team_id, day, timezone.get_current_timezone())
        if opening is not None and not opening.is_open:
            said.append(_closed_words(opening, day))
    return list(dict.fromkeys(said))


def _closed_words(opening: Opening, day: date) -> str:
    if opening.kind in ("open", "free"):
        return _("%(day)s is no working day.") % {"day": formats.weekday(day)}
    return _("%(day)s is no working day: %(why)s.") % {"day": formats.weekday(day), "why": opening.word}


def _customer(moved: Entry, start: datetime) -> list[str]:
    if not moved.customer:
        return []
    is_open, word = customer_is_open(moved.customer_id, moved.country, start)
    if is_open:
        return []
    values = {"customer": moved.customer, "why": word}
    return [
        _("%(customer)s does not work then: %(why)s.") % values
        if word
        else _("This is outside of the hours of %(customer)s.") % values
    ]


def move_entry(
    reader: Any, source: Source, entry: Entry, start: Time, end: Time | None, *, tells: bool = False
) -> Entry:
    """Move it by its own service; returns it as it stands afterwards. Raises Refused, and nothing has changed then."""
    if not entry.may_move or source.move is None:
        raise Refused(_("This cannot be moved, or not by you."), reason="permission")
    if isinstance(start, datetime) == entry.is_whole_day:
        raise Refused(_("This is no day."), reason="input")
    source.move(entry.pk, actor=reader, start=start, end=end, tells=tells)
    return replace(entry, start=start, end=end)


def undo_token(before: Entry, after: Entry, *, told: bool) -> str:
    """What takes the move back, for ten minutes and only while nobody has moved it again."""
    return signing.dumps(
        {"s": before.source, "p": before.pk, "was": _both(before), "is": _both(after), "told": told}, salt=SALT
    )


def undo_move(reader: Any, token: str) -> Entry:
    """Back to where it was; whoever was told of the new time is told of the old one. Raises Refused."""
    try:
        said = signing.loads(token, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as error:
        raise Refused(_("It is too late to take this back. Move it instead."), reason="state") from error
    found = found_for(reader, said["s"], said["p"])
    if found is None or _both(found[1]) != said["is"]:
        raise Refused(_("It has been moved or changed since. Look at it first."), reason="state")
    source, entry = found
    start, end = (_read(one) for one in said["was"])
    assert start is not None
    return move_entry(reader, source, entry, start, end, tells=said["told"])


def _both(entry: Entry) -> list[str]:
    return [_written(entry.start), _written(entry.end)]


def _written(value: Time | None) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if value is not None else ""


def _read(text: str) -> Time | None:
    if not text:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def same_hour(entry: Entry, day: date) -> Time:
    """The entry's start on another day of the reader's, at the same time by their clock."""
    if not isinstance(entry.start, datetime):
        return day
    here = timezone.localtime(entry.start)
    return timezone.make_aware(datetime.combine(day, here.time()))


def rounded(moment: datetime, minutes: int = 15) -> datetime:
    """The quarter of an hour that this moment lies in."""
    return moment - timedelta(minutes=moment.minute % minutes, seconds=moment.second, microseconds=moment.microsecond)
