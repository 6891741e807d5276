"""Visits, receptions and planned calls in the calendar, moved by their own services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm import services
from crm.models import Call, Reception, Visit
from crm.selectors import visible_calls, visible_receptions, visible_visits
from crm.services.call_times import may_move_call, reschedule_call
from crm.services.receptions import may_lead
from foundation.accounts.models import Company
from foundation.calendars.diary.entries import (
    MOST,
    Asked,
    Beginning,
    Entry,
    Source,
    register_beginning,
    register_source,
)
from foundation.ui import parts
from foundation.ui.addresses import page_url
from foundation.ui.panels import register_panel

LONGEST = timedelta(hours=16)
OFF = ("cancelled", "missed", "no_show")
VISIT_TONES = {"proposed": "soon", "on_the_way": "in-time", "arrived": "in-time", "done": "done"}
RECEPTION_TONES = {"arrived": "soon", "under_way": "in-time", "ended": "done"}
OF_CUSTOMER = ("customer__name", "customer__time_zone", "customer__country")


def _zone(zone: str) -> str:
    """The zone of a place, where it is not the reader's."""
    return zone if zone and zone != timezone.get_current_timezone_name() else ""


# ---------------------------------------------------------------- visits


def visits(asked: Asked) -> Iterator[Entry]:
    """Visits that these people make or come along to, as far as the reader may see them. Two queries."""
    along = Visit.companions.through.objects.filter(user__in=asked.people).values("visit")
    rows = visible_visits(asked.reader).filter(Q(owner__in=asked.people) | Q(pk__in=along))
    rows = rows.filter(planned_start__gte=asked.start - LONGEST, planned_start__lt=asked.end)
    rows = rows.filter(planned_end__gt=asked.start).exclude(status__in=OFF)
    found = list(rows.select_related("customer", "address").order_by("planned_start", "pk")[:MOST])
    companions: dict[int, list[int]] = {}
    if found:
        pairs = Visit.companions.through.objects.filter(visit__in=[one.pk for one in found])
        for visit_id, user_id in pairs.values_list("visit_id", "user_id"):
            companions.setdefault(visit_id, []).append(user_id)
    for visit in found:
        people = asked.of(visit.owner_id, *companions.get(visit.pk, []))
        yield _visit(visit, asked.reader, people)


def visit(user: Any, pk: int) -> Entry | None:
    """One visit with a time, if this person may see it."""
    found = visible_visits(user).select_related("customer", "address").filter(pk=pk, planned_start__isnull=False)
    one = found.exclude(status__in=OFF).first()
    return _visit(one, user, (one.owner_id,) if one.owner_id else ()) if one is not None else None


def _visit(visit: Visit, reader: Any, people: tuple[int, ...]) -> Entry:
    assert visit.planned_start is not None
    theirs = visit.owner_id in (None, reader.pk) or reader.has_perm("crm.plan_visits_of_others")
    return Entry(
        "visits",
        visit.pk,
        visit.planned_start,
        visit.planned_end,
        visit.purpose,
        people,
        url=visit.get_absolute_url(),
        customer=visit.customer.name,
        place=visit.address.city if visit.address else "",
        state=visit.get_status_display(),
        tone=VISIT_TONES.get(visit.status, "plain"),
        zone=_zone(visit.customer.time_zone),
        may_move=visit.status in Visit.BEFORE and theirs and reader.has_perm("crm.plan_visit"),
        is_tentative=visit.status in (Visit.Status.PROPOSED, Visit.Status.AGREED),
        asks_telling=visit.status == Visit.Status.PLANNED,
        customer_id=visit.customer_id,
        country=visit.address.country if visit.address else visit.customer.country,
    )


def move_visit(pk: int, *, actor: Any, start: datetime, end: datetime, tells: bool) -> None:
    """Another time at the same place."""
    visit = Visit.objects.select_related("address").get(pk=pk)
    services.reschedule_visit(
        pk,
        actor=actor,
        start=start,
        end=end,
        address=visit.address,
        travel_minutes=visit.travel_minutes,
        tells_customer=tells,
    )


# ---------------------------------------------------------------- receptions


def receptions(asked: Asked) -> Iterator[Entry]:
    """Receptions that these people host or prepare, as far as the reader may see them. One query."""
    rows = visible_receptions(asked.reader).filter(Q(owner__in=asked.people) | Q(assistant__in=asked.people))
    rows = rows.filter(planned_start__gte=asked.start - LONGEST, planned_start__lt=asked.end)
    rows = rows.filter(planned_end__gt=asked.start).exclude(status__in=OFF).select_related("customer")
    for one in rows.order_by("planned_start", "pk")[:MOST]:
        yield _reception(one, asked.reader, asked.of(one.owner_id, one.assistant_id))


def reception(user: Any, pk: int) -> Entry | None:
    """One reception, if this person may see it."""
    one = visible_receptions(user).select_related("customer").filter(pk=pk).exclude(status__in=OFF).first()
    return _reception(one, user, tuple(pk for pk in (one.owner_id, one.assistant_id) if pk)) if one else None


def _reception(reception: Reception, reader: Any, people: tuple[int, ...]) -> Entry:
    is_planned = reception.status == Reception.Status.PLANNED
    return Entry(
        "receptions",
        reception.pk,
        reception.planned_start,
        reception.planned_end,
        reception.purpose,
        people,
        url=reception.get_absolute_url(),
        customer=reception.customer.name,
        state=reception.get_status_display(),
        tone=RECEPTION_TONES.get(reception.status, "plain"),
        zone=_zone(Company.current().time_zone),
        may_move=is_planned and may_lead(reception, reader) and reader.has_perm("crm.hold_reception"),
        asks_telling=is_planned,
        customer_id=reception.customer_id,
        country=reception.customer.country,
    )


def move_reception(pk: int, *, actor: Any, start: datetime, end: datetime, tells: bool) -> None:
    """Another time in the showroom."""
    services.reschedule_reception(pk, actor=actor, start=start, end=end, tells_customer=tells)


# ---------------------------------------------------------------- calls


def calls(asked: Asked) -> Iterator[Entry]:
    """Calls that these people have to make. One query."""
    rows = visible_calls(asked.reader).open().filter(owner__in=asked.people)
    rows = rows.filter(due_at__gte=asked.start, due_at__lt=asked.end).select_related("customer")
    for one in rows.order_by("due_at", "pk")[:MOST]:
        yield _call(one, asked.reader, asked.of(one.owner_id))


def call(user: Any, pk: int) -> Entry | None:
    """One call that is still to be made, if this person may see it."""
    one = visible_calls(user).open().select_related("customer").filter(pk=pk).first()
    return _call(one, user, (one.owner_id,) if one.owner_id else ()) if one is not None else None


def _call(call: Call, reader: Any, people: tuple[int, ...]) -> Entry:
    is_late = call.due_at < timezone.now()
    return Entry(
        "calls",
        call.pk,
        call.due_at,
        None,
        call.reason or call.number,
        people,
        url=call.get_absolute_url(),
        customer=call.customer.name,
        state=str(_("overdue")) if is_late else "",
        tone="late" if is_late else "plain",
        zone=_zone(call.customer.time_zone),
        may_move=may_move_call(call, reader),
        customer_id=call.customer_id,
        country=call.customer.country,
    )


def move_call(pk: int, *, actor: Any, start: datetime, end: Any, tells: bool) -> None:
    """The call at another time."""
    reschedule_call(pk, actor=actor, due_at=start)


def register() -> None:
    """Join the calendar."""
    register_source(
        Source(
            "visits", _("Visits"), _("Visit"), "map-pin", 10, between=visits, find=visit, move=move_visit,
            permission="crm.view_visit", is_busy=True,
        )
    )  # fmt: skip
    register_source(
        Source(
            "receptions", _("Receptions"), _("Reception"), "building-storefront", 20, between=receptions,
            find=reception, move=move_reception, permission="crm.view_reception", is_busy=True,
        )
    )  # fmt: skip
    register_source(
        Source(
            "calls", _("Calls"), _("Call"), "phone", 30, between=calls, find=call, move=move_call,
            permission="crm.view_call", is_point=True,
        )
    )  # fmt: skip
    for code, label, icon, page, order, right in (
        ("visit", _("Visit"), "map-pin", "crm:visit-new", 10, "crm.plan_visit"),
        ("reception", _("Reception"), "building-storefront", "crm:reception-new", 20, "crm.hold_reception"),
        ("call", _("Call"), "phone", "crm:call-new", 30, "crm.make_call"),
    ):
        register_beginning(Beginning(code, label, icon, page, order, _start, right))

    register_panel("diary.links", links, 10)


def links(user: Any) -> list[parts.Action]:
    """`diary.links`: the lists behind the entries."""
    wanted = (
        (_("Visits"), "crm:visits", "map-pin", "crm.view_visit"),
        (_("Week plan"), "crm:week", "truck", "crm.plan_visit"),
        (_("Receptions"), "crm:receptions", "building-storefront", "crm.view_reception"),
        (_("Calls"), "crm:calls", "phone", "crm.view_call"),
    )
    return [parts.Action(label, page_url(page), icon) for label, page, icon, right in wanted if user.has_perm(right)]


def _start(at: datetime) -> dict[str, str]:
    return {"start": f"{at:%Y-%m-%dT%H:%M}"}
