"""Putting tags on customers, and taking them off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.models import Customer, CustomerTag, Tag
from crm.services import changes
from foundation.journal.machine import Refused
from foundation.journal.services import record


@transaction.atomic
def set_tags(pk: int, *, actor: Any, tags: Iterable[Tag]) -> Customer:
    """Have the customer carry these tags, of those that this person may set; the others stay. One event for what changed."""
    customer = changes.lock(Customer, pk)
    mine = {one.pk for one in Tag.known().values() if one.may_be_set_by(actor)}
    wanted = {one.pk for one in tags}
    if wanted - mine:
        raise Refused(_("You may not set this tag."), reason="permission")
    there = set(CustomerTag.objects.filter(customer=customer).values_list("tag_id", flat=True))
    _change(customer, actor, on=sorted(wanted - there), off=sorted((there & mine) - wanted))
    return customer


@transaction.atomic
def tag_customers(pks: Sequence[int], *, actor: Any, tag: Tag, on: bool) -> list[int]:
    """Put a tag on customers, or take it off; the keys of those that were changed. Raises Refused when it is not theirs to set."""
    if not tag.may_be_set_by(actor):
        raise Refused(_("You may not set this tag."), reason="permission")
    changed = []
    for customer in Customer.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk"):
        has = CustomerTag.objects.filter(customer=customer, tag=tag).exists()
        if has != on:
            _change(customer, actor, on=[tag.pk] if on else [], off=[] if on else [tag.pk])
            changed.append(customer.pk)
    return changed


def _change(customer: Customer, actor: Any, *, on: list[int], off: list[int]) -> None:
    known = Tag.known()
    by = actor if getattr(actor, "pk", None) else None
    CustomerTag.objects.bulk_create([CustomerTag(customer=customer, tag_id=one, set_by=by) for one in on])
    if off:
        CustomerTag.objects.filter(customer=customer, tag__in=off).delete()
    for code, keys in (("customer.tagged", on), ("customer.untagged", off)):
        if keys:
            words = {
                language: ", ".join(known[key].name_in(language) for key in keys)
                for language in ("en", "de", "zh-hans", "zh-hant")
            }
            record(code, customer, actor=actor, facts={"tags": words, "tag_codes": [known[key].code for key in keys]})
