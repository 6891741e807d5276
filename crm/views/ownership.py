"""What the customer's list and page say about ownership: the days that are left, the ways to pool and pairs, the history."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import services
from crm.forms.ownership import HandOverForm
from crm.models import Customer, OwnershipPolicy
from crm.models.cadence import company_today
from crm.pool import protection_label
from crm.selectors import visible_customers
from crm.views.forms import FormPage
from foundation.journal.timeline import History, history, source_names
from foundation.lists.pages import Column, Tab
from foundation.ui import formats, html, parts
from foundation.ui.addresses import page_url
from foundation.ui.presence import lacking

SOON = 7
MOST_MERGED = 20


def days_left(customer: Customer) -> object:
    """How long until the customer goes back, marked when it is soon; what keeps it stands below."""
    if customer.returns_on is None:
        return ""
    left = (customer.returns_on - company_today()).days
    words = ngettext("%(count)s day", "%(count)s days", left) % {"count": left} if left > 0 else _("today")
    state = "late" if left <= 1 else "soon" if left <= SOON else "plain"
    badge = html.badge(words, state, title=formats.day(customer.returns_on), quiet=True)
    if customer.protected_by:
        return html.two_lines(badge, _("kept by: %(what)s") % {"what": protection_label(customer.protected_by)})
    if customer.kept_until is not None and customer.kept_until >= company_today():
        return html.two_lines(badge, _("kept until %(day)s") % {"day": formats.day(customer.kept_until)})
    return badge


RETURNS = Column(
    "returns", gettext_lazy("Days left"), lambda one, page: days_left(one), sort="returns_on", place="fact",
    plain=lambda one, page: one.returns_on or "",
)  # fmt: skip


def _returning(rows: QuerySet[Customer], request: HttpRequest) -> QuerySet[Customer]:
    return rows.filter(returns_on__isnull=False)


RETURNING = Tab("returning", gettext_lazy("Days left"), _returning)


class PoolColumn:
    """The column and the view with the days that are left, while customers return to the pool at all."""

    columns: Any
    tabs: ClassVar[Any]
    tab: Any
    sort: str

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Leave them out while the pool is switched off."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        if not OwnershipPolicy.current().is_on:
            vars(self)["columns"] = tuple(one for one in self.columns if one is not RETURNS)
            vars(self)["tabs"] = tuple(one for one in self.tabs if one is not RETURNING)

    def _order(self) -> tuple[Any, ...]:
        if self.tab is RETURNING and not self.sort:
            return (F("returns_on").asc(), "pk")
        order: tuple[Any, ...] = super()._order()  # type: ignore[misc]
        return order


def ownership_links(user: Any) -> list[parts.Action]:
    """From the list of customers to the pool, the pairs and the requests."""
    found = []
    if user.has_perm("crm.claim_customer"):
        found.append(parts.Action(_("Pool"), page_url("crm:pool"), icon="users"))
    if user.has_perm("crm.view_duplicatepair"):
        found.append(parts.Action(_("Likely duplicates"), page_url("crm:duplicates"), icon="users"))
    if user.has_perm("crm.view_ownershiprequest"):
        found.append(parts.Action(_("Requests"), page_url("crm:ownership-requests"), icon="inbox-arrow-down"))
    return found


def return_facts(customer: Customer) -> list[parts.Fact]:
    """When the customer goes back to the pool, if it does."""
    return [parts.Fact(_("Back to the pool in"), days_left(customer))] if customer.returns_on is not None else []


def history_with_merged(customer: Any, **asked: Any) -> History:
    """A page of the customer's history, with what was written under the numbers of those that were merged into it.

    The page ends where the first of them has more to say, so that the next one continues without a gap.
    """
    found = history(customer_id=customer.pk, without=lacking(customer, source_names()), **asked)
    for pk in (getattr(customer, "merged_ids", None) or [])[:MOST_MERGED]:
        more = history(customer_id=pk, **asked)
        known = {(one.kind, one.id) for one in found.entries if one.id}
        found.entries += [one for one in more.entries if not one.id or (one.kind, one.id) not in known]
        found.pinned += more.pinned
        ends = [one for one in (found.older, more.older) if one is not None]
        found.older = max(ends, default=None)
    if found.older is not None:
        found.entries = [one for one in found.entries if one.when >= found.older]
    found.entries.sort(key=lambda one: (one.when, one.rank), reverse=True)
    return found


class HandOver(FormPage):
    """Give the customer to somebody, with what they must know and the open work."""

    permission = "crm.assign_customer"
    title = gettext_lazy("Hand over the customer")
    submit = gettext_lazy("Hand over")

    def load(self, pk: int) -> None:
        self.object = get_object_or_404(visible_customers(self.request.user).select_related("owner"), pk=pk)
        who = {"name": self.object, "owner": self.object.owner or _("nobody yet")}
        self.lead = _("%(name)s belongs to %(owner)s.") % who  # type: ignore[misc]

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return HandOverForm(data, files, instance=self.object, actor=self.request.user)

    def save(self, form: Any) -> HttpResponse:
        customer, left = services.hand_over_with_note(self.object.pk, actor=self.request.user, **form.values())
        for reason in left[:5]:
            messages.warning(self.request, reason)
        return self.saved(customer, _("The customer belongs to %(name)s now.") % {"name": customer.owner})
