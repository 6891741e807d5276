"""The pool: customers that are nobody's, to be claimed, assigned and released."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from crm import services
from crm.forms.ownership import AssignPoolForm
from crm.models import Customer, OwnershipPolicy, OwnershipSpell
from crm.services.ownership import refusal_of_claim
from foundation.journal.machine import Refused
from foundation.lists.pages import Column, ListPage, Tab
from foundation.ui import html, parts
from foundation.ui.addresses import page_url
from foundation.ui.places import countries, customer_languages
from foundation.ui.submissions import new_token, submit_once

SHOWN = ("name", "local_name", "number", "kind", "tier", "country", "last_contact_at", "owner")
MOST_ASSIGNED = 200


class PoolFilter(django_filters.FilterSet):
    """Kind, tier, country, language, source."""

    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=Customer.Kind.choices)
    tier = django_filters.ChoiceFilter(label=gettext_lazy("Tier"), choices=Customer.Tier.choices)
    country = django_filters.ChoiceFilter(label=gettext_lazy("Country"), choices=countries)
    language = django_filters.ChoiceFilter(label=gettext_lazy("Language"), choices=customer_languages)
    source = django_filters.ChoiceFilter(label=gettext_lazy("Source"), choices=Customer.Source.choices)

    class Meta:
        model = Customer
        fields: list[str] = []


def visible_pool(user: Any) -> QuerySet[Customer]:
    """What is in the pool, for whoever may claim or assign from it."""
    if not (user.has_perm("crm.claim_customer") or user.has_perm("crm.assign_customer")):
        return Customer.objects.none()
    return Customer.objects.active().filter(owner=None, merged_into=None)


def claimable(user: Any) -> QuerySet[Customer]:
    """What somebody may have seen in the pool: what is there, and what was taken out of it within the hour."""
    lately = OwnershipSpell.objects.filter(ended_at=None, began_at__gt=timezone.now() - timedelta(hours=1))
    taken = lately.filter(began_by__in=(OwnershipSpell.How.CLAIMED, OwnershipSpell.How.ASSIGNED))
    rows = Customer.objects.filter(merged_into=None)
    return rows.filter(Q(owner=None) | Q(owner=user.pk) | Q(pk__in=taken.values("customer")))


class PoolList(ListPage):
    """Customers that are nobody's, the newest first."""

    model = Customer
    title = gettext_lazy("Pool of customers")
    permission = "crm.claim_customer"
    ordering = ("-pk",)
    filterset_class = PoolFilter
    columns = (
        Column("name", gettext_lazy("Name"),
               lambda one, page: html.two_lines(html.link(one.name, one.get_absolute_url()), one.local_name),
               sort="name", place="title", plain=lambda one, page: one.name),
        Column("number", gettext_lazy("Number"), lambda one, page: html.number(one.number), sort="number"),
        Column("kind", gettext_lazy("Kind"), lambda one, page: one.get_kind_display(), sort="kind"),
        Column("tier", gettext_lazy("Tier"), lambda one, page: one.get_tier_display(), sort="tier", place="fact"),
        Column("country", gettext_lazy("Country"), lambda one, page: one.country_label, sort="country", place="fact"),
        Column("last_contact", gettext_lazy("Last contact"), lambda one, page: html.when(one.last_contact_at), sort="last_contact_at",
               plain=lambda one, page: one.last_contact_at),
        Column("former", gettext_lazy("Was with"), lambda one, page: _former(one, page), place="fact"),
        Column("claim", gettext_lazy("Claim"), lambda one, page: _claim(one, page), place="end", plain=lambda one, page: ""),
    )  # fmt: skip
    tabs = (
        Tab("all", gettext_lazy("All")),
        Tab("returned", gettext_lazy("Had an owner"), lambda rows, request: rows.filter(spells__ended_at__isnull=False).distinct()),
        Tab("never", gettext_lazy("Never contacted"), lambda rows, request: rows.filter(last_contact_at=None)),
    )  # fmt: skip

    def visible(self, user: Any) -> QuerySet[Customer]:
        return visible_pool(user)

    def queryset(self) -> QuerySet[Customer]:
        return super().queryset().only(*SHOWN)

    def prepare(self, rows: list[Any]) -> None:
        spells = OwnershipSpell.objects.filter(customer__in=[one.pk for one in rows]).select_related("owner")
        latest = spells.order_by("customer", "-ended_at").distinct("customer")
        self.extra["former"] = {one.customer_id: one for one in latest}
        self.extra["csrf"] = get_token(self.request)

    def actions(self) -> list[parts.Action]:
        return [parts.Action(_("Customers"), page_url("crm:customers"), icon="building-office")]

    def bulk(self) -> list[parts.Action]:
        if not self.request.user.has_perm("crm.assign_customer"):
            return []
        return [parts.Action(_("Assign to a colleague"), reverse("crm:pool-assign"))]

    def _context(self, queryset: Any, filterset: Any) -> dict[str, Any]:
        context = super()._context(queryset, filterset)
        context["page"].lead = pool_lead(self.request.user)
        return context


def pool_lead(user: Any) -> str:
    """What limits this person, or that there are none."""
    if not OwnershipPolicy.current().is_on:
        return _("Customers that are nobody's. Whoever claims one has it.")
    return refusal_of_claim(user, []) or _("Customers that are nobody's. You can claim some now.")


def _former(customer: Customer, page: ListPage) -> object:
    spell = page.extra["former"].get(customer.pk)
    if spell is None:
        return "–"
    return html.two_lines(str(spell.owner), spell.get_ended_by_display())


def _claim(customer: Customer, page: ListPage) -> object:
    url = reverse("crm:pool-claim", args=[customer.pk])
    context = {"customer": customer, "url": url, "csrf_token": page.extra["csrf"], "submission": new_token()}
    return render_to_string("crm/pool_claim.html", context)


@require_POST
@permission_required("crm.claim_customer", raise_exception=True)
@submit_once
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a customer out of the pool; who was slower, or has reached a limit, is told why and until when."""
    customer = get_object_or_404(claimable(request.user), pk=pk)
    try:
        services.claim_customer(pk, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("crm:pool")
    messages.success(request, _("%(name)s is yours now.") % {"name": customer})
    return redirect(customer.get_absolute_url())


@require_POST
@permission_required("crm.assign_customer", raise_exception=True)
@submit_once
def assign(request: HttpRequest) -> HttpResponse:
    """Ticked customers of the pool go to a colleague; which colleague is asked on a page of its own."""
    picked = [one for one in request.POST.getlist("pk") if one.isascii() and one.isdigit() and len(one) < 18]
    rows = visible_pool(request.user).filter(pk__in=picked[:MOST_ASSIGNED])
    if not rows:
        messages.error(request, _("Tick at least one customer that is in the pool."))
        return redirect("crm:pool")
    is_chosen = "owner" in request.POST
    form = AssignPoolForm(request.POST if is_chosen else None, rows=rows, initial={"pk": list(rows)})
    if not is_chosen or not form.is_valid():
        return render(request, "ui/form.html", _assign_page(form, len(rows)), status=422 if is_chosen else 200)
    try:
        chosen = [one.pk for one in form.cleaned_data["pk"]]
        given, left = services.assign_from_pool(chosen, actor=request.user, owner=form.cleaned_data["owner"])
    except Refused as refusal:
        form.add_error("owner", refusal.message)
        return render(request, "ui/form.html", _assign_page(form, len(rows)), status=422)
    said = ngettext("%(count)s customer assigned to %(name)s.", "%(count)s customers assigned to %(name)s.", given)
    messages.success(request, said % {"count": given, "name": form.cleaned_data["owner"]})
    for reason in left[:5]:
        messages.error(request, reason)
    return redirect("crm:pool")


def _assign_page(form: Any, count: int) -> dict[str, Any]:
    lead = ngettext("%(count)s customer of the pool", "%(count)s customers of the pool", count) % {"count": count}
    return {
        "form": form,
        "title": _("Assign to a colleague"),
        "lead": lead,
        "submit": _("Assign"),
        "cancel_url": page_url("crm:pool"),
        "crumbs": [parts.Crumb(_("Pool of customers"), page_url("crm:pool"))],
        "action": reverse("crm:pool-assign"),
    }
