"""Keeping what customers are recognised by, and looking for those that may be one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, router, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import tax_numbers
from crm.duplicates import SURENESS, alike, entry_of, sharing_a_key
from crm.models import Contact, Customer, CustomerKeys, DuplicatePair
from crm.services import changes
from foundation.journal.bulk import copy_rows
from foundation.journal.machine import Refused
from foundation.journal.services import record

BATCH = 200


def keep_tax_key(customer: Customer) -> None:
    """Set on the object by what nobody else may be entered; Refused when somebody is. The database has the last word."""
    key = tax_numbers.read(customer.tax_number, customer.country).key if customer.tax_number else ""
    if key and key != customer.tax_key and Customer.objects.filter(tax_key=key).exclude(pk=customer.pk).exists():
        raise Refused(_("There is a customer with this tax number already."), reason="input", field="tax_number")
    customer.tax_key = key


def keep_keys(customers: Sequence[Customer]) -> None:
    """Keep the keys of customers whose names or people have changed; their `people` spare a query."""
    missing = [one.pk for one in customers if one.people is None]
    people: dict[int, list[Contact]] = {pk: [] for pk in missing}
    for contact in Contact.objects.filter(customer__in=missing).defer("search") if missing else ():
        people[contact.customer_id].append(contact)
    rows = []
    for one in customers:
        known = people.get(one.pk, []) if one.people is None else one.people
        rows.append(CustomerKeys(customer_id=one.pk, keys=entry_of(one, known).keys(), is_compared=False))
    CustomerKeys.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["customer"], update_fields=["keys", "is_compared"], batch_size=500
    )


def leave_keys(customers: Iterable[Customer]) -> None:
    """Have the keys of customers made by `find_pairs` that were written just now: an import does not wait for them."""
    rows = [(str(one.pk), "{}", "f") for one in customers]
    copy_rows(
        CustomerKeys._meta.db_table,
        ("customer_id", "keys", "is_compared"),
        rows,
        using=router.db_for_write(CustomerKeys),
    )


def keep_tax_keys(customers: Iterable[Customer]) -> None:
    """For many at once, as an import brings them: a number that somebody has already stays a hint."""
    wanted: dict[str, Customer] = {}
    for one in customers:
        key = tax_numbers.read(one.tax_number, one.country).key if one.tax_number else ""
        if key and key != one.tax_key:
            wanted.setdefault(key, one)
    taken = set(Customer.objects.filter(tax_key__in=wanted).values_list("tax_key", flat=True)) if wanted else set()
    for key, one in wanted.items():
        if key in taken:
            continue
        try:
            with transaction.atomic():
                Customer.objects.filter(pk=one.pk, merged_into=None).update(tax_key=key)
            one.tax_key = key
        except IntegrityError:
            continue  # somebody was faster


def rebuild_keys() -> int:
    """Make the keys that are missing, of an installation from before there were any. Returns how many; again: none."""
    made = last = 0
    while True:
        with transaction.atomic():
            # from where the last batch ended: those who have keys are not passed again for each batch
            rows = Customer.objects.filter(pk__gt=last, match_keys=None, merged_into=None).order_by("pk")
            batch = list(rows.prefetch_related("contacts")[:BATCH])
            if not batch:
                return made
            for one in batch:
                one.people = list(one.contacts.all())
            keep_tax_keys(batch)
            keep_keys(batch)
            made, last = made + len(batch), batch[-1].pk


# ---------------------------------------------------------------- pairs


def find_pairs(limit: int = 10_000) -> int:
    """Compare customers that are new or changed with all others, in batches; returns how many pairs were found.

    Keys that an import left are made first.

    Safe to repeat and to run twice at once. What somebody has decided about a pair stays.
    """
    found = done = 0
    while done < limit:
        with transaction.atomic():
            rows = CustomerKeys.objects.select_for_update(skip_locked=True).filter(is_compared=False)
            batch = list(rows.order_by("customer")[:BATCH])
            if not batch:
                break
            _make_left(batch)
            for row in batch:
                found += _compare(row)
            CustomerKeys.objects.filter(pk__in=[row.pk for row in batch]).update(is_compared=True)
        done += len(batch)
    return found


def _make_left(rows: list[CustomerKeys]) -> None:
    bare = {row.pk: row for row in rows if not row.keys}
    if not bare:
        return
    customers = list(Customer.objects.filter(pk__in=bare, merged_into=None).prefetch_related("contacts"))
    for one in customers:
        one.people = list(one.contacts.all())
    keep_keys(customers)
    for pk, keys in CustomerKeys.objects.filter(pk__in=bare).values_list("pk", "keys"):
        bare[pk].keys = keys


def _compare(row: CustomerKeys) -> int:
    pks = sharing_a_key(row.keys, row.pk, 200) if row.keys else []
    if not pks:
        return 0
    pairs = []
    for other, reasons in alike(row.pk, pks):
        first, second = sorted((row.pk, other))
        pairs.append(DuplicatePair(first_id=first, second_id=second, reasons=reasons, weight=weight_of(reasons)))
    DuplicatePair.objects.bulk_create(pairs, ignore_conflicts=True)
    return len(pairs)


def weight_of(reasons: Iterable[str]) -> int:
    """How sure several reasons together are, up to a hundred."""
    return min(sum(SURENESS.get(one, 0) for one in reasons), 100)


@transaction.atomic
def tell_apart(pk: int, *, actor: Any, reason: str) -> DuplicatePair:
    """These are two: said once, they are not shown again. Raises Refused when somebody has decided already."""
    changes.demand(actor, "crm.merge_customers")
    pair = DuplicatePair.objects.select_for_update(of=("self",)).select_related("first", "second").get(pk=pk)
    if pair.verdict != DuplicatePair.Verdict.OPEN:
        raise Refused(_("Somebody has decided about these two already."))
    if not reason.strip():
        raise Refused(_("Say why, please."), reason="input", field="reason")
    pair.verdict, pair.reason = DuplicatePair.Verdict.DIFFERENT, reason[:500]
    pair.decided_by, pair.decided_at = actor, timezone.now()
    pair.save(update_fields=["verdict", "reason", "decided_by", "decided_at"])
    facts = {"other_id": pair.second_id, "other_number": pair.second.number}
    record("customer.told_apart", pair.first, actor=actor, facts=facts, private={"reason": reason})
    return pair


def remember_apart(customer: Customer, others: Iterable[tuple[int, list[str]]], *, actor: Any, reason: str) -> None:
    """Somebody entered a customer although there are others like it, and said why: these pairs are decided."""
    now = timezone.now()
    pairs = []
    for other, reasons in others:
        first, second = sorted((customer.pk, other))
        pairs.append(
            DuplicatePair(
                first_id=first, second_id=second, reasons=reasons, weight=weight_of(reasons), reason=reason[:500],
                verdict=DuplicatePair.Verdict.DIFFERENT, decided_by=actor, decided_at=now,
            )
        )  # fmt: skip
    DuplicatePair.objects.bulk_create(pairs, ignore_conflicts=True)
