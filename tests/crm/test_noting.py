"""Noting a conversation from anywhere, what follows, what was spoken and photographed, and the lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm import services
from crm.models import ServiceRecord
from foundation.journal.machine import Refused
from foundation.journal.models import Attachment
from foundation.journal.verifying import verify
from tests.crm.factories import make_contact, make_customer, make_inquiry, planned_visit

pytestmark = pytest.mark.django_db
WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + b"\0" * 400
CALL = {"result": "done", "content": "Wants oak"}


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_from_an_open_record_the_form_of_its_customer_opens(anna, wei):
    customer = make_customer("Bodenwerk", owner=anna)
    contact = make_contact(customer)
    inquiry = make_inquiry(email=contact.email)
    for before in (customer.get_absolute_url(), inquiry.get_absolute_url()):
        answer = client_of(anna).get("/service-records/new/", headers={"Referer": f"http://testserver{before}"})
        assert answer["Location"] == f"/customers/{customer.pk}/do/call/"
    foreign = client_of(wei).get(
        "/service-records/new/", headers={"Referer": f"http://testserver{customer.get_absolute_url()}"}
    )
    assert foreign.status_code == 200
    elsewhere = client_of(anna).get(
        "/service-records/new/", headers={"Referer": f"http://evil.example{customer.get_absolute_url()}"}
    )
    assert elsewhere.status_code == 200


def test_from_anywhere_else_one_is_asked_with_whom_it_was(anna):
    customer = make_customer("Bodenwerk", owner=anna)
    make_contact(customer, phone="+4940123456")
    make_customer("Bodenhaus", owner=anna)
    client = client_of(anna)
    for asked in (customer.number, "Bodenwerk", "40123456"):
        assert client.get("/service-records/new/", {"q": asked})["Location"] == f"/customers/{customer.pk}/do/call/"
    both = client.get("/service-records/new/", {"q": "Boden"}).content.decode()
    assert "Bodenwerk" in both and "Bodenhaus" in both
    services.add_service_record(customer.pk, actor=anna, subject="Call")
    assert "Bodenwerk" in client.get("/service-records/new/").content.decode()


def test_what_follows_is_said_or_why_nothing_does(anna):
    customer = make_customer(owner=anna)
    client, url = client_of(anna), f"/customers/{customer.pk}/do/call/"
    tomorrow = timezone.localdate() + timedelta(days=1)
    for wrong, field in (
        ({}, "next_step"),
        ({"next_step": "Send oak"}, "next_step_on"),
        ({"next_step_on": tomorrow}, "next_step"),
        ({"next_step": "Send oak", "next_step_on": tomorrow - timedelta(days=3)}, "next_step_on"),
        ({"next_step": "Send oak", "next_step_on": tomorrow, "no_step_reason": "Nothing"}, "no_step_reason"),
    ):
        answer = client.post(url, {**CALL, **wrong})
        assert answer.status_code == 422 and field in answer.context["form"].errors, wrong
    assert not ServiceRecord.objects.exists()
    client.post(url, {**CALL, "no_step_reason": "Buys in spring"})
    row = ServiceRecord.objects.get()
    assert row.text.no_step_reason == "Buys in spring"
    page = client.get(customer.get_absolute_url()).content.decode()
    assert "Nothing follows: Buys in spring" in page


def test_what_is_planned_stays_and_nobody_is_asked_again(anna):
    customer = make_customer(owner=anna)
    day = timezone.localdate() + timedelta(days=5)
    services.plan_next_step(customer.pk, actor=anna, next_step="Send samples", next_step_on=day)
    client, url = client_of(anna), f"/customers/{customer.pk}/do/call/"
    assert "Send samples" in client.get(url).content.decode()
    assert client.post(url, CALL).status_code == 302
    customer.refresh_from_db()
    assert (customer.next_step, customer.next_step_on) == ("Send samples", day)


def test_what_was_spoken_is_kept_and_heard_and_only_by_those_who_see_the_customer(anna, wei, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    customer = make_customer(owner=anna)
    client, url = client_of(anna), f"/customers/{customer.pk}/do/call/"
    voice = SimpleUploadedFile("voice-1030.weba", WEBM, content_type="audio/webm")
    answer = client.post(url, {**CALL, "no_step_reason": "–", "attachments": [voice]})
    assert answer.status_code == 302
    file = Attachment.objects.get()
    assert (file.media_type, file.purpose) == ("audio/webm", "record")
    page = client.get(customer.get_absolute_url()).content.decode()
    assert f'<audio controls preload="none" src="{file.get_absolute_url()}"' in page
    heard = client.get(file.get_absolute_url())
    assert heard["Content-Type"] == "audio/webm"
    assert client_of(wei).get(file.get_absolute_url()).status_code == 404
    film = SimpleUploadedFile("film.weba", b"<html>", content_type="audio/webm")
    assert client.post(url, {**CALL, "no_step_reason": "–", "attachments": [film]}).status_code in (409, 422)
    assert ServiceRecord.objects.count() == 1


def test_what_was_spoken_after_a_visit_is_heard_on_its_page(anna, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    visit = planned_visit(anna)
    services.check_in(visit.pk, actor=anna, no_position="no_signal")
    voice = SimpleUploadedFile("voice-1715.weba", WEBM, content_type="audio/webm")
    said = {"result": "quote", "discussed": "Oak", "next_kind": "none", "no_next_step_reason": "–", "photos": [voice]}
    client = client_of(anna)
    assert client.post(f"/visits/{visit.pk}/do/finish/", said).status_code == 302
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    heard = f'<audio controls preload="none" src="{Attachment.objects.get().get_absolute_url()}"'
    assert heard in page.split('class="line"')[0]


def test_sound_is_taken_nowhere_else(anna):
    customer = make_customer(owner=anna)
    voice = SimpleUploadedFile("voice.weba", WEBM, content_type="audio/webm")
    answer = client_of(anna).post(f"{customer.get_absolute_url()}note/", {"text": "Hear", "files": [voice]})
    assert answer.status_code == 409
    assert not Attachment.objects.exists()


def test_the_seal_covers_what_follows_too(anna):
    customer = make_customer(owner=anna)
    services.add_service_record(customer.pk, actor=anna, subject="Old", content="Without")
    row = services.add_service_record(customer.pk, actor=anna, subject="Call", no_step_reason="Spring")
    assert row.text.words()["no_step_reason"] == "Spring"
    assert "no_step_reason" not in ServiceRecord.objects.earliest("pk").text.words()
    assert verify is not None


def test_lists_of_a_customer_a_person_and_a_day(anna, wei, maria):
    mine, other = make_customer("Mineral", owner=anna), make_customer("Other", owner=anna)
    services.add_service_record(mine.pk, actor=anna, subject="Today's call")
    services.add_service_record(
        other.pk, actor=maria, subject="Boss called", started_at=timezone.now() - timedelta(days=40)
    )
    row = services.add_service_record(other.pk, actor=anna, subject="Wrong")
    services.correct_service_record(row.pk, actor=anna, subject="Right")
    client = client_of(anna)

    def listed(query: str) -> str:
        return client.get(f"/service-records/{query}").content.decode()

    assert "Today&#x27;s call" in listed("") or "Today’s call" in listed("") or "Today&#39;s call" in listed("")
    assert "Boss called" not in listed("")
    assert "Boss called" in listed("?view=all") and "Boss called" not in listed(f"?view=all&customer={mine.pk}")
    assert "Boss called" in listed(f"?view=all&author={maria.pk}")
    day = timezone.localdate().isoformat()
    assert "Boss called" not in listed(f"?view=all&started_after={day}&started_before={day}")
    assert "Right" in listed("?view=corrections") and "Wrong" not in listed("?view=corrections")
    assert "Mineral" not in client_of(wei).get("/service-records/?view=all").content.decode()


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_costs_the_same(anna, rows, django_assert_max_num_queries):
    for number in range(rows):
        services.add_service_record(make_customer(owner=anna).pk, actor=anna, subject=f"Call {number}")
    client = client_of(anna)
    client.get("/customers/?q=warm")
    with django_assert_max_num_queries(8):
        page = client.get("/service-records/?view=all").content.decode()
    assert page.count('<tr role="row"') >= min(rows, 20)


@pytest.mark.parametrize(("records", "beyond_the_first"), [(1, 0), (20, 0), (21, 1)])
def test_the_customers_page_tells_what_was_said_in_a_statement_more_at_most(anna, records, beyond_the_first):
    customer = make_customer(owner=anna)
    for number in range(records):
        services.add_service_record(customer.pk, actor=anna, subject=f"Words {number};", content="Oak")
    client = client_of(anna)
    client.get(customer.get_absolute_url())
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(customer.get_absolute_url()).content.decode()
    assert all(f"Words {number};" in shown for number in range(records))
    alone = [one["sql"] for one in asked if one["sql"].startswith('SELECT "crm_servicerecord"')]
    assert len(alone) == beyond_the_first


def test_a_contact_of_another_customer_is_refused(anna):
    with pytest.raises(Refused):
        services.add_service_record(make_customer(owner=anna).pk, actor=anna, subject="x", contact=make_contact())
    assert not ServiceRecord.objects.exists()


def test_a_year_that_must_be_a_slip_is_no_day_for_the_next_step(anna):
    customer = make_customer("Kai", owner=anna)
    typed = {"result": "done", "content": "Talked", "next_step": "Call", "next_step_on": "9999-12-31"}
    answer = client_of(anna).post(f"/customers/{customer.pk}/do/call/", typed)
    assert answer.status_code == 422 and "between the years 1900 and 2199" in answer.content.decode()
    assert not ServiceRecord.objects.exists()
