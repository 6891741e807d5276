"""What scripts do: help opens beside a complaint without leaving it, and a test keeps its time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from foundation.knowledge.models import Attempt, Course, Result, Use
from foundation.knowledge.services import exams
from tests.aftersales.factories import make_ticket
from tests.crm.factories import make_contact, make_customer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=20_000)
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.mark.parametrize("dark", [False, True])
def test_help_opens_beside_a_complaint_and_use_is_noted_without_leaving_it(manager, session_of, open_page, dark):
    contact = make_contact(make_customer("Hafen GmbH", language="de"), name="Frau Petersen")
    ticket = make_ticket(kind="damage", customer=contact.customer, contact=contact)
    page = open_page(ticket.get_absolute_url(), width=390, dark=dark, session=session_of(manager))
    page.locator("#composer-text").fill("half a sentence")
    page.locator("#helps").get_by_role("link", name="Delivered damaged").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Frau Petersen")
    dialog.get_by_role("link", name="English").click()
    expect(dialog).to_contain_text("Be sorry first")
    dialog.get_by_role("button", name="I used this here").click()
    expect(dialog).to_contain_text("you used it here")
    assert page.evaluate(FITS)
    dialog.get_by_text("Close").last.click()
    expect(page.locator("#composer-text")).to_have_value("half a sentence")
    assert Use.objects.get().object_id == ticket.pk


def test_a_test_hands_itself_in_when_its_time_is_up(writer, session_of, open_page):
    course = Course.objects.get(code="telephone-manners")
    attempt = exams.begin_attempt(course.pk, actor=writer)
    Attempt.objects.filter(pk=attempt.pk).update(until=timezone.now() + timedelta(seconds=12))
    page = open_page(f"/training/tests/{attempt.pk}/", width=390, session=session_of(writer))
    expect(page.locator("[data-left-shown]")).to_contain_text("0:")
    page.get_by_label("True").first.check()
    expect(page.get_by_text("not passed")).to_be_visible()
    assert Result.objects.get().points == 1
    assert page.evaluate(FITS)


def test_whoever_left_questions_out_is_asked_before_a_test_is_handed_in(writer, session_of, open_page):
    course = Course.objects.get(code="telephone-manners")
    attempt = exams.begin_attempt(course.pk, actor=writer)
    page = open_page(f"/training/tests/{attempt.pk}/", session=session_of(writer))
    page.get_by_label("True").first.check()
    page.get_by_role("button", name="Hand in").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Questions without an answer: 4")
    dialog.get_by_role("button", name="Cancel").click()
    assert not Result.objects.exists()
    page.get_by_role("button", name="Hand in").click()
    dialog.get_by_role("button", name="Yes, go ahead").click()
    expect(page.get_by_text("not passed")).to_be_visible()
    assert Result.objects.get().points == 1
