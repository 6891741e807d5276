"""What this stage plans for somebody's day: next steps with customers, answers promised for a time, visits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import Call, Customer, IncomingCall, Inquiry, Reception, Visit
from crm.selectors import (
    touches_due,
    visible_calls,
    visible_customers,
    visible_incoming_calls,
    visible_inquiries,
    visible_receptions,
    visible_visits,
)
from foundation.ui import formats, html
from foundation.ui.ahead import Wish, wish
from foundation.ui.days import end_of_day, start_of_day
from foundation.ui.ics import Appointment
from foundation.ui.parts import Entry
from foundation.ui.prepared import prepared

MOST = 10
MOST_IN_FEED = 500


def day_today(request: Any = None, **_context: Any) -> list[Entry]:
    """`day.today`: mine that are due today or were due before, my visits and receptions of today, and who is to hear from us.

    Seven queries, six of which the page asks together (`wishes`).
    """
    if request is None:
        return []
    user = request.user
    today = [*_visits(user), *_receptions(user), *_touches(user)]
    return [*_steps(user), *_answers(user), *_calls(user), *_incoming(user), *today]


def wishes(user: Any) -> Iterator[Wish]:
    """What `day_today` is about to ask, so that the page asks for it together with the other rooms."""
    begin, end = start_of_day(), end_of_day()
    yield wish(_due, timezone.localdate(), user=user)
    yield wish(_promised, end, user=user)
    if user.has_perm("crm.view_visit"):
        yield wish(_visits_between, begin, end, user=user)
    if user.has_perm("crm.view_reception"):
        yield wish(_receptions_between, begin, end, user=user)
    if user.has_perm("crm.make_call"):
        yield wish(_planned, end, user=user)
    if user.has_perm("crm.note_incomingcall"):
        yield wish(_unnoted, user=user)


@prepared
def _due(today: date, *, user: Any) -> QuerySet[Customer]:
    rows = visible_customers(user).active().filter(owner=user.pk, next_step_on__lte=today)
    return rows.only("name", "next_step", "next_step_on").order_by("next_step_on", "pk")[: MOST + 1]


@prepared
def _promised(before: datetime, *, user: Any) -> QuerySet[Inquiry]:
    mine = visible_inquiries(user).unanswered().filter(owner=user.pk, promised_at__lt=before)
    rows = mine.only("number", "subject", "company_name", "contact_name", "promised_at").order_by("promised_at")
    return rows[:MOST]


def _steps(user: Any) -> list[Entry]:
    """The longest overdue first; when there are more than fit, the way to all of them."""
    today = timezone.localdate()
    found = _due(today, user=user)
    shown = [_step(customer, customer.next_step_on < today) for customer in found[:MOST] if customer.next_step_on]
    if len(found) > MOST:
        every = f"{reverse('crm:customers')}?view=due&owner={user.pk}"
        shown.append(Entry("system", _("All next steps that are due"), timezone.now(), url=every, at="…"))
    return shown


def _step(customer: Customer, is_overdue: bool) -> Entry:
    day = customer.next_step_on
    assert day is not None
    return Entry(
        "record",
        customer.next_step or _("Next step"),
        timezone.make_aware(datetime.combine(day, time.min)),
        actor=customer.name,
        url=customer.get_absolute_url(),
        state=html.badge(_("overdue"), "late", quiet=True) if is_overdue else "",
        at=formats.day(day) if is_overdue else _("today"),
    )


def _answers(user: Any) -> list[Entry]:
    now, today = timezone.now(), timezone.localdate()
    return [
        Entry(
            "record",
            _("Answer “%(subject)s”") % {"subject": inquiry.subject},
            inquiry.promised_at,
            actor=inquiry.sender,
            url=inquiry.get_absolute_url(),
            state=html.badge(_("overdue"), "late", quiet=True) if inquiry.promised_at < now else "",
            at=_clock(inquiry.promised_at, today),
        )
        for inquiry in _promised(end_of_day(), user=user)
        if inquiry.promised_at
    ]


@prepared
def _visits_between(start: datetime, end: datetime, *, user: Any) -> QuerySet[Visit]:
    mine = visible_visits(user).open().of(user.pk).between(start, end)
    rows = mine.select_related("customer").order_by("planned_start", "pk")
    return rows.only("number", "purpose", "status", "planned_start", "customer__name")[:MOST]


def _visits(user: Any) -> list[Entry]:
    """Where to be today, with the state that each journey has reached."""
    if not user.has_perm("crm.view_visit"):
        return []
    return [
        Entry(
            "record",
            _("Visit “%(purpose)s”") % {"purpose": visit.purpose},
            visit.planned_start,
            actor=visit.customer.name,
            url=visit.get_absolute_url(),
            state=html.badge(visit.get_status_display(), "plain", quiet=True),
            at=formats.clock_time(visit.planned_start),
        )
        for visit in _visits_between(start_of_day(), end_of_day(), user=user)
        if visit.planned_start
    ]


def _touches(user: Any) -> list[Entry]:
    """One line for all customers who are to hear from us: the list says who."""
    number, is_late = touches_due(user)
    if not number:
        return []
    words = ngettext("%(count)s customer is to hear from us", "%(count)s customers are to hear from us", number) % {
        "count": formats.number(number)
    }
    state = html.badge(_("overdue"), "late", quiet=True) if is_late else ""
    url = f"{reverse('crm:touches')}?owner={user.pk}&view=month"
    return [Entry("system", words, timezone.now(), url=url, state=state, at=_("today"))]


@prepared
def _receptions_between(start: datetime, end: datetime, *, user: Any) -> QuerySet[Reception]:
    mine = visible_receptions(user).open().of(user.pk).between(start, end)
    rows = mine.select_related("customer").order_by("planned_start", "pk")
    return rows.only("number", "purpose", "status", "planned_start", "customer__name")[:MOST]


def _receptions(user: Any) -> list[Entry]:
    """Whom I receive or prepare for today."""
    if not user.has_perm("crm.view_reception"):
        return []
    return [
        Entry(
            "record",
            _("In the showroom: %(what)s") % {"what": one.purpose},
            one.planned_start,
            actor=one.customer.name,
            url=one.get_absolute_url(),
            state=html.badge(one.get_status_display(), "plain", quiet=True),
            at=formats.clock_time(one.planned_start),
        )
        for one in _receptions_between(start_of_day(), end_of_day(), user=user)
    ]


def _clock(moment: datetime, today: Any) -> str:
    """The time of today, the day of another."""
    return formats.clock_time(moment) if timezone.localtime(moment).date() == today else formats.day(moment)


@prepared
def _planned(before: datetime, *, user: Any) -> QuerySet[Call]:
    mine = visible_calls(user).open().filter(owner=user.pk, due_at__lt=before).select_related("customer")
    rows = mine.only("number", "reason", "due_at", "status", "customer__name", "customer__time_zone")
    return rows.order_by("due_at", "pk")[: MOST + 1]


@prepared
def _unnoted(*, user: Any) -> QuerySet[IncomingCall]:
    mine = visible_incoming_calls(user).waiting().filter(owner=user.pk).select_related("customer")
    return mine.only("phone", "phone_typed", "began_at", "status", "customer__name").order_by("-began_at", "-pk")[:MOST]


def _calls(user: Any) -> list[Entry]:
    """The longest overdue first; when there are more than fit, the way to all of them."""
    if not user.has_perm("crm.make_call"):
        return []
    now, today = timezone.now(), timezone.localdate()
    found = _planned(end_of_day(), user=user)
    shown = [
        Entry(
            "record",
            _("Call: %(reason)s") % {"reason": call.reason or call.number},
            call.due_at,
            actor=call.customer.name,
            url=call.get_absolute_url(),
            state=html.badge(_("overdue"), "late", quiet=True) if call.due_at < now else "",
            at=_clock(call.due_at, today),
        )
        for call in found[:MOST]
    ]
    if len(found) > MOST:
        every = f"{reverse('crm:calls')}?view=mine"
        shown.append(Entry("system", _("All calls that are to be made"), now, url=every, at="…"))
    return shown


def _incoming(user: Any) -> list[Entry]:
    """Calls that reached me and of which nothing is noted yet."""
    if not user.has_perm("crm.note_incomingcall"):
        return []
    return [
        Entry(
            "record",
            _("Note the call"),
            call.began_at,
            actor=call.customer.name if call.customer else call.shown_number,
            url=call.get_absolute_url(),
            at=_clock(call.began_at, timezone.localdate()),
        )
        for call in _unnoted(user=user)
    ]


def planned_calls(user: Any) -> Iterator[Appointment]:
    """My planned calls, for the calendar feed: number and reason, nothing of the customer's."""
    host = urlsplit(settings.ORIGIN).hostname or "kontor"
    rows = Call.objects.open().filter(owner=user.pk).only("number", "reason", "due_at").order_by("due_at", "pk")
    for call in rows[:MOST_IN_FEED]:
        summary = _("Call: %(reason)s") % {"reason": " · ".join(one for one in (call.number, call.reason) if one)}
        yield Appointment(f"call-{call.pk}@{host}", call.due_at, summary, f"{settings.ORIGIN}{call.get_absolute_url()}")
