"""Customers from files."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.models import Contact, Customer
from foundation.accounts.models import Company, validate_time_zone
from foundation.documents.numbering import next_numbers
from foundation.imports.registry import CREATED, UPDATED, Field, Kind, Rejected, Row, register_kind
from foundation.imports.upsert import Shelf
from foundation.journal.services import record, record_imported
from foundation.lists.search import vector

CUSTOMER_FIELDS = (
    Field("name", _("name"), is_required=True, max_length=200),
    Field("local_name", _("name in the customer's script"), max_length=200),
    Field("kind", _("kind"), "choice", choices=tuple(Customer.Kind.values)),
    Field("tier", _("tier"), "choice", choices=tuple(Customer.Tier.values)),
    Field("country", _("country"), "country"),
    Field("language", _("language"), "language"),
    Field("time_zone", _("time zone"), max_length=64),
    Field("industry", _("industry"), max_length=120),
    Field("website", _("website"), max_length=200),
    Field("tax_number", _("tax number"), max_length=40),
    Field("remark", _("remark"), max_length=5000),
    Field("since", _("customer since"), "date"),
)
CONTACT_FIELDS = (
    Field("name", _("contact's name"), is_required=True, max_length=120),
    Field("position", _("position"), max_length=120),
    Field("email", _("email address"), "email"),
    Field("phone", _("phone"), "phone"),
    Field("mobile", _("mobile phone"), "phone"),
    Field("language", _("language"), "language"),
)
FRESH = {"source": Customer.Source.IMPORT}


def customer_values(row: Row) -> dict[str, Any]:
    """What a row says of its customer; the day since when is the event's, not a column."""
    values = {name: value for name, value in row.values.get("customer", {}).items() if name != "since"}
    zone = values.get("time_zone")
    if zone:
        try:
            validate_time_zone(zone)
        except ValidationError as error:
            raise Rejected(_t("“%(zone)s” is no known time zone, such as Asia/Shanghai.") % {"zone": zone}) from error
    return values


def beginning_of(day: date | None) -> datetime | None:
    """The first moment of a day where the company is; None stays None."""
    return datetime.combine(day, time(), zoneinfo.ZoneInfo(Company.current().time_zone)) if day else None


def since(row: Row) -> datetime | None:
    """The moment from which the customer is known; None for now."""
    return beginning_of(row.values.get("customer", {}).get("since"))


def shared_customers(rows: list[Row], source: str) -> Shelf:
    """Customers that rows of another kind name: made from the first row, never overwritten by a later one."""
    shelf = Shelf(Customer, source, numbers=partial(next_numbers, "customer"), related=("owner",))
    named = [row for row in rows if "customer" in row.refs]
    shelf.fetch(row.refs["customer"] for row in named)
    for row in named:
        values = customer_values(row)
        values.setdefault("name", row.refs["customer"][:200])
        shelf.put(row.refs["customer"], values, update=False, fresh=FRESH)
    days = {row.refs["customer"]: since(row) for row in reversed(named)}
    record_imported("customer.created", shelf.save(), when=lambda one: days.get(one.external_ref))
    return shelf


def load_customers(rows: list[Row], source: str) -> list[str | Rejected]:
    """Make and change customers; a contact in the row is made with the customer."""
    shelf = Shelf(Customer, source, numbers=partial(next_numbers, "customer"), related=("owner",))
    shelf.fetch(row.refs["customer"] for row in rows)
    before = set(shelf.known)
    outcomes: list[str | Rejected] = []
    for row in rows:
        try:
            outcomes.append(shelf.put(row.refs["customer"], customer_values(row), fresh=FRESH))
        except Rejected as reason:
            outcomes.append(reason)
    for row in rows:  # a customer is found by its people, too
        fresh, values = shelf.new.get(row.refs["customer"]), row.values.get("contact", {})
        if fresh is not None and values.get("name"):
            fresh.people = [Contact(**values)]
    changed = [shelf.known[ref] for ref in shelf.changed]
    days = {row.refs["customer"]: since(row) for row in rows}
    record_imported("customer.created", shelf.save(), when=lambda one: days.get(one.external_ref))
    for customer in changed:
        record("customer.updated", customer, imported=True)
    return _with_contacts(rows, shelf, outcomes, before)


def _with_contacts(
    rows: list[Row], shelf: Shelf, outcomes: list[str | Rejected], before: set[str]
) -> list[str | Rejected]:
    """A contact is known by name at its customer; what the row says of it is filled in."""
    told = [(i, row) for i, row in enumerate(rows) if "contact" in row.values and not isinstance(outcomes[i], Rejected)]
    known = {
        (one.customer_id, one.name): one
        for one in Contact.objects.filter(customer__in=[shelf.known[row.refs["customer"]].pk for _i, row in told])
    }
    with_main = {one.customer_id for one in known.values() if one.is_main}
    added: list[Contact] = []
    for i, row in told:
        customer, values = shelf.known[row.refs["customer"]], row.values["contact"]
        if not values.get("name"):
            continue
        contact = known.get((customer.pk, values["name"]))
        if contact is None:
            contact = Contact(customer=customer, is_main=customer.pk not in with_main, **values)
            contact.search = vector(contact.search_texts(), contact.search_numbers())
            added.append(contact)
            with_main.add(customer.pk)
            known[customer.pk, contact.name] = contact
        elif differing := [name for name, value in values.items() if str(getattr(contact, name)) != str(value)]:
            for name in differing:
                setattr(contact, name, values[name])
            contact.save(update_fields=differing)
        else:
            continue
        if outcomes[i] != CREATED:
            outcomes[i] = UPDATED
    Contact.objects.bulk_create(added, batch_size=1000)
    return outcomes


CUSTOMERS = Kind(
    code="customers",
    label=_("Customers"),
    main="customer",
    entities={"customer": CUSTOMER_FIELDS, "contact": CONTACT_FIELDS},
    load=load_customers,
    joined=("contact",),
)
register_kind(CUSTOMERS)
