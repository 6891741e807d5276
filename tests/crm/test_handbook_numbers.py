"""Numbers of a handbook are rows: an administrator changes one, and the house does otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from crm import services
from crm.models import Address, AppointmentPolicy, CallPolicy, Customer, IncomingCall, InquiryPolicy
from crm.ringing import _place
from crm.selectors import Neighbour
from crm.services.arrivals import Fix
from crm.services.incoming import take_notice
from crm.services.mail import inquiry_from_mail
from foundation.journal.machine import Refused
from foundation.mailroom.registry import Arrival
from tests.accounts.factories import make_user
from tests.crm.factories import make_address, make_customer, planned_visit

pytestmark = pytest.mark.django_db


def rules(**values: Any) -> None:
    AppointmentPolicy.objects.update_or_create(pk=1, defaults=values)


def test_an_administrator_finds_them_in_the_admin(roles):
    client = Client()
    client.force_login(make_user("Root", role="administrator", is_staff=True))
    AppointmentPolicy.current(), CallPolicy.current()
    pages = {
        "/admin/crm/appointmentpolicy/1/change/": ("ask_early_hours", "check_in_days", "exact_metres", "consent_days", "nearby_days"),
        "/admin/crm/callpolicy/1/change/": ("ring_seconds", "bad_percent", "recording_needs_consent"),
    }  # fmt: skip
    for path, names in pages.items():
        page = client.get(path).content.decode()
        assert all(f'name="{name}"' in page for name in names), path


def test_how_long_before_its_time_a_check_in_asks_back(client, anna):
    visit = planned_visit(anna, start=timezone.now() + timedelta(hours=5))
    client.force_login(anna)
    assert "It takes place now" not in client.get(f"/visits/{visit.pk}/do/arrive/").content.decode()
    rules(ask_early_hours=4)
    assert "It takes place now" in client.get(f"/visits/{visit.pk}/do/arrive/").content.decode()


def test_how_late_a_check_in_is_entered_and_how_exact_a_position_must_be(anna):
    customer = make_customer(owner=anna)
    address = make_address(customer)
    visit = planned_visit(anna, customer, address=address)
    ago = timezone.now() - timedelta(days=2)
    rules(check_in_days=1, exact_metres=10)
    with pytest.raises(Refused, match="within 1 day"):
        services.check_in(visit.pk, actor=anna, no_position="no_signal", stated_at=ago)
    fix = Fix(latitude=53, longitude=10, accuracy_m=15)
    services.check_in(visit.pk, actor=anna, fix=fix, keep_position=True)
    assert Address.objects.get(pk=address.pk).position is None


def test_how_long_a_telephone_rings(anna, monkeypatch, django_capture_on_commit_callbacks):
    kept = []
    monkeypatch.setattr(cache, "set", lambda key, value, seconds: kept.append((key, seconds)))
    CallPolicy.objects.update_or_create(pk=1, defaults={"ring_seconds": 45})
    with django_capture_on_commit_callbacks(execute=True):
        take_notice("m1", {"call": "c", "event": "ringing", "from": "1", "agent": anna.email})
    assert (_place(anna.pk), 45) in kept and IncomingCall.objects.exists()


def test_how_far_ahead_a_neighbour_is_due():
    soon = Customer(touch_due_on=timezone.localdate() + timedelta(days=5))
    assert Neighbour(soon, Address(), "city", None).is_due
    rules(nearby_days=3)
    assert not Neighbour(soon, Address(), "city", None).is_due


def test_within_how_many_hours_the_same_subject_asks_again():
    mail = Arrival(
        mail_id=1,
        sender="p@hafen.example",
        sender_name="P",
        subject="Oak",
        text="How much is it?",
        language="en",
        received_at=timezone.now(),
    )
    first, is_new = inquiry_from_mail(mail)
    assert is_new and inquiry_from_mail(replace(mail, mail_id=2, text="And ash?")) == (first, False)
    InquiryPolicy.objects.update_or_create(pk=1, defaults={"same_subject_hours": 0})
    other, is_new = inquiry_from_mail(replace(mail, mail_id=3, text="Is there walnut in stock?"))
    assert is_new and other != first
