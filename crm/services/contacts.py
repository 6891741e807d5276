"""The people at a customer."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F

from crm.models import Contact, Customer
from crm.senders import company_domain
from crm.services import changes
from crm.services.keys import keep_keys
from foundation.journal.services import record

EDITABLE = (
    "name", "position", "phone", "mobile", "email", "other_email", "language", "preferred_channel", "is_decision_maker", "is_main",
    "no_email", "no_sms", "no_calls", "remark", "left_at",
)  # fmt: skip


def tidy(values: dict[str, Any]) -> dict[str, Any]:
    """Email addresses are compared without regard to case, so they are kept in small letters."""
    return {name: value.lower() if name in ("email", "other_email") else value for name, value in values.items()}


@transaction.atomic
def add_contact(customer_id: int, *, actor: Any, **values: Any) -> Contact:
    """Somebody more at the customer; the first one becomes the main contact."""
    if unknown := set(values) - set(EDITABLE):
        raise TypeError(f"A contact is not made with {', '.join(sorted(unknown))}")
    values = tidy(values)
    customer = changes.lock(Customer, customer_id)
    contact = Contact(customer=customer, **values)
    others = customer.contacts.filter(is_main=True)
    contact.is_main = contact.is_main or not others.exists()
    if contact.is_main:
        others.update(is_main=False, version=F("version") + 1)
    contact.save(force_insert=True)
    _remember_on(customer, contact)
    record("contact.added", customer, actor=actor, facts={"contact_id": contact.pk}, private={"name": contact.name})
    return contact


@transaction.atomic
def update_contact(pk: int, *, actor: Any, version: int | None = None, **values: Any) -> Contact:
    """Change what is given; Refused when somebody saved since `version`."""
    if unknown := set(values) - set(EDITABLE):
        raise TypeError(f"These fields of a contact are not for editing: {', '.join(sorted(unknown))}")
    customer = changes.lock(Customer, Contact.objects.values_list("customer", flat=True).get(pk=pk))
    contact = changes.lock(Contact, pk)
    contact.customer = customer
    changes.refuse_if_changed(contact, version, customer)
    changed = changes.apply(contact, tidy(values))
    if not changed:
        return contact
    if "is_main" in changed and contact.is_main:
        customer.contacts.filter(is_main=True).exclude(pk=pk).update(is_main=False, version=F("version") + 1)
    contact.version += 1
    contact.save(update_fields=[*changed, "version", "updated_at"])
    _remember_on(customer, contact)
    record(
        "contact.updated",
        customer,
        actor=actor,
        facts={"contact_id": contact.pk, "changed": sorted(changed)},
        private={"name": contact.name, "changes": changes.before_and_after(changed)},
    )
    return contact


def _remember_on(customer: Customer, contact: Contact) -> None:
    """The customer is found by its people, and recognised by the domain that they write from."""
    customer.people = list(customer.contacts.all())
    customer.domain = customer.domain or company_domain(email=contact.email)
    customer.save(update_fields=["domain"])
    keep_keys([customer])
