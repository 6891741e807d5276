"""The doors to what this stage knows: who sees which customer and which inquiry."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from crm.models import Address, Contact, Customer, Inquiry, ServiceRecord
from crm.models.customers import owned_within


def visible_customers(user: Any) -> QuerySet[Customer]:
    """Customers that this person may see. Every later stage hangs its own visibility on this rule."""
    return Customer.objects.visible_to(user) if user.has_perm("crm.view_customer") else Customer.objects.none()


def visible_contacts(user: Any) -> QuerySet[Contact]:
    """Contacts of visible customers."""
    return _of_visible(Contact.objects.all(), user)


def visible_addresses(user: Any) -> QuerySet[Address]:
    """Addresses of visible customers."""
    return _of_visible(Address.objects.all(), user)


def visible_service_records(user: Any) -> QuerySet[ServiceRecord]:
    """Service records of visible customers, newest first."""
    return _of_visible(ServiceRecord.objects.order_by("-started_at", "-pk"), user)


def visible_inquiries(user: Any) -> QuerySet[Inquiry]:
    """Inquiries that this person may see."""
    return Inquiry.objects.visible_to(user) if user.has_perm("crm.view_inquiry") else Inquiry.objects.none()


def only_visible(rows: QuerySet[Any], user: Any, path: str = "customer__") -> QuerySet[Any]:
    """Rows of a later stage whose customer is visible; `path` leads to the customer, `order__customer__` for instance."""
    return rows if user.has_perm("crm.view_all_customers") else rows.filter(owned_within(user, path))


def _of_visible(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    return only_visible(rows, user) if user.has_perm("crm.view_customer") else rows.none()


def open_inquiries_by_owner(owners: list[int]) -> dict[int, int]:
    """How many open inquiries each of these people has."""
    rows = Inquiry.objects.unanswered().filter(owner__in=owners).values_list("owner").annotate(n=Count("pk")).order_by()
    return {owner: n for owner, n in rows if owner is not None}
