"""Changing what is due soon: badges follow at once, the running clocks in rounds."""

from __future__ import annotations

from django.db import transaction

from foundation.sla import store
from foundation.sla.models import Clock, SoonPolicy
from foundation.sla.rows import at, load_versions, soon_at, to_engine

BATCH = 500


@transaction.atomic
def save_soon(policy: SoonPolicy) -> None:
    """Keep the policy as edited and have the running clocks follow it."""
    policy.full_clean()
    policy.followed_to = 0
    policy.save()


def follow_soon(limit: int = BATCH) -> int:
    """Tell the next running clocks from when on they are due soon now; how many were looked at. Safe to run at once.

    A clock that an event holds just now is waited for by the next round, not here: nobody waits for anybody.
    """
    return _follow(limit) if SoonPolicy.current().followed_to is not None else 0


@transaction.atomic
def _follow(limit: int) -> int:
    policy = SoonPolicy.objects.select_for_update(skip_locked=True).filter(followed_to__isnull=False).first()
    if policy is None or policy.followed_to is None:
        return 0
    wanted = list(
        Clock.objects.open().filter(pk__gt=policy.followed_to).order_by("pk").values_list("pk", flat=True)[:limit]
    )
    held = {one.pk: one for one in Clock.objects.filter(pk__in=wanted).select_for_update(skip_locked=True)}
    busy = next((pk for pk in wanted if pk not in held), None)
    reached = [held[pk] for pk in wanted if busy is None or pk < busy]
    load_versions(clock.calendar_version_id for clock in reached)
    store.save_soon([(one.pk, at(soon_at(to_engine(one), policy))) for one in reached if one.stopped_at is None])
    if busy is not None:
        policy.followed_to = busy - 1
    else:
        policy.followed_to = wanted[-1] if wanted else None
    policy.save(update_fields=["followed_to"])
    return len(reached)
