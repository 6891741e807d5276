"""One salesperson's day: the list of the morning, a call, its project as an inquiry, a visit, guests in the showroom, the cadence.

`DAY_SHOTS=folder` keeps a picture of each station.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm.models import (
    Call,
    CheckIn,
    Customer,
    CustomerTouch,
    Inquiry,
    Questionnaire,
    Reception,
    ReceptionVisitor,
    Visit,
)
from crm.models.cadence import company_today
from crm.services import plan_call
from tests.crm.factories import make_address, make_contact, make_customer
from tests.e2e.people import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
STATIONS = ["morning", "call", "inquiry", "board", "consent", "visit", "reception", "cadence"]
SAID = {
    "q-performance": "well",
    "q-service": "5",
    "q-product": "4",
    "q-business": "fit-out",
    "q-project": "yes",
    "q-floor-plan": "yes",
    "q-visit": "yes",
}


def soon(**delta: int) -> str:
    """A moment as the browser's field for date and time takes it."""
    return (timezone.localtime() + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M")


class Day:
    """Anna's day, station by station; the test below walks it."""

    def __init__(self, house: SimpleNamespace, at_work: Callable[..., Person]) -> None:
        self.house, self.at_work = house, at_work
        self.customer = make_customer("Hafen GmbH", owner=house.anna, language="en", country="DE")
        make_contact(
            self.customer, name="Petra Petersen", phone="+494012345678", email="petra@hafen.example", is_main=True
        )
        make_address(self.customer, latitude=Decimal("53.540000"), longitude=Decimal("9.990000"))
        Customer.objects.filter(pk=self.customer.pk).update(touch_due_on=company_today() - timedelta(days=3))
        self.planned = plan_call(
            self.customer.pk,
            actor=house.anna,
            questionnaire=Questionnaire.objects.get(code="presales-callback"),
            owner=house.anna,
            due_at=timezone.now() - timedelta(minutes=5),
            reason="Callback after the sample parcel",
        )
        self.desk = at_work(house.anna)

    def shoot(self, person: Person, name: str) -> None:
        """A picture, where somebody asked for it."""
        if folder := os.environ.get("DAY_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            person.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)

    # ------------------------------------------------------------ at the desk

    def morning(self) -> None:
        self.desk.sees("Callback after the sample parcel", "1 customer is to hear from us")
        self.shoot(self.desk, "1-morning")
        self.desk.page.get_by_role("main").get_by_role(
            "link", name="Call: Callback after the sample parcel"
        ).first.click()
        self.desk.sees("Hafen GmbH", "To be made")

    def call(self) -> None:
        self.desk.press("Call now").sees("First words", "History")
        form = self.desk.page.locator("form[data-call]")
        for name, value in SAID.items():
            form.locator(f"[name='{name}'][value='{value}']").check()
        form.locator("[name='q-project-details']").fill("900 m² of oak in Leeds by March")
        expect(self.desk.page.locator("[data-call-state]")).to_contain_text("Kept")
        # a lost connection loses nothing of what is typed
        self.desk.page.context.set_offline(True)
        form.locator("[name=remark]").fill("Prefers mornings")
        expect(self.desk.page.locator("[data-call-state]")).to_contain_text("No connection")
        form.get_by_role("button", name="Finish the call").click()
        expect(form.locator(".is-offline")).to_be_visible()
        expect(form.locator("[name=remark]")).to_have_value("Prefers mornings")
        self.desk.page.context.set_offline(False)
        expect(self.desk.page.locator("[data-call-state]")).to_contain_text("Kept")
        self.desk.page.problems.clear()  # the browser notes that it could not reach us
        self.shoot(self.desk, "2-call")
        form.get_by_role("button", name="Finish and make an inquiry of the project").click()
        self.desk.page.wait_for_url("**/inquiries/*/")
        done = Call.objects.get()
        assert (done.status, done.has_project, done.visit_agreed) == ("done", True, True)

    def inquiry(self) -> None:
        inquiry = Inquiry.objects.get()
        assert (inquiry.customer, inquiry.channel, inquiry.owner) == (self.customer, "phone", self.house.anna)
        self.desk.sees(inquiry.number, "900 m² of oak in Leeds by March", "Why this colleague")
        self.shoot(self.desk, "3-inquiry")

    def board(self) -> None:
        """Dragged to “Answered”: the form opens that the action asks for, and the board comes back."""
        self.desk.open("/inquiries/?layout=board&view=all")
        card = self.desk.page.locator("[data-card]")
        column = self.desk.page.locator("[data-state=answered]")
        self.shoot(self.desk, "4-board")
        card.drag_to(self.desk.page.locator("[data-state=new]"))
        expect(self.desk.page.locator("[data-kanban-said]")).to_contain_text("not possible")
        expect(self.desk.page.locator("[data-state=assigned] [data-card]")).to_have_count(1)
        card.drag_to(column)
        expect(self.desk.page.locator("dialog[open]")).to_contain_text("Answer")
        self.desk.page.locator("dialog[open] [name=body]").fill("Dear Petra, the quote follows tomorrow. Anna")
        self.desk.submit()
        expect(column.locator("[data-card]")).to_have_count(1)
        assert Inquiry.objects.get().status == "answered"

    def consent(self) -> None:
        """Without a consent a visit is not planned, and the page says so."""
        self.desk.open(f"/visits/new/?customer={self.customer.pk}")
        self.desk.fill(purpose="Show the oak collection").submit()
        self.desk.page.wait_for_url("**/visits/*/")
        visit = Visit.objects.get()
        self.desk.sees("has not agreed yet")
        self.desk.do("Record the consent", channel="phone")
        self.desk.sees("Petra Petersen · Phone")
        self.desk.press("Plan").fill(start=soon(hours=1), end=soon(hours=2)).submit()
        self.desk.stands_at("Planned").sees("Arrive by")
        visit.refresh_from_db()
        assert visit.status == "planned"
        self.shoot(self.desk, "5-visit")

    # ------------------------------------------------------------ on the road, and in the showroom

    def visit(self) -> None:
        visit = Visit.objects.get()
        phone = self.at_work(self.house.anna, visit.get_absolute_url(), width=390)
        phone.page.context.grant_permissions(["geolocation"])
        phone.page.context.set_geolocation({"latitude": 53.541, "longitude": 9.99, "accuracy": 9})
        phone.press("Set off").sees("On the way")
        phone.press("Check in")
        expect(phone.page.locator("[data-position-status]").last).to_contain_text("accurate to 9 m")
        phone.submit().sees("111 m in a straight line", "punctual")
        self.shoot(phone, "6-on-the-phone")
        assert CheckIn.objects.get().distance_m == 111
        day = (timezone.localdate() + timedelta(days=2)).isoformat()
        phone.do(
            "Write down the outcome",
            result="quote",
            discussed="900 m² of oak",
            next_step="Send the quote",
            next_step_on=day,
        )
        phone.sees("900 m² of oak")
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390

    def reception(self) -> None:
        self.desk.open(f"/receptions/new/?customer={self.customer.pk}")
        self.desk.fill(purpose="See the oak collection", start=soon(minutes=20), head_count=2).submit()
        self.desk.sees("REC-")
        self.desk.press("They are here").sees("Usual questions")
        tablet = self.at_work(self.house.anna, f"/receptions/{Reception.objects.get().pk}/floor/", width=820)
        main = tablet.page.get_by_role("main")
        main.get_by_role("listitem").filter(has_text="Reception desk").get_by_role("button").click()
        expect(main.locator("[aria-current=step]")).to_contain_text("Reception desk")
        tablet.press("Visitor form").fill(rating="satisfied", suggestions="More oak").sign()
        expect(tablet.page.locator("[data-signature-status]")).not_to_be_empty()
        tablet.submit()
        expect(main).to_contain_text("Petra Petersen")
        self.shoot(tablet, "7-showroom")
        assert ReceptionVisitor.objects.get().signature is not None

    def cadence(self) -> None:
        """Who was called and visited today is not overdue any more."""
        touched = CustomerTouch.objects.filter(customer=self.customer)
        assert {"phone", "visit"} <= set(touched.values_list("way", flat=True))
        self.desk.open("/touches/?view=overdue")
        expect(self.desk.page.locator("tbody tr", has_text="Hafen GmbH")).to_have_count(0)
        self.shoot(self.desk, "8-touches")
        self.customer.refresh_from_db()
        assert self.customer.touch_due_on is None or self.customer.touch_due_on > company_today()


def test_one_day_from_the_morning_list_to_the_cadence(house: SimpleNamespace, at_work: Callable[..., Person]) -> None:
    with timezone.override("Europe/Berlin"):
        day = Day(house, at_work)
        for station in STATIONS:
            getattr(day, station)()
