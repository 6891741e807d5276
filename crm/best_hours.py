"""When a customer can usually be reached: learned from the calls that reached somebody and those that did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import CallAttempt, ServiceRecord
from crm.services.calls import local_now
from foundation.ui import formats

LOOKED_BACK = timedelta(days=365)
MOST_LOOKED_AT = 60
FEWEST = 2  # one answered call says nothing about the next


@dataclass(frozen=True)
class BestHour:
    """An hour by the customer's clock, how often somebody was reached in it, and how often it was tried."""

    hour: int
    reached: int
    tried: int

    @property
    def begins(self) -> time:
        """The full hour."""
        return time(self.hour)

    @property
    def ends(self) -> time:
        """The next full hour; the last one ends with the day."""
        return time(self.hour + 1) if self.hour < 23 else time(23, 59)

    def __str__(self) -> str:
        span = f"{formats.clock_time(self.begins)}–{formats.clock_time(self.ends)}"
        return _("%(span)s (reached %(reached)s of %(tried)s times)") % {
            "span": span,
            "reached": self.reached,
            "tried": self.tried,
        }


def best_of(tries: Iterable[tuple[int, bool]]) -> BestHour | None:
    """The hour with the best share of those in which somebody was reached, the more often the better; None without one."""
    tried: Counter[int] = Counter()
    reached: Counter[int] = Counter()
    for hour, was_reached in tries:
        tried[hour] += 1
        reached[hour] += was_reached
    hours = [hour for hour in tried if reached[hour] >= FEWEST]
    if not hours:
        return None
    # one failure is added to each: 5 of 6 is better than 2 of 2
    best = max(hours, key=lambda hour: (reached[hour] / (tried[hour] + 1), reached[hour], -hour))
    return BestHour(best, reached[best], tried[best])


def best_hour_of(customer: Any) -> BestHour | None:
    """Of a customer, by the calls of a year: planned ones with their attempts, and those that were noted. Two queries."""
    since = timezone.now() - LOOKED_BACK
    attempts = CallAttempt.objects.filter(call__customer=customer.pk, at__gte=since).order_by("-pk")
    records = (
        ServiceRecord.objects.filter(
            customer=customer.pk,
            channel=ServiceRecord.Channel.PHONE,
            started_at__gte=since,
            call=None,
            corrects__call=None,
        )
        .exclude(ServiceRecord.corrected())
        .order_by("-started_at")
    )
    reached = (CallAttempt.Result.REACHED, CallAttempt.Result.CALL_AGAIN, CallAttempt.Result.REFUSED)
    wrong = CallAttempt.Result.WRONG_NUMBER
    tries = [
        (at, result in reached)
        for at, result in attempts.values_list("at", "result")[:MOST_LOOKED_AT]
        if result != wrong
    ]
    noted: Sequence[tuple[datetime, str]] = list(records.values_list("started_at", "result")[:MOST_LOOKED_AT])
    tries += [(at, result == ServiceRecord.Result.DONE) for at, result in noted]
    return best_of((local_now(customer, at).hour, was_reached) for at, was_reached in tries)
