"""The register of newly developed customers: the steps that stages count, and what has become of each customer.

Each stage names its steps: `register_step(code, label, count)`, where `count()` gives a subquery for a query of customers
(`OuterRef("pk")`). The stage of orders says when the first order came, by `register_first_order`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import GivenUp, Inquiry, ServiceRecord, Visit

WON, IN_PROGRESS, GIVEN_UP = "won", "in_progress", "given_up"
OUTCOMES = [
    (WON, pgettext_lazy("new customer", "Won")),
    (IN_PROGRESS, pgettext_lazy("new customer", "In progress")),
    (GIVEN_UP, pgettext_lazy("new customer", "Given up")),
]


@dataclass(frozen=True)
class Step:
    """Something that happens on the way to a first order. `url` leads to the rows of a customer."""

    code: str
    label: Any
    rows: Callable[[], QuerySet[Any]]
    url: str
    path: str = "customer"
    order: int = 100

    def count(self) -> Any:
        """How many of them a customer has."""
        rows = self.rows().filter(**{self.path: OuterRef("pk")}).order_by().values(self.path).annotate(n=Count("pk"))
        return Coalesce(Subquery(rows.values("n"), output_field=IntegerField()), 0)


_steps: dict[str, Step] = {}
_first_order: list[Callable[[], Any]] = []


def register_step(step: Step) -> None:
    """Let the register count these rows; registering a code again replaces it."""
    _steps[step.code] = step


def steps() -> list[Step]:
    """All of them, in the order in which they usually come."""
    return sorted(_steps.values(), key=lambda one: one.order)


def register_first_order(moment: Callable[[], Any]) -> None:
    """Let `moment()` give the subquery for when a customer's first order came."""
    _first_order[:] = [moment]


def developed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Customers with the first contact, the steps so far, the first order, and what has become of them."""
    spoke = (
        ServiceRecord.objects.filter(customer=OuterRef("pk"))
        .order_by()
        .values("customer")
        .annotate(first=Min("started_at"))
    )
    asked = (
        Inquiry.objects.filter(customer=OuterRef("pk")).order_by().values("customer").annotate(first=Min("received_at"))
    )
    first_order = _first_order[0]() if _first_order else Value(None, output_field=DateTimeField())
    given_up = GivenUp.objects.filter(customer=OuterRef("pk"), resumed_at=None)
    return (
        rows.annotate(
            first_contact_at=Least("created_at", Subquery(spoke.values("first")), Subquery(asked.values("first"))),
            first_order_at=first_order,
            given_up_reason=Subquery(given_up.values("reason")[:1]),
            given_up_note=Subquery(given_up.values("note")[:1]),
        )
        .annotate(**{f"step_{one.code}": one.count() for one in steps()})
        .annotate(
            outcome=Case(
                When(first_order_at__isnull=False, then=Value(WON)),
                When(Exists(given_up), then=Value(GIVEN_UP)),
                default=Value(IN_PROGRESS),
                output_field=CharField(),
            )
        )
    )


def register() -> None:
    """The steps of this stage."""
    register_step(Step("inquiries", _("Inquiries"), Inquiry.objects.all, "crm:inquiries", order=10))
    register_step(
        Step(
            "calls",
            _("Conversations"),
            lambda: ServiceRecord.objects.filter(corrects=None),
            "crm:service-records",
            order=20,
        )
    )
    register_step(
        Step("visits", _("Visits"), lambda: Visit.objects.filter(status=Visit.Status.DONE), "crm:visits", order=30)
    )
