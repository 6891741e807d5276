"""Whom a campaign goes to: the kept filter of a list of customers, or rows that were ticked in it.

Lists register how their address is read, so that neither services nor later stages import a page. The address is kept
and not the customers: whom it means is found out when the campaign is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import Campaign, Customer
from foundation.ui import formats

ALL_CUSTOMERS = "crm.send_to_all"


@dataclass(frozen=True)
class CustomerSource:
    """A list of customers: `rows(user, query)` gives those at an address, `said(user, query)` what the address says."""

    label: Any
    url_name: str
    rows: Callable[[Any, str], QuerySet[Customer]]
    said: Callable[[Any, str], list[str]]


_sources: dict[str, CustomerSource] = {}


def register_customer_source(code: str, source: CustomerSource) -> None:
    """Let campaigns be sent to the customers of a list."""
    _sources[code] = source


def get_source(code: str) -> CustomerSource | None:
    """The list, or None."""
    return _sources.get(code)


def chosen(owner: Any, *, source: str, asked: str, picked: list[int]) -> QuerySet[Customer]:
    """The customers meant, at this moment, of those that the owner may write to; in no order.

    Whoever may not write to everybody reaches their own customers only.
    """
    found = get_source(source)
    if found is None or not owner.has_perm("crm.plan_campaign"):
        return Customer.objects.none()
    rows = found.rows(owner, "" if picked else asked).defer(None)
    if picked:
        rows = rows.filter(pk__in=picked)
    if not owner.has_perm(ALL_CUSTOMERS):
        rows = rows.filter(owner=owner.pk)
    return rows


def customers_of(campaign: Campaign) -> QuerySet[Customer]:
    """Whom the campaign would reach now."""
    return chosen(campaign.owner, source=campaign.source, asked=campaign.asked, picked=campaign.picked)


def in_words(campaign: Campaign) -> str:
    """The segment as a sentence: “Customers: Kind: Dealer · Country: Germany”."""
    if campaign.picked:
        count = len(campaign.picked)
        return ngettext("%(count)s customer, ticked in the list", "%(count)s customers, ticked in the list", count) % {
            "count": formats.number(count)
        }
    found = get_source(campaign.source)
    if found is None:
        return campaign.asked
    said = found.said(campaign.owner, campaign.asked)
    return " · ".join(said) if said else _("All customers of the list")


def by_language(campaign: Campaign) -> dict[str, int]:
    """How many of the customers are written to in which language, by the language of the customer. One query."""
    rows = customers_of(campaign).values_list("language").annotate(number=Count("pk", distinct=True)).order_by()
    return {str(language): number for language, number in rows}
