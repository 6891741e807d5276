"""The countdown badge: a word, a mark and a colour, counted in the working time of the promise's calendar."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from babel.dates import format_skeleton
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from foundation.calendars.models import Calendar
from foundation.calendars.zones import to_second
from foundation.sla.models import Clock, SoonPolicy
from foundation.sla.pauses import reason_label
from foundation.sla.rows import calendar_of, version_of
from foundation.sla.selectors.fairness import fairness_words, is_blameless
from foundation.sla.wording import event_label
from foundation.ui import formats
from foundation.ui.escape import esc

DAY = 86_400
NO_BREAK = "\u00a0"
# How far the browser can count on its own: so many stretches of working time, so many days.
MOST_PIECES = 12
PIECE_DAYS = 14
Data = tuple[tuple[str, str], ...]


def together(text: str) -> str:
    """What belongs together stays on one line: “due in / 2 working days 6 h · / Fri 4 Dec 15:00”. As in `countdown.js`."""
    left, dot, due = text.partition(" · ")
    if not dot:
        return text
    head, number, rest = re.match(r"(\D*)(\d?)(.*)", left, re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{head}{number}{rest.replace(' ', NO_BREAK)}{NO_BREAK}· {due.replace(' ', NO_BREAK)}"


@dataclass(frozen=True)
class Badge:
    """How one promise stands. `state` is in-time, soon, late, paused or done; `pieces` let the browser count on."""

    label: str
    text: str
    state: str
    title: str
    url: str
    due_at: datetime | None = None
    quiet: bool = False
    data: Data = ()

    def html(self, *, with_label: bool = True) -> SafeString:
        """The badge as a link to its ledger; in lists the label stands elsewhere."""
        prefix = esc(f"{self.label}: ") if with_label and self.label else ""
        data = "".join([f' data-{name}="{esc(value)}"' for name, value in self.data])
        if data and prefix:
            data += f' data-prefix="{prefix}"'
        css = f"badge clock {self.state}{' quiet' if self.quiet else ''}"
        start = f'<a class="{css}" href="{esc(self.url)}" title="{esc(self.title)}"{data}>'
        return SafeString(f"{start}{prefix}{esc(together(self.text))}</a>")


class Reader(NamedTuple):
    """Who reads, and when: found out once for all badges of a list."""

    second: int
    today: date
    zone: tzinfo
    language: str
    words: dict[str, str]
    soon: SoonPolicy
    ahead: dict[int | None, tuple[str, int] | None]

    @classmethod
    def here(cls, now: datetime | None = None) -> Reader:
        """In the active language and zone."""
        at, zone, language = now or timezone.now(), timezone.get_current_timezone(), get_language() or "en"
        return cls(
            to_second(at), at.astimezone(zone).date(), zone, language, _words(language), SoonPolicy.current(), {}
        )

    def next_pieces(self, version: int | None) -> tuple[str, int] | None:
        """The stretches of working time from now on, as the browser reads them, and where the last one ends.

        The same for all promises of a calendar that are not due yet; None where two weeks hold too few of them.
        """
        if version not in self.ahead:
            pieces = calendar_of(version).pieces(self.second, self.second + PIECE_DAYS * DAY)
            found = list(islice(pieces, MOST_PIECES))
            self.ahead[version] = (_in_words(found, self.second), found[-1][1]) if len(found) == MOST_PIECES else None
        return self.ahead[version]


def badges(clocks: Iterable[Clock], now: datetime | None = None) -> list[Badge]:
    """The badges of clocks read with their targets, in their order."""
    reader = Reader.here(now)
    return [_badge(clock, reader) for clock in clocks]


def badge(clock: Clock, now: datetime | None = None) -> Badge:
    """The badge of a clock read with its target; asks the database for a calendar that this process has not seen."""
    return _badge(clock, Reader.here(now))


def _badge(clock: Clock, reader: Reader) -> Badge:
    def made(text: str, state: str, *, quiet: bool = False, data: Data = ()) -> Badge:
        label, url = clock.target.label_in(reader.language), clock.get_absolute_url()
        return Badge(label, text, state, _title(clock, reader), url, clock.due_at, quiet, data)

    if clock.stopped_at is not None:
        if clock.breached_at is not None:
            return made(_("missed, tightened") if is_blameless(clock) else _("missed"), "late", quiet=True)
        if clock.is_reset:
            return made(_("withdrawn"), "plain", quiet=True)
        return made(_("met in %(time)s") % {"time": length(clock, clock.consumed_s)}, "done", quiet=True)
    if clock.due_at is None:
        reason = pause_reason(clock.paused_by)
        return made(_("paused (%(reason)s)") % {"reason": reason} if reason else _("paused"), "paused")
    due, second = to_second(clock.due_at), reader.second
    calendar = calendar_of(clock.calendar_version_id)
    data = _data(clock, due, reader) if clock.state == Clock.State.RUNNING else ()
    if second > due:
        return made(_overdue_text(clock, calendar.seconds_between(due, second), reader), "late", data=data)
    left = calendar.seconds_between(second, due)
    is_soon = left <= reader.soon.badge_seconds(clock.target_s)
    return made(_due_text(clock, left, reader), "soon" if is_soon else "in-time", data=data)


def _due_text(clock: Clock, left: int, reader: Reader) -> str:
    """`due in 3 h 10 min · 16:40`, the time in the reader's zone."""
    assert clock.due_at is not None
    due = _short(clock.due_at, reader.zone, reader.today, reader.language)
    return reader.words["due in"] % {"time": length(clock, left), "due": due}


def _overdue_text(clock: Clock, late: int, reader: Reader) -> str:
    """`overdue 25 min`; nothing has passed yet over a closed night."""
    return reader.words["overdue"] % {"time": length(clock, late)} if late >= 60 else reader.words["over"]


def length(clock: Clock, seconds: int) -> str:
    """A length of working time: hours and minutes, from two working days on in working days."""
    return working_time(seconds, day_seconds(clock))


def working_time(seconds: int, day: int) -> str:
    """Seconds in words, given the length of a working day."""
    if day < DAY and seconds >= 2 * day:
        days, rest = divmod(seconds, day)
        return _working_days(days, rest // 3600, get_language())
    return formats.span(seconds)


@lru_cache(maxsize=8192)
def _working_days(days: int, hours: int, _language: str | None) -> str:
    text = ngettext("%(count)s working day", "%(count)s working days", days) % {"count": days}
    return f"{text} {pgettext('length of time', '%(hours)s h') % {'hours': hours}}" if hours else text


def day_seconds(clock: Clock) -> int:
    """The stated length of a working day of the clock's calendar."""
    version = version_of(clock.calendar_version_id)
    return version.day_seconds if version else DAY


@lru_cache(maxsize=8192)
def _short(when: datetime, zone: tzinfo, today: date, language: str) -> str:
    """Hours and minutes today, with weekday and date otherwise; in the reader's zone."""
    local = when.astimezone(zone)
    time, day = f"{local.hour:02}:{local.minute:02}", local.date()
    return time if day == today else f"{_day_of_week(day, language)} {time}"


@lru_cache(maxsize=1024)
def _day_of_week(day: date, _language: str) -> str:
    return str(format_skeleton("MMMEd", day, locale=formats.locale()))


def pause_reason(code: str) -> str:
    """Why a clock waits, from the event that paused it."""
    code, _colon, reason = code.partition(":")
    if not code:
        return ""
    if code.endswith(".waiting"):
        words, chosen = _("waiting for the customer"), reason_label(reason)
        return _("%(state)s: %(reason)s") % {"state": words, "reason": chosen} if chosen else words
    return event_label(code, otherwise="")


@lru_cache(maxsize=16)
def _words(_language: str | None) -> dict[str, str]:
    """The sentences of badges in the active language: a list says each of them many times."""
    return {
        "due in": _("due in %(time)s · %(due)s"),
        "overdue": _("overdue %(time)s"),
        "over": _("overdue"),
        "due": _("Due %(due)s"),
        "always": _("Around the clock"),
        "used": _("%(used)s of %(target)s used"),
        "started": _("started %(when)s"),
    }


def _title(clock: Clock, reader: Reader) -> str:
    """The deadline to the minute, the calendar, what is used and since when."""
    version = version_of(clock.calendar_version_id)
    used = clock.consumed_s
    if clock.state == Clock.State.RUNNING:
        calendar = calendar_of(clock.calendar_version_id)
        used += calendar.seconds_between(to_second(clock.consumed_until), reader.second)
    words, language, zone = reader.words, reader.language, reader.zone
    lines = [
        words["due"] % {"due": formats.exact_in(clock.due_at, zone, language)} if clock.due_at else "",
        _calendar_name(version.calendar.name, language) if version else words["always"],
        words["used"] % {"used": length(clock, used), "target": length(clock, clock.target_s)},
        words["started"] % {"when": formats.exact_in(clock.started_at, zone, language)},
        *fairness_words(clock),
    ]
    return " · ".join(line for line in lines if line)


@lru_cache(maxsize=512)
def _calendar_name(name: str, _language: str) -> str:
    """A calendar's name in the active language."""
    return Calendar(name=name).label


def _data(clock: Clock, due: int, reader: Reader) -> Data:
    """What the browser needs to count on: the next stretches of working time, and what lies beyond them."""
    calendar, now = calendar_of(clock.calendar_version_id), reader.second
    begins = min(due, now)
    if begins == now and (ahead := reader.next_pieces(clock.calendar_version_id)):
        pieces, known = ahead
    else:
        found = list(islice(calendar.pieces(begins, max(due, now) + PIECE_DAYS * DAY), MOST_PIECES))
        pieces, known = _in_words(found, now), found[-1][1] if found else begins
    rest = calendar.seconds_between(known, due) if known < due else 0
    return (
        ("due", str(due)),
        ("now", str(now)),
        ("rest", str(rest)),
        ("soon", str(reader.soon.badge_seconds(clock.target_s))),
        ("day", str(day_seconds(clock))),
        ("at", _short(clock.due_at, reader.zone, reader.today, reader.language) if clock.due_at else ""),
        ("pieces", pieces),
    )


def _in_words(pieces: Iterable[tuple[int, int]], now: int) -> str:
    return " ".join([f"{a - now},{b - now}" for a, b in pieces])


def script() -> SafeString:
    """What a page with badges needs once: the module that counts on, and its words."""
    words: dict[str, Any] = {
        "due": _("due in %(time)s · %(due)s"),
        "late": _("overdue %(time)s"),
        "over": _("overdue"),
        "days": [ngettext("%(count)s day", "%(count)s days", n) for n in (1, 2)],
        "workingDays": [ngettext("%(count)s working day", "%(count)s working days", n) for n in (1, 2)],
        "hours": pgettext("length of time", "%(hours)s h"),
        "minutes": pgettext("length of time", "%(minutes)s min"),
    }
    return format_html(
        '<template data-clock-words="{}"></template><script type="module" src="{}"></script>',
        json.dumps(words, ensure_ascii=False),
        static("sla/countdown.js"),
    )


def joined(badges: list[Badge]) -> SafeString:
    """Badges side by side, with the script that keeps them going; empty text for none."""
    if not badges:
        return mark_safe("")
    return format_html("{}{}", format_html_join(" ", "{}", ((one.html(),) for one in badges)), script())
