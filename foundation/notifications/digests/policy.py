"""Which messages may be bundled, when emails are too many, and what each colleague wants."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone

from foundation.journal.models import ClockTimestamp
from foundation.notifications.manners.kinds import STAFF, kind_of
from foundation.notifications.models import Digest, DigestChoice, DigestPolicy, Message
from foundation.notifications.rules import plans_for
from foundation.ui.shelf import Shelf, follow

# What a digest's own message calls its template; no rule can have it, for it is no slug.
DIGEST = "(digest)"
EMAIL = "email"


@dataclass(frozen=True)
class Wanted:
    """How one colleague wants their email."""

    mode: str = DigestChoice.Mode.AT_ONCE
    at: time = time(8)


AS_IT_COMES = Wanted()


def _read() -> tuple[int, timedelta]:
    row = DigestPolicy.objects.first() or DigestPolicy()
    return row.most, timedelta(minutes=row.minutes)


_policy: Shelf[tuple[int, timedelta]] = Shelf(_read, of=[DigestPolicy])
follow(DigestPolicy)


def policy() -> tuple[int, timedelta]:
    """So many single emails within so much time; what comes beyond is bundled."""
    return _policy.get()


def load_policy() -> int:
    """The row that an administrator changes, if it is missing; answers how many were added."""
    return int(DigestPolicy.objects.get_or_create(pk=1)[1])


def can_be_bundled(row: Message) -> bool:
    """Whether a message is news of the house to a colleague by email. A customer's never is, nor a person's own words."""
    return (
        row.channel == EMAIL
        and row.user_id is not None
        and row.actor_id is None
        and bool(row.rule_key)
        and row.template_key != DIGEST
        and kind_of(row.kind).nature == STAFF
        and not row.attachments.all()
    )


def is_urgent(row: Message) -> bool:
    """Whether it comes at once whatever its reader chose: its rule says so, or a kind of the rule's own.

    That news for colleagues as a whole waits for no quiet hours makes none of it urgent here.
    """
    if row.event is None:
        return True
    plan = next((one for one in plans_for(row.event.code) if one.key == row.rule_key), None)
    return plan is not None and (
        plan.is_urgent or bool(plan.kind) and plan.kind != STAFF and kind_of(plan.kind).is_urgent
    )


def wanted_by(user_ids: Collection[int]) -> dict[int, Wanted]:
    """What these colleagues chose; who chose nothing is left out. One query."""
    rows = DigestChoice.objects.filter(user__in=user_ids).values_list("user_id", "mode", "at")
    return {pk: Wanted(mode, at) for pk, mode, at in rows}


def emails_about(user_ids: Collection[int]) -> dict[int, int]:
    """How many single emails of the house each got within the time of the policy, or is about to get. One query."""
    since = timezone.now() - policy()[1]
    leaving = Q(state=Message.State.SENDING) | Q(next_attempt_at__lte=ClockTimestamp())
    lately = Q(sent_at__gt=since) | Q(sent_at=None) & leaving
    rows = Message.objects.filter(
        lately, user__in=user_ids, state__in=("queued", "sending", "sent"), channel=EMAIL, actor=None
    ).exclude(template_key=DIGEST)
    return dict(rows.exclude(rule_key="").order_by().values_list("user").annotate(count=Count("pk")))


def with_one_soon(user_ids: Collection[int]) -> set[int]:
    """Those whose open digest leaves so soon that nothing needs to leave before it. One query."""
    soon = timezone.now() + policy()[1]
    rows = Digest.objects.filter(user__in=user_ids, closed_at=None, message__state="queued")
    return set(rows.filter(message__next_attempt_at__lte=soon).values_list("user_id", flat=True))


def last_left(user_id: int) -> Any:
    """When the last digest to this colleague left, or None."""
    return Digest.objects.filter(user=user_id).aggregate(last=Max("closed_at"))["last"]
