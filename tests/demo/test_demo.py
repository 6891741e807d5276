"""The demo company: whole, repeatable, and at home in every room."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aftersales.models import Survey, Ticket
from crm.models import Call, Customer, Inquiry, Reception, Sample, ServiceRecord, TechnicalRequest, Visit
from foundation.accounts.demo import DEMO_PASSWORD
from foundation.accounts.models import User
from foundation.accounts.roles import ROLES
from foundation.accounts.services import role_of
from foundation.journal.machine import states_of
from foundation.journal.models import Event
from foundation.mailroom.models import IncomingMail
from foundation.notifications.models import Message
from foundation.sla.ledger import drift
from foundation.sla.models import Clock
from foundation.todos.models import Task
from logistics.models import ProofOfDelivery, Shipment, ShipmentLine
from orders.models import Order, Payment, Quote, TradeDocument

MACHINES = (
    Inquiry,
    Visit,
    Reception,
    Sample,
    TechnicalRequest,
    Quote,
    Order,
    Payment,
    TradeDocument,
    Shipment,
    ProofOfDelivery,
    Ticket,
    Survey,
    Task,
)
LISTS = (
    "crm:customers", "crm:inquiries", "crm:visits", "crm:receptions", "crm:samples", "crm:technical-requests", "catalog:products", "catalog:stock", "catalog:movements", "catalog:restocks", "catalog:prices", "orders:quotes", "orders:orders", "orders:payments", "orders:documents", "logistics:shipments",
    "aftersales:tickets", "aftersales:surveys", "todos:tasks",
)  # fmt: skip


@pytest.fixture(scope="module")
def company(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Loaded once for the whole module, and rolled back at its end."""
    from django.conf import settings
    from django.db import transaction

    kept = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("demo")
    out = io.StringIO()
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        call_command("load_defaults", stdout=io.StringIO())
        call_command("load_demo", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)
    settings.MEDIA_ROOT = kept


def _counts() -> dict[str, int]:
    models = (*MACHINES, Customer, User, Event, Clock, Message, ShipmentLine)
    return {model.__name__: model._default_manager.count() for model in models}


def test_it_says_what_it_made(company: str) -> None:
    assert f"customers: {Customer.objects.count()}" in company


def test_loading_twice_changes_nothing_and_says_so(company: str) -> None:
    before, out = _counts(), io.StringIO()
    call_command("load_demo", stdout=out)
    assert _counts() == before
    assert "nothing has changed" in out.getvalue()


def test_mail_of_every_sort_has_come_in(company: str) -> None:
    results = list(IncomingMail.objects.values_list("result", flat=True))
    assert results.count("joined") == 3 and results.count("review") == 2 and results.count("automatic") == 2
    assert results.count("inquiry") == results.count("bounce") == 1
    assert set(IncomingMail.objects.values_list("language", flat=True)) == {"en", "de", "zh-hans", "zh-hant"}
    assert Message.objects.filter(state="failed", last_error__contains="User unknown").count() == 1


@pytest.mark.parametrize("model", MACHINES)
def test_every_state_of_every_machine_is_there(company: str, model: Any) -> None:
    assert set(model._default_manager.values_list("status", flat=True)) == set(states_of(model, "status"))


def test_there_are_25_customers_in_ten_countries_and_four_languages(company: str) -> None:
    assert Customer.objects.count() >= 25
    assert Customer.objects.values("country").distinct().count() >= 10
    for model in (Customer, Inquiry, Ticket):
        languages = set(model._default_manager.values_list("language", flat=True))
        assert {"en", "de", "zh-hans", "zh-hant"} <= languages


def test_history_covers_a_year_and_lies_in_the_past(company: str) -> None:
    first, last = Event.objects.earliest("occurred_at"), Event.objects.latest("occurred_at")
    assert (last.occurred_at - first.occurred_at).days > 350
    assert not Event.objects.filter(imported=True, occurred_at__gt=last.recorded_at).exists()


def test_no_open_clock_runs_for_the_past_and_every_ledger_adds_up(company: str) -> None:
    assert not Clock.objects.filter(stopped_at=None, breached_at__isnull=False).exists()
    clocks = list(Clock.objects.prefetch_related("entries"))
    assert [found for clock in clocks if (found := drift(clock, sorted(clock.entries.all(), key=lambda e: e.pk)))] == []
    for metric in ("first_response", "resolution", "order_review", "pod_return"):
        ended = Clock.objects.filter(metric=metric, stopped_at__isnull=False)
        assert ended.filter(breached_at=None).exists() and ended.exclude(breached_at=None).exists()


def test_some_goods_are_overdue_and_some_delayed(company: str) -> None:
    from django.utils import timezone

    assert Shipment.objects.overdue(at=timezone.now()).exists()
    assert Shipment.objects.filter(status="in_transit").exclude(delay_reason="").exists()


def test_whoever_made_a_call_noted_it_in_their_own_language(company: str) -> None:
    rows = ServiceRecord.objects.filter(
        type="presales_callback", author__language="zh-hans", text__content__contains="\n"
    )
    said = list(rows.values_list("text__subject", "text__content"))
    assert said and not [words for pair in said for words in pair if "How " in words or "callback" in words]


def test_visits_and_calls_lie_where_the_customer_is_awake(company: str) -> None:
    now = timezone.now()
    visits = Visit.objects.filter(planned_start__isnull=False).exclude(status__in=["arrived", "on_the_way"])
    calls = Call.objects.exclude(due_at__range=(now - timedelta(hours=1), now))
    planned = [(one.customer, one.planned_start) for one in visits.select_related("customer")]
    planned += [(one.customer, one.due_at) for one in calls.select_related("customer")]
    assert len(planned) > 20
    for customer, at in planned:
        assert at is not None and 8 <= at.astimezone(ZoneInfo(customer.time_zone)).hour < 20, (customer.name, at)
    for one in Reception.objects.exclude(status__in=["arrived", "under_way"]):
        assert one.planned_start.astimezone(ZoneInfo("Asia/Shanghai")).weekday() < 5, one


def test_nobody_of_the_demo_can_be_reached(company: str) -> None:
    assert not Message.objects.filter(channel="email").exclude(to_address__endswith=".example").exists()


def _people() -> dict[str, User]:
    people: dict[str, User] = {}
    for user in User.objects.order_by("pk"):
        people.setdefault(role_of(user), user)
    return people


def test_every_role_has_a_login(company: str) -> None:
    out = io.StringIO()
    call_command("demo_logins", stdout=out)
    rows = [line.split("\t") for line in out.getvalue().splitlines()]
    assert sorted(row[0] for row in rows) == sorted(ROLES)
    assert {row[2] for row in rows} == {DEMO_PASSWORD}
    assert all(Client().login(email=email, password=password) for _role, email, password in rows)


@pytest.mark.parametrize("role", list(ROLES))
def test_every_role_opens_its_first_page_and_each_list(company: str, role: str) -> None:
    user = _people()[role]
    client = Client()
    client.force_login(user)
    assert client.get("/").status_code == 200
    for name in LISTS:
        expected = {200} if user.is_superuser or role in ("manager", "sales", "order desk", "service") else {200, 403}
        assert client.get(reverse(name)).status_code in expected, name


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant", "de"])
def test_the_manager_opens_a_record_in_every_state_in_every_language(company: str, language: str) -> None:
    user = _people()["manager"]
    user.language = language
    user.save(update_fields=["language"])
    client = Client()
    client.force_login(user)
    for model in (Inquiry, Quote, Order, Shipment, Ticket, Survey):
        for state in states_of(model, "status"):
            row = model._default_manager.filter(status=state).order_by("-pk").first()  # type: ignore[attr-defined]
            assert client.get(row.get_absolute_url()).status_code == 200, (row, state)
    for customer in Customer.objects.order_by("pk")[:4]:
        assert client.get(customer.get_absolute_url()).status_code == 200


@pytest.mark.django_db
def test_it_refuses_beside_customers_of_ones_own_and_changes_nothing() -> None:
    call_command("load_defaults", stdout=io.StringIO())
    Customer.objects.create(number="C-00001", name="A real one")
    before = _counts()
    with pytest.raises(CommandError, match="--force"):
        call_command("load_demo", stdout=io.StringIO())
    assert _counts() == before


@pytest.mark.django_db
def test_it_asks_for_the_defaults_first() -> None:
    with pytest.raises(CommandError, match="load_defaults"):
        call_command("load_demo", stdout=io.StringIO())
    assert not User.objects.exists()
