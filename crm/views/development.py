"""The register of newly developed customers."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Avg, Count, F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.development import GIVEN_UP, IN_PROGRESS, OUTCOMES, WON, developed, steps
from crm.filters import colleagues
from crm.models import Customer, GivenUp
from crm.models.cadence import company_zone
from crm.selectors import visible_customers
from foundation.lists.pages import Column, ListPage, Tab
from foundation.ui import formats, html
from foundation.ui.addresses import may_open, page_url

STATES = {WON: "in-time", IN_PROGRESS: "soon", GIVEN_UP: "plain"}


class DevelopmentFilter(django_filters.FilterSet):
    """Since when, by whom, by what way, what became of them."""

    since = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Known since"),
        field_name="created_at",
        widget=django_filters.widgets.DateRangeWidget(attrs={"type": "date"}),
    )
    owner = django_filters.ModelChoiceFilter(label=gettext_lazy("Owner"), queryset=colleagues)
    source = django_filters.ChoiceFilter(label=gettext_lazy("Source"), choices=Customer.Source.choices)
    outcome = django_filters.ChoiceFilter(label=gettext_lazy("Outcome"), choices=OUTCOMES)

    class Meta:
        model = Customer
        fields: tuple[str, ...] = ()


def _this_year(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    now = timezone.now().astimezone(company_zone())
    return rows.filter(created_at__gte=now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0))


def _this_quarter(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    now = timezone.now().astimezone(company_zone())
    first = now.replace(month=now.month - (now.month - 1) % 3, day=1, hour=0, minute=0, second=0, microsecond=0)
    return rows.filter(created_at__gte=first)


def outcome_cell(one: Any) -> object:
    """What became of the customer; with the reason, where it was given up."""
    label = str(dict(OUTCOMES)[one.outcome])
    badge = html.badge(label, STATES[one.outcome], quiet=True)
    if one.outcome != GIVEN_UP:
        return badge
    reason = str(dict(GivenUp.Reason.choices).get(one.given_up_reason, one.given_up_reason))
    return html.two_lines(badge, " · ".join(part for part in (reason, one.given_up_note) if part))


def days_to_order(one: Any) -> str:
    """From the first contact to the first order."""
    if one.first_order_at is None:
        return ""
    return formats.number(max((one.first_order_at - one.first_contact_at).days, 0))


class DevelopmentList(ListPage):
    """Who has been won in a period, who is being won, who was given up, with the steps so far."""

    model = Customer
    title = gettext_lazy("Newly developed customers")
    permission = "crm.view_customer"
    ordering = ("-created_at", "-pk")
    has_search = False
    filterset_class = DevelopmentFilter
    template_name = "crm/developed.html"
    tabs = (
        Tab("year", gettext_lazy("This year"), _this_year),
        Tab("quarter", gettext_lazy("This quarter"), _this_quarter),
        Tab("mine", gettext_lazy("Mine"), lambda rows, request: rows.filter(owner=request.user.pk)),
        Tab("all", gettext_lazy("All")),
    )

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.columns = (
            Column("name", _("Customer"), lambda one, page: html.link(one.name, one.get_absolute_url()), sort="name",
                   place="title", plain=lambda one, page: one.name),
            Column("first", _("First contact"), lambda one, page: html.day(timezone.localdate(one.first_contact_at)), sort="created_at",
                   place="fact", plain=lambda one, page: timezone.localdate(one.first_contact_at)),
            Column("source", _("Source"), lambda one, page: one.get_source_display(), sort="source"),
            Column("owner", _("Owner"), lambda one, page: str(one.owner or "–"), sort="owner__name", place="fact"),
            *(Column(step.code, step.label, _counter(step), is_number=True, plain=_plain_counter(step)) for step in steps()),
            Column("first_order", _("First order"), lambda one, page: html.day(timezone.localdate(one.first_order_at)) if one.first_order_at else "",
                   plain=lambda one, page: timezone.localdate(one.first_order_at) if one.first_order_at else ""),
            Column("days", _("Days to the first order"), lambda one, page: days_to_order(one), place="wide", is_number=True),
            Column("outcome", _("Outcome"), lambda one, page: outcome_cell(one), place="fact",
                   plain=lambda one, page: str(dict(OUTCOMES)[one.outcome])),
        )  # fmt: skip

    def visible(self, user: Any) -> QuerySet[Customer]:
        return visible_customers(user).filter(import_source="")

    def queryset(self) -> QuerySet[Customer]:
        names = ("name", "source", "created_at", "owner__name", "owner__email")
        return developed(super().queryset().select_related("owner").only(*names))

    def _context(self, queryset: QuerySet[Any] | None, filterset: Any) -> dict[str, Any]:
        context = super()._context(queryset, filterset)
        assert queryset is not None
        context["summary"] = self._summary(queryset)
        return context

    def _summary(self, rows: QuerySet[Any]) -> list[tuple[str, str]]:
        """How many, what became of them, and how long it took: of everything that the address narrows to. One query."""
        said = rows.order_by().aggregate(
            known=Count("pk"),
            won=Count("pk", filter=Q(outcome=WON)),
            given_up=Count("pk", filter=Q(outcome=GIVEN_UP)),
            took=Avg(F("first_order_at") - F("first_contact_at"), filter=Q(outcome=WON)),
        )
        settled = said["won"] + said["given_up"]
        days = said["took"].total_seconds() / 86_400 if said["took"] is not None else None
        return [
            (_("Newly developed"), formats.number(said["known"])),
            (_("Won"), formats.number(said["won"])),
            (_("In progress"), formats.number(said["known"] - settled)),
            (_("Given up"), formats.number(said["given_up"])),
            (_("Won of those decided"), formats.percent(100 * said["won"] / settled) if settled else "–"),
            (
                _("First order after"),
                ngettext("%(days)s day", "%(days)s days", round(days)) % {"days": formats.number(max(round(days), 0))}
                if days is not None
                else "–",
            ),
        ]


def _counter(step: Any) -> Any:
    def cell(one: Any, page: Any) -> object:
        count = getattr(one, f"step_{step.code}")
        rows = f"{page_url(step.url)}?view=all&customer={one.pk}"
        return html.link(formats.number(count), rows if may_open(page.request.user, rows) else "") if count else ""

    return cell


def _plain_counter(step: Any) -> Any:
    return lambda one, page: getattr(one, f"step_{step.code}")
