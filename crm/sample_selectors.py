"""The doors to samples and technical requests, and what of them waits for whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from crm.models import Sample, TechnicalRequest
from crm.models.cadence import company_today
from crm.models.samples import SampleQuerySet
from crm.models.technical import TechnicalRequestQuerySet
from foundation.accounts.models import User


def visible_samples(user: Any) -> SampleQuerySet:
    """Samples that this person may see."""
    return Sample.objects.visible_to(user) if user.has_perm("crm.view_sample") else Sample.objects.none()


def visible_technical_requests(user: Any) -> TechnicalRequestQuerySet:
    """Technical requests that this person may see."""
    if not user.has_perm("crm.view_technicalrequest"):
        return TechnicalRequest.objects.none()
    return TechnicalRequest.objects.visible_to(user)


def drawers() -> QuerySet[User]:
    """Everybody who draws, by name."""
    right = {"permissions__codename": "draw_technicalrequest", "permissions__content_type__app_label": "crm"}
    teams = Group.objects.filter(**right).exclude(name="administrator")  # who holds every right need not draw
    own = Q(user_permissions__codename="draw_technicalrequest", user_permissions__content_type__app_label="crm")
    return User.objects.filter(Q(groups__in=teams) | own, is_active=True).distinct().order_by("name")


def samples_waiting(user: Any) -> tuple[int, bool]:
    """How many samples wait for this person: to be sent by whoever sends, to be asked about by whose they are; any late. One query."""
    today = company_today()
    mine = Q(status__in=Sample.WITH_CUSTOMER, follow_up_on__lte=today, owner=user.pk)
    late = Q(follow_up_on__lt=today, status__in=Sample.WITH_CUSTOMER)
    if user.has_perm("crm.send_sample") and not user.has_perm("crm.add_sample"):
        mine |= Q(status__in=Sample.TO_SEND)
        late |= Q(wanted_on__lt=today, status__in=Sample.TO_SEND)
    found = visible_samples(user).filter(mine).aggregate(count=Count("pk"), late=Count("pk", filter=late))
    return found["count"], bool(found["late"])


def drawings_waiting(user: Any) -> tuple[int, bool]:
    """How many requests this person has on the desk, nobody has, or a colleague's to release; any past its day. One query."""
    if not user.has_perm("crm.draw_technicalrequest"):
        return 0, False
    desk = Q(owner=user.pk, status__in=["new", "in_work"]) | Q(owner=None, status="new")
    release = Q(status="to_release") & ~Q(drawn_by=user.pk)
    late = Q(wanted_on__lt=company_today())
    rows = visible_technical_requests(user).to_draw().filter(desk | release)
    found = rows.aggregate(count=Count("pk"), late=Count("pk", filter=late))
    return found["count"], bool(found["late"])


def answers_waiting(user: Any) -> tuple[int, bool]:
    """How many technical requests wait for this salesperson: a question, drawings to send, a customer to ask. One query."""
    if not user.has_perm("crm.send_technicalrequest"):
        return 0, False
    today = company_today()
    found = waiting_for_sales(user).aggregate(
        count=Count("pk"), late=Count("pk", filter=Q(status="sent", follow_up_on__lt=today) | Q(wanted_on__lt=today))
    )
    return found["count"], bool(found["late"])


def waiting_for_sales(user: Any, today: date | None = None) -> TechnicalRequestQuerySet:
    """Requests of this salesperson on which they have to do something today."""
    asked = Q(status__in=["waiting", "released", "approved"])
    follow = Q(status="sent", follow_up_on__lte=today or company_today())
    return visible_technical_requests(user).filter(asked | follow, salesperson=user.pk)


def sample_counts(field: str) -> dict[str, Subquery]:
    """How many samples and technical requests hang on a record, for `annotate()`; `field` leads from them to it."""
    samples = Sample.objects.filter(**{field: OuterRef("pk")}).order_by().values(field).annotate(n=Count("pk"))
    drawings = TechnicalRequest.objects.filter(**{field: OuterRef("pk")}).order_by().values(field)
    return {
        "sample_count": Subquery(samples.values("n")),
        "drawing_count": Subquery(drawings.annotate(n=Count("pk")).values("n")),
    }
