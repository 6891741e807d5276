"""Samples and technical requests on pages of others: the customer's, the inquiry's, everybody's day, rail, search, files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext

from crm.models import Customer, Inquiry, Sample, TechnicalRequest
from crm.models.cadence import company_today
from crm.sample_selectors import (
    answers_waiting,
    sample_counts,
    samples_waiting,
    visible_samples,
    visible_technical_requests,
    waiting_for_sales,
)
from crm.views.samples import status_badge as sample_badge
from crm.views.technical import status_badge as technical_badge
from foundation.journal.attachments import register_file_guard
from foundation.lists.search import register_search
from foundation.ui import formats, parts
from foundation.ui.addresses import page_url
from foundation.ui.ahead import Wish, register_wishes, wish
from foundation.ui.nav import register_below, register_counter
from foundation.ui.newest import Newest, draw_newest
from foundation.ui.panels import register_panel
from foundation.ui.prepared import prepared

SHOWN = 5
FIELDS = ("number", "status", "wanted_on", "created_at", "customer__name")


@prepared
def _counts(pk: int, *, model: type, field: str) -> QuerySet[Any]:
    """How many samples and technical requests hang on a record, both at once."""
    return model._base_manager.filter(pk=pk).only("pk").annotate(**sample_counts(field))  # type: ignore[attr-defined]


def _counted(subject: Any, request: Any) -> tuple[int, int]:
    """Read once for counters and sections."""
    kept: tuple[int, int] | None = request.__dict__.get("_samples_of_record")
    if kept is None:
        field = "customer" if isinstance(subject, Customer) else "inquiry"
        known = hasattr(subject, "sample_count")
        row = subject if known else next(iter(_counts(subject.pk, model=type(subject), field=field)), None)
        kept = (row.sample_count or 0, row.drawing_count or 0) if row is not None else (0, 0)
        request.__dict__["_samples_of_record"] = kept
    return kept


def count_samples(*, subject: Any, request: Any, **_context: Any) -> parts.Related | None:
    """How many samples a customer has had."""
    if not isinstance(subject, Customer) or not request.user.has_perm("crm.view_sample"):
        return None
    url = f"{page_url('crm:samples')}?view=all&customer={subject.pk}"
    count = _counted(subject, request)[0]
    return parts.Related(npgettext("counter", "Sample", "Samples", count), url, count)


def count_drawings(*, subject: Any, request: Any, **_context: Any) -> parts.Related | None:
    """How many technical requests a customer has had."""
    if not isinstance(subject, Customer) or not request.user.has_perm("crm.view_technicalrequest"):
        return None
    url = f"{page_url('crm:technical-requests')}?view=all&customer={subject.pk}"
    count = _counted(subject, request)[1]
    return parts.Related(npgettext("counter", "Technical request", "Technical requests", count), url, count)


def record_samples(*, subject: Any, request: Any, **_context: Any) -> parts.Section | None:
    """The newest samples of a customer or an inquiry, and the way to new ones."""
    if not isinstance(subject, (Customer, Inquiry)) or not request.user.has_perm("crm.view_sample"):
        return None
    rows = visible_samples(request.user)
    new = page_url("crm:sample-new") if request.user.has_perm("crm.add_sample") else ""
    return _section(
        subject,
        request,
        0,
        rows,
        sample_badge,
        "purpose",
        _now("Samples"),
        new,
        _now("New sample request"),
        "crm:samples",
    )


def record_drawings(*, subject: Any, request: Any, **_context: Any) -> parts.Section | None:
    """The newest technical requests of a customer or an inquiry, and the way to new ones."""
    if not isinstance(subject, (Customer, Inquiry)) or not request.user.has_perm("crm.view_technicalrequest"):
        return None
    rows = visible_technical_requests(request.user)
    new = page_url("crm:technical-request-new") if request.user.has_perm("crm.add_technicalrequest") else ""
    label = _now("New technical request")
    return _section(
        subject,
        request,
        1,
        rows,
        technical_badge,
        "subject",
        _now("Technical requests"),
        new,
        label,
        "crm:technical-requests",
    )


def _section(
    subject: Any,
    request: Any,
    which: int,
    rows: Any,
    badge: Any,
    words: str,
    title: str,
    new: str,
    label: str,
    list_name: str,
) -> parts.Section | None:
    count = _counted(subject, request)[which]
    is_customer = isinstance(subject, Customer)
    customer = subject.pk if is_customer else subject.customer_id
    if not count and (not new or customer is None):
        return None
    asked = f"?customer={customer}" + ("" if is_customer else f"&inquiry={subject.pk}")
    found = rows.filter(**{"customer" if is_customer else "inquiry": subject.pk}).order_by("-pk") if count else []
    shown = [
        Newest(getattr(one, words), one.get_absolute_url(), badge(one), formats.day(one.created_at), one.number)
        for one in found[:SHOWN]
    ]
    body = draw_newest(shown, f"{page_url(list_name)}?view=all&customer={customer}", has_more=count > SHOWN)
    action = parts.Action(label, f"{new}{asked}", icon="plus") if new and customer is not None else None
    return parts.Section(title, body, "samples" if which == 0 else "technical-requests", action)


# ---------------------------------------------------------------- everybody's day


@prepared
def _to_send(*, user: Any) -> QuerySet[Sample]:
    rows = visible_samples(user).to_send().select_related("customer").only("purpose", *FIELDS)
    return rows.order_by(F("wanted_on").asc(nulls_last=True), "pk")[: SHOWN + 1]


def wishes(user: Any) -> Iterator[Wish]:
    """What the three below are about to ask."""
    if user.has_perm("crm.send_sample") and not user.has_perm("crm.add_sample"):
        yield wish(_to_send, user=user)
    if user.has_perm("crm.draw_technicalrequest"):
        yield wish(_desk, user=user)
    if user.has_perm("crm.send_technicalrequest"):
        yield wish(_for_sales, company_today(), user=user)


def samples_of_the_day(*, request: Any, **_context: Any) -> parts.Section | None:
    """On the day of the order desk, of logistics and of the technical team: samples that have to leave."""
    user = request.user
    if not user.has_perm("crm.send_sample") or user.has_perm("crm.add_sample"):
        return None
    url = f"{reverse('crm:samples')}?view=to-send"
    return _day_section(_to_send(user=user), sample_badge, "purpose", _now("Samples to send"), url, "samples-to-send")


@prepared
def _desk(*, user: Any) -> QuerySet[TechnicalRequest]:
    mine = Q(owner=user.pk, status__in=["new", "in_work"]) | Q(owner=None, status="new")
    mine |= Q(status="to_release") & ~Q(drawn_by=user.pk)
    rows = visible_technical_requests(user).to_draw().filter(mine).select_related("customer")
    return rows.only("subject", *FIELDS).order_by(F("wanted_on").asc(nulls_last=True), "pk")[: SHOWN + 1]


def desk_of_the_day(*, request: Any, **_context: Any) -> parts.Section | None:
    """On the day of the technical team: what is to be drawn, taken and released."""
    if not request.user.has_perm("crm.draw_technicalrequest"):
        return None
    url = f"{reverse('crm:technical-requests')}?view=mine"
    title = _now("Technical requests on your desk")
    return _day_section(_desk(user=request.user), technical_badge, "subject", title, url, "technical-desk")


@prepared
def _for_sales(today: Any, *, user: Any) -> QuerySet[TechnicalRequest]:
    rows = waiting_for_sales(user, today).select_related("customer").only("subject", *FIELDS)
    return rows.order_by("pk")[: SHOWN + 1]


def answers_of_the_day(*, request: Any, **_context: Any) -> parts.Section | None:
    """On a salesperson's day: questions to answer, drawings to send, customers to ask."""
    if not request.user.has_perm("crm.send_technicalrequest"):
        return None
    url = f"{reverse('crm:technical-requests')}?view=sales"
    title = _now("Technical requests that wait for you")
    rows = _for_sales(company_today(), user=request.user)
    return _day_section(rows, technical_badge, "subject", title, url, "technical-waiting")


def _day_section(rows: Any, badge: Any, words: str, title: str, url: str, anchor: str) -> parts.Section | None:
    shown = [
        Newest(
            f"{getattr(one, words)} · {one.customer.name}",
            one.get_absolute_url(),
            badge(one),
            formats.day(one.wanted_on) if one.wanted_on else "",
            one.number,
        )
        for one in rows
    ]
    if not shown:
        return None
    return parts.Section(title, draw_newest(shown[:SHOWN], url, has_more=len(shown) > SHOWN), anchor)


def register() -> None:
    """Called once, when the apps are ready."""
    register_panel("record.related", count_samples, 40)
    register_panel("record.related", count_drawings, 41)
    register_panel("record.main", record_samples, 60)
    register_panel("record.main", record_drawings, 61)
    register_wishes("day", wishes)
    register_panel("day.main", samples_of_the_day, 45)
    register_panel("day.main", desk_of_the_day, 40)
    register_panel("day.main", answers_of_the_day, 41)
    register_below("customers", "/samples/")
    register_below("customers", "/technical")  # shorter than the address of the team's own area, which wins
    register_counter("customers", samples_waiting)
    register_counter("customers", answers_waiting)
    register_file_guard(Sample, lambda user, one: visible_samples(user).filter(pk=one.object_id).exists())
    register_file_guard(
        TechnicalRequest, lambda user, one: visible_technical_requests(user).filter(pk=one.object_id).exists()
    )
    register_search(
        "samples",
        _("Samples"),
        visible=lambda user: visible_samples(user).select_related("customer"),
        title=lambda one: f"{one.number} · {one.purpose}",
        subtitle=lambda one: " · ".join(part for part in (one.customer.name, one.waybill) if part),
        icon="archive-box",
        permission="crm.view_sample",
        order=37,
        list_url_name="crm:samples",
    )
    register_search(
        "technical",
        _("Technical requests"),
        visible=lambda user: visible_technical_requests(user).select_related("customer"),
        title=lambda one: f"{one.number} · {one.subject}",
        subtitle=lambda one: one.customer.name,
        icon="wrench-screwdriver",
        permission="crm.view_technicalrequest",
        order=38,
        list_url_name="crm:technical-requests",
    )
