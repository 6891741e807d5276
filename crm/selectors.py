"""The doors to what this stage knows: who sees which customer and which inquiry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left, Upper

from crm.duplicates import Match, entry_typed, find_matches
from crm.models import (
    AccountPlan,
    Address,
    AppointmentPolicy,
    Call,
    Campaign,
    CampaignRecipient,
    Contact,
    Customer,
    CustomerMerge,
    DuplicatePair,
    IncomingCall,
    Inquiry,
    OwnershipRequest,
    Reception,
    ServiceRecord,
    Visit,
    VisitConsent,
)
from crm.models.cadence import company_today
from crm.models.calls import CallQuerySet
from crm.models.campaigns import CampaignQuerySet
from crm.models.customers import CustomerQuerySet, owned_within
from crm.models.incoming import IncomingCallQuerySet
from crm.models.inquiries import InquiryQuerySet
from crm.models.plans import AccountPlanQuerySet
from crm.models.receptions import ReceptionQuerySet
from crm.models.visits import VisitQuerySet
from crm.routes import distance_m
from foundation.accounts.models import User
from foundation.accounts.routing import owned
from foundation.sla.models import Clock
from foundation.ui import formats
from foundation.ui.phones import e164
from foundation.ui.prepared import prepared

POSTCODE_AREA = 3  # the first characters of a postal code that name an area


def visible_customers(user: Any) -> CustomerQuerySet:
    """Customers that this person may see. Every later stage hangs its own visibility on this rule."""
    return Customer.objects.visible_to(user) if user.has_perm("crm.view_customer") else Customer.objects.none()


def known_region(customer: Customer | None, country: str) -> str:
    """The province or state of a customer's in that country, as an address has it: the office's first. At most one query."""
    if customer is None or not country:
        return ""
    rows = customer.addresses.filter(country=country).exclude(region="").values_list("kind", "is_default", "region")
    found = sorted(rows, key=lambda one: (one[0] != Address.Kind.OFFICE, not one[1]))
    return str(found[0][2]) if found else ""


def visible_contacts(user: Any) -> QuerySet[Contact]:
    """Contacts of visible customers."""
    return _of_visible(Contact.objects.all(), user)


def visible_addresses(user: Any) -> QuerySet[Address]:
    """Addresses of visible customers."""
    return _of_visible(Address.objects.all(), user)


def visible_service_records(user: Any) -> QuerySet[ServiceRecord]:
    """Service records of visible customers, newest first."""
    return _of_visible(ServiceRecord.objects.order_by("-started_at", "-pk"), user)


def visible_inquiries(user: Any) -> InquiryQuerySet:
    """Inquiries that this person may see."""
    return Inquiry.objects.visible_to(user) if user.has_perm("crm.view_inquiry") else Inquiry.objects.none()


def visible_calls(user: Any) -> CallQuerySet:
    """Calls that this person may see."""
    return Call.objects.visible_to(user) if user.has_perm("crm.view_call") else Call.objects.none()


def visible_incoming_calls(user: Any) -> IncomingCallQuerySet:
    """Incoming calls that this person may see."""
    if not user.has_perm("crm.view_incomingcall"):
        return IncomingCall.objects.none()
    return IncomingCall.objects.visible_to(user)


def visible_touches(user: Any) -> CustomerQuerySet:
    """Customers with a next touch: of everybody for whoever sees all customers, otherwise one's own."""
    if not user.has_perm("crm.make_call"):
        return Customer.objects.none()
    rows = visible_customers(user).active().filter(touch_due_on__isnull=False)
    return rows if user.has_perm("crm.view_all_customers") else rows.filter(owner=user.pk)


def touches_due(user: Any) -> tuple[int, bool]:
    """How many of one's own customers are to hear from us by today, and whether one is overdue. One query."""
    if not user.has_perm("crm.make_call"):
        return 0, False
    today = company_today()
    mine = Customer.objects.active().filter(owner=user.pk, touch_due_on__lte=today)
    found = mine.aggregate(count=Count("pk"), first=Min("touch_due_on"))
    return found["count"], bool(found["first"] and found["first"] < today)


def last_consent(customer: Customer) -> VisitConsent | None:
    """The latest consent of this customer to be visited: who agreed, when, and in which call; None without one."""
    here = Q(customer=customer.pk) | Q(customer__merged_into=customer.pk)  # consents are never moved
    rows = VisitConsent.objects.filter(here).select_related("contact", "call", "recorded_by")
    return rows.order_by("-agreed_at", "-pk").first()


def callers() -> QuerySet[User]:
    """Everybody who may make calls, by name."""
    group = Q(groups__permissions__codename="make_call", groups__permissions__content_type__app_label="crm")
    own = Q(user_permissions__codename="make_call", user_permissions__content_type__app_label="crm")
    return User.objects.filter(group | own | Q(is_superuser=True), is_active=True).distinct().order_by("name")


def visible_visits(user: Any) -> VisitQuerySet:
    """Visits that this person may see."""
    return Visit.objects.visible_to(user) if user.has_perm("crm.view_visit") else Visit.objects.none()


def visible_receptions(user: Any) -> ReceptionQuerySet:
    """Receptions that this person may see."""
    return Reception.objects.visible_to(user) if user.has_perm("crm.view_reception") else Reception.objects.none()


def holders() -> QuerySet[User]:
    """Everybody who may hold receptions, by name."""
    group = Q(groups__permissions__codename="hold_reception", groups__permissions__content_type__app_label="crm")
    own = Q(user_permissions__codename="hold_reception", user_permissions__content_type__app_label="crm")
    return User.objects.filter(group | own | Q(is_superuser=True), is_active=True).distinct().order_by("name")


def visible_plans(user: Any) -> AccountPlanQuerySet:
    """Account plans that this person may see."""
    return AccountPlan.objects.visible_to(user) if user.has_perm("crm.view_accountplan") else AccountPlan.objects.none()


def visible_campaigns(user: Any) -> CampaignQuerySet:
    """Campaigns that this person may see: their own, or all for whoever may write to everybody."""
    return Campaign.objects.visible_to(user) if user.has_perm("crm.view_campaign") else Campaign.objects.none()


def visible_recipients(user: Any) -> QuerySet[CampaignRecipient]:
    """What became of visible campaigns."""
    return CampaignRecipient.objects.filter(campaign__in=visible_campaigns(user).order_by())


def visible_pairs(user: Any) -> QuerySet[DuplicatePair]:
    """Pairs of customers that may be one, for whoever decides about them: they see all customers."""
    return DuplicatePair.objects.all() if user.has_perm("crm.view_duplicatepair") else DuplicatePair.objects.none()


def visible_merges(user: Any) -> QuerySet[CustomerMerge]:
    """What was merged, for whoever may look at it."""
    return CustomerMerge.objects.all() if user.has_perm("crm.view_customermerge") else CustomerMerge.objects.none()


def visible_requests(user: Any) -> QuerySet[OwnershipRequest]:
    """Requests for customers: one's own, or all for whoever answers them."""
    if not user.has_perm("crm.view_ownershiprequest"):
        return OwnershipRequest.objects.none()
    return OwnershipRequest.objects.visible_to(user)


def sees_customer(user: Any, pk: int) -> bool:
    """Whether this person may see what was written under this customer's number, also when it was merged since."""
    return visible_customers(user).filter(Q(pk=pk) | Q(merged=pk)).exists()


def only_visible(rows: QuerySet[Any], user: Any, path: str = "customer__") -> QuerySet[Any]:
    """Rows of a later stage whose customer is visible; `path` leads to the customer, `order__customer__` for instance."""
    return rows if user.has_perm("crm.view_all_customers") else rows.filter(owned_within(user, path))


def _of_visible(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return only_visible(rows, user) if user.has_perm("crm.view_customer") else rows.none()


def with_due_time(rows: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
    """Adds `due_at`: when the soonest running promise of each inquiry runs out."""
    clocks = Clock.objects.open().filter(
        content_type=ContentType.objects.get_for_model(Inquiry), object_id=OuterRef("pk")
    )
    return rows.annotate(due_at=Subquery(clocks.order_by("due_at").values("due_at")[:1]))


def due_before(rows: QuerySet[Inquiry], moment: datetime) -> QuerySet[Inquiry]:
    """Inquiries with a promise, or a promised answer, that runs out before the moment."""
    clocks = Clock.objects.open().filter(content_type=ContentType.objects.get_for_model(Inquiry), due_at__lt=moment)
    promised = Q(status__in=Inquiry.UNANSWERED, promised_at__lt=moment)
    return rows.filter(Q(pk__in=clocks.values("object_id")) | promised)


def answerers() -> QuerySet[User]:
    """Everybody who may answer inquiries."""
    group = Q(groups__permissions__codename="answer_inquiry", groups__permissions__content_type__app_label="crm")
    own = Q(user_permissions__codename="answer_inquiry", user_permissions__content_type__app_label="crm")
    return User.objects.filter(group | own, is_active=True).distinct()


def colleagues_for_inquiries() -> tuple[QuerySet[User], dict[int, int]]:
    """Everybody who may answer inquiries, with their languages, and how many wait with each. Three queries."""
    people = answerers().order_by("name").prefetch_related("languages")
    return people, open_inquiries_by_owner([person.pk for person in people])


def matches_of_inquiry(user: Any, inquiry: Inquiry) -> list[Match]:
    """Customers that the sender of an inquiry may be, also those that this person does not see."""
    company = inquiry.company_name or inquiry.contact_name
    phone = e164(inquiry.phone) or inquiry.phone_typed
    entry = entry_typed(names=[company], country=inquiry.country, emails=[inquiry.email], phones=[phone])
    return find_matches(user, entry)


def likely_customers(user: Any, inquiry: Inquiry, limit: int = 5, matches: list[Match] | None = None) -> list[Customer]:
    """Whose sale an inquiry may become, the likeliest first: the one it has, then those that the sender may be."""
    found = [inquiry.customer] if inquiry.customer else []
    known = matches_of_inquiry(user, inquiry) if matches is None else matches
    found += [one.customer for one in known if one.is_visible and one.customer.pk != inquiry.customer_id]
    return found[:limit]


def open_inquiries() -> QuerySet[Inquiry]:
    """All inquiries without an answer, along the index by owner: the load of those who may get the next one."""
    return Inquiry.objects.unanswered().order_by("status", "-received_at")


def open_inquiries_by_owner(owners: list[int]) -> dict[int, int]:
    """How many open inquiries each of these people has, up to a hundred."""
    return {person.pk: person.waiting for person in _busy(owners)}


@prepared
def _busy(owners: list[int]) -> QuerySet[Any]:
    people = User.objects.filter(pk__in=owners).order_by().only("pk")
    return people.annotate(waiting=owned(open_inquiries()))


@dataclass(frozen=True)
class Neighbour:
    """A customer near an address: the place, why it counts as near, and how far it is where both are known."""

    customer: Customer
    address: Address
    nearness: str  # district, area, city
    metres: int | None

    @property
    def is_due(self) -> bool:
        """Whether the customer is to hear from us soon, or should have."""
        day = self.customer.touch_due_on
        return day is not None and day <= company_today() + timedelta(days=AppointmentPolicy.current().nearby_days)

    @property
    def kilometres(self) -> str:
        """How far it is in a straight line, as people read it."""
        return formats.number((self.metres or 0) / 1000, 1)


def neighbours_of(user: Any, address: Address | None, limit: int = 6) -> list[Neighbour]:
    """Visible customers in the same district, postcode area or city, those who are due to hear from us first, then the nearest.

    One query, which looks at two hundred addresses at most.
    """
    if address is None:
        return []
    near = Q(city_upper=address.city.upper()) if address.city else Q()
    if len(address.postal_code) >= POSTCODE_AREA:
        near |= Q(area=address.postal_code[:POSTCODE_AREA]) & ~Q(postal_code="")
    if not near:
        return []
    rows = visible_addresses(user).filter(country=address.country, customer__archived_at=None)
    rows = rows.alias(city_upper=Upper("city"), area=Left("postal_code", POSTCODE_AREA)).filter(near)
    rows = rows.exclude(customer=address.customer_id).select_related("customer").order_by("pk")[:200]
    found: dict[int, Neighbour] = {}
    for one in sorted((_neighbour(address, row) for row in rows), key=_nearest_first):
        found.setdefault(one.customer.pk, one)
    return list(found.values())[:limit]


def _neighbour(here: Address, there: Address) -> Neighbour:
    if here.district and there.district.casefold() == here.district.casefold() and there.city == here.city:
        nearness = "district"
    elif here.postal_code[:POSTCODE_AREA] == there.postal_code[:POSTCODE_AREA] != "":
        nearness = "area"
    else:
        nearness = "city"
    one, other = here.position, there.position
    return Neighbour(there.customer, there, nearness, distance_m(one, other) if one and other else None)


def _nearest_first(one: Neighbour) -> tuple[bool, int, int, float, int]:
    seen = one.customer.last_contact_at.timestamp() if one.customer.last_contact_at else 0.0
    rank = ("district", "area", "city").index(one.nearness)
    return (not one.is_due, rank, one.metres if one.metres is not None else 10**9, seen, one.customer.pk)
