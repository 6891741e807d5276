"""Whether the house stands: for load balancers, for an outside dead-man check, and for administrators."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext

from config import signs
from foundation.journal.models import Event, Link
from foundation.mailroom.models import IncomingMail, Mailbox
from foundation.notifications.models import Message, PendingEvent
from foundation.sla.models import Timer
from foundation.ui import formats

# Red within two minutes of a death: the last sign, left every 20 seconds, is then 90 seconds old.
SILENCE_ALLOWED_S = 90
# A worker that is busy with long tasks is alive: only when it executes nothing for so long is something wrong.
ROUND_ALLOWED_S = 300
WAIT_ALLOWED_S = 100
SEAL_ALLOWED_S = 600
LEFT_ALLOWED_S = 300
FETCH_ALLOWED_S = 240
LEAST_FREE = 1.0  # GiB
TRIES_BEFORE_RED = 3
PATIENCE_S = 2.0


@dataclass(frozen=True)
class Finding:
    """One check: whether all is well, and a sentence that says so or says what is wrong."""

    code: str
    label: str
    well: bool
    text: str


Answer = tuple[bool, str]


def _ago(seconds: float) -> str:
    return _("%(time)s ago") % {"time": formats.span(seconds)} if seconds >= 60 else _("less than a minute ago")


def _database() -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return True, pgettext("health", "answers")


def _redis() -> Answer:
    location = settings.CACHES["default"].get("LOCATION", "")
    if location:  # a client of its own, which does not wait long for a server that hangs
        redis.Redis.from_url(location, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S).ping()
        return True, pgettext("health", "answers")
    cache.set("health", 1, timeout=60)
    return cache.get("health") == 1, pgettext("health", "answers")


def _sign(name: str, allowed: float) -> Answer:
    age = signs.ages().get(name)
    if age is None:
        return False, _("no sign of life yet")
    return age <= allowed, _("last sign of life %(ago)s") % {"ago": _ago(age)}


def _messages() -> Answer:
    now = timezone.now()
    unsent = Message.objects.filter(state__in=Message.OPEN, next_attempt_at__lte=now)
    unworded = PendingEvent.objects.filter(next_attempt_at__lte=now)
    waiting = [rows.aggregate(first=Min("next_attempt_at"))["first"] for rows in (unsent, unworded)]
    return _oldest(min(filter(None, waiting), default=None), WAIT_ALLOWED_S)


def _providers() -> Answer:
    """Red when messages of a channel wait after several attempts and none behind them went out."""
    stuck = Message.objects.filter(state__in=Message.OPEN, attempts__gte=TRIES_BEFORE_RED).order_by("pk")
    down = []
    for channel in sorted(set(stuck.order_by().values_list("channel", flat=True))):
        oldest = stuck.filter(channel=channel).values_list("pk", flat=True)[0]
        if not Message.objects.filter(pk__gt=oldest, channel=channel, sent_at__isnull=False).exists():
            down.append(channel)
    if down:
        return False, _("nothing goes out by %(channels)s") % {"channels": ", ".join(down)}
    return True, _("take messages")


def _mailbox() -> Answer:
    """Red when the mailbox could not be read for a while, or when mails lie here that nobody has seen to."""
    left = IncomingMail.objects.filter(result=IncomingMail.Result.STORED).order_by("received_at")
    waits, text = _oldest(left.values_list("received_at", flat=True).first(), LEFT_ALLOWED_S)
    if not waits or not settings.IMAP_URL:
        return waits, text if not waits else _("none is set up")
    row = Mailbox.objects.filter(pk=1).first()
    if row is None or row.reached_at is None:
        return False, (row.error if row else "") or _("never reached yet")
    if row.failing_since is not None:
        return False, row.error
    age = (timezone.now() - row.reached_at).total_seconds()
    return age <= FETCH_ALLOWED_S, _("read %(ago)s") % {"ago": _ago(age)}


def _timers() -> Answer:
    now = timezone.now()
    due = Timer.objects.filter(fired_at=None, cancelled_at=None, due_at__lt=now).exclude(retry_at__gt=now)
    return _oldest(due.order_by("due_at").values_list("due_at", flat=True).first(), WAIT_ALLOWED_S)


def _oldest(moment: datetime | None, allowed: float) -> Answer:
    if moment is None:
        return True, _("nothing waits")
    age = (timezone.now() - moment).total_seconds()
    return age <= allowed, _("the oldest has waited for %(time)s") % {"time": formats.span(age)}


def _seal() -> Answer:
    """Red when an event has waited too long for its place in the chain."""
    linked = Link.objects.filter(source=Event._meta.db_table).order_by("-position").values_list("row_id", flat=True)
    after = linked.first() or 0
    oldest = Event.objects.filter(pk__gt=after).order_by("pk").values_list("recorded_at", flat=True).first()
    return _oldest(oldest, SEAL_ALLOWED_S)


def _disk() -> Answer:
    free = shutil.disk_usage(settings.VAR).free / 2**30
    return free >= LEAST_FREE, _("%(size)s GB free") % {"size": formats.number(round(free, 1))}


CHECKS: dict[str, tuple[Any, Callable[[], Answer]]] = {
    "database": (_lazy("Database"), _database),
    "redis": (_lazy("Broker and cache (Redis)"), _redis),
    "worker": (_lazy("Worker"), lambda: _sign(signs.WORKER, SILENCE_ALLOWED_S)),
    "beat": (_lazy("Beat, which rings"), lambda: _sign(signs.BEAT, SILENCE_ALLOWED_S)),
    "round": (_lazy("A task from beat through the worker"), lambda: _sign(signs.ROUND, ROUND_ALLOWED_S)),
    "messages": (_lazy("Messages that are due"), _messages),
    "providers": (_lazy("Mail and message servers"), _providers),
    "mailbox": (_lazy("Mailbox"), _mailbox),
    "timers": (_lazy("Deadlines that nobody has told"), _timers),
    "seal": (_lazy("Seal of the journal"), _seal),
    "disk": (_lazy("Disk"), _disk),
}
CLOCKWORK = ("worker", "beat", "round")


def finding(code: str) -> Finding:
    """One check's answer; an exception is a bad one."""
    label, check = CHECKS[code]
    try:
        well, text = check()
    except Exception as error:
        well, text = False, (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
    return Finding(code, str(label), well, text)


def examine() -> list[Finding]:
    """Every check's answer, in order."""
    return [finding(code) for code in CHECKS]


def answers() -> dict[str, bool]:
    """What a load balancer needs: whether web, database and Redis serve, and whether beat and worker stand behind them."""
    found = {code: finding(code).well for code in ("database", "redis", *CLOCKWORK)}
    return {"database": found["database"], "redis": found["redis"], "clock": all(found[code] for code in CLOCKWORK)}
