"""Callbacks after completion: planned with the order's completion, watched by a promise, a ticket for the dissatisfied."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from aftersales.models import AfterSalesPolicy, Ticket
from aftersales.services.callbacks import is_ticket_wanted, plan_callback, ticket_of_call
from crm import services
from crm.models import Call
from foundation.journal.services import record
from foundation.sla.models import Clock
from tests.accounts.factories import make_user
from tests.orders.factories import make_order
from tests.support.defaults import load_defaults

pytestmark = pytest.mark.django_db
BAD = {"crew": 5, "salesperson": 4, "product": 1, "fault": "The floor creaks", "project": "no"}


@pytest.fixture
def sven():
    load_defaults()
    return make_user("Sven Lund", role="service", languages={"en": 4})


def completed(**values):
    order = make_order(**values)
    record("order.completed", order)
    return order


def test_a_completed_order_plans_one_call_under_a_promise(sven):
    order = completed()
    call = Call.objects.get()
    assert (call.customer, call.owner, call.questionnaire.purpose) == (order.customer, sven, "completion")
    assert call.due_at > timezone.now() + timedelta(days=1)
    clock = Clock.objects.get(target__code="completion-callback")
    assert clock.due_at is not None
    assert clock.due_at > call.due_at
    assert plan_callback(order) == call
    services.start_call(call.pk, actor=sven)
    services.finish_call(call.pk, actor=sven, answers={**BAD, "product": 5})
    clock.refresh_from_db()
    assert clock.stopped_at is not None


def test_the_days_are_the_policys_and_it_can_be_switched_off(sven):
    AfterSalesPolicy.current()
    policy = AfterSalesPolicy.objects.get()
    policy.callback_after_days = 30
    policy.save()
    completed()
    assert Call.objects.get().due_at > timezone.now() + timedelta(days=28)
    policy.callback_after_completion = False
    policy.save()
    completed()
    assert Call.objects.count() == 1


def test_a_dissatisfied_answer_becomes_one_ticket_of_the_order(sven):
    order = completed()
    call = services.start_call(Call.objects.get().pk, actor=sven)
    call = services.finish_call(call.pk, actor=sven, answers=BAD)
    assert call.is_dissatisfied
    assert is_ticket_wanted(call, sven)
    ticket = ticket_of_call(call.pk, actor=sven)
    assert ticket_of_call(call.pk, actor=sven) == ticket
    assert Ticket.objects.count() == 1
    assert (ticket.order, ticket.customer, ticket.call) == (order, order.customer, call)
    assert "The floor creaks" in ticket.description
    assert not is_ticket_wanted(call, sven)
