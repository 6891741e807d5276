"""A ticket and an inquiry whose customers write mails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from aftersales.models import Ticket
from foundation.accounts.models import Company, User
from foundation.accounts.roles import load_roles
from foundation.mailroom.models import MailPolicy
from foundation.notifications.defaults import load_messages
from tests.accounts.factories import make_user
from tests.aftersales.factories import make_ticket
from tests.crm.factories import make_contact, make_customer
from tests.notifications.sinks import MailSink


@pytest.fixture
def house(db: None) -> Company:
    """The company with its address, its rules and its words; answers come to reply@kontor.example."""
    company = Company.current()
    company.email = company.mail_from_address = "info@kontor.example"
    company.emergency_contact, company.emergency_phone = "Chen Wei", "+862012345678"
    company.save()
    MailPolicy(reply_address="reply@kontor.example").save()
    load_roles()
    load_messages()
    return company


@pytest.fixture
def clerk(house: Company) -> User:
    return make_user("Emily Carter", role="manager")


@pytest.fixture
def ticket(house: Company, clerk: User) -> Ticket:
    """Anna Berg has complained."""
    customer = make_customer("Berg Floors")
    contact = make_contact(customer, name="Anna Berg", email="anna@berg.example", language="de")
    return make_ticket(customer=customer, contact=contact, owner=clerk)


@pytest.fixture
def mail(settings: Any) -> Iterator[MailSink]:
    """A mail server; the application is set to use it."""
    sink = MailSink()
    port = sink.start_anywhere()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 20
    yield sink
    sink.stop()
