"""The figures of the house, each with its definition, and the rows from which it is counted.

A card and the list behind it read `rows()` of the same figure, so their counts agree by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, TruncMonth
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.models import AfterSalesPolicy, Survey
from crm.models import CustomerTouch, Inquiry, Visit
from foundation.sla.models import Clock
from foundation.sla.selectors.fairness import blame_free
from kpi.periods import Period, company_zone
from kpi.sample_figures import SAMPLE_FIGURES
from logistics.models import ShipmentLine
from orders.models import DocumentVersion

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Figure:
    """One figure.

    `rows()` is everything that counts (the denominator); `day` the field that puts a row into a period. A percentage
    counts the rows that are `hit`; a mean adds up `amount` (in `unit`) and divides by the rows. `fields` are the ways to
    split it, name → field; `names` turns a stored key into what is printed (None: as stored, empty is null).

    `touched_by` names the sources of `kpi.models.Touch` that may move its days (see the triggers in kpi/migrations):
    source → how to get from the records named there to the rows whose days they touch, None where the source names days
    and moments alone. A figure without sources has no roll-up and is counted live. `settings` reads the one stored value
    on which the count depends beyond its rows: another value, another roll-up. `excused` narrows rows to the misses for
    which nobody is blamed; their number stands beside the figure and does not change it.
    """

    name: str
    label: str | Promise
    definition: str | Promise
    unit: str  # percent, days, hours
    rows: Callable[[], QuerySet[Any]]
    day: str
    is_date: bool
    hit: Callable[[], Q] | None = None
    amount: Any = None
    fields: Mapping[str, str] = field(default_factory=dict)
    goal: Decimal = Decimal(0)
    lower_is_better: bool = False
    link: Callable[[Any], tuple[str, str]] = lambda row: (str(row), "")
    related: tuple[str, ...] = ()
    permission: str = "kpi.view_figures"
    touched_by: Mapping[str, Callable[[Any], QuerySet[Any]] | None] = field(default_factory=dict)
    settings: Callable[[], QuerySet[Any]] | None = None
    excused: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None

    def within(self, period: Period) -> QuerySet[Any]:
        """The rows of a period, each with `counts` (whether it is a hit) or `part` (what it adds)."""
        rows = self.rows().filter(**period.filters(self.day, is_date=self.is_date))
        if self.hit is not None:
            return rows.annotate(
                counts=Case(When(self.hit(), then=Value(True)), default=Value(False), output_field=BooleanField())
            )
        return rows.annotate(part=self.amount)

    def totals(self, within: Q | None = None, prefix: str = "") -> dict[str, Any]:
        """Aggregates of numerator and denominator; `within` narrows them to some of the rows."""
        every = within if within is not None else Q()
        above = (
            Count("pk", filter=Q(counts=True) & every) if self.hit is not None else Sum("part", filter=every or None)
        )
        return {f"{prefix}numerator": above, f"{prefix}denominator": Count("pk", filter=every or None)}


@dataclass(frozen=True)
class Result:
    """A figure's value; null where there is nothing to divide by."""

    key: str | None
    numerator: Decimal | int
    denominator: int
    value: Decimal | None


def value_of(figure: Figure, numerator: Any, denominator: int) -> Decimal | None:
    """Percentages as 0–100, means in the figure's unit; two decimals, half up."""
    if not denominator:
        return None
    share = Decimal(numerator or 0) / denominator
    return (share * 100 if figure.unit == "percent" else share).quantize(CENT, ROUND_HALF_UP)


def result_of(figure: Figure, row: Mapping[str, Any], key: str | None = None) -> Result:
    """The value from what was added up."""
    numerator = row["numerator"] or 0
    if figure.hit is None:
        numerator = Decimal(numerator).quantize(CENT, ROUND_HALF_UP)
    return Result(key, numerator, row["denominator"], value_of(figure, row["numerator"], row["denominator"]))


def measure(figure: Figure, period: Period) -> Result:
    """The figure over a period. One query."""
    return result_of(figure, figure.within(period).order_by().aggregate(**figure.totals()))


def measure_by(figure: Figure, period: Period, by: str) -> list[Result]:
    """The figure for each value of a field, sorted by key, empty ones together as null at the end. One query.

    Raises LookupError for a field by which the figure is not split.
    """
    if by not in figure.fields:
        raise LookupError(
            f"{figure.name} is not split by {by!r}; possible: {', '.join(sorted(figure.fields)) or 'nothing'}"
        )
    path = figure.fields[by]
    rows = figure.within(period).order_by().values(split=F(path)).annotate(**figure.totals())
    merged: dict[str | None, dict[str, Any]] = {}
    for row in rows:
        key = None if row["split"] in (None, "") else str(row["split"])
        into = merged.setdefault(key, {"numerator": 0, "denominator": 0})
        into["numerator"] += row["numerator"] or 0
        into["denominator"] += row["denominator"]
    ordered = sorted(merged, key=lambda key: (key is None, key or ""))
    return [result_of(figure, merged[key], key) for key in ordered]


def measure_with_course(figure: Figure, period: Period, year: Period) -> tuple[Result, list[tuple[Any, Result]]]:
    """The figure over a period, and month by month over a year. One query where the period lies in the year, else two."""
    trunc = TruncMonth(figure.day, output_field=DateField(), **({} if figure.is_date else {"tzinfo": company_zone()}))
    inside = Q(**period.filters(figure.day, is_date=figure.is_date))
    rows = list(
        figure.within(year)
        .order_by()
        .values(month=trunc)
        .annotate(**figure.totals(), **figure.totals(inside, "inside_"))
        .order_by("month")
    )
    course = [(row["month"], result_of(figure, row)) for row in rows]
    if not period.lies_in(year):
        return measure(figure, period), course
    total = {name: sum(row[f"inside_{name}"] or 0 for row in rows) for name in ("numerator", "denominator")}
    return result_of(figure, total), course


# ---------------------------------------------------------------- the figures of Stage 1


def delivered_lines() -> QuerySet[ShipmentLine]:
    """Order lines whose whole quantity was handed over, each by the last of its deliveries."""
    siblings = ShipmentLine.objects.filter(order_line=OuterRef("order_line")).exclude(shipment__status="cancelled")
    later = siblings.filter(
        Q(delivered_on=None)
        | Q(delivered_on__gt=OuterRef("delivered_on"))
        | Q(delivered_on=OuterRef("delivered_on"), pk__gt=OuterRef("pk"))
    )
    shipped = siblings.order_by().values("order_line").annotate(total=Sum("quantity")).values("total")
    return (
        ShipmentLine.objects.filter(delivered_on__isnull=False, promised_on__isnull=False)
        .exclude(shipment__status="cancelled")
        .filter(~Exists(later))
        .annotate(shipped=Subquery(shipped))
        .filter(shipped__gte=F("order_line__quantity"))
    )


def visits_that_count() -> QuerySet[Visit]:
    """Visits that we arrived at, and those that we owed and missed."""
    arrived = Q(arrived_at__isnull=False, planned_start__isnull=False)
    return Visit.objects.filter(arrived | Q(status=Visit.Status.MISSED, missed_by=Visit.MissedBy.US))


def stopped_clocks(metric: str) -> Callable[[], QuerySet[Clock]]:
    """Clocks of a metric that have ended, in time or not; not those begun afresh before they were missed."""

    def rows() -> QuerySet[Clock]:
        return Clock.objects.filter(metric=metric).counted()

    return rows


def _working_days() -> Any:
    """Consumed working time in days of the calendar's stated length."""
    out = DecimalField(max_digits=14, decimal_places=4)
    return ExpressionWrapper(Cast("consumed_s", out) / Cast("calendar_version__day_seconds", out), output_field=out)


def days_of_orders(order_lines: Any) -> QuerySet[ShipmentLine]:
    """Every delivery of these order lines: each could be the last one, on whose day the line counts."""
    return ShipmentLine.objects.filter(order_line__in=order_lines, delivered_on__isnull=False)


def days_of_shipments(shipments: Any) -> QuerySet[ShipmentLine]:
    """Every delivery of the order lines that travel in these shipments."""
    return days_of_orders(ShipmentLine.objects.filter(shipment__in=shipments).values("order_line"))


def _clock_link(clock: Clock) -> tuple[str, str]:
    return clock.number or str(clock.pk), clock.path


FIGURES: dict[str, Figure] = {
    one.name: one
    for one in (
        Figure(
            name="on_time_delivery_lines",
            label=_("On-time delivery"),
            definition=_(
                "Order lines delivered in full on or before the promised day, as a share of all order lines delivered in "
                "full that had a promised day; each counts on the day of its last delivery."
            ),
            unit="percent",
            rows=delivered_lines,
            day="delivered_on",
            is_date=True,
            hit=lambda: Q(delivered_on__lte=F("promised_on")),
            fields={
                "incoterm": "shipment__incoterm",
                "country": "shipment__destination_country",
                "mode": "shipment__mode",
                "carrier": "shipment__carrier__name",
            },
            goal=Decimal(98),
            link=lambda line: (line.shipment.number, line.shipment.get_absolute_url()),
            related=("shipment__customer", "order_line__order"),
            touched_by={"delivery": days_of_orders, "shipment": days_of_shipments},
        ),
        Figure(
            name="first_response_in_time",
            label=_("First response in time"),
            definition=_(
                "Inquiries whose first response came within its promise, as a share of all that were answered."
            ),
            unit="percent",
            rows=stopped_clocks("first_response"),
            day="stopped_at",
            is_date=False,
            hit=lambda: Q(breached_at=None),
            goal=Decimal(95),
            link=_clock_link,
            related=("owner",),
            touched_by={"clock.first_response": None},
            excused=blame_free,
        ),
        Figure(
            name="resolution_time",
            label=_("Mean resolution time"),
            definition=_(
                "Working time from a complaint to its sign-off, waiting for the customer left out, in working days of the calendar."
            ),
            unit="days",
            rows=stopped_clocks("resolution"),
            day="stopped_at",
            is_date=False,
            amount=_working_days(),
            goal=Decimal(3),
            lower_is_better=True,
            link=_clock_link,
            related=("owner",),
            touched_by={"clock.resolution": None},
            excused=blame_free,
        ),
        Figure(
            name="satisfaction",
            label=_("Satisfaction"),
            definition=_("Surveys whose overall answer was satisfied or better, as a share of all answered surveys."),
            unit="percent",
            rows=lambda: Survey.objects.filter(status="answered", score__isnull=False),
            day="answered_at",
            is_date=False,
            hit=lambda: Q(score__gte=AfterSalesPolicy.current().satisfied_score),
            goal=Decimal(95),
            link=lambda survey: (survey.number, survey.get_absolute_url()),
            related=("customer", "ticket"),
            touched_by={"survey": None},
            settings=lambda: AfterSalesPolicy.objects.filter(pk=1).values("satisfied_score"),
        ),
        Figure(
            name="document_errors",
            label=_("Document errors"),
            definition=_(
                "Trade documents in which the second person found an error, as a share of all that were checked; each version "
                "counts on the day of its check."
            ),
            unit="percent",
            rows=lambda: DocumentVersion.objects.exclude(outcome=""),
            day="checked_at",
            is_date=False,
            hit=lambda: Q(outcome="returned"),
            goal=Decimal("0.5"),
            lower_is_better=True,
            fields={"kind": "document__kind__code", "error": "error"},
            link=lambda version: (f"{version.document.number}-{version.number}", version.document.get_absolute_url()),
            related=("document",),
            touched_by={"document": None},
        ),
        Figure(
            name="visit_punctuality",
            label=_("Visit punctuality"),
            definition=_(
                "Visits at which we were as early as the rule wants, as a share of all that took place and of those that we "
                "missed; a time that was entered later counts as it was stated."
            ),
            unit="percent",
            rows=visits_that_count,
            day="planned_start",
            is_date=False,
            hit=lambda: Q(arrived_at__lte=F("arrive_by")),
            fields={"salesperson": "owner__name"},
            goal=Decimal(95),
            link=lambda visit: (visit.number, visit.get_absolute_url()),
            related=("customer", "owner"),
            touched_by={"visit": None},
        ),
        Figure(
            name="touches_on_time",
            label=_("Touches on time"),
            definition=_(
                "Calls, messages and visits by which customers heard from us on or before the day on which they were due, as "
                "a share of all for which the touch cadence had a day."
            ),
            unit="percent",
            rows=lambda: CustomerTouch.objects.filter(undone_at=None, due_on__isnull=False),
            day="at",
            is_date=False,
            hit=lambda: Q(is_on_time=True),
            fields={"salesperson": "by__name", "way": "way"},
            goal=Decimal(90),
            link=lambda touch: (touch.customer.name, touch.get_absolute_url()),
            related=("customer", "by", "record"),
            touched_by={"cadence": None},
        ),
        Figure(
            name="inquiry_conversion",
            label=_("Inquiries won"),
            definition=_(
                "Inquiries that were won, as a share of all that were won or lost; each counts on the day on which it was "
                "closed. Advertising does not count."
            ),
            unit="percent",
            rows=lambda: Inquiry.objects.filter(status="closed", outcome__in=["won", "lost"]),
            day="closed_at",
            is_date=False,
            hit=lambda: Q(outcome="won"),
            fields={"source": "channel", "reason": "closing_reason__code", "salesperson": "owner__name"},
            goal=Decimal(25),
            link=lambda inquiry: (inquiry.number, inquiry.get_absolute_url()),
            related=("customer", "owner"),
            touched_by={"inquiry_closed": None},
        ),
        *(Figure(**one) for one in SAMPLE_FIGURES),
    )
}


def get_figure(name: str) -> Figure:
    """The figure of that name. Raises LookupError naming those that exist."""
    try:
        return FIGURES[name]
    except KeyError:
        raise LookupError(f"There is no figure {name!r}; there are {', '.join(sorted(FIGURES))}") from None
