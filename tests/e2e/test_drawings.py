"""A technical request goes from sales to the technical team, to the customer's phone and back."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from crm.models import TechnicalRequest
from tests.accounts.factories import make_user
from tests.crm.factories import make_contact, make_customer
from tests.crm.samples import picture
from tests.e2e.people import Person, link_in, post
from tests.notifications.sinks import MailSink

pytestmark = pytest.mark.django_db(transaction=True)


def _file(name: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/png", "buffer": picture(name).read()}


def test_drawings_travel_to_the_customers_phone_and_back(
    house: SimpleNamespace, mail: MailSink, open_page: Callable[..., Any]
) -> None:
    def somebody(user: Any, path: str) -> Person:
        client = Client()
        client.force_login(user)
        return Person(open_page(path, session=client.cookies[settings.SESSION_COOKIE_NAME].value))

    peng, nora = (make_user(name, role="technical") for name in ("Peng Xu", "Nora Lind"))
    customer = make_customer("Hafen GmbH", owner=house.anna, language="en")
    make_contact(customer, name="Petra Petersen", email="petra@hafen.example", is_main=True)
    sales = somebody(house.anna, f"/technical/new/?customer={customer.pk}")
    sales.press("Add a line")
    sales.page.locator("[name='lines-2-value']").wait_for()
    sales.fill(subject="Long plank", wish="1500 mm, same click", **{"lines-0-value": "1500"})
    sales.page.set_input_files("[name='uploads']", [_file("hall.png")])
    sales.submit()
    sales.sees("is with the technical team", "hall.png", "1,500 mm")
    request = TechnicalRequest.objects.get()
    here = request.get_absolute_url()
    desk = somebody(peng, "/technical/")
    desk.follow("Long plank").press("Take it").sees("It is yours.")
    desk.press("Submit drawings").fill(uploads=[_file("plank.png")], note="As in the sketch").submit()
    desk.sees("Revision A", "plank.png")
    second = somebody(nora, here)
    second.do("Release", has_looked=True).sees("Released: it may go to the customer.")
    sales.open(here).do("Send to the customer", note="Please have a look").sees("The drawings are on their way.")
    (letter,) = [one for one in post(mail) if "petra@hafen.example" in str(one["To"])]
    phone = Person(open_page(link_in(letter, "/p/drawings/"), width=390, height=800))
    phone.sees("Long plank", "As in the sketch", "Approve revision A")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.page.get_by_text("Something should be different", exact=True).click()
    changes = phone.page.locator("details[open] form")
    changes.locator("[name=remark]").fill("Ten millimetres shorter")
    changes.get_by_role("button", name="Send my wishes").click()
    phone.sees("The next revision is being drawn")
    desk.open(here).sees("Ten millimetres shorter")
    desk.press("Submit drawings").fill(uploads=[_file("plank-b.png")]).submit()
    desk.sees("Revision B")
    second.open(here).do("Release", has_looked=True).sees("Released: it may go to the customer.")
    sales.open(here).do("Send to the customer").sees("The drawings are on their way.")
    phone.page.reload()
    phone.sees("Approve revision B")
    phone.page.locator("[name=agrees]").check()
    phone.page.get_by_role("button", name="Approve revision B").click()
    phone.sees("You have approved these drawings.")
    sales.open(here).stands_at("Approved").press("Close as done").sees("Done.")
    request.refresh_from_db()
    assert request.status == "done" and request.approved_digest == request.revisions.get(number=2).digest
