"""Who may be the customer that somebody is about to enter: found by keys, at the same cost however many customers there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.text import format_lazy

from crm import tax_numbers
from crm.keys import Entry, is_likely, keys_of
from crm.models import WHY, Contact, Customer, NameWord
from crm.senders import company_domain
from crm.short_names import is_short_form, searches, short_texts
from foundation.lists.tokens import query_of
from foundation.ui.phones import e164, parse_phone

MOST_COMPARED = 60
MOST_SHOWN = 5
SURENESS = {"tax": 90, "email": 70, "phone": 60, "domain": 50, "name": 50, "similar": 35, "short": 30, "sound": 20}


def entry_of(customer: Customer, people: Iterable[Contact]) -> Entry:
    """What is kept of a customer."""
    known = list(people)[:60]
    emails = {one.lower() for who in known for one in (who.email, who.other_email) if one}
    phones = {number for who in known for one in (who.phone, who.mobile) if (number := e164(one))}
    domains = {customer.domain, company_domain(website=customer.website)}
    return Entry(
        names=(customer.name, customer.local_name),
        emails=frozenset(emails),
        phones=frozenset(phones),
        domains=frozenset(one for one in domains if one),
        tax=tax_numbers.compared(customer.tax_number, customer.country),
        found_by=tuple(customer.former_names.splitlines()[1::2]),
    )


def entry_typed(
    *,
    names: Sequence[str] = (),
    country: str = "",
    emails: Sequence[str] = (),
    phones: Sequence[str] = (),
    website: str = "",
    tax_number: str = "",
) -> Entry:
    """What somebody has typed so far; what cannot be read yet is left out."""
    numbers = set()
    for one in phones:
        try:
            numbers.add(e164(parse_phone(one, country)) if one else "")
        except ValidationError:
            continue
    mails = {one.strip().lower() for one in emails if "@" in one.strip("@ ")}
    domains = {company_domain(website=website), *(company_domain(email=one) for one in mails)}
    return Entry(
        names=tuple(one.strip() for one in names if len(one.strip()) > 1),
        emails=frozenset(mails),
        phones=frozenset(one for one in numbers if len(one) > 6),
        domains=frozenset(one for one in domains if one),
        tax=tax_numbers.compared(tax_number, country),
    )


@dataclass(frozen=True)
class Match:
    """A customer that may be the same, and why; `contact` is the person with this address or number, `is_mine` whether the reader sees it."""

    customer: Customer
    reasons: tuple[str, ...]
    is_visible: bool
    contact: Contact | None = None

    @property
    def why(self) -> Any:
        """The reasons in words."""
        return format_lazy("{}" + ", {}" * (len(self.reasons) - 1), *(WHY[one] for one in self.reasons))

    @property
    def is_likely(self) -> bool:
        """Whether somebody has to say why these are two."""
        return is_likely(self.reasons)


def find_matches(user: Any, entry: Entry, *, exclude: int = 0, most: int = MOST_SHOWN) -> list[Match]:
    """The customers that are most likely the same, the surest first. At most four queries, along the index of keys."""
    compared = _compare(entry, exclude)
    if not compared:
        return []
    seen = set(
        Customer.objects.visible_to(user)
        .filter(pk__in=[one.pk for one, *_rest in compared])
        .values_list("pk", flat=True)
    )
    found = [Match(one, reasons, one.pk in seen, person) for one, reasons, person in compared]
    return sorted(found, key=lambda one: (-sum(SURENESS[code] for code in one.reasons), one.customer.pk))[:most]


def _compare(entry: Entry, exclude: int) -> list[tuple[Customer, tuple[str, ...], Contact | None]]:
    words = NameWord.current()
    texts = entry.texts().union(*(short_texts(one, words) for one in entry.names))
    if not texts:
        return []
    longer = [query_of(said) for one in entry.names for said in searches(one, words)]
    found = []
    for customer, people in _with_people(sharing_a_key(keys_of(texts), exclude, longer=longer)):
        kept = entry_of(customer, people)
        reasons = entry.reasons(kept)
        if not {"name", "similar"} & set(reasons) and any(is_short_form(*two, words) for two in entry.pairs(kept)):
            reasons = [*(one for one in reasons if one != "sound"), "short"]
        if reasons:
            found.append((customer, tuple(reasons), _person(entry, people)))
    return found


SHARING = "(SELECT customer_id FROM crm_customerkeys WHERE keys && %s::bigint[] AND customer_id <> %s LIMIT %s)"
LONGER = "(SELECT id FROM crm_customer WHERE search @@ %s::tsquery AND id <> %s LIMIT %s)"


def sharing_a_key(
    keys: Sequence[int], exclude: int = 0, most: int = MOST_COMPARED, *, longer: Sequence[str] = ()
) -> list[int]:
    """Customers with one of these keys, or with all words of one of the searches, along the indexes and no other way.

    PostgreSQL takes a rare key for one that one customer in two hundred has, so that for twenty of them, and the more with a
    limit, it would read the whole table.
    """
    asked = " UNION ".join([SHARING, *[LONGER] * len(longer)])
    values: list[Any] = [list(keys), exclude, most]
    for one in longer:
        values += [one, exclude, most]
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_seqscan = off; {asked}", values)
        found = [pk for (pk,) in cursor.fetchall()]
        if connection.in_atomic_block:  # otherwise it has ended with the statement
            cursor.execute("SET LOCAL enable_seqscan = on")
    return found


def _with_people(pks: Sequence[int]) -> list[tuple[Customer, list[Contact]]]:
    if not pks:
        return []
    customers = list(Customer.objects.filter(pk__in=pks, merged_into=None).select_related("owner"))
    people: dict[int, list[Contact]] = {}
    for one in Contact.objects.filter(customer__in=pks):
        people.setdefault(one.customer_id, []).append(one)
    return [(one, people.get(one.pk, [])) for one in customers]


def _person(entry: Entry, people: Iterable[Contact]) -> Contact | None:
    for one in people:
        reached = {one.email.lower(), one.other_email.lower()} & entry.emails
        if reached or {e164(one.phone), e164(one.mobile)} & entry.phones:
            return one
    return None


def alike(pk: int, others: Sequence[int]) -> list[tuple[int, list[str]]]:
    """Which of the others are likely the same as this customer, and why. Two queries."""
    known = {one.pk: entry_of(one, people) for one, people in _with_people([pk, *others]) if one.archived_at is None}
    entry = known.pop(pk, None)
    if entry is None:
        return []
    found = ((other, entry.reasons(its)) for other, its in known.items())
    return [(other, reasons) for other, reasons in found if reasons]
