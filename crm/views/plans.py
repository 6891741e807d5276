"""Account plans: the list, the page of one, and its forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.context_processors import csrf
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext
from django.views.decorators.http import require_POST

from crm.filters import colleagues
from crm.forms.plans import PlanForm
from crm.models import PLANNED_TIERS, AccountPlan, Customer
from crm.models.cadence import company_today
from crm.selectors import visible_customers, visible_plans
from crm.services import plans
from crm.views.forms import FormPage
from foundation.journal.machine import Refused
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import formats, html, parts
from foundation.ui.addresses import page_url, record_url
from foundation.ui.lines import draw_facts

STATES = {"draft": "plain", "active": "in-time", "archived": "done"}


def status_badge(plan: AccountPlan) -> SafeString:
    """The state as a word with its mark."""
    return html.badge(plan.get_status_display(), STATES[plan.status], quiet=True)


def review_badge(plan: AccountPlan) -> object:
    """When it is looked at again; marked once that day has come."""
    if plan.review_on is None:
        return ""
    is_due = plan.status == AccountPlan.Status.ACTIVE and plan.review_on <= company_today()
    shown = formats.day(plan.review_on)
    return html.badge(shown, "late", quiet=True) if is_due else shown


def sum_of(plan: AccountPlan, amount: Any) -> str:
    """An amount in the plan's currency, empty for none."""
    return formats.money(amount, plan.currency) if amount is not None else ""


class PlanFilter(django_filters.FilterSet):
    """Of whom, of which year, who leads it, of which tier."""

    customer = django_filters.NumberFilter(label=gettext_lazy("Customer"), widget=forms.HiddenInput)
    status = django_filters.ChoiceFilter(label=gettext_lazy("Status"), choices=AccountPlan.Status.choices)
    year = django_filters.NumberFilter(label=gettext_lazy("Year"))
    owner = django_filters.ModelChoiceFilter(label=gettext_lazy("Leads the plan"), queryset=colleagues)
    tier = django_filters.ChoiceFilter(label=gettext_lazy("Tier"), field_name="customer__tier", choices=Customer.Tier.choices)  # fmt: skip

    class Meta:
        model = AccountPlan
        fields: tuple[str, ...] = ()


def _to_review(rows: Any, request: HttpRequest) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.to_review(company_today())
    return found


class PlanList(ListPage):
    """The plans of all key accounts."""

    model = AccountPlan
    title = gettext_lazy("Account plans")
    permission = "crm.view_accountplan"
    ordering = ("-year", "customer__name", "pk")
    has_search = False
    filterset_class = PlanFilter
    columns = (
        Column("customer", gettext_lazy("Customer"), lambda one, page: html.link(one.customer.name, one.get_absolute_url()),
               sort="customer__name", place="title", plain=lambda one, page: one.customer.name),
        Column("year", gettext_lazy("Year"), lambda one, page: str(one.year), sort="year", place="fact"),
        Column("status", gettext_lazy("Status"), lambda one, page: status_badge(one), sort="status", place="fact",
               plain=lambda one, page: one.get_status_display()),
        Column("tier", gettext_lazy("Tier"), lambda one, page: one.customer.get_tier_display(), sort="customer__tier"),
        Column("goal", gettext_lazy("Volume wanted"), lambda one, page: sum_of(one, one.volume_goal), sort="volume_goal", is_number=True),
        Column("potential", gettext_lazy("Potential"), lambda one, page: sum_of(one, one.potential), sort="potential", is_number=True),
        Column("review", gettext_lazy("Next review"), lambda one, page: review_badge(one), sort="review_on", place="fact",
               plain=lambda one, page: one.review_on),
        Column("owner", gettext_lazy("Leads the plan"), lambda one, page: str(one.owner or "–"), sort="owner__name", place="fact"),
    )  # fmt: skip
    tabs = (
        Tab("open", gettext_lazy("Open"), lambda rows, request: rows.filter(status__in=AccountPlan.OPEN)),
        Tab("mine", gettext_lazy("Mine"), lambda rows, request: rows.filter(owner=request.user.pk)),
        Tab("review", gettext_lazy("To be reviewed"), _to_review),
        Tab("all", gettext_lazy("All")),
    )

    def visible(self, user: Any) -> QuerySet[AccountPlan]:
        return visible_plans(user)

    def queryset(self) -> QuerySet[AccountPlan]:
        return super().queryset().select_related("customer", "owner").defer("customer__search")

    def row_state(self, obj: Any) -> str:
        is_due = obj.status == "active" and obj.review_on is not None and obj.review_on <= company_today()
        return "late" if is_due else ""


class PlanPage(RecordPage):
    """One customer, one year."""

    model = AccountPlan
    namespace = "crm"
    name = "account-plan"
    type_label = gettext_lazy("Account plan")
    list_label = gettext_lazy("Account plans")
    list_name = "account-plans"
    permission = "crm.view_accountplan"

    def visible(self, user: Any) -> QuerySet[AccountPlan]:
        return visible_plans(user).select_related("customer__service_owner", "owner", "previous")

    def title(self, obj: AccountPlan) -> str:
        return _("Account plan %(plan)s") % {"plan": obj}

    def subtitle(self, obj: AccountPlan, request: HttpRequest) -> object:
        return html.link(obj.customer.name, obj.customer.get_absolute_url())

    def edit_url(self, obj: AccountPlan, user: Any) -> str:
        may = user.has_perm(plans.MAY) and obj.status in AccountPlan.OPEN
        return reverse("crm:account-plan-edit", args=[obj.pk]) if may else ""

    def after(self, obj: AccountPlan, action: str, result: Any) -> str:
        return str(result.get_absolute_url()) if action == "next-year" else super().after(obj, action, result)

    def facts(self, obj: AccountPlan, request: HttpRequest) -> list[parts.Fact]:
        edit = self.edit_url(obj, request.user)
        return [
            parts.Fact(_("Leads the plan"), str(obj.owner or ""), edit),
            parts.Fact(_("Service owner"), str(obj.customer.service_owner or "")),
            parts.Fact(_("Tier"), obj.customer.get_tier_display()),
            parts.Fact(_("Volume wanted"), sum_of(obj, obj.volume_goal), edit),
            parts.Fact(_("Potential"), sum_of(obj, obj.potential), edit),
            parts.Fact(_("Next review"), review_badge(obj), edit),
        ]

    def related(self, obj: AccountPlan, request: HttpRequest) -> list[parts.Related]:
        years = AccountPlan.objects.filter(customer=obj.customer_id).count()
        url = f"{page_url('crm:account-plans')}?view=all&customer={obj.customer_id}"
        return [parts.Related(npgettext("counter", "Year", "Years", years), url, years)]

    def sections(self, obj: AccountPlan, request: HttpRequest) -> list[object]:
        found: list[object] = [
            parts.Section(title, render_to_string("crm/words.html", {"text": text}))
            for title, text in (
                (_("Goals"), obj.goals),
                (_("Competitors"), obj.competitors),
                (_("Risks"), obj.risks),
            )
            if text
        ]
        may = request.user.has_perm(plans.MAY) and obj.status in AccountPlan.OPEN
        people = obj.people.select_related("contact").order_by("pk")
        context = {"people": people, "plan": obj, "may_edit": may, **csrf(request)}
        place = (
            parts.Action(_("Place somebody"), reverse("crm:account-plan-do", args=[obj.pk, "person"])) if may else None
        )
        found.append(parts.Section(_("People"), render_to_string("crm/plan_people.html", context), "people", place))
        return found


class NewPlan(FormPage):
    """The plan of a customer for a year."""

    permission = plans.MAY
    title = gettext_lazy("New account plan")

    def load(self, pk: int) -> None:
        self.object = get_object_or_404(visible_customers(self.request.user).select_related("owner"), pk=pk)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        initial = {"year": timezone.localdate().year, "owner": self.object.owner_id, "currency": "USD"}
        return PlanForm(data, files, is_new=True, initial=initial)

    def save(self, form: Any) -> HttpResponse:
        plan = plans.create_plan(self.object.pk, actor=self.request.user, **form.values())
        return self.saved(plan, _("The plan is a draft."))


class EditPlan(FormPage):
    """Change what the plan says."""

    permission = plans.MAY
    title = gettext_lazy("Edit the account plan")

    def load(self, pk: int) -> None:
        self.object = get_object_or_404(visible_plans(self.request.user).select_related("customer", "owner"), pk=pk)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return PlanForm(data, files, is_new=False, initial=PlanForm.values_of(self.object))

    def save(self, form: Any) -> HttpResponse:
        version = form.cleaned_data["version"] or 0
        plan = plans.update_plan(self.object.pk, actor=self.request.user, version=version, **form.values())
        return self.saved(plan, _("Saved."))

    def fresh_version(self) -> object:
        return AccountPlan.objects.values_list("version", flat=True).get(pk=self.object.pk)


@require_POST
@permission_required(plans.MAY, raise_exception=True)
def remove_person(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    """Somebody does not matter for the plan."""
    plan = get_object_or_404(visible_plans(request.user), pk=pk)
    try:
        plans.remove_person(plan.pk, contact_pk, actor=request.user)
        messages.success(request, _("Taken off the plan."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{record_url('crm:account-plan', plan.pk)}#people")


def plan_section(customer: Customer, user: Any) -> parts.Section | None:
    """On the customer's page: the plan of this year, or the way to one for those who are looked after by a plan."""
    if not user.has_perm("crm.view_accountplan"):
        return None
    newest: dict[str, Any] | None = customer.newest_plan  # type: ignore[attr-defined]
    wants = customer.tier in PLANNED_TIERS and user.has_perm(plans.MAY)
    new = parts.Action(_("New plan"), reverse("crm:account-plan-new", args=[customer.pk])) if wants else None
    if newest is None:
        text = format_html('<p class="muted">{}</p>', _("There is no plan for this customer yet."))
        return parts.Section(_("Account plan"), text, "plan", new) if wants else None
    plan = AccountPlan(
        pk=newest["id"], year=newest["year"], status=newest["status"], currency=newest["currency"],
        review_on=date.fromisoformat(newest["review_on"]) if newest["review_on"] else None,
    )  # fmt: skip
    goal = sum_of(plan, Decimal(str(newest["goal"]))) if newest["goal"] is not None else "–"
    body = draw_facts(
        [
            parts.Fact(_("Plan"), html.link(str(plan.year), plan.get_absolute_url())),
            parts.Fact(_("Status"), status_badge(plan)),
            parts.Fact(_("Volume wanted"), goal),
            parts.Fact(_("Next review"), review_badge(plan)),
        ]
    )
    return parts.Section(_("Account plan"), body, "plan", new if plan.year < timezone.localdate().year else None)


def newest_plan() -> Subquery:
    """For a query of customers: the newest plan of each, as much of it as the customer's page says."""
    rows = AccountPlan.objects.filter(customer=OuterRef("pk")).order_by("-year")
    said = JSONObject(
        id="pk", year="year", status="status", currency="currency", review_on="review_on", goal="volume_goal"
    )
    return Subquery(rows.values(said=said)[:1])
