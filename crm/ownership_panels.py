"""What ownership adds to the pages: my day, the rail's counters, the history of owners on the customer's page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Customer, CustomerMerge, OwnershipPolicy, OwnershipRequest, OwnershipSpell
from crm.models.cadence import company_today
from foundation.ui import formats, html
from foundation.ui.ahead import Wish, register_wishes, wish
from foundation.ui.nav import register_counter
from foundation.ui.panels import register_panel
from foundation.ui.parts import Entry, Section
from foundation.ui.prepared import prepared

SOON = 7
MOST = 5
MOST_SPELLS = 20


@prepared
def _returning(until: date, *, user: Any) -> QuerySet[Customer]:
    rows = Customer.objects.active().filter(owner=user.pk, returns_on__lte=until)
    return rows.only("name", "returns_on").order_by("returns_on", "pk")[:MOST]


def wishes(user: Any) -> Iterator[Wish]:
    """What `going_back` is about to ask."""
    if OwnershipPolicy.current().is_on:
        yield wish(_returning, company_today() + timedelta(days=SOON), user=user)


def going_back(request: Any = None, **_context: Any) -> list[Entry]:
    """`day.today`: my customers that go back to the pool within the week. No query while the pool is switched off."""
    if request is None or not OwnershipPolicy.current().is_on:
        return []
    found = _returning(company_today() + timedelta(days=SOON), user=request.user)
    return [_entry(one) for one in found if one.returns_on]


def _entry(customer: Customer) -> Entry:
    day = customer.returns_on
    assert day is not None
    return Entry(
        "record",
        _("Goes back to the pool"),
        timezone.make_aware(datetime.combine(day, time.min)),
        actor=customer.name,
        url=customer.get_absolute_url(),
        state=html.badge(_("soon"), "soon", quiet=True),
        at=formats.day(day),
    )


def requests_waiting(user: Any) -> tuple[int, bool]:
    """How many requests wait for this person's answer. One query, for whoever answers them."""
    if not user.has_perm("crm.answer_ownershiprequest"):
        return 0, False
    return OwnershipRequest.objects.waiting().count(), False


def history(subject: Any = None, request: Any = None, **_context: Any) -> Section | None:
    """`record.main` of a customer: who had it when, and what was merged into it. Nothing is asked before it was ever changed."""
    if not isinstance(subject, Customer) or request is None or not request.user.has_perm("crm.assign_customer"):
        return None
    merges = list(_merges(subject.pk)) if getattr(subject, "merged_ids", None) else []
    if not merges and not getattr(subject, "had_owners", True):
        return None
    spells = list(_spells(subject.pk))
    if not merges and not any(one.ended_at for one in spells):
        return None
    context = {"spells": spells, "merges": merges}
    return Section(_("Owners until now"), render_to_string("crm/owners.html", context))


def _spells(customer_id: int) -> Any:
    return (
        OwnershipSpell.objects.filter(customer=customer_id).select_related("owner").order_by("-began_at")[:MOST_SPELLS]
    )


def _merges(customer_id: int) -> Any:
    rows = CustomerMerge.objects.filter(winner=customer_id, undone_at=None).select_related("loser")
    return rows.only("merged_at", "loser__name", "loser__number").order_by("-merged_at")[:MOST_SPELLS]


def register() -> None:
    """Called once, when the apps are ready."""
    register_panel("day.today", going_back, 11)
    register_wishes("day", wishes)
    register_panel("record.main", history, 90)
    register_counter("customers", requests_waiting)
