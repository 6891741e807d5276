"""Saved answers, promises kept and broken, reasons of the end, the quote that wins, calls that become inquiries, history from files."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from crm import services
from crm.best_hours import best_hour_of, best_of
from crm.intake_defaults import load
from crm.models import CallAttempt, ClosingReason, IncomingCall, Inquiry, SavedAnswer, ServiceRecord
from crm.services.incoming import take_number
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.notifications.models import Message
from foundation.sla.models import Clock
from kpi.figures import get_figure, measure_by
from kpi.periods import Period
from tests.crm.factories import inquiry_in, make_contact, make_customer, make_inquiry
from tests.support.defaults import load_defaults

pytestmark = pytest.mark.django_db


@pytest.fixture
def defaults(db):
    load()


# ---------------------------------------------------------------- the answer


def test_a_saved_answer_is_filled_in_the_senders_language_and_can_be_changed(client, anna, defaults):
    inquiry = make_inquiry(language="de", contact_name="Jo Meyer", subject="Eiche")
    client.force_login(anna)
    url = reverse("crm:inquiry-do", args=[inquiry.pk, "answer"])
    page = client.get(url)
    assert "Begin with a saved answer" in page.content.decode()
    form = client.get(url, {"saved": "details"}).context["form"]
    body = form["body"].value()
    assert body.startswith("Guten Tag Jo Meyer") or "Jo Meyer" in body
    assert f"„Eiche“ ({inquiry.number})" in body
    assert form["language"].value() == "de"
    assert client.get(url, {"saved": "nonsense"}).status_code == 200
    sent = client.post(url, {"subject_line": "Re: Eiche", "language": "de", "body": body + "\nPS: Danke"})
    assert sent.status_code == 302
    assert "PS: Danke" in Message.objects.get(actor=anna).body


def test_what_nobody_knows_stays_a_gap_and_is_not_sent(client, anna):
    SavedAnswer.objects.create(code="gap", title_en="Gap", body_en="Our answer comes by {survey_link}.")
    inquiry = make_inquiry()
    client.force_login(anna)
    url = reverse("crm:inquiry-do", args=[inquiry.pk, "answer"])
    body = client.get(url, {"saved": "gap"}).context["form"]["body"].value()
    assert "‹" in body
    refused = client.post(url, {"subject_line": "Re", "language": "en", "body": body})
    assert refused.status_code == 422
    inquiry.refresh_from_db()
    assert inquiry.answered_at is None


def test_the_shipped_rows_come_once_and_keep_what_was_changed(defaults):
    reasons, answers = ClosingReason.objects.count(), SavedAnswer.objects.count()
    ClosingReason.objects.filter(code="price").update(text_en="Too dear")
    assert load() == 0
    assert (ClosingReason.objects.count(), SavedAnswer.objects.count()) == (reasons, answers)
    assert ClosingReason.objects.get(code="price").text == "Too dear"
    assert all(one.body_de and one.body_zh_hans and one.body_zh_hant for one in SavedAnswer.objects.all())


def test_a_promise_has_its_own_clock_and_does_not_stop_the_first_response(anna):
    load_defaults()
    inquiry = make_inquiry(language="de")
    services.promise_answer(inquiry.pk, actor=anna, promised_at=timezone.now() + timedelta(hours=3))
    clocks = {one.metric: one for one in Clock.objects.filter(object_id=inquiry.pk)}
    assert set(clocks) == {"first_response", "promised_answer"}
    assert all(one.stopped_at is None for one in clocks.values())
    services.note_answer(inquiry.pk, actor=anna, channel="phone", content="Yes")
    assert not Clock.objects.filter(object_id=inquiry.pk, stopped_at=None).exists()


def test_a_broken_promise_stays_to_be_seen(client, anna):
    late = inquiry_in("assigned", owner=anna, promised_at=timezone.now() - timedelta(hours=1))
    kept = inquiry_in("assigned", owner=anna, promised_at=timezone.now() + timedelta(hours=1))
    client.force_login(anna)
    assert "promise broken" in client.get(late.get_absolute_url()).content.decode()
    assert "promise broken" not in client.get(kept.get_absolute_url()).content.decode()
    services.note_answer(late.pk, actor=anna, channel="phone", content="Sorry")
    assert "promise broken" in client.get(late.get_absolute_url()).content.decode()


# ---------------------------------------------------------------- the end


def test_lost_says_why_by_a_reason_of_the_house(client, anna, defaults):
    inquiry = inquiry_in("answered", owner=anna)
    price, competitor, won = (ClosingReason.objects.get(code=code) for code in ("price", "competitor", "ordered"))
    client.force_login(anna)
    url = reverse("crm:inquiry-do", args=[inquiry.pk, "close"])
    for wrong in (
        {"outcome": "lost"},
        {"outcome": "lost", "closing_reason": won.pk},
        {"outcome": "lost", "closing_reason": competitor.pk},
    ):
        assert client.post(url, wrong).status_code in (409, 422)
    inquiry.refresh_from_db()
    assert inquiry.status == "answered"
    with pytest.raises(Refused, match="another outcome"):
        services.close_inquiry(inquiry.pk, actor=anna, outcome="spam", closing_reason=price)
    done = client.post(url, {"outcome": "lost", "closing_reason": competitor.pk, "competitor": "Baltic Floors"})
    assert done.status_code == 302
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.closing_reason, inquiry.competitor) == ("closed", competitor, "Baltic Floors")
    event = Event.objects.get(code="inquiry.closed")
    assert event.facts["reason_code"] == "competitor"
    assert "Baltic" not in str(event.facts)
    assert "Baltic Floors" in client.get(inquiry.get_absolute_url()).content.decode()
    services.reopen_inquiry(inquiry.pk, actor=anna)
    inquiry.refresh_from_db()
    assert (inquiry.closing_reason, inquiry.competitor, inquiry.outcome) == (None, "", "")


def test_winning_is_said_once_and_a_closed_one_stays(defaults, anna):
    inquiry = inquiry_in("converted", owner=anna)
    won = services.win_inquiry(inquiry.pk, actor=None)
    assert (won.status, won.outcome, won.closing_reason.code) == ("closed", "won", "quote-accepted")
    services.win_inquiry(inquiry.pk, actor=None)
    assert Event.objects.filter(code="inquiry.closed").count() == 1
    lost = inquiry_in("closed")
    assert services.win_inquiry(lost.pk, actor=None).outcome == "lost"


def test_the_figure_counts_by_source_reason_and_salesperson(defaults, anna, wei):
    now = timezone.now()
    for outcome, channel, owner in (
        ("won", "web", anna),
        ("lost", "web", anna),
        ("lost", "chat", wei),
        ("spam", "web", wei),
    ):
        inquiry_in("closed", outcome=outcome, channel=channel, owner=owner, closed_at=now)
    figure = get_figure("inquiry_conversion")
    shares = {one.key: (one.denominator, one.value) for one in measure_by(figure, Period(), "source")}
    assert shares == {"chat": (1, Decimal(0)), "web": (2, Decimal(50))}
    people = {one.key: one.value for one in measure_by(figure, Period(), "salesperson")}
    assert people == {"Anna Berg": Decimal(50), "Wei Chen": Decimal(0)}
    assert {one.key for one in measure_by(figure, Period(), "reason")} == {None}


# ---------------------------------------------------------------- from a call


def test_an_incoming_call_becomes_an_inquiry_in_one_form(client, anna):
    contact = make_contact(make_customer("Hafen GmbH", owner=anna), name="Petra", phone="+494012345678")
    call = take_number("040 12345678", actor=anna)
    client.force_login(anna)
    assert f"?incoming={call.pk}" in client.get(call.get_absolute_url()).content.decode()
    url = f"{reverse('crm:inquiry-new')}?incoming={call.pk}"
    form = client.get(url).context["form"]
    assert (form.initial["channel"], form.initial["contact_name"]) == ("phone", "Petra")
    values = {**form.initial, "subject": "Oak", "text": "How much is oak?", "priority": "normal"}
    client.post(url, values)
    inquiry = Inquiry.objects.get()
    assert (inquiry.customer, inquiry.contact, inquiry.channel) == (contact.customer, contact, "phone")
    call.refresh_from_db()
    assert call.status == "noted"
    assert inquiry.number in ServiceRecord.objects.get().text.content
    with pytest.raises(Refused):
        services.inquiry_of_incoming_call(
            call.pk, actor=anna, contact_name="P", subject="S", text="Something else", language="en"
        )
    assert Inquiry.objects.count() == 1


def test_a_strangers_call_becomes_an_inquiry_and_waits_no_more(anna):
    call = take_number("+33 1 42 68 53 00", actor=anna)
    services.inquiry_of_incoming_call(
        call.pk, actor=anna, contact_name="Luc", subject="S", text="Combien ?", language="fr", phone="+33 1 42 68 53 00"
    )
    assert IncomingCall.objects.get().status == "dismissed"
    assert Inquiry.objects.get().phone.as_e164 == "+33142685300"


def test_the_best_hour_is_learned_from_calls_that_reached_somebody():
    assert best_of([]) is None
    assert best_of([(9, True), (10, False)]) is None  # one answered call says nothing
    best = best_of([(9, True), (9, True), (14, True), (14, True), (14, True), (14, True), (14, True), (14, False)])
    assert (best.hour, best.reached, best.tried) == (14, 5, 6)


def test_the_best_hour_of_a_customer_is_by_the_customers_clock(anna):
    customer = make_customer("Tokyo", owner=anna, country="JP", time_zone="Asia/Tokyo")
    began = timezone.now().replace(hour=1, minute=20) - timedelta(days=2)  # 10:20 in Tokyo
    for day in range(3):
        services.add_service_record(customer.pk, actor=anna, subject="Call", started_at=began - timedelta(days=day))
    assert best_hour_of(customer).hour == 10
    assert not CallAttempt.objects.exists()


# ---------------------------------------------------------------- from files


def test_history_comes_from_a_file_once_with_its_days_and_tells_nobody(tmp_path, anna, defaults):
    header = ["No", "Company", "Who", "Mail", "Subject", "Came", "Answered", "End", "Why"]
    rows = [
        ["1", "Alt GmbH", "Jo", "jo@alt.example", "Oak", "2024-03-01", "2024-03-02", "lost", "price"],
        ["2", "Alt GmbH", "Jo", "jo@alt.example", "Walnut", "2024-04-01", "2024-04-01", "", ""],
        ["3", "", "Li", "li@neu.example", "Glass", "2024-05-01", "", "", ""],
        ["4", "", "Li", "li@neu.example", "Early", "2024-05-01", "2024-04-01", "", ""],
        ["5", "", "Li", "li@neu.example", "Odd", "2024-05-01", "", "won", "price"],
    ]
    mapping = {
        "kind": "inquiries",
        "source": "old",
        "dates": ["%Y-%m-%d"],
        "identify": {"inquiry": ["No"], "customer": ["Company"]},
        "fields": {
            "inquiry.subject": "Subject",
            "inquiry.contact_name": "Who",
            "inquiry.email": "Mail",
            "inquiry.received_on": "Came",
            "inquiry.answered_on": "Answered",
            "inquiry.outcome": "End",
            "inquiry.closing_reason": "Why",
            "customer.name": "Company",
        },
    }
    file, plan = tmp_path / "old.csv", tmp_path / "old.json"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([header, *rows])
    plan.write_text(json.dumps(mapping))
    for _twice in range(2):
        call_command("import_records", "inquiries", str(file), mapping=plan, verbosity=0)
        found = {one.subject: one for one in Inquiry.objects.all()}
        assert set(found) == {"Oak", "Walnut", "Glass"}
    assert [found[name].status for name in ("Oak", "Walnut", "Glass")] == ["closed", "answered", "new"]
    assert found["Oak"].closing_reason.code == "price"
    assert found["Oak"].received_at.year == 2024
    assert found["Oak"].customer == found["Walnut"].customer
    events = Event.objects.filter(code="inquiry.received")
    assert events.count() == 3
    assert {one.occurred_at.year for one in events} == {2024}
    assert all(one.imported for one in events)
    assert not Clock.objects.exists()
    assert not Message.objects.exists()


def test_a_saved_answer_with_names_that_nobody_fills_is_refused_with_those_that_exist():
    from crm.intake_admin import SavedAnswerForm

    words = {"code": "x", "position": 1, "title_en": "X", "body_en": "{nobody} asks", "body_de": "{niemand}"}
    form = SavedAnswerForm(words)
    assert "{nobody}" in form.errors["body_en"][0] and "{number}" in form.errors["body_en"][0]
    assert "{niemand}" in form.errors["body_de"][0]
