"""Customers from files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm import own
from crm.models import Contact, Customer, OwnField
from crm.services.keys import keep_keys, keep_tax_keys, leave_keys
from foundation.accounts.models import validate_time_zone
from foundation.documents.numbering import next_numbers
from foundation.imports.registry import CREATED, UPDATED, Field, Kind, Rejected, Row, register_kind
from foundation.imports.upsert import Shelf
from foundation.imports.values import beginning_of
from foundation.journal.bulk import Mould, insert_many
from foundation.journal.services import record_imported
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
    said = {name: values.pop(name) for name in [*values] if name.startswith(own.PREFIX)}
    if said:
        values["own"] = _own_values(said)
    zone = values.get("time_zone")
    if zone:
        try:
            validate_time_zone(zone)
        except ValidationError as error:
            raise Rejected(_t("“%(zone)s” is no known time zone, such as Asia/Shanghai.") % {"zone": zone}) from error
    return values


def _own_values(said: dict[str, Any]) -> dict[str, Any]:
    try:
        found = own.checked({name.removeprefix(own.PREFIX): value for name, value in said.items()})
    except ValidationError as error:
        raise Rejected(" ".join(error.messages)) from error
    return {code: value for code, value in found.items() if value is not None}


def with_own(known: Customer | None, values: dict[str, Any]) -> dict[str, Any]:
    """What own fields say already stays, where the row says nothing of it."""
    if known is None or "own" not in values:
        return values
    return {**values, "own": {**known.own, **values["own"]}}


class _Entities(Mapping[str, Sequence[Field]]):
    """The fields of a customer and of a contact; those of the house's own are as they are now."""

    def __getitem__(self, entity: str) -> Sequence[Field]:
        if entity == "contact":
            return CONTACT_FIELDS
        if entity == "customer":
            return (*CUSTOMER_FIELDS, *(_field(one) for one in OwnField.of() if one.in_import))
        raise KeyError(entity)

    def __iter__(self) -> Iterator[str]:
        return iter(("customer", "contact"))

    def __len__(self) -> int:
        return 2


TYPES = {OwnField.Kind.NUMBER: "decimal", OwnField.Kind.DATE: "date"}


def _field(one: OwnField) -> Field:
    return Field(
        own.name_of(one), str(one), TYPES.get(OwnField.Kind(one.kind), "text"), max_length=own.LONGEST, places=4
    )


def since(row: Row) -> datetime | None:
    """The moment from which the customer is known; None for now."""
    return beginning_of(row.values.get("customer", {}).get("since"))


def shared_customers(rows: list[Row], source: str) -> Shelf:
    """Customers that rows of another kind name: made from the first row, never overwritten by a later one."""
    shelf = Shelf(Customer, source, numbers=partial(next_numbers, "customer"), related=("owner",))
    named = [row for row in rows if "customer" in row.refs]
    shelf.fetch(row.refs["customer"] for row in named)
    _follow_merged(shelf)
    for row in named:
        values = customer_values(row)
        values.setdefault("name", row.refs["customer"][:200])
        shelf.put(row.refs["customer"], values, update=False, fresh=FRESH)
    days = {row.refs["customer"]: since(row) for row in reversed(named)}
    fresh = shelf.save()
    record_imported("customer.created", fresh, when=lambda one: days.get(one.external_ref))
    _recognise(fresh)
    return shelf


def _follow_merged(shelf: Shelf) -> None:
    """What was merged meanwhile is not brought back by a file: its rows are about the customer that stays."""
    merged = {ref: one.merged_into_id for ref, one in shelf.known.items() if one.merged_into_id}
    if merged:
        standing = Customer.objects.select_related("owner").in_bulk(set(merged.values()))
        shelf.known.update({ref: standing[pk] for ref, pk in merged.items()})


def _recognise(fresh: list[Customer], changed: list[Customer] | None = None) -> None:
    """Have new and changed customers recognised; new ones, and those that look like others, in the background."""
    keep_tax_keys([*fresh, *(changed or ())])
    leave_keys(fresh)
    if changed:
        keep_keys(changed)


def load_customers(rows: list[Row], source: str) -> list[str | Rejected]:
    """Make and change customers; a contact in the row is made with the customer."""
    shelf = Shelf(Customer, source, numbers=partial(next_numbers, "customer"), related=("owner",))
    shelf.fetch(row.refs["customer"] for row in rows)
    _follow_merged(shelf)
    outcomes: list[str | Rejected] = []
    for row in rows:
        try:
            ref = row.refs["customer"]
            outcomes.append(shelf.put(ref, with_own(shelf.known.get(ref), customer_values(row)), fresh=FRESH))
        except Rejected as reason:
            outcomes.append(reason)
    changed = [shelf.known[ref] for ref in shelf.changed]
    people = _People(shelf, rows)
    for i, row in enumerate(rows):
        if not isinstance(outcomes[i], Rejected) and people.put(row) and outcomes[i] != CREATED:
            outcomes[i] = UPDATED
    days = {row.refs["customer"]: since(row) for row in rows}
    fresh = shelf.save()
    record_imported("customer.created", fresh, when=lambda one: days.get(one.external_ref))
    record_imported("customer.updated", changed, when=lambda one: None)
    people.save()
    _recognise(fresh, changed)
    return outcomes


class _People:
    """The contacts of a batch's customers, known by name at their customer; what a row says of one is filled in."""

    def __init__(self, shelf: Shelf, rows: list[Row]) -> None:
        self.shelf = shelf
        self.mould = Mould(Contact)
        self.added: list[tuple[Contact, Customer]] = []
        self.changed: dict[int, Contact] = {}
        self.fields: set[str] = set()
        told = {row.refs["customer"] for row in rows if "contact" in row.values} | shelf.changed.keys()
        old = {one.pk: one for ref in told if (one := shelf.known.get(ref)) is not None and one.pk}
        for customer in shelf.new.values():
            customer.people = []
        for customer in old.values():
            customer.people = []
        for contact in Contact.objects.filter(customer__in=old.keys()):
            old[contact.customer_id].people.append(contact)

    def put(self, row: Row) -> bool:
        """Note what a row says of its contact; answers whether that is news."""
        ref, values = row.refs["customer"], row.values.get("contact", {})
        if not values.get("name"):
            return False
        customer = self.shelf.known[ref]
        contact = next((one for one in customer.people if one.name == values["name"]), None)
        if contact is None:
            is_main = not any(one.is_main for one in customer.people)
            contact = self.mould.make(is_main=is_main, **values)
            customer.people.append(contact)
            self.added.append((contact, customer))
        else:
            differing = {name for name, value in values.items() if str(getattr(contact, name)) != str(value)}
            if not differing:
                return False
            for name in differing:
                setattr(contact, name, values[name])
            if contact.pk:
                self.changed[contact.pk] = contact
                self.fields |= differing
        self.shelf.renew(ref)  # a customer is found by its people
        return True

    def save(self) -> None:
        """Write them, when their customers have been written."""
        for contact, customer in self.added:
            contact.customer_id = customer.pk
        fresh = [contact for contact, _customer in self.added]
        for contact in (*fresh, *self.changed.values()):
            contact.search = vector(contact.search_texts(), contact.search_numbers())
        insert_many(fresh)
        if self.changed:
            Contact.objects.bulk_update(list(self.changed.values()), ["search", *sorted(self.fields)], batch_size=500)


CUSTOMERS = Kind(
    code="customers",
    label=_("Customers"),
    main="customer",
    entities=_Entities(),
    load=load_customers,
    joined=("contact",),
)
register_kind(CUSTOMERS)

from crm import inquiry_imports  # noqa: E402, F401 - takes the fields of customers from above
