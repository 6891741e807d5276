"""Creating and changing customers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from crm.models import Contact, Customer
from crm.senders import company_domain
from crm.services import changes
from crm.services.cadence import begin_cadence, reckon
from crm.services.contacts import tidy
from crm.services.keys import keep_keys, keep_tax_key, remember_apart
from crm.services.own_fields import apply_own
from crm.services.ownership import begin_ownership, change_owner, note_ownership, refuse_unless_standing
from crm.services.pool import reckon_return
from foundation.accounts.models import Company
from foundation.calendars.selectors import calendar_of_customer
from foundation.calendars.services.uses import agree_with_customer
from foundation.documents.numbering import next_number
from foundation.journal.services import record
from foundation.ui.places import language_of, zone_of

EDITABLE = (
    "name", "local_name", "kind", "tier", "country", "language", "time_zone", "industry", "source", "owner", "website",
    "tax_number", "remark", "next_step", "next_step_on", "service_owner",
)  # fmt: skip
UNCHANGED: Any = object()


@transaction.atomic
def create_customer(
    *,
    actor: Any,
    name: str,
    main_contact: dict[str, Any] | None = None,
    own: dict[str, Any] | None = None,
    imported: bool = False,
    duplicate_reason: str = "",
    **values: Any,
) -> Customer:
    """A new customer with its number, its usual zone and language where they are not given, and its first contact.

    `main_contact` holds the fields of a Contact, `own` what own fields say, by code, `duplicate_reason` why it is
    another than those that are like it. Raises Refused for a tax number that another customer has, TypeError for a
    field that nobody may set.
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
    if own:
        apply_own(customer, own)
    begin_cadence(customer)
    begin_ownership(customer)
    keep_tax_key(customer)
    customer.save(force_insert=True)
    if contact:
        contact.customer = customer
        contact.save(force_insert=True)
    keep_keys([customer])
    note_ownership(customer)
    private = {"reason": duplicate_reason} if duplicate_reason else None
    record("customer.created", customer, actor=actor, imported=imported, private=private)
    return customer


@transaction.atomic
def enter_customer(*, actor: Any, apart_from: Sequence[tuple[int, list[str]]] = (), **values: Any) -> Customer:
    """A new customer that somebody enters; `apart_from` are those that are like it, and are remembered as others."""
    customer = create_customer(actor=actor, **values)
    if apart_from:
        remember_apart(customer, apart_from, actor=actor, reason=values.get("duplicate_reason", ""))
    return customer


@transaction.atomic
def update_customer(
    pk: int,
    *,
    actor: Any,
    version: int | None = None,
    working_calendar: Any = UNCHANGED,
    own: dict[str, Any] | None = None,
    **values: Any,
) -> Customer:
    """Change what is given. `version` is that of the form: Refused when somebody saved since, and nothing is changed.

    `working_calendar` is the calendar that was agreed with the customer, None for none; `own` what own fields say, by code.
    """
    if unknown := set(values) - set(EDITABLE):
        raise TypeError(f"These fields of a customer are not for editing: {', '.join(sorted(unknown))}")
    customer = changes.lock(Customer, pk)
    refuse_unless_standing(customer)
    changes.refuse_if_changed(customer, version, customer)
    former = customer.owner
    changed = changes.apply(customer, values)
    fields = [*changed, "version", "updated_at"]
    if "owner" in changed:
        customer.owner, owner = former, customer.owner
        fields += change_owner(customer, owner, how="assigned", save=False)
    if {"tax_number", "country"} & set(changed):
        keep_tax_key(customer)
        fields.append("tax_key")
    if own and (said := apply_own(customer, own)):
        changed |= said
        fields.append("own")
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
        reckon_return(customer)
    if {"name", "local_name", "website", "tax_number", "country"} & set(changed):
        keep_keys([customer])
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
