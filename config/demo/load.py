"""Loading all of it, once, in one transaction: the whole company is there, or nothing is."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from aftersales.models import Survey, Ticket
from catalog.models import Product
from config.demo import (
    accounts,
    calls,
    campaigns,
    care,
    catalogue,
    customers,
    deals,
    goods,
    inquiries,
    learning,
    mailbox,
    money,
    ownership,
    people,
    present,
    receptions,
    sales,
    samples,
    todo,
    touches,
    trade,
    visits,
)
from config.demo.ledger import Ledger
from config.demo.times import Times
from crm.models import Call, Campaign, Customer, Inquiry, Reception, Sample, ServiceRecord, TechnicalRequest, Visit
from foundation.accounts.models import COMPANY_CACHE_KEY, User
from foundation.accounts.roles import ROLES
from foundation.calendars.defaults import GUANGZHOU
from foundation.calendars.models import Calendar
from foundation.journal.models import Event
from foundation.knowledge.models import Article, Certificate
from foundation.mailroom.models import IncomingMail
from foundation.notifications.models import Message
from foundation.sla.models import Clock
from foundation.todos.models import Task
from logistics.models import Shipment
from orders.models import Order, Payment, Quote, TradeDocument

COUNTED = (
    User, Customer, Product, Inquiry, Quote, Order, Payment, TradeDocument, Shipment, Ticket, Survey, ServiceRecord, Call, Visit, Reception, Sample, TechnicalRequest, Campaign, Article, Certificate, Task, Event, Clock, Message,
    IncomingMail,
)  # fmt: skip


class CannotLoad(Exception):
    """The demo does not belong here; the message says why."""


def why_not(*, force: bool) -> str:
    """A sentence when the demo must not be loaded into this installation; empty otherwise."""
    if (
        Group.objects.filter(name__in=ROLES).count() < len(ROLES)
        or not Calendar.objects.filter(code=GUANGZHOU).exists()
    ):
        return "Run `manage.py load_defaults` first: the demo needs the house's roles, calendars and targets."
    if Customer.objects.exists() and not force:
        return (
            "This installation already has customers of its own, so the demo company stays out. "
            "With --force it is added beside them, and the company's settings are overwritten."
        )
    return ""


def load(say: Callable[[str], object], *, force: bool = False, now: datetime | None = None) -> bool:
    """Make the demo company; False when it is there already. Raises CannotLoad, and nothing has changed."""
    if people.is_loaded():
        return False
    if reason := why_not(force=force):
        raise CannotLoad(reason)
    with transaction.atomic():
        with connection.cursor() as cursor:  # two starts at once: the second waits, then finds it done
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kontor.load_demo'))")
        if people.is_loaded():
            return False
        _load(now or timezone.now())
    cache.delete(COMPANY_CACHE_KEY)
    for model in COUNTED:
        say(f"{model._meta.verbose_name_plural}: {model._default_manager.count()}")
    return True


def _load(now: datetime) -> None:
    company = people.make_company()
    calendar = Calendar.objects.select_related("current").get(code=GUANGZHOU).current
    assert calendar is not None
    times = Times(now, company.time_zone, calendar.business())
    rng = random.Random(f"kontor {times.today}")
    ledger = Ledger()
    staff = people.make_staff()
    catalogue.make_products(times.today - timedelta(days=380))
    goods.describe(times.today - timedelta(days=380))
    products = list(Product.objects.select_related("unit").prefetch_related("prices__price_list", "packs__unit"))
    for product in products:
        ledger.add(
            "product.created", product, at=now - timedelta(days=380), actor=staff["peng.xu"], facts={"fields": []}
        )
    carriers = catalogue.make_carriers()
    clients = customers.make_customers(staff, times, ledger, rng)
    year = deals.plan_year(clients, products, times, rng)
    sales.make_inquiries(year, staff, times, ledger, rng)
    sales.make_quotes(year, staff, times, ledger, rng)
    trade.make_orders(year, staff, times, ledger)
    trade.make_shipments(year, carriers, staff, times, ledger)
    care.make_tickets(year, staff, times, ledger, rng)
    care.make_records(clients, staff, times, rng)
    care.make_notes(year, staff, times, ledger)
    ledger.write()
    stage = present.Stage(
        clients={one.row.name: one for one in clients},
        products={one.sku: one for one in products},
        staff=staff,
        carriers=carriers,
        deals=year,
        times=times,
    )
    inquiries.make_rules(stage)
    goods.play(stage)
    present.play(stage)
    inquiries.play(stage)
    money.play(stage)
    todo.play(stage)
    visits.play(stage)
    calls.play(stage)
    receptions.play(stage)
    samples.play(stage)
    campaigns.play(stage)
    touches.play(stage)
    ownership.play(stage)
    accounts.play(stage)
    mailbox.play(stage)
    learning.play(stage)
