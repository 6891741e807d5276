"""Creating and changing customers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from crm.models import Contact, Customer
from crm.senders import company_domain
from crm.services import changes
from crm.services.cadence import begin_cadence, reckon
from crm.services.contacts import tidy
from foundation.accounts.models import Company
from foundation.calendars.selectors import calendar_of_customer
from foundation.calendars.services.uses import agree_with_customer
from foundation.documents.numbering import next_number
from foundation.journal.services import record
from foundation.ui.places import language_of, zone_of

EDITABLE = (
    "name", "local_name", "kind", "tier", "country", "language", "time_zone", "industry", "source", "owner", "website",
    "tax_number", "remark", "next_step", "next_step_on",
)  # fmt: skip
UNCHANGED: Any = object()


@transaction.atomic
def create_customer(
    *, actor: Any, name: str, main_contact: dict[str, Any] | None = None, imported: bool = False, **values: Any
) -> Customer:
    """A new customer with its number, its usual zone and language where they are not given, and its first contact.

    `main_contact` holds the fields of a Contact. Raises TypeError for a field that nobody may set.
    """
    if unknown := set(values) - {*EDITABLE, "external_ref", "import_source"}:
        raise TypeError(f"A customer is not made with {', '.join(sorted(unknown))}")
    customer = Customer(name=name, **values)
    customer.language = values.get("language") or language_of(customer.country)
    customer.time_zone = values.get("time_zone") or zone_of(customer.country) or Company.current().time_zone
    contact = Contact(is_main=True, **tidy(main_contact)) if main_contact and main_contact.get("name") else None
    customer.domain = company_domain(website=customer.website, email=contact.email if contact else "")
    customer.number = next_number("customer")
    customer.people = [contact] if contact else []
    begin_cadence(customer)
    customer.save(force_insert=True)
    if contact:
        contact.customer = customer
        contact.save(force_insert=True)
    record("customer.created", customer, actor=actor, imported=imported)
    return customer


@transaction.atomic
def update_customer(
    pk: int, *, actor: Any, version: int | None = None, working_calendar: Any = UNCHANGED, **values: Any
) -> Customer:
    """Change what is given. `version` is that of the form: Refused when somebody saved since, and nothing is changed.

    `working_calendar` is the calendar that was agreed with the customer, None for none.
    """
    if unknown := set(values) - set(EDITABLE):
        raise TypeError(f"These fields of a customer are not for editing: {', '.join(sorted(unknown))}")
    customer = changes.lock(Customer, pk)
    changes.refuse_if_changed(customer, version, customer)
    changed = changes.apply(customer, values)
    fields = [*changed, "version", "updated_at"]
    if working_calendar is not UNCHANGED:
        before = calendar_of_customer(pk)
        if agree_with_customer(pk, actor=actor, calendar=working_calendar):
            changed["working_calendar"] = (before, working_calendar)
    if not changed:
        return customer
    customer.version += 1
    if "website" in changed and (domain := company_domain(website=customer.website)):
        customer.domain = domain
        fields.append("domain")
    customer.save(update_fields=fields)
    if {"tier", "kind"} & set(changed):
        reckon(customer)
    record(
        "customer.updated",
        customer,
        actor=actor,
        facts={"changed": sorted(changed)},
        private={"changes": changes.before_and_after(changed)},
    )
    return customer


@transaction.atomic
def plan_next_step(pk: int, *, actor: Any, next_step: str, next_step_on: date | None) -> Customer:
    """Say what comes next with this customer, and when."""
    return update_customer(pk, actor=actor, next_step=next_step, next_step_on=next_step_on)
