"""Recognising a sender: is this somebody we know, or somebody from a company that we know?"""

from __future__ import annotations

from dataclasses import dataclass

from crm.models import Contact, Customer
from crm.senders import company_domain


@dataclass(frozen=True)
class Sender:
    """Whom a sender turned out to be; `by` says how we know: email, phone, domain, name, or empty."""

    customer: Customer | None = None
    contact: Contact | None = None
    by: str = ""


def recognise(*, email: str = "", phone: str = "", company: str = "") -> Sender:
    """The contact with this address or number, else the company of this domain, else the one of exactly this name.

    When several fit equally, nobody is recognised: a wrong customer is worse than none. At most two queries.
    """
    found = list(
        Contact.objects.reached_by(email=email, phone=phone)
        .filter(customer__archived_at=None)
        .select_related("customer__owner")
        .order_by("pk")[:20]
    )
    by_email = [one for one in found if email and email.lower() in (one.email, one.other_email)]
    for people, by in ((by_email, "email"), (found, "phone")):
        if people:
            if len({one.customer_id for one in people}) > 1:
                return Sender()
            return Sender(people[0].customer, people[0] if len(people) == 1 else None, by)
    return _by_company(email, company)


def _by_company(email: str, company: str) -> Sender:
    domain = company_domain(email=email)
    known = Customer.objects.active().select_related("owner")
    if domain:
        companies = list(known.filter(domain=domain)[:2])
        if len(companies) == 1:
            return Sender(companies[0], None, "domain")
    if company:
        companies = list(known.filter(name__iexact=company.strip())[:2])
        if len(companies) == 1:
            return Sender(companies[0], None, "name")
    return Sender()
