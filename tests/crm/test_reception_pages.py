"""Pages of receptions: the list, the page, the showroom page on a tablet, the visitor form."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from crm import reception_defaults, services
from crm.models import AppointmentPolicy, Customer, Reception, ReceptionVisitor
from foundation.accounts.models import User
from foundation.knowledge import defaults as knowledge_defaults
from tests.crm.factories import make_contact, make_customer
from tests.crm.test_receptions import book, day, here, png, tomorrow

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "de", "zh-hans", "zh-hant")


@pytest.fixture(autouse=True)
def in_utc(anna: User, wei: User, maria: User) -> None:
    reception_defaults.load()
    User.objects.update(time_zone="UTC")


def typed(when: Any) -> str:
    return when.strftime("%Y-%m-%dT%H:%M")


def drawn() -> str:
    return "data:image/png;base64," + base64.b64encode(png()).decode()


def test_from_the_booking_to_the_outcome_on_the_pages(client, anna):
    customer = make_customer("Hafen GmbH", owner=anna)
    person = make_contact(customer, name="Petra Petersen")
    client.force_login(anna)
    asked = {
        "customer": customer.pk, "contact": person.pk, "purpose": "See the oak", "start": typed(tomorrow()),
        "head_count": "3", "owner": anna.pk, "wishes": ["samples"],
    }  # fmt: skip
    assert client.get(f"/receptions/new/?customer={customer.pk}").status_code == 200
    page = client.post("/receptions/new/", asked, follow=True).content.decode()
    one = Reception.objects.get()
    assert "The samples that were asked for" in page and "Water and tea × 3" in page
    client.post(f"/receptions/{one.pk}/checklist/", {"done": [one.items.first().pk]})
    assert one.items.filter(done_by=anna).count() == 1
    client.post(f"/receptions/{one.pk}/checklist/add/", {"text": "Flowers"})
    floor = client.post(f"/receptions/{one.pk}/do/arrive/", follow=True)
    assert floor.request["PATH_INFO"] == f"/receptions/{one.pk}/floor/"
    first, second, *_rest = one.steps.all()
    client.post(f"/receptions/{one.pk}/steps/{first.pk}/")
    page = client.post(f"/receptions/{one.pk}/steps/{second.pk}/", follow=True).content.decode()
    assert "0 of 10 min" in page and "Take back the last tick" in page
    client.post(f"/receptions/{one.pk}/undo/")
    assert one.steps.get(pk=first.pk).is_running
    one.steps.filter(pk=first.pk).update(began_at=timezone.now() - timedelta(minutes=14))
    assert "4 min over" in client.get(f"/receptions/{one.pk}/floor/").content.decode()
    form = client.get(f"/receptions/{one.pk}/visitor/").content.decode()
    assert "Petra Petersen" in form and "data-signature" in form
    unsigned = client.post(f"/receptions/{one.pk}/visitor/", {"name": "Petra", "suggestions": "More oak"})
    assert unsigned.status_code == 422 and "More oak" in unsigned.content.decode()
    client.post(f"/receptions/{one.pk}/visitor/", {"name": "Petra", "rating": "satisfied", "signature": drawn()})
    visitor = ReceptionVisitor.objects.get()
    assert client.get(reverse("journal:file", args=[visitor.signature_id])).status_code == 200
    done = {"result": "quote", "discussed": "600 m²", "next_kind": "task", "next_step": "Quote", "thanks": "evening"}
    refused = client.post(f"/receptions/{one.pk}/do/finish/", done)
    assert refused.status_code == 422 and "600 m²" in refused.content.decode()
    done["next_step_on"] = day().isoformat()
    assert client.post(f"/receptions/{one.pk}/do/finish/", done).status_code == 302
    page = client.get(f"/receptions/{one.pk}/").content.decode()
    assert "600 m²" in page and "Satisfied" in page and "Petra" in page
    assert client.get(f"/receptions/{one.pk}/floor/").status_code == 200


def test_somebody_is_here_now(client, anna):
    client.force_login(anna)
    asked = {"contact_name": "Ida Voss", "country": "DE", "purpose": "Floors", "head_count": "1", "owner": anna.pk}
    assert client.get("/receptions/walk-in/").status_code == 200
    assert client.post("/receptions/walk-in/", {**asked, "contact_name": ""}).status_code == 422
    page = client.post("/receptions/walk-in/", {**asked, "phone": "040 1234567"}, follow=True)
    one = Reception.objects.get()
    assert page.request["PATH_INFO"] == f"/receptions/{one.pk}/floor/" and one.status == "arrived"
    assert Customer.objects.get().name == "Ida Voss" and str(one.contact.phone).startswith("+49")


def test_usual_questions_are_found_in_any_language(client, anna):
    knowledge_defaults.load()
    one = here(anna)
    client.force_login(anna)
    page = client.get(f"/receptions/{one.pk}/floor/?q=Mindestbestellmenge").content.decode()
    assert "Is there a minimum order?" in page and "How long does delivery take?" not in page
    assert "Nothing found." in client.get(f"/receptions/{one.pk}/floor/?q=zzz").content.decode()
    assert client.get(f"/receptions/{one.pk}/floor/?q=" + "x" * 900).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_showroom_page_speaks_four_languages(client, anna, language):
    one = here(anna)
    User.objects.filter(pk=anna.pk).update(language=language)
    client.force_login(User.objects.get(pk=anna.pk))
    page = client.get(f"/receptions/{one.pk}/floor/").content.decode()
    assert {"en": "Company film", "de": "Firmenfilm", "zh-hans": "宣传片", "zh-hant": "公司影片"}[language] in page


def test_moving_changing_and_calling_off_by_their_buttons(client, anna):
    one = book(anna)
    client.force_login(anna)
    for name in ("reschedule", "change", "cancel", "miss"):
        assert client.get(f"/receptions/{one.pk}/do/{name}/").status_code == 200, name
    client.post(f"/receptions/{one.pk}/do/reschedule/", {"start": typed(tomorrow(15))})
    client.post(f"/receptions/{one.pk}/do/change/", {"purpose": "See ash", "head_count": "2", "language": "en"})
    one.refresh_from_db()
    assert (one.planned_start, one.purpose, one.head_count) == (tomorrow(15), "See ash", 2)
    client.post(f"/receptions/{one.pk}/do/cancel/", {"reason": "Fair moved"})
    assert "Fair moved" in client.get(f"/receptions/{one.pk}/").content.decode()


def test_my_day_the_search_and_the_customers_page_know_the_reception(client, anna):
    one = here(anna, customer=make_customer("Hafen GmbH", owner=anna))
    now = timezone.now()
    Reception.objects.filter(pk=one.pk).update(planned_start=now, planned_end=now + timedelta(hours=1))
    client.force_login(anna)
    assert "In the showroom: See the oak" in client.get("/").content.decode()
    assert one.get_absolute_url() in client.get(f"/search/?q={one.number}").content.decode()
    shown = client.get(one.customer.get_absolute_url()).content.decode()
    assert f"/receptions/?view=all&amp;customer={one.customer.pk}" in shown


def test_strangers_see_nothing_and_readers_do_not_act(client, anna, wei, maria, sven):
    one = here(anna)
    step = one.steps.first()
    client.force_login(wei)
    acts = ("floor/", f"steps/{step.pk}/", "undo/", "checklist/", "checklist/add/", "visitor/")
    for path in ("", *acts):
        answer = client.get if path in ("", "floor/", "visitor/") else client.post
        assert answer(f"/receptions/{one.pk}/{path}").status_code == 404, path
    client.force_login(sven)  # sees every customer, neither hosts nor prepares
    assert client.get(f"/receptions/{one.pk}/").status_code == 200
    assert client.post(f"/receptions/{one.pk}/steps/{step.pk}/").status_code == 403
    expected = book(anna)
    answer = client.post(f"/receptions/{expected.pk}/do/arrive/")  # whoever sees them at the door says so
    assert answer.status_code == 302 and answer["Location"] == expected.get_absolute_url()
    sven.groups.clear()
    client.force_login(User.objects.get(pk=sven.pk))
    for path in ("", "new/", "walk-in/", f"{one.pk}/", f"{one.pk}/floor/"):
        assert client.get(f"/receptions/{path}").status_code == 403, path
    step.refresh_from_db()
    assert step.began_at is None


@pytest.mark.parametrize("rows", [2, 20])
def test_list_page_and_showroom_cost_the_same_for_two_and_for_twenty(client, anna, rows, django_assert_max_num_queries):
    one = here(anna)
    for number in range(rows):
        book(anna)
        one.items.create(own_text=f"Thing {number}", done_at=timezone.now(), done_by=anna)
        one.steps.create(own_text=f"Step {number}", planned_minutes=5, position=900 + number)
        services.sign_visitor(one.pk, actor=anna, name=f"Visitor {number}", signature=png())
    AppointmentPolicy.current()
    connection.run_on_commit.clear()  # as if the rules had been there before
    client.force_login(anna)
    for address, most in (
        ("/receptions/?view=all", 13),
        (f"/receptions/{one.pk}/", 22),
        (f"/receptions/{one.pk}/floor/", 9),
    ):
        client.get(address)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
