"""The places of a customer."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from crm.models import Address, Customer
from crm.services import changes
from foundation.journal.services import record

EDITABLE = (
    "kind", "recipient", "contact_name", "phone", "country", "region", "city", "district", "street", "postal_code", "latitude", "longitude",
    "remark", "is_default",
)  # fmt: skip


@transaction.atomic
def add_address(customer_id: int, *, actor: Any, **values: Any) -> Address:
    """A further place; the first of its kind becomes the usual one."""
    if unknown := set(values) - set(EDITABLE):
        raise TypeError(f"An address is not made with {', '.join(sorted(unknown))}")
    customer = changes.lock(Customer, customer_id)
    address = Address(customer=customer, **values)
    others = customer.addresses.filter(kind=address.kind, is_default=True)
    address.is_default = address.is_default or not others.exists()
    if address.is_default:
        others.update(is_default=False)
    address.save(force_insert=True)
    record("address.added", customer, actor=actor, facts={"address_id": address.pk, "address_kind": address.kind})
    return address


@transaction.atomic
def update_address(pk: int, *, actor: Any, **values: Any) -> Address:
    """Change what is given."""
    if unknown := set(values) - set(EDITABLE):
        raise TypeError(f"These fields of an address are not for editing: {', '.join(sorted(unknown))}")
    customer = changes.lock(Customer, Address.objects.values_list("customer", flat=True).get(pk=pk))
    address = changes.lock(Address, pk)
    changed = changes.apply(address, values)
    if not changed:
        return address
    if address.is_default and {"is_default", "kind"} & set(changed):
        customer.addresses.filter(kind=address.kind, is_default=True).exclude(pk=pk).update(is_default=False)
    address.save(update_fields=list(changed))
    record(
        "address.updated",
        customer,
        actor=actor,
        facts={"address_id": address.pk, "changed": sorted(changed)},
        private={"changes": changes.before_and_after(changed)},
    )
    return address
