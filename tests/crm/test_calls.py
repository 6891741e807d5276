"""Calls: planned, tried, made; what a finished call leaves, and that it leaves all of it or nothing."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm import defaults, services
from crm.models import (
    Answer,
    Call,
    CallAttempt,
    CallPolicy,
    Customer,
    Inquiry,
    Questionnaire,
    Response,
    ServiceRecord,
    VisitConsent,
)
from crm.selectors import last_consent
from crm.services.calls import civil_time
from crm.views.calling import local_clock
from crm.views.calls import due_cell
from foundation.accounts.feeds import appointments_of
from foundation.accounts.work import work_kind
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.ui import formats
from tests.accounts.factories import make_user
from tests.crm.factories import make_contact, make_customer

pytestmark = pytest.mark.django_db
WELL = {
    "performance": "well", "service": 5, "product": 4, "business": "fit-out", "project": "yes", "project-details": "Hotel, 800 m²",
    "floor-plan": "yes", "style": ["modern", "natural"], "visit": "yes",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _shipped(db):
    defaults.load()


@pytest.fixture
def contact(anna):
    customer = make_customer("Hafen GmbH", owner=anna, language="de", time_zone="Europe/Berlin")
    return make_contact(customer, name="Petra Hansen", phone="+494012345678")


def plan(contact, owner, **values) -> Call:
    values.setdefault("questionnaire", Questionnaire.objects.get(code="presales-callback"))
    values.setdefault("due_at", timezone.now())
    return services.plan_call(contact.customer_id, actor=None, owner=owner, contact=contact, **values)


def signed_in(user) -> Client:
    cache.clear()
    client = Client()
    client.force_login(user)
    client.get("/customers/")
    return client


# ---------------------------------------------------------------- the life of a call


def test_a_finished_call_leaves_answers_a_record_a_consent_and_one_event(anna, contact):
    call = services.start_call(plan(contact, anna).pk, actor=anna)
    services.save_draft(call.pk, actor=anna, values={"q-business": ["trade"]})
    done = services.finish_call(call.pk, actor=anna, answers=WELL, remark="Was in a hurry")
    assert done.status == "done"
    assert (done.draft, done.draft_at) == ({}, None)
    assert (done.visit_agreed, done.has_project, done.is_dissatisfied) == (True, True, False)
    row = ServiceRecord.objects.get()
    assert (row.type, row.author, row.contact) == ("presales_callback", anna, contact)
    assert "What kind of business are you in? Decoration or fit-out" in row.text.content
    assert row.text.remark == "Was in a hurry"
    styles = Answer.objects.filter(question__code="style").values_list("option__code", flat=True)
    assert set(styles) == {"modern", "natural"}
    consent = last_consent(contact.customer)
    assert consent is not None
    assert (consent.call, consent.contact, consent.recorded_by, consent.channel) == (done, contact, anna, "phone")
    event = Event.objects.get(code="call.finished")
    assert event.facts["visit_agreed"] is True
    assert event.facts["response_id"] == Response.objects.get().pk
    assert CallAttempt.objects.get().result == "reached"
    assert Customer.objects.get().last_contact_at is not None


def test_what_is_not_asked_is_not_kept_and_a_bad_answer_is_heard(anna, contact):
    call = services.start_call(plan(contact, anna).pk, actor=anna)
    answers = {**WELL, "product": 2, "project": "no", "visit": "no"}
    done = services.finish_call(call.pk, actor=anna, answers=answers)
    assert (done.visit_agreed, done.has_project, done.is_dissatisfied) == (False, False, True)
    assert not Answer.objects.filter(question__code__in=["floor-plan", "project-details"]).exists()
    assert last_consent(contact.customer) is None


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({**WELL, "business": ""}, "q-business"),
        ({**WELL, "business": "unknown"}, "q-business"),
        ({**WELL, "product": 6}, "q-product"),
        ({key: value for key, value in WELL.items() if key != "floor-plan"}, "q-floor-plan"),
    ],
)
def test_a_refused_finish_changes_nothing(anna, contact, answers, field):
    call = services.start_call(plan(contact, anna).pk, actor=anna)
    with pytest.raises(Refused) as refusal:
        services.finish_call(call.pk, actor=anna, answers=answers)
    assert refusal.value.field == field
    call.refresh_from_db()
    assert call.status == "in_call"
    for model in (Response, Answer, ServiceRecord, CallAttempt, VisitConsent):
        assert not model.objects.exists()


def test_of_two_who_dial_one_calls_and_the_other_is_told(anna, maria, contact):
    call = plan(contact, None)
    services.start_call(call.pk, actor=anna)
    with pytest.raises(Refused, match="Anna Berg"):
        services.start_call(call.pk, actor=maria)
    for refused in (
        lambda: services.finish_call(call.pk, actor=maria, answers=WELL),
        lambda: services.log_attempt(call.pk, actor=maria, result="busy"),
        lambda: services.refuse_call(call.pk, actor=maria, reason="No time"),
    ):
        with pytest.raises(Refused, match="Anna Berg is on the telephone"):
            refused()
    assert not services.save_draft(call.pk, actor=maria, values={})
    assert services.save_draft(call.pk, actor=anna, values={"q-style": ["modern"]})


def test_after_the_last_attempt_the_call_counts_as_not_reached(anna, contact):
    call = plan(contact, anna)
    for attempt in range(1, 3):
        call = services.log_attempt(call.pk, actor=anna, result="no_answer")
        assert (call.status, call.attempts) == ("postponed", attempt)
        assert call.due_at > timezone.now()
    call = services.log_attempt(call.pk, actor=anna, result="busy")
    assert (call.status, call.attempts) == ("not_reached", 3)
    assert [one.result for one in call.attempt_log.order_by("pk")] == ["no_answer", "no_answer", "busy"]
    again = services.reopen_call(call.pk, actor=anna, due_at=timezone.now())
    assert (again.status, again.attempts) == ("open", 0)
    wrong = services.log_attempt(call.pk, actor=anna, result="wrong_number")
    assert wrong.status == "not_reached"


def test_another_time_is_asked_for_and_must_lie_ahead(anna, contact):
    call = services.start_call(plan(contact, anna).pk, actor=anna)
    services.save_draft(call.pk, actor=anna, values={"q-business": ["trade"]})
    with pytest.raises(Refused) as refusal:
        services.log_attempt(call.pk, actor=anna, result="call_again")
    assert refusal.value.field == "call_again_at"
    with pytest.raises(Refused, match="passed"):
        services.log_attempt(
            call.pk, actor=anna, result="call_again", call_again_at=timezone.now() - timedelta(hours=1)
        )
    until = timezone.now() + timedelta(days=2)
    later = services.log_attempt(call.pk, actor=anna, result="call_again", call_again_at=until)
    assert (later.status, later.due_at, later.attempts) == ("postponed", until, 0)
    assert services.start_call(call.pk, actor=anna).draft == {"q-business": ["trade"]}


def test_the_next_attempt_waits_for_the_end_of_the_customers_quiet_hours():
    customer = Customer(time_zone="America/New_York")
    evening = datetime(2026, 5, 8, 1, 30, tzinfo=UTC)  # Thursday 21:30 in New York
    assert civil_time(customer, evening).astimezone(UTC) == datetime(2026, 5, 8, 12, tzinfo=UTC)
    saturday = datetime(2026, 5, 9, 15, tzinfo=UTC)
    assert civil_time(customer, saturday).astimezone(UTC) == datetime(2026, 5, 11, 12, tzinfo=UTC)
    noon = datetime(2026, 5, 7, 16, tzinfo=UTC)
    assert civil_time(customer, noon) == noon
    everywhere = CallPolicy(quiet_from="00:00", quiet_until="00:00", quiet_weekend=False)
    everywhere.full_clean(exclude=["id"])


def test_a_coming_project_becomes_one_inquiry_with_what_was_said(anna, contact):
    call = services.start_call(plan(contact, anna).pk, actor=anna)
    services.finish_call(call.pk, actor=anna, answers=WELL)
    inquiry = services.make_inquiry(call.pk, actor=anna)
    assert services.make_inquiry(call.pk, actor=anna) == inquiry
    assert Inquiry.objects.count() == 1
    assert (inquiry.customer, inquiry.contact, inquiry.channel) == (contact.customer, contact, "phone")
    assert inquiry.text.startswith("Do you have other projects coming up? Yes\n")
    assert "Hotel, 800 m²" in inquiry.text
    assert inquiry.owner == anna


def test_calls_are_planned_for_a_list_and_nobody_twice(maria, anna, contact):
    others = [make_customer(f"Firm {number}", owner=anna) for number in range(3)]
    plan(contact, anna)
    everybody = Customer.objects.select_related("owner").order_by("pk")
    questionnaire = Questionnaire.objects.get(code="presales-callback")
    values = {"name": "Spring", "questionnaire": questionnaire, "due_at": timezone.now()}
    _campaign, planned, left_out = services.plan_campaign(everybody, actor=maria, **values)
    assert (planned, left_out) == (len(others), 1)
    assert set(Call.objects.filter(campaign__isnull=False).values_list("owner", flat=True)) == {anna.pk}
    with pytest.raises(Refused, match="nobody"):
        services.plan_campaign(everybody, actor=maria, **values)
    with pytest.raises(Refused, match="right"):
        services.plan_campaign(everybody, actor=anna, **values)


def test_who_may_not_plan_for_others_plans_for_themselves(anna, wei, contact):
    questionnaire = Questionnaire.objects.get(code="presales-callback")
    values = {"questionnaire": questionnaire, "due_at": timezone.now()}
    with pytest.raises(Refused) as refusal:
        services.plan_call(contact.customer_id, actor=anna, owner=wei, **values)
    assert refusal.value.field == "owner"
    services.update_questionnaire(questionnaire.pk, actor=None, is_active=False)
    questionnaire.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        services.plan_call(contact.customer_id, actor=anna, owner=anna, **values)
    assert refusal.value.field == "questionnaire"


def test_calls_are_handed_over_and_stand_in_the_calendar(anna, maria, contact):
    call = plan(contact, anna, reason="Callback")
    assert [one.uid.partition("@")[0] for one in appointments_of(anna)] == [f"call-{call.pk}"]
    kind = work_kind("calls")
    assert kind is not None
    assert list(kind.of(anna.pk)) == [call]
    kind.reassign(call.pk, actor=maria, owner=maria, was_owner=anna.pk)
    call.refresh_from_db()
    assert call.owner == maria
    with pytest.raises(Refused, match="by now"):
        kind.reassign(call.pk, actor=maria, owner=anna, was_owner=anna.pk)


# ---------------------------------------------------------------- pages


def fields(answers) -> dict[str, object]:
    return {f"q-{code}": value for code, value in answers.items()}


def test_a_day_on_the_telephone_by_the_pages(anna, contact):
    client = signed_in(anna)
    planned = client.post(
        reverse("crm:customer-do", args=[contact.customer_id, "plan-call"]),
        {"questionnaire": Questionnaire.objects.get(code="presales-callback").pk, "owner": anna.pk,
         "contact": contact.pk, "due_at": "2026-11-01T09:00", "reason": "Fair in spring"},
    )  # fmt: skip
    assert planned.status_code == 302
    call = Call.objects.get()
    assert "Fair in spring" in client.get("/").content.decode()
    assert client.get(reverse("crm:call-screen", args=[call.pk])).status_code == 302  # not begun
    page = client.get(call.get_absolute_url()).content.decode()
    assert 'href="tel:+494012345678"' in page
    begun = client.post(reverse("crm:call-do", args=[call.pk, "start"]))
    screen = reverse("crm:call-screen", args=[call.pk])
    assert begun["Location"] == screen
    shown = client.get(screen).content.decode()
    assert anna.name in shown.split('class="script"')[1] and "{my_name}" not in shown
    assert "Dürfen wir Sie besuchen?" in shown  # read to the customer in their language
    assert "Go on with the call" in client.get(call.get_absolute_url()).content.decode()
    draft = reverse("crm:call-draft", args=[call.pk])
    assert client.post(draft, {"q-business": "trade", "remark": "half a sentence", "csrf": "x"}).json() == {
        "kept": True
    }
    again = client.get(screen).content.decode()
    assert "half a sentence" in again
    assert 'value="trade" id="id_q-business_2" checked' in again.replace(" required", "")
    refused = client.post(screen, fields({**WELL, "business": ""}))
    assert refused.status_code == 422
    assert "This question has to be answered." in refused.content.decode()
    assert "Hotel, 800 m²" in refused.content.decode()
    done = client.post(screen, {**fields(WELL), "then": "inquiry"})
    assert done["Location"] == Inquiry.objects.get().get_absolute_url()
    page = client.get(call.get_absolute_url()).content.decode()
    assert "agreed to a visit" in page
    assert client.post(draft, {"remark": "late"}).status_code == 409
    assert "Fair in spring" in client.get("/calls/?view=made").content.decode()


def test_quiet_hours_are_said_before_anybody_dials(anna, contact):
    call = services.start_call(plan(contact, anna).pk, actor=anna)
    client = signed_in(anna)
    with time_machine.travel(datetime(2026, 11, 24, 22, tzinfo=UTC)):
        client.force_login(anna)
        assert (
            "quiet hours where the customer is"
            in client.get(reverse("crm:call-screen", args=[call.pk])).content.decode()
        )


def test_a_campaign_calls_exactly_what_the_list_shows(maria, anna):
    make_customer("Dealer Nord", owner=anna, kind="dealer")
    make_customer("Importer Sued", owner=anna, kind="importer")
    client = signed_in(maria)
    page = client.get("/customers/?kind=dealer").content.decode()
    assert "/calls/campaign/?kind=dealer" in page
    questionnaire = Questionnaire.objects.get(code="presales-callback").pk
    values = {"name": "Dealers", "questionnaire": questionnaire, "due_at": "2031-05-05T10:00"}
    assert "1 customer is in the list." in client.get("/calls/campaign/?kind=dealer").content.decode()
    assert client.post("/calls/campaign/?kind=dealer", values).status_code == 302
    assert [call.customer.name for call in Call.objects.all()] == ["Dealer Nord"]
    assert client.get("/calls/campaign/?kind=<x>&owner=99999999999999999999").status_code == 200


def test_what_belongs_to_another_team_answers_404(wei, contact, anna):
    call = services.start_call(plan(contact, anna).pk, actor=anna)
    client = signed_in(wei)
    for path in (call.get_absolute_url(), reverse("crm:call-screen", args=[call.pk])):
        assert client.get(path).status_code == 404
        assert client.post(path, fields(WELL)).status_code in (404, 405)
    assert client.post(reverse("crm:call-draft", args=[call.pk]), {"remark": "x"}).status_code == 404
    assert "Hafen GmbH" not in client.get("/calls/?view=all").content.decode()
    call.refresh_from_db()
    assert (call.status, call.draft) == ("in_call", {})


def test_without_the_right_nobody_calls(roles, contact, anna):
    call = plan(contact, anna)
    client = signed_in(make_user("Clerk", role="logistics"))
    assert client.get(call.get_absolute_url()).status_code == 200
    assert client.post(reverse("crm:call-do", args=[call.pk, "start"])).status_code == 403
    assert client.get(reverse("crm:call-screen", args=[call.pk])).status_code == 403
    assert client.get("/calls/campaign/").status_code == 403
    call.refresh_from_db()
    assert call.status == "open"


@pytest.mark.parametrize("rows", [2, 20])
def test_lists_and_pages_cost_the_same_with_two_and_with_twenty_rows(
    anna, contact, rows, django_assert_max_num_queries
):
    for number in range(rows):
        services.log_attempt(plan(make_contact(make_customer(f"Firm {number}", owner=anna)), anna).pk, actor=anna, result="call_again", call_again_at=timezone.now() + timedelta(hours=1))  # fmt: skip
    call = plan(contact, anna)
    for _number in range(rows):
        services.log_attempt(
            call.pk, actor=anna, result="call_again", call_again_at=timezone.now() + timedelta(hours=1)
        )
    services.start_call(call.pk, actor=anna)
    client = signed_in(anna)
    for path, most in (
        ("/calls/?view=all", 8),
        (call.get_absolute_url(), 16),
        (reverse("crm:call-screen", args=[call.pk]), 16),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200


# ---------------------------------------------------------------- results


def answered(anna, contact, **changes) -> None:
    call = services.start_call(plan(contact, anna).pk, actor=anna)
    services.finish_call(call.pk, actor=anna, answers={**WELL, **changes})


def test_results_count_each_answer_and_lead_to_it(anna, maria, contact):
    answered(anna, contact)
    answered(anna, contact, business="trade", product=2, **{"project-details": '=HYPERLINK("x")'})
    row = Questionnaire.objects.get(code="presales-callback")
    client = signed_in(maria)
    url = reverse("crm:questionnaire-results", args=[row.pk])
    page = client.get(url).content.decode()
    assert "2 answered" in page
    assert "mean 3" in page
    link = f"{reverse('crm:questionnaire-answers', args=[row.pk])}?question=business&answer=trade"
    assert link.replace("&", "&amp;") in page
    rows = client.get(link).content.decode()
    assert rows.count('<tr role="row"') == 2  # the heading and one
    assert client.get(f"{url}?answered_before=2001-01-01").content.decode().count("0 answered") == 1
    assert "1 answered" not in client.get(f"{url}?kind={contact.customer.kind}").content.decode()
    export = b"".join(client.get(reverse("crm:questionnaire-export", args=[row.pk])).streaming_content).decode()
    assert '"\'=HYPERLINK(""x"")"' in export
    assert export.count("Hafen GmbH") == 2


@pytest.mark.parametrize("rows", [2, 20])
def test_results_cost_the_same_however_much_was_answered(anna, maria, contact, rows, django_assert_max_num_queries):
    for _number in range(rows):
        answered(anna, contact)
    row = Questionnaire.objects.get(code="presales-callback")
    client = signed_in(maria)
    for path in ("results", "answers", "export"):
        with django_assert_max_num_queries(12):
            response = client.get(reverse(f"crm:questionnaire-{path}", args=[row.pk]))
            drawn = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == 200 and drawn, path


def test_a_next_step_is_planned_with_the_call(anna, contact):
    call = services.start_call(plan(contact, anna).pk, actor=anna)
    services.finish_call(call.pk, actor=anna, answers=WELL, next_step="Send samples", next_step_on=date(2031, 5, 5))
    customer = Customer.objects.get()
    assert (customer.next_step, customer.next_step_on) == ("Send samples", date(2031, 5, 5))


@pytest.mark.parametrize("action", ["refuse", "cancel"])
def test_why_a_call_ends_is_as_long_as_it_is_kept(contact, anna, action):
    call = plan(contact, anna)
    client, address = signed_in(anna), f"/calls/{call.pk}/do/{action}/"
    assert client.post(address, {"reason": "x" * 301}).status_code == 422
    assert client.post(address, {"reason": "x" * 300}).status_code == 302
    call.refresh_from_db()
    assert call.closed_reason == "x" * 300


def test_a_planned_call_shows_the_customers_clock_at_that_time_not_now(anna):
    person = make_contact(make_customer("Lone Star", owner=anna, time_zone="America/Chicago"))
    zone = zoneinfo.ZoneInfo("Asia/Shanghai")
    with timezone.override(zone):
        then = datetime(timezone.localdate().year + 1, 6, 10, 5, 0, tzinfo=zone)
        shown = str(due_cell(plan(person, anna, due_at=then)))
        assert "16:00 · Chicago" in shown and formats.day(then - timedelta(days=1)) in shown
        late = str(due_cell(plan(person, anna, due_at=timezone.now() - timedelta(hours=9))))
        assert local_clock(person.customer).words in late
