"""The door's last question: does an email to a colleague leave alone, or does the next digest tell it?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

from foundation.accounts.audiences import staff_recipient
from foundation.accounts.models import User
from foundation.notifications.compose import addressing
from foundation.notifications.digests import hours
from foundation.notifications.digests.policy import (
    AS_IT_COMES,
    DIGEST,
    EMAIL,
    Wanted,
    can_be_bundled,
    emails_about,
    is_urgent,
    last_left,
    policy,
    wanted_by,
    with_one_soon,
)
from foundation.notifications.manners import reasons
from foundation.notifications.manners.kinds import STAFF
from foundation.notifications.manners.quiet import zone_for
from foundation.notifications.models import Digest, DigestChoice, DigestLine, Message

# So long a digest waits for the rest of a flood.
GATHER = timedelta(minutes=1)
Mode = DigestChoice.Mode


def gather(rows: Sequence[Message]) -> list[Message]:
    """Of the claimed messages those that leave by themselves; the others are lines of their reader's digest now.

    Costs nothing where no email to a colleague is among them, else four queries, and some for each digest.
    """
    ours: dict[int, list[Message]] = {}
    for row in rows:
        if can_be_bundled(row):
            ours.setdefault(row.user_id or 0, []).append(row)
    if not ours:
        return list(rows)
    taken: set[int] = set()
    wanted, counts, waiting = wanted_by(ours), emails_about(ours), with_one_soon(ours)
    alone = _sent_again([row.pk for some in ours.values() for row in some])
    for user_id, some in ours.items():
        wish = wanted.get(user_id, AS_IT_COMES)
        is_flood = user_id in waiting or counts.get(user_id, 0) > policy()[0]
        bundled = [
            row
            for row in some
            if row.pk not in alone and (is_flood or wish.mode != Mode.AT_ONCE and not is_urgent(row))
        ]
        if bundled:
            taken |= put_off(user_id, bundled, wish, is_flood=is_flood)
    return [row for row in rows if row.pk not in taken]


def _sent_again(pks: Sequence[int]) -> set[int]:
    """Those that stood in a digest before: a person wants them sent by themselves."""
    return set(DigestLine.objects.filter(message__in=pks).values_list("message_id", flat=True))


@transaction.atomic
def put_off(user_id: int, rows: Sequence[Message], wish: Wanted, *, is_flood: bool) -> set[int]:
    """Make claimed messages lines of the colleague's open digest; returns the keys of those that this worker has no more.

    The digest's row is locked first: it cannot leave between our look and our lines. What another worker has taken
    after our lease is left to it.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None or not user.is_active or not user.email:
        return set()  # the channel says what is wrong with it
    digest = _open(user, wish, is_flood=is_flood)
    mine = Message.objects.filter(
        pk__in=[row.pk for row in rows],
        state=Message.State.SENDING,
        lease_until__in=[row.lease_until for row in rows],
    )
    pks = list(mine.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    DigestLine.objects.bulk_create([DigestLine(digest=digest, message_id=pk) for pk in pks])
    Message.objects.filter(pk__in=pks).update(
        state=Message.State.SUPPRESSED, lease_until=None, last_error=reasons.IN_DIGEST, waits_for=""
    )
    return {row.pk for row in rows}


def _open(user: User, wish: Wanted, *, is_flood: bool) -> Digest:
    """The colleague's open digest, locked; a new one where there is none. A flood lets it leave soon."""
    one_after_the_other(user.pk)
    at = leaves_at(user, wish, is_flood=is_flood)
    digest = Digest.objects.select_for_update(of=("self",)).filter(user=user, closed_at=None).first()
    if digest is not None:
        waiting = Message.objects.filter(pk=digest.message_id, state__in=Message.OPEN)
        if waiting.exists():
            waiting.filter(state=Message.State.QUEUED, attempts=0, next_attempt_at__gt=at).update(next_attempt_at=at)
            return digest
        close(digest)  # somebody called it off
    return Digest.objects.create(user=user, message=_letter(user, at))


def one_after_the_other(user_id: int) -> None:
    """Two workers with news for one colleague, or with their new wish, wait for each other until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"digest {user_id}"])


def leaves_at(user: User, wish: Wanted, *, is_flood: bool) -> datetime:
    """When a digest that is opened now leaves."""
    now, zone = timezone.now(), zone_for(user.time_zone)
    if not is_flood and wish.mode == Mode.HOURLY:
        return hours.next_full_hour(now, zone)
    if not is_flood and wish.mode == Mode.DAILY:
        return hours.next_time_of_day(now, wish.at, zone)
    return hours.after_a_flood(now, last_left(user.pk), gather=GATHER, pause=policy()[1])


def _letter(user: User, at: datetime) -> Message:
    """The digest's row of the outbox, without words yet."""
    columns: dict[str, Any] = addressing(staff_recipient(user), EMAIL)
    return Message.objects.create(
        channel=EMAIL,
        template_key=DIGEST,
        kind=STAFF,
        is_urgent=True,
        language=user.language,
        next_attempt_at=at,
        waits_for=reasons.MORE_NEWS,
        content_type=ContentType.objects.get_for_model(User),
        object_id=user.pk,
        **columns,
    )


def close(digest: Digest) -> None:
    """Nothing joins it any more."""
    if digest.closed_at is None:
        digest.closed_at = timezone.now()
        digest.save(update_fields=["closed_at"])
