"""Likely duplicates: the hint while somebody types, asking for a colleague's customer, and the pairs that are to be decided."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from crm import services, tax_numbers
from crm.duplicates import Match, entry_typed, find_matches
from crm.forms.ownership import ApartForm, AskForm
from crm.models import WHY, Customer, DuplicatePair
from crm.selectors import visible_pairs
from crm.views.forms import FormPage
from foundation.lists.pages import Column, ListPage, Tab
from foundation.ui import html, parts
from foundation.ui.addresses import page_url

SALT = "crm.duplicates"
TYPED = (
    "name", "local_name", "country", "contact_name", "contact_email", "contact_phone", "contact_mobile", "website", "tax_number", "email", "phone",
    "mobile", "other_email",
)  # fmt: skip
LONGEST = 200


def typed_entry(values: Any, *, person: bool = False) -> Any:
    """What a form holds, as something to compare; a person's name says nothing about their company."""

    def said(*names: str) -> list[str]:
        return [str(values.get(name) or "")[:LONGEST] for name in names]

    return entry_typed(
        names=() if person else said("name", "local_name"),
        country=str(values.get("country") or "")[:2],
        emails=said("contact_email", "email", "other_email"),
        phones=said("contact_phone", "contact_mobile", "phone", "mobile"),
        website=said("website")[0],
        tax_number=said("tax_number")[0],
    )


def ask_token(match: Match, typed: str) -> str:
    """Lets somebody ask for a customer that they do not see, and only for one that they met."""
    return signing.dumps({"customer": match.customer.pk, "typed": typed[:200]}, salt=SALT, compress=True)


@login_required
@require_POST
def hint(request: HttpRequest) -> HttpResponse:
    """A few lines below the form: who may be meant already. It keeps nobody from typing on."""
    if not (request.user.has_perm("crm.add_customer") or request.user.has_perm("crm.add_contact")):
        raise PermissionDenied
    is_person = request.POST.get("of") == "person"
    exclude = request.POST.get("exclude", "")
    own = int(exclude) if exclude.isascii() and exclude.isdigit() and len(exclude) < 18 else 0
    found = find_matches(request.user, typed_entry(request.POST, person=is_person), exclude=own)
    complaint = tax_numbers.complaint(request.POST.get("tax_number", "")[:40], request.POST.get("country", "")[:2])
    return render(
        request, "crm/duplicates.html", {**hint_context(request, found), "complaint": complaint, "is_person": is_person}
    )


def hint_context(request: HttpRequest, found: list[Match]) -> dict[str, Any]:
    """What the hint's template takes."""
    typed = " · ".join(part for part in (request.POST.get("name", ""), request.POST.get("contact_email", "")) if part)
    may_ask = request.user.has_perm("crm.add_ownershiprequest")
    shown = [(one, ask_token(one, typed) if may_ask and not one.is_visible else "") for one in found]
    return {"matches": shown}


class AskForCustomer(FormPage):
    """Ask the manager for a customer that belongs to a colleague; reached from the hint alone."""

    permission = "crm.add_ownershiprequest"
    title = gettext_lazy("Ask the manager")
    submit = gettext_lazy("Ask")

    def _asked(self) -> dict[str, Any]:
        try:
            said: dict[str, Any] = signing.loads(self.request.GET.get("for", ""), salt=SALT, max_age=86_400)
        except signing.BadSignature as error:
            raise Http404 from error
        return said

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        customer = get_object_or_404(Customer.objects.select_related("owner"), pk=self._asked()["customer"])
        lead = _("A customer like this exists and belongs to %(name)s.") % {"name": customer.owner or "–"}
        self.lead = lead  # type: ignore[misc]
        return AskForm(data)

    def save(self, form: Any) -> HttpResponse:
        asked = self._asked()
        request = services.ask_for_customer(
            asked["customer"], actor=self.request.user, typed=asked["typed"], **form.cleaned_data
        )
        return self.saved(request, _("The manager is asked. You will hear of the answer."))

    def cancel_url(self) -> str:
        return page_url("crm:customers")


class PairFilter(django_filters.FilterSet):
    """By what they are alike."""

    reason = django_filters.ChoiceFilter(
        label=gettext_lazy("Because of"), field_name="reasons", choices=list(WHY.items()), method="of_reason"
    )

    class Meta:
        model = DuplicatePair
        fields: list[str] = []

    def of_reason(self, rows: Any, name: str, value: str) -> Any:
        """Pairs that have this among their reasons."""
        return rows.filter(reasons__contains=[value])


def _customer(one: Customer) -> object:
    name = html.link(one.name, one.get_absolute_url()) if one.merged_into_id is None else one.name
    owner = str(one.owner or _("nobody yet"))
    return html.two_lines(name, " · ".join(part for part in (one.number, one.local_name, owner) if part))


class PairList(ListPage):
    """Customers that may be one, the surest first."""

    model = DuplicatePair
    title = gettext_lazy("Likely duplicates")
    permission = "crm.view_duplicatepair"
    ordering = ("-weight", "pk")
    filterset_class = PairFilter
    has_search = False
    columns = (
        Column("first", gettext_lazy("Customer"), lambda one, page: _customer(one.first), place="title",
               plain=lambda one, page: f"{one.first.number} {one.first.name}"),
        Column("second", gettext_lazy("Other customer"), lambda one, page: _customer(one.second), place="fact",
               plain=lambda one, page: f"{one.second.number} {one.second.name}"),
        Column("why", gettext_lazy("Because of"), lambda one, page: one.why, place="fact"),
        Column("weight", gettext_lazy("How sure"), lambda one, page: f"{one.weight} %", sort="weight", is_number=True),
        Column("verdict", gettext_lazy("Decision"), lambda one, page: html.two_lines(one.get_verdict_display(), one.reason), place="wide"),
        Column("do", gettext_lazy("Decide"), lambda one, page: _decide(one), place="end", plain=lambda one, page: ""),
    )  # fmt: skip
    tabs = (
        Tab("open", pgettext_lazy("pairs of customers", "To decide"), lambda rows, request: rows.filter(verdict="open", first__archived_at=None, second__archived_at=None)),
        Tab("different", gettext_lazy("Not the same"), lambda rows, request: rows.filter(verdict="different")),
        Tab("merged", gettext_lazy("Merged"), lambda rows, request: rows.filter(verdict="merged")),
        Tab("all", gettext_lazy("All")),
    )  # fmt: skip

    def visible(self, user: Any) -> QuerySet[DuplicatePair]:
        return visible_pairs(user)

    def queryset(self) -> QuerySet[DuplicatePair]:
        return super().queryset().select_related("first__owner", "second__owner")

    def actions(self) -> list[parts.Action]:
        found = [parts.Action(_("Customers"), page_url("crm:customers"), icon="building-office")]
        if self.request.user.has_perm("crm.view_customermerge"):
            found.append(parts.Action(_("Merges"), page_url("crm:merges"), icon="arrow-uturn-left"))
        return found


def _decide(pair: DuplicatePair) -> object:
    if pair.verdict != DuplicatePair.Verdict.OPEN:
        return ""
    compare = f"{pair.first.get_absolute_url()}do/merge/?with={pair.second_id}"
    return html.two_lines(
        html.link(_("Compare and merge"), compare),
        html.link(_("Not the same"), reverse("crm:pair-apart", args=[pair.pk])),
    )


class TellApart(FormPage):
    """Two customers that look alike are two."""

    permission = "crm.merge_customers"
    title = gettext_lazy("Not the same")
    submit = gettext_lazy("They are two customers")

    def load(self, pk: int) -> None:
        self.pair = get_object_or_404(visible_pairs(self.request.user).select_related("first", "second"), pk=pk)
        self.lead = f"{self.pair.first} · {self.pair.second}"  # type: ignore[misc]

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return ApartForm(data)

    def save(self, form: Any) -> HttpResponse:
        services.tell_apart(self.pair.pk, actor=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Remembered: they are two customers."))
        return redirect("crm:duplicates")

    def cancel_url(self) -> str:
        return page_url("crm:duplicates")
