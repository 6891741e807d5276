"""What is promised to a customer stands on the customer's page, soonest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from foundation.sla.models import Clock
from tests.crm.factories import make_contact, make_customer, make_inquiry
from tests.support.defaults import load_defaults

pytestmark = pytest.mark.django_db


def test_open_promises_of_everything_stand_on_the_customers_page(anna: Any, django_assert_max_num_queries: Any) -> None:
    load_defaults()
    contact = make_contact(make_customer(owner=anna))
    inquiries = [make_inquiry(email=contact.email) for _ in range(2)]
    client = Client()
    client.force_login(anna)
    client.get("/customers/?q=warm")
    client.get(contact.customer.get_absolute_url())
    # one counts samples and drawings, one reads what is soon, whose row this transaction has written
    with django_assert_max_num_queries(18):
        page = client.get(contact.customer.get_absolute_url()).content.decode()
    section = page[page.index('id="promises"') :]
    for inquiry in inquiries:
        assert inquiry.number in section and inquiry.get_absolute_url() in section


def test_of_very_many_promises_the_soonest_are_shown(anna: Any) -> None:
    load_defaults()
    contact = make_contact(make_customer(owner=anna))
    inquiries = [make_inquiry(email=contact.email) for _ in range(61)]
    last = Clock.objects.open().filter(object_id=inquiries[-1].pk, number=inquiries[-1].number)
    assert last.update(due_at=timezone.now() + timedelta(minutes=1))
    client = Client()
    client.force_login(anna)
    page = client.get(contact.customer.get_absolute_url()).content.decode()
    section = page[page.index('id="promises"') : page.index("</section>", page.index('id="promises"'))]
    assert section.index(inquiries[-1].number) < section.index(inquiries[0].number)
    assert section.count("promise-what") == 12
