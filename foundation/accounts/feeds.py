"""A person's own calendar feed: other rooms say what is due, one private address carries it to any calendar programme.

The address is a token: unguessable, stored as a digest, shown once, revocable. It opens nothing but this list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from foundation.accounts import tokens
from foundation.accounts.models import AccessToken, User
from foundation.journal.services import record
from foundation.ui import ics
from foundation.ui.ics import Appointment

PURPOSE = "calendar_feed"
DAYS = 3650  # a calendar that falls silent one day warns nobody: it lives until it is revoked
LONGEST_ALARM = 1440

Source = Callable[[Any], Iterable[Appointment]]
_sources: dict[str, Source] = {}
_labels: dict[str, Any] = {}


def register_feed(name: str, source: Source, label: Any = "") -> None:
    """Let `source(user)` add what is due for a person, in their language and zone, which are active when it is called.

    Say no more about a customer than number and title: whoever has the address reads it. `label` names the kind where
    people choose what stands in their feed.
    """
    _sources[name] = source
    _labels[name] = label or name


def kinds() -> list[tuple[str, Any]]:
    """Name and label of everything that can stand in a feed."""
    return [(name, _labels.get(name, name)) for name in _sources]


def appointments_of(user: User, only: Iterable[str] = ()) -> list[Appointment]:
    """Everything that is due for this person, or what is of the kinds named, soonest first."""
    wanted = set(only) & set(_sources)
    found = [one for name, source in _sources.items() if not wanted or name in wanted for one in source(user)]
    return sorted(found, key=lambda one: (_begin(one), one.uid))


def _begin(one: Appointment) -> datetime:
    """When it begins; a whole day where its reader lives."""
    if isinstance(one.start, datetime):
        return one.start
    return datetime.combine(one.start, time.min, tzinfo=timezone.get_current_timezone())


def calendar_of(user: User, *, alarm: int = 0, only: Iterable[str] = (), now: datetime | None = None) -> str:
    """The feed's text in the person's own language."""
    with translation.override(user.language), timezone.override(user.time_zone):
        entries = appointments_of(user, only)
        if 0 < alarm <= LONGEST_ALARM:
            entries = [replace(one, alarm=alarm) for one in entries]
        return ics.calendar(_("Deadlines of %(name)s") % {"name": user}, entries, now=now or timezone.now())


def reader_of(raw: str, purpose: str = PURPOSE) -> User | None:
    """Whose feed this is; None for an address that is unknown or revoked, or whose owner has left. Two queries at most."""
    token = tokens.resolve(purpose, raw)
    return User.objects.filter(pk=token.object_id, is_active=True).first() if token else None


def open_since(user: User, purpose: str = PURPOSE) -> datetime | None:
    """Since when the person has a feed; None without one."""
    kind = ContentType.objects.get_for_model(User)
    open_ones = AccessToken.objects.filter(
        purpose=purpose, content_type=kind, object_id=user.pk, revoked_at=None, expires_at__gt=timezone.now()
    )
    return open_ones.values_list("created_at", flat=True).first()


@transaction.atomic
def open_feed(user: User, purpose: str = PURPOSE) -> str:
    """A new address in place of any old one; the raw token leaves the house once, here."""
    User.objects.select_for_update().get(pk=user.pk)  # two windows at once: one address remains
    tokens.revoke(purpose, user)
    raw = tokens.issue(purpose, user, days=DAYS)
    record("user.feed_opened", user, actor=user)
    return raw


@transaction.atomic
def close_feed(user: User, purpose: str = PURPOSE) -> bool:
    """Close the address at once; False if there was none."""
    if not tokens.revoke(purpose, user):
        return False
    record("user.feed_closed", user, actor=user)
    return True
