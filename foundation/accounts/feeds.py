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


def register_feed(name: str, source: Source) -> None:
    """Let `source(user)` add what is due for a person, in their language and zone, which are active when it is called.

    Say no more about a customer than number and title: whoever has the address reads it.
    """
    _sources[name] = source


def appointments_of(user: User) -> list[Appointment]:
    """Everything that is due for this person, soonest first."""
    found = [one for source in _sources.values() for one in source(user)]
    return sorted(found, key=lambda one: (_begin(one), one.uid))


def _begin(one: Appointment) -> datetime:
    """When it begins; a whole day where its reader lives."""
    if isinstance(one.start, datetime):
        return one.start
    return datetime.combine(one.start, time.min, tzinfo=timezone.get_current_timezone())


def calendar_of(user: User, *, alarm: int = 0, now: datetime | None = None) -> str:
    """The feed's text in the person's own language."""
    with translation.override(user.language), timezone.override(user.time_zone):
        entries = appointments_of(user)
        if 0 < alarm <= LONGEST_ALARM:
            entries = [replace(one, alarm=alarm) for one in entries]
        return ics.calendar(_("Deadlines of %(name)s") % {"name": user}, entries, now=now or timezone.now())


def reader_of(raw: str) -> User | None:
    """Whose feed this is; None for an address that is unknown or revoked, or whose owner has left. Two queries at most."""
    token = tokens.resolve(PURPOSE, raw)
    return User.objects.filter(pk=token.object_id, is_active=True).first() if token else None


def open_since(user: User) -> datetime | None:
    """Since when the person has a feed; None without one."""
    kind = ContentType.objects.get_for_model(User)
    open_ones = AccessToken.objects.filter(
        purpose=PURPOSE, content_type=kind, object_id=user.pk, revoked_at=None, expires_at__gt=timezone.now()
    )
    return open_ones.values_list("created_at", flat=True).first()


@transaction.atomic
def open_feed(user: User) -> str:
    """A new address in place of any old one; the raw token leaves the house once, here."""
    User.objects.select_for_update().get(pk=user.pk)  # two windows at once: one address remains
    tokens.revoke(PURPOSE, user)
    raw = tokens.issue(PURPOSE, user, days=DAYS)
    record("user.feed_opened", user, actor=user)
    return raw


@transaction.atomic
def close_feed(user: User) -> bool:
    """Close the address at once; False if there was none."""
    if not tokens.revoke(PURPOSE, user):
        return False
    record("user.feed_closed", user, actor=user)
    return True
