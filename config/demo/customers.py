"""Customers with their people and places, as they came in over the year."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from config.demo.customer_data import FIRMS, Firm
from config.demo.ledger import Ledger
from config.demo.people import Staff
from config.demo.times import Times
from crm.models import Address, Contact, Customer
from foundation.documents.numbering import next_number

MAIN_LANGUAGES = ("en", "zh-hans", "zh-hant", "de")


@dataclass
class Client:
    """A customer of the demo with what the stories about it need."""

    row: Customer
    firm: Firm
    contacts: list[Contact]
    delivery: Address
    since: datetime

    @property
    def main(self) -> Contact:
        """Whom we write to."""
        return self.contacts[0]


def make_customers(staff: Staff, times: Times, ledger: Ledger, rng: random.Random) -> list[Client]:
    """All customers; most were there before the year began, the last ones came during it."""
    clients = []
    for index, firm in enumerate(FIRMS):
        age = 375 - index if index < 18 else 330 - (index - 18) * 24
        clients.append(_make(firm, times.office(days_ago=age, rng=rng), staff, ledger))
    return clients


def _make(firm: Firm, since: datetime, staff: Staff, ledger: Ledger) -> Client:
    owner = staff.get(firm.owner)
    customer = Customer(
        number=next_number("customer", at=since),
        name=firm.name,
        local_name=firm.local_name,
        kind=firm.kind,
        tier=firm.tier,
        country=firm.country,
        language=firm.language,
        time_zone=firm.zone,
        industry=firm.industry,
        source=firm.source,
        owner=owner,
        website=f"https://www.{firm.domain}",
        domain=firm.domain,
        tax_number=firm.tax,
        remark=firm.remark,
        created_at=since,
    )
    contacts = [
        Contact(
            name=one.name,
            position=one.position,
            email=f"{one.local}@{firm.domain}",
            phone=one.phone,
            mobile=one.mobile,
            is_decision_maker=one.decides,
            is_main=index == 0,
            created_at=since,
        )
        for index, one in enumerate(firm.people)
    ]
    customer.people = contacts
    customer.save(force_insert=True)
    for contact in contacts:
        contact.customer = customer
        contact.save(force_insert=True)
    ledger.add("customer.created", customer, at=since, actor=owner)
    return Client(customer, firm, contacts, _places(customer, contacts, firm, since), since)


def _places(customer: Customer, contacts: list[Contact], firm: Firm, since: datetime) -> Address:
    region, city, district, street, postal_code = firm.place
    places = [
        Address.objects.create(
            customer=customer,
            kind=kind,
            recipient=firm.local_name or firm.name,
            contact_name=contacts[-1].name if kind == "delivery" else "",
            phone=contacts[-1].phone if kind == "delivery" else "",
            country=firm.country,
            region=region,
            city=city,
            district=district,
            street=street,
            postal_code=postal_code,
            is_default=True,
            created_at=since,
        )
        for kind in ("office", "delivery")
    ]
    return places[1]
