"""Reading incoming mail; the only doors to it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from foundation.mailroom.models import IncomingMail, IncomingMailQuerySet, RawMail
from foundation.notifications.subjects import visible_customer_ids
from foundation.ui.ahead import Wish, wish
from foundation.ui.prepared import prepared_count

MOST_WAITING = 99


def visible_mails(user: Any) -> IncomingMailQuerySet:
    """Mail of customers whom the user may see; for those who sort, also what belongs to nobody yet."""
    if not user.has_perm("mailroom.view_incomingmail"):
        return IncomingMail.objects.none()
    known = Q(pk=None)
    customers = visible_customer_ids(user)
    if customers is not None:
        known |= Q(customer_id__in=customers)
    if user.has_perm("mailroom.sort_incomingmail"):
        known |= Q(customer_id=None)
    return IncomingMail.objects.filter(known)


@prepared_count
def _waiting(*, user: Any) -> IncomingMailQuerySet:
    return visible_mails(user).waiting()[:MOST_WAITING]


def waiting_for(user: Any) -> int:
    """How many mails that this person may sort wait for somebody, counted up to 99."""
    return _waiting(user=user)


def waiting_wish(user: Any) -> Wish:
    """The question of `waiting_for`, to be asked with others."""
    return wish(_waiting, user=user)


def raw_of(mail: IncomingMail) -> bytes:
    """The bytes as they came."""
    return bytes(RawMail.objects.values_list("data", flat=True).get(pk=mail.pk))
