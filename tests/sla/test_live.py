"""A page that stays open all day, in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from foundation.calendars.models import Calendar
from foundation.journal.services import record
from foundation.sla.models import Clock
from tests.accounts.factories import make_user
from tests.sla.conftest import add_target

pytestmark = [pytest.mark.django_db(transaction=True)]


def promise(owner, number, **due):
    about = Calendar.objects.create(code=number.lower(), name=number)
    record("parcel.arrived", about, facts={"number": number, "owner_id": owner.pk})
    due_at = timezone.now() + timedelta(**due)
    Clock.objects.about(about).update(due_at=due_at, soon_at=due_at - timedelta(hours=4))


def ask(page):
    page.evaluate("document.querySelector('#live').dispatchEvent(new Event('live:ask'))")


def test_an_open_page_brings_itself_up_to_date_and_says_so(open_page, session_of):
    add_target(amount=9)
    omar = make_user("Omar")
    promise(omar, "P-1", hours=8)
    promise(omar, "P-2", hours=-1)
    page = open_page("/deadlines/", session=session_of(omar))
    assert page.title().startswith("(1) My deadlines")
    link = page.locator("tbody a", has_text="P-1").first
    link.focus()
    promise(omar, "P-3", minutes=20)
    ask(page)
    page.wait_for_selector("text=P-3")
    assert page.locator(".live-news").inner_text() == "1 new"
    assert page.title().startswith("(2) ")
    assert "P-1" in page.evaluate("document.activeElement.textContent"), "the focus stays where it was"
    ask(page)
    page.wait_for_selector(".live-news:empty", state="attached")

    page.context.set_offline(True)
    ask(page)
    page.wait_for_selector("text=No connection since")
    assert page.locator("text=P-3").count(), "what was shown stays"
    page.context.set_offline(False)
    ask(page)
    page.wait_for_selector(".live-trouble:empty", state="attached")

    Session.objects.all().delete()
    from django.core.cache import cache

    cache.clear()
    ask(page)
    page.wait_for_selector("text=You have been signed out")
    assert page.locator(".live-trouble a").get_attribute("href").endswith("/account/login/?next=/deadlines/")
    page.problems[:] = [one for one in page.problems if "ERR_INTERNET_DISCONNECTED" not in str(one)]


def test_a_hidden_page_and_an_open_menu_are_left_alone(open_page, session_of):
    add_target(amount=9)
    omar = make_user("Omar")
    promise(omar, "P-1", hours=8)
    page = open_page("/deadlines/", session=session_of(omar))
    page.locator(".filter-panel summary").click()
    promise(omar, "P-2", hours=1)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    ask(page)
    page.wait_for_timeout(300)
    assert asked == []
    page.locator(".filter-panel summary").click()
    ask(page)
    page.wait_for_selector("text=P-2")


def test_the_list_works_without_scripts(open_page, session_of):
    add_target(amount=9)
    omar = make_user("Omar")
    promise(omar, "P-1", hours=8)
    page = open_page("/deadlines/", session=session_of(omar), scripts=False, width=390)
    assert page.locator("text=P-1").count()
    page.locator("nav.tabs a", has_text="Overdue").click()
    assert page.locator("text=Nothing is overdue").count()
