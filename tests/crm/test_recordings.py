"""Consent to a recording: only a hint as long as nobody decides otherwise, a noted fact where the house wants one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from crm import services
from crm.models import CallPolicy, IncomingCall, RecordingConsent, ServiceRecord, Visit
from crm.services.incoming import BadNotice, note_incoming_call, take_notice
from crm.services.recordings import Agreed, note_recording_consent
from foundation.journal.machine import Refused
from foundation.journal.models import Attachment, Event
from foundation.journal.verifying import verify
from tests.crm.factories import make_contact, make_customer, planned_visit
from tests.crm.test_noting import CALL, WEBM, client_of

pytestmark = pytest.mark.django_db
SOUND = "https://pbx.example/1.wav"
RECORDED = {"call": "c-1", "event": "recorded", "from": "+49 40 12345678", "recording": SOUND}


@pytest.fixture
def strict(db: None) -> None:
    CallPolicy.objects.update_or_create(pk=1, defaults={"recording_needs_consent": True})


@pytest.fixture
def contact(anna: Any) -> Any:
    return make_contact(
        make_customer("Hafen GmbH", owner=anna, country="DE"), name="Petra Hansen", phone="+494012345678"
    )


def voice() -> SimpleUploadedFile:
    # what it is called and what the browser says of it do not count
    return SimpleUploadedFile("minutes.pdf", WEBM, content_type="application/pdf")


def spoken() -> SimpleUploadedFile:
    return SimpleUploadedFile("voice.weba", WEBM, content_type="audio/webm")


def test_nobody_is_asked_as_long_as_the_house_has_not_decided_so(anna, contact, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client, url = client_of(anna), f"/customers/{contact.customer_id}/do/call/"
    page = client.get(url).content.decode()
    assert "recording_consent" not in page and "Record others only when all who are heard have agreed." in page
    assert client.post(url, {**CALL, "no_step_reason": "–", "attachments": [spoken()]}).status_code == 302
    assert not RecordingConsent.objects.exists()


@pytest.mark.usefixtures("strict")
def test_a_voice_without_consent_is_refused_beside_the_field_and_nothing_is_kept(anna, contact, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client, url = client_of(anna), f"/customers/{contact.customer_id}/do/call/"
    for file in (voice(), spoken()):
        answer = client.post(url, {**CALL, "no_step_reason": "–", "attachments": [file]})
        assert answer.status_code == 422
        assert answer.context["form"].errors["recording_consent"] == [
            "A voice is recorded: say how those who are heard have agreed."
        ]
    assert not ServiceRecord.objects.exists() and not Attachment.objects.exists()
    with pytest.raises(Refused, match="how those who are heard"):  # nor past the form
        services.add_service_record(contact.customer_id, actor=anna, subject="Call", attachments=[spoken()])
    assert not ServiceRecord.objects.exists() and not Attachment.objects.exists()
    assert client.post(url, {**CALL, "no_step_reason": "–"}).status_code == 302  # no voice, no question


@pytest.mark.usefixtures("strict")
def test_who_agreed_when_and_how_stands_on_the_timeline_and_cannot_be_changed(anna, contact, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client, url = client_of(anna), f"/customers/{contact.customer_id}/do/call/"
    sent = {**CALL, "no_step_reason": "–", "contact": contact.pk, "recording_consent": "asked"}
    assert client.post(url, {**sent, "attachments": [spoken()]}).status_code == 302
    row = ServiceRecord.objects.get()
    consent = row.recording_consent
    assert (consent.how, consent.agreed_at, consent.recorded_by) == ("asked", row.started_at, anna)
    assert Event.objects.get(code="service_record.added").facts["recording_agreed"] == "asked"
    page = client.get(contact.customer.get_absolute_url()).content.decode()
    assert "Consent to the recording: Petra Hansen · Asked before it began" in page
    with pytest.raises(DatabaseError), transaction.atomic():
        RecordingConsent.objects.update(how="written")


@pytest.mark.usefixtures("strict")
def test_somebody_must_have_agreed_and_not_in_the_future(anna, contact):
    client, url = client_of(anna), f"/customers/{contact.customer_id}/do/record/"
    sent = {
        "subject": "Talk", "type": "call", "channel": "phone", "result": "done", "no_step_reason": "–",
        "recording_consent": "said", "contact": "",
    }  # fmt: skip
    answer = client.post(url, sent)
    assert "recording_by" in answer.context["form"].errors
    later = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    answer = client.post(url, {**sent, "recording_by": "Jan Ohm", "recording_at": later})
    assert "recording_at" in answer.context["form"].errors
    assert not ServiceRecord.objects.exists()
    assert client.post(url, {**sent, "recording_by": "Jan Ohm"}).status_code == 302
    assert ServiceRecord.objects.get().text.recording_by == "Jan Ohm"
    assert "Consent to the recording: Jan Ohm" in client.get(contact.customer.get_absolute_url()).content.decode()
    assert verify().fault is None


@pytest.mark.usefixtures("strict")
def test_the_outcome_of_a_visit_asks_too(anna, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    visit = planned_visit(anna)
    services.check_in(visit.pk, actor=anna, no_position="no_signal")
    said = {"result": "quote", "discussed": "Oak", "next_kind": "none", "no_next_step_reason": "–"}
    client, url = client_of(anna), f"/visits/{visit.pk}/do/finish/"
    refused = client.post(url, {**said, "photos": [spoken()]})
    assert "recording_consent" in refused.context["form"].errors and not Attachment.objects.exists()
    agreed = {"recording_consent": "said", "recording_by": "Jan Ohm"}
    assert client.post(url, {**said, **agreed, "photos": [spoken()]}).status_code == 302
    assert Visit.objects.get(pk=visit.pk).outcome.recording_consent.how == "said"


def test_a_recorded_call_keeps_its_link_back_until_a_consent_is_noted(anna, contact):
    take_notice("m1", RECORDED)
    call = IncomingCall.objects.get()
    client = client_of(anna)
    assert SOUND in client.get(call.get_absolute_url()).content.decode()
    CallPolicy.objects.update_or_create(pk=1, defaults={"recording_needs_consent": True})
    page = client.get(call.get_absolute_url()).content.decode()
    assert SOUND not in page and "Recording kept back: no consent is noted" in page
    sent = {"content": "Wants oak", "contact": contact.pk, "no_step_reason": "–"}
    refused = client.post(call.get_absolute_url(), sent)
    assert refused.status_code == 422 and "recording_consent" in refused.context["form"].errors
    assert client.post(call.get_absolute_url(), {**sent, "recording_consent": "said"}).status_code == 302
    assert ServiceRecord.objects.get().recording_consent.how == "said"
    page = client.get(contact.customer.get_absolute_url()).content.decode()
    assert SOUND in page and "Petra Hansen · Said on the recording itself" in page
    assert SOUND in client.get(call.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("strict")
def test_what_the_telephone_system_tells_of_the_consent_is_not_asked_again(anna, contact):
    take_notice("m1", {**RECORDED, "consent": "key"})
    call = IncomingCall.objects.get()
    client = client_of(anna)
    page = client.get(call.get_absolute_url()).content.decode()
    assert SOUND in page and "Pressed a key after the announcement" in page and "recording_consent" not in page
    note_incoming_call(call.pk, actor=anna, customer=contact.customer, content="Wants oak")
    consent = ServiceRecord.objects.get().recording_consent
    assert (consent.how, consent.agreed_at) == ("key", call.consent_at)
    with pytest.raises(BadNotice, match="announced, key"):
        take_notice("m2", {**RECORDED, "consent": "perhaps"})
    with pytest.raises(BadNotice):
        take_notice("m3", {**RECORDED, "consent": ["key"]})


@pytest.mark.usefixtures("strict")
def test_a_recording_that_comes_after_the_note_waits_for_its_consent(anna, wei, contact):
    take_notice("m1", {"call": "c-1", "event": "ringing", "from": "+49 40 12345678"})
    call = IncomingCall.objects.get()
    note_incoming_call(call.pk, actor=anna, customer=contact.customer, contact=contact, content="Wants oak")
    take_notice("m2", RECORDED)
    row, client = ServiceRecord.objects.get(), client_of(anna)
    url = f"/records/{row.pk}/consent/"
    page = client.get(contact.customer.get_absolute_url()).content.decode()
    assert SOUND not in page and f'href="{url}"' in page
    assert client_of(wei).get(url).status_code == 404
    assert client.post(url, {"recording_consent": ""}).status_code == 422
    assert client.post(url, {"recording_consent": "written"}).status_code == 302
    assert Event.objects.get(code="service_record.recording_agreed").facts["recording_agreed"] == "written"
    assert SOUND in client.get(contact.customer.get_absolute_url()).content.decode()
    with pytest.raises(Refused, match="noted already"):
        note_recording_consent(row.pk, actor=anna, recording=Agreed("asked"))
    assert RecordingConsent.objects.get().how == "written"
