"""The list of touches: whom it shows, what one click does, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from crm import services
from crm.models import CadenceRule, Customer, CustomerTouch, Visit
from crm.models.cadence import company_today
from foundation.accounts.models import User
from foundation.ui.nav import counters_for
from foundation.ui.panels import panels_for
from tests.crm.factories import make_address, make_contact, make_customer, make_visit
from tests.support.defaults import load_defaults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monthly(roles: None) -> None:
    for ways, template in ((["phone"], ""), (["email"], "campaign.new_product"), (["sms"], "")):
        CadenceRule.objects.create(ways=ways, every_days=30, template_key=template, is_applied=True)


def due(owner: User, days: int = 0, name: str = "", **values) -> Customer:
    """A customer who is due so many days from today."""
    customer = make_customer(name, owner=owner, **values)
    day = company_today() + timedelta(days=days)
    Customer.objects.filter(pk=customer.pk).update(touch_due_on=day)
    return customer


def shown(client, address: str = "/touches/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_salesperson_sees_their_own_the_soonest_first_and_a_manager_all_by_person_or_team(client, anna, wei, maria):
    due(anna, -1, "Kai GmbH")
    due(anna, -9, "Hafen GmbH")
    due(wei, 0, "Shanghai Floors")
    due(anna, 60, "Later GmbH")
    client.force_login(anna)
    page = shown(client)
    assert page.index("Hafen GmbH") < page.index("Kai GmbH")
    assert "Shanghai Floors" not in page and "Later GmbH" not in page
    assert "Later GmbH" in shown(client, "/touches/?view=all")
    client.force_login(maria)
    assert "Shanghai Floors" in shown(client) and "Kai GmbH" in shown(client)
    assert "Kai GmbH" not in shown(client, f"/touches/?view=month&owner={wei.pk}")
    assert "Shanghai Floors" not in shown(client, f"/touches/?view=month&team={anna.team_id}")
    assert "Shanghai Floors" not in shown(client, "/touches/?view=overdue")


def test_one_click_dials_and_opens_the_composer_with_the_words_of_the_rule(client, anna):
    load_defaults()
    customer = due(anna, -1, "Kai GmbH", language="en")
    make_contact(customer, name="Kim Kay", phone="+493012345678", mobile="+4915112345678", is_main=True)
    client.force_login(anna)
    page = shown(client)
    assert 'href="tel:+493012345678"' in page
    link = f"/customers/{customer.pk}/do/write/?channel=email&template=campaign.new_product"
    assert link.replace("&", "&amp;") in page
    written = shown(client, link)
    assert "New in our range" in written
    sms = shown(client, f"/customers/{customer.pk}/do/write/?channel=sms")
    assert 'value="sms"' in sms and "checked" in sms[sms.index('value="sms"') :][:120]
    customer.contacts.update(no_calls=True, no_email=True, no_sms=True)
    page = shown(client)
    assert "tel:+49" not in page and "do/write" not in page


def test_a_call_is_noted_in_the_row_which_goes_and_comes_back_by_undo(client, anna, wei):
    customer = due(anna, -1, "Kai GmbH")
    client.force_login(anna)
    page = shown(client, "/touches/?view=overdue")
    address = f"/touches/{customer.pk}/note/?back=view%3Doverdue"
    assert address in page
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    said = {"result": "done", "content": "Wants oak", "next_step": "Send oak", "next_step_on": tomorrow}
    answer = client.post(address, said)
    assert (answer.status_code, answer["Location"]) == (302, "/touches/?view=overdue")
    page = shown(client, "/touches/?view=overdue")
    touch = CustomerTouch.objects.get()
    assert f'hx-post="/touches/{touch.pk}/undo/?back=view%3Doverdue"' in page
    assert f"/touches/{customer.pk}/note/" not in page
    assert "Call: Wants oak" in shown(client, "/touches/?view=done")
    client.force_login(wei)
    assert client.post(f"/touches/{touch.pk}/undo/").status_code == 404
    client.force_login(anna)
    back = client.post(f"/touches/{touch.pk}/undo/?back=view%3Doverdue", headers={"HX-Request": "true"})
    assert back["HX-Redirect"] == "/touches/?view=overdue"
    touch.refresh_from_db()
    assert touch.undone_at is not None
    assert Customer.objects.get(pk=customer.pk).last_touch is None


def test_what_is_missing_is_asked_for_and_an_attempt_leaves_the_customer_due(client, anna):
    customer = due(anna, -1, "Kai GmbH")
    client.force_login(anna)
    address = f"/touches/{customer.pk}/note/"
    asked = client.post(address, {"result": "done", "content": "", "next_step": "Send oak"})
    assert asked.status_code == 422
    assert "Send oak" in asked.content.decode() and not CustomerTouch.objects.exists()
    client.post(address, {"result": "not_reached", "content": ""})
    assert "they are still to hear from us" in shown(client)
    assert f"/touches/{customer.pk}/note/" in shown(client)


def test_whoever_makes_no_calls_has_no_such_list_and_strangers_are_not_noted(client, anna, wei):
    from tests.accounts.factories import make_user

    customer = due(wei, -1)
    client.force_login(anna)
    assert client.post(f"/touches/{customer.pk}/note/", {"result": "done", "content": "x"}).status_code == 404
    client.force_login(make_user("Lars Holm", role="logistics"))
    assert client.get("/touches/").status_code == 403


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_asks_the_same_for_two_and_for_twenty(client, anna, rows, django_assert_max_num_queries):
    for number in range(rows):
        customer = due(anna, -number)
        make_contact(customer, is_main=True, phone="+493012345678")
        services.add_service_record(customer.pk, actor=anna, subject="Oak", content="x")
    Customer.objects.update(touch_due_on=company_today())
    client.force_login(anna)
    shown(client)
    with django_assert_max_num_queries(8):
        page = shown(client)
    assert page.count("/note/?") == rows


def test_the_rail_my_day_and_the_page_of_the_customer_say_so(client, rf, anna, wei):
    customer = due(anna, -2, "Kai GmbH")
    due(anna, 0)
    due(wei, -2)
    assert counters_for(anna)["customers"] == (2, True)
    request = rf.get("/")
    request.user = anna
    (entry,) = [one for group in panels_for("day.today", request=request) for one in group]
    assert "2 customers are to hear from us" in str(entry.text)
    assert entry.url == f"/touches/?owner={anna.pk}&view=month"
    client.force_login(anna)
    assert "Next touch" in shown(client, customer.get_absolute_url())
    assert "Kai GmbH" in shown(client, entry.url)


def test_ticked_rows_become_a_campaign(client, anna):
    customer = due(anna, -2, "Kai GmbH")
    client.force_login(anna)
    assert 'formaction="/campaigns/choose/"' in shown(client)
    answer = client.post("/campaigns/choose/", {"pk": [customer.pk]})
    assert parse_qs(urlsplit(answer["Location"]).query) == {"pk": [str(customer.pk)]}
    assert "1 customer is in the list." in shown(client, answer["Location"])


def test_who_is_due_nearby_is_offered_first_and_planned_with_one_click(client, anna):
    here = make_address(due(anna, 60, "Kai GmbH"), street="Am Kai 1")
    far = due(anna, -2, "Elbe GmbH")
    make_address(far, postal_code="20999", street="Elbe 2")
    make_address(due(anna, 60, "Next Door GmbH"), street="Am Kai 3")
    visit = make_visit(anna, here.customer, address=here)
    client.force_login(anna)
    page = shown(client, visit.get_absolute_url())
    nearby = page[page.index("Customers nearby") :]
    assert nearby.index("Elbe GmbH") < nearby.index("Next Door GmbH")
    address = f"/visits/{visit.pk}/nearby/{far.pk}/"
    assert nearby.count("Plan this too") == 1 and address in nearby
    client.post(address)
    planned = Visit.objects.get(customer=far)
    assert (planned.owner, planned.status) == (anna, "proposed")
