"""Pages of inquiries: what they offer, what goes out, and that nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from crm import services
from crm.models import Inquiry
from foundation.notifications.models import Message
from foundation.sla.models import Clock
from tests.accounts.factories import make_user
from tests.crm.factories import inquiry_in, make_contact, make_customer, make_inquiry
from tests.crm.pages import body, signed_in

pytestmark = pytest.mark.django_db


def test_the_inquirys_page_offers_what_is_possible_now(anna):
    make_user("Berta", role="sales")
    inquiry = make_inquiry(text="How much is oak?")
    page = body(signed_in(anna).get(inquiry.get_absolute_url()))
    assert "How much is oak?" in page
    assert "/do/answer/" in page
    assert "/do/convert/" not in page


def test_an_answer_goes_out_as_an_email_and_stops_the_clock(anna):
    from foundation.calendars.defaults import load as load_calendars
    from foundation.sla.defaults import load as load_targets

    load_calendars()
    load_targets()
    inquiry = make_inquiry(language="de", contact_name="Jo Petersen")
    assert Clock.objects.get().stopped_at is None
    client = signed_in(anna)
    path = reverse("crm:inquiry-do", args=[inquiry.pk, "answer"])
    form = client.get(path).context["form"]
    assert form["subject_line"].value() == f"Re: {inquiry.subject}"
    start = form["body"].value()
    assert start.startswith("Guten Tag Jo Petersen")
    untouched = client.post(path, {"subject_line": "Re", "language": "de", "body": start})
    assert untouched.status_code == 422
    response = client.post(path, {"subject_line": "Re: Eiche", "language": "de", "body": f"{start}\n20 Euro"})
    assert response.status_code == 302
    message = Message.objects.get(channel="email", actor=anna)
    assert (message.to_address, message.subject_line, message.language) == (inquiry.email, "Re: Eiche", "de")
    assert Clock.objects.get().stopped_at is not None
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.answered_by) == ("answered", anna)


def test_an_answer_without_an_address_is_refused_and_leaves_the_inquiry_as_it_was(anna):
    inquiry = make_inquiry(email="", phone="040 123456")
    path = reverse("crm:inquiry-do", args=[inquiry.pk, "answer"])
    response = signed_in(anna).post(path, {"subject_line": "Re", "language": "en", "body": "Yes"})
    assert response.status_code == 409
    assert "Yes" in body(response)
    assert Inquiry.objects.get().status == "assigned"
    assert not Message.objects.filter(actor=anna).exists()


def test_who_answers_second_is_told_and_keeps_the_text(anna, maria):
    inquiry = make_inquiry()
    path = reverse("crm:inquiry-do", args=[inquiry.pk, "answer"])
    data = {"subject_line": "Re", "language": "en", "body": "First"}
    assert signed_in(anna).post(path, data).status_code == 302
    response = signed_in(maria).post(path, {**data, "body": "Second text"})
    assert response.status_code == 409
    assert "Anna Berg" in body(response)
    assert "Second text" in body(response)
    assert Message.objects.filter(channel="email", actor__isnull=False).count() == 1


def test_an_inquiry_is_converted_closed_and_reopened_by_its_buttons(anna):
    inquiry = make_inquiry(company_name="Neubau")
    services.note_answer(inquiry.pk, actor=anna, channel="phone", content="Yes")
    client = signed_in(anna)
    do = lambda verb, **data: client.post(reverse("crm:inquiry-do", args=[inquiry.pk, verb]), data)  # noqa: E731
    assert do("convert", customer="new", name="", country="DE", kind="dealer").status_code == 422
    assert do("convert", customer="new", name="Neubau", country="DE", kind="dealer").status_code == 302
    assert Inquiry.objects.get().customer.kind == "dealer"
    assert do("close", outcome="lost").status_code == 409
    assert do("close", outcome="lost", reason="Price").status_code == 302
    assert do("reopen").status_code == 302
    assert Inquiry.objects.get().status == "assigned"


def test_a_customer_of_a_foreign_number_is_not_convertible_into(anna, wei):
    foreign = make_customer(owner=wei)
    inquiry = inquiry_in("answered", owner=anna)
    path = reverse("crm:inquiry-do", args=[inquiry.pk, "convert"])
    response = signed_in(anna).post(path, {"customer": "new", "number": foreign.number, "kind": "dealer"})
    assert response.status_code == 422
    assert Inquiry.objects.get().status == "answered"


def test_an_inquiry_is_taken_down_from_a_customers_page(anna):
    contact = make_contact(make_customer(owner=anna), phone="+4940123456")
    client = signed_in(anna)
    path = f"/inquiries/new/?customer={contact.customer_id}"
    assert contact.name in body(client.get(path))
    data = {
        "channel": "phone",
        "contact_name": "Jo",
        "subject": "Oak",
        "text": "How much?",
        "language": "de",
        "priority": "urgent",
    }
    assert client.post(path, data).status_code == 302
    inquiry = Inquiry.objects.get()
    assert (inquiry.customer, inquiry.priority, inquiry.owner) == (contact.customer, "urgent", anna)


def test_the_filters_name_what_they_show_and_no_word_stands_without_its_field(anna):
    page = body(signed_in(anna).get("/inquiries/?view=all"))
    filters = page[page.index('class="filter-fields"') : page.index("</details>", page.index('class="filter-fields"'))]
    assert "---------" not in filters and '<option value="" selected>Any</option>' in filters
    hidden = re.findall(r'<input type="hidden"[^>]*id="([^"]*)"', filters)
    assert "id_customer" in hidden and not set(hidden) & set(re.findall(r'<label for="([^"]*)"', filters))


def test_a_button_of_an_old_page_says_at_once_that_it_is_too_late(anna):
    inquiry = inquiry_in("answered", owner=anna)
    client = signed_in(anna)
    answer = client.get(reverse("crm:inquiry-do", args=[inquiry.pk, "answer"]), follow=True)
    assert answer.redirect_chain == [(inquiry.get_absolute_url(), 302)]
    assert "“Answer” is not possible" in body(answer)
    quiet = client.get(reverse("crm:inquiry-do", args=[inquiry.pk, "answer"]), headers={"X-Dialog": "1"})
    assert (quiet.status_code, quiet["X-Location"]) == (204, inquiry.get_absolute_url())
