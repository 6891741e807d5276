"""A complaint goes its way, refuses what it should, and says why."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, close_old_connections, transaction
from django.utils import timezone

from aftersales.forms import WaitForm
from aftersales.models import Solution, Survey, Ticket
from aftersales.services import surveys, tickets
from aftersales.services.tickets import warranty_end
from foundation.accounts import tokens
from foundation.accounts.models import User
from foundation.journal.machine import Refused, edges, perform
from foundation.journal.models import Attachment, Event
from foundation.sla.models import Clock, PauseReason
from tests.aftersales.factories import PIXEL, make_ticket, service_person, ticket_in
from tests.sla.conftest import add_target

pytestmark = pytest.mark.django_db
VERBS = ("acknowledge", "investigate", "propose", "accept", "reject", "resolve", "close", "reopen", "cancel")


def codes(ticket: Ticket) -> list[str]:
    return list(Event.objects.about(ticket).order_by("pk").values_list("code", flat=True))


def test_a_complaint_goes_from_the_first_word_to_the_survey(person: User) -> None:
    ticket = ticket_in("closed", person)
    assert codes(ticket) == [
        "ticket.received", "ticket.acknowledged", "ticket.investigated", "ticket.proposed", "ticket.accepted",
        "ticket.resolved", "file.attached", "ticket.closed",
    ]  # fmt: skip
    assert Solution.objects.get().decision == "accepted"
    assert Attachment.objects.get().purpose == "signature"
    survey = Survey.objects.get(ticket=ticket)
    assert survey.status == "requested" and survey.customer == ticket.customer


def test_a_complaint_goes_to_somebody_of_service_who_speaks_the_language(person: User) -> None:
    speaker = service_person("Berta")
    speaker.languages.create(language="de", level=3)
    assert make_ticket(language="de").owner == speaker


def test_of_those_who_speak_it_the_one_with_the_fewest_open_complaints_gets_the_next(person: User) -> None:
    other = service_person("Zoe")
    for colleague in (person, other):
        colleague.languages.create(language="de", level=3)
    first = make_ticket(language="de")
    second = make_ticket(language="de")
    assert {first.owner, second.owner} == {person, other}
    tickets.cancel_ticket(second.pk, actor=person, reason="Entered twice")
    assert make_ticket(language="de").owner == second.owner


def test_facts_about_people_stay_out_of_the_events(person: User) -> None:
    ticket = ticket_in("proposed", person, complainant_name="Petersen", complainant_email="p@example.org")
    for event in Event.objects.about(ticket):
        assert "Petersen" not in str(event.facts) and "example.org" not in str(event.facts)
        assert "We replace" not in str(event.facts)


@pytest.mark.parametrize("status", [value for value, _label in Ticket.Status.choices])
def test_every_step_that_the_machine_does_not_know_is_refused_and_changes_nothing(person: User, status: str) -> None:
    ticket = ticket_in(status, person)
    allowed = {verb for source, _target, verb in edges(Ticket, "status") if source == status}
    before = (codes(ticket), Ticket.objects.filter(pk=ticket.pk).values().get())
    for verb in set(VERBS) - allowed:
        with pytest.raises(Refused) as refusal, transaction.atomic():
            perform(Ticket, ticket.pk, verb, actor=person)
        assert refusal.value.reason == "state" and str(ticket) in refusal.value.message
    assert (codes(ticket), Ticket.objects.filter(pk=ticket.pk).values().get()) == before


def test_the_database_refuses_a_jump(person: User) -> None:
    ticket = make_ticket()
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(status="closed")
    assert Ticket.objects.get(pk=ticket.pk).status == "received"


def test_nothing_is_resolved_without_a_signature(person: User) -> None:
    ticket = ticket_in("accepted", person)
    with pytest.raises(Refused) as refusal:
        tickets.resolve_ticket(ticket.pk, actor=person, resolution="Done", signed_by="Anna")
    assert refusal.value.field == "signature"
    ticket.refresh_from_db(fields=["status", "signed_by", "resolution"])
    assert (ticket.status, ticket.signed_by, ticket.resolution) == ("accepted", "", "")


def test_a_solution_inside_the_warranty_and_by_our_fault_is_free(person: User) -> None:
    ticket = ticket_in("acknowledged", person)
    Ticket.objects.filter(pk=ticket.pk).update(warranty_until=timezone.localdate() + timedelta(days=1))
    with pytest.raises(Refused) as refusal:
        tickets.propose_solution(ticket.pk, actor=person, text="Pay", cost=Decimal(10), fault="ours")
    assert refusal.value.field == "cost"
    assert not Solution.objects.exists() and Ticket.objects.get().status == "acknowledged"
    tickets.propose_solution(ticket.pk, actor=person, text="Pay", cost=Decimal(10), fault="customer")
    assert Solution.objects.get().cost == 10


def test_the_warranty_runs_from_the_contract_date() -> None:
    from aftersales.models import AfterSalesPolicy
    from orders.models import Order

    policy = AfterSalesPolicy(warranty_months=12)
    assert warranty_end(Order(contract_date=date(2024, 2, 29)), policy) == date(2025, 2, 28)
    assert warranty_end(Order(contract_date=None), policy) is None
    assert warranty_end(None, policy) is None


def test_a_declined_solution_is_followed_by_another(person: User) -> None:
    ticket = ticket_in("proposed", person)
    tickets.reject_solution(ticket.pk, actor=None, reason="Too late", by="Anna", check=False)
    tickets.propose_solution(ticket.pk, actor=person, text="We come tomorrow.")
    assert list(Solution.objects.order_by("pk").values_list("decision", flat=True)) == ["declined", "open"]


def test_waiting_pauses_and_the_answer_goes_on(person: User) -> None:
    ticket = ticket_in("investigating", person)
    PauseReason.objects.create(code="photos", name="Photos")
    PauseReason.objects.create(code="colleague", name="Colleague")
    assert [code for code, _label in WaitForm(instance=ticket).fields["reason"].choices] == ["", "photos"]
    for reason in ("", "because", "colleague"):  # what a colleague owes us is no customer's pause
        with pytest.raises(Refused):
            tickets.wait_for_customer(ticket.pk, actor=person, reason=reason)
    assert Ticket.objects.get().waiting_since is None
    tickets.wait_for_customer(ticket.pk, actor=person, reason="photos", note="Of the label, please")
    with pytest.raises(Refused):
        tickets.wait_for_customer(ticket.pk, actor=person, reason="photos")
    tickets.customer_replied(ticket.pk, text="Here they are")
    assert Ticket.objects.get().waiting_since is None
    assert codes(ticket)[-2:] == ["ticket.waiting", "ticket.customer_replied"]


def test_reopening_asks_for_a_new_signature(person: User) -> None:
    ticket = ticket_in("closed", person)
    tickets.reopen_ticket(ticket.pk, actor=person, reason="It opens again")
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.signed_by, ticket.resolved_at, ticket.closed_at) == ("investigating", "", None, None)


def test_somebody_without_the_right_is_refused(person: User) -> None:
    ticket = ticket_in("resolved", person)
    stranger = service_person(role="finance")
    with pytest.raises(Refused) as refusal:
        tickets.close_ticket(ticket.pk, actor=stranger)
    assert refusal.value.reason == "permission"
    assert Ticket.objects.get().status == "resolved" and not Survey.objects.exists()


def test_a_second_save_on_an_old_reading_is_refused(person: User) -> None:
    ticket = make_ticket()
    tickets.update_ticket(ticket.pk, actor=person, version=1, defect="joint")
    with pytest.raises(Refused) as refusal:
        tickets.update_ticket(ticket.pk, actor=person, version=1, defect="colour")
    assert refusal.value.reason == "stale" and Ticket.objects.get().defect == "joint"


def test_a_bad_survey_opens_a_ticket_and_a_good_one_does_not(person: User) -> None:
    ticket = ticket_in("closed", person)
    survey = Survey.objects.get()
    questions = {one.code: one for one in surveys.SurveyQuestion.objects.all()}
    surveys.answer_survey(survey.pk, answers={questions["overall"]: 2, questions["suggestions"]: "Answer the phone"})
    assert Survey.objects.get().score == 2
    opened = Ticket.objects.exclude(pk=ticket.pk).get()
    assert opened.channel == "survey" and "Answer the phone" in opened.description
    other = surveys.request_survey(ticket)
    surveys.answer_survey(other.pk, answers={questions["overall"]: 5})
    assert Ticket.objects.count() == 2


def test_a_survey_is_answered_once(person: User) -> None:
    ticket_in("closed", person)
    survey = Survey.objects.get()
    overall = surveys.SurveyQuestion.objects.get(code="overall")
    surveys.answer_survey(survey.pk, answers={overall: 5})
    with pytest.raises(Refused):
        surveys.answer_survey(survey.pk, answers={overall: 1})
    assert Survey.objects.get().score == 5 and Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_who_accept_at_once_leave_one_event_and_the_second_is_told(person: User) -> None:
    ticket = ticket_in("proposed", person)
    refusals: list[str] = []
    gate = threading.Barrier(2)

    def press() -> None:
        gate.wait()
        try:
            tickets.accept_solution(ticket.pk, actor=person, by="Anna")
        except Refused as refusal:
            refusals.append(refusal.message)
        finally:
            close_old_connections()
            from django.db import connection

            connection.close()

    threads = [threading.Thread(target=press) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes(ticket).count("ticket.accepted") == 1
    assert len(refusals) == 1 and "Chen Yu" in refusals[0]


def test_a_single_use_token_answers_one_survey_of_two_at_once(person: User) -> None:
    ticket_in("closed", person)
    survey = Survey.objects.get()
    raw = tokens.issue("survey", survey, days=1, single_use=True)
    token: Any = tokens.resolve("survey", raw)
    tokens.consume(token)
    with pytest.raises(Refused):
        tokens.consume(token)


def test_the_signature_is_a_picture(person: User) -> None:
    ticket = ticket_in("accepted", person)
    with pytest.raises(Refused), transaction.atomic():
        tickets.resolve_ticket(
            ticket.pk, actor=person, resolution="x", signed_by="A", signature=b"<svg/onload=alert(1)>"
        )
    assert Ticket.objects.get().status == "accepted"
    tickets.resolve_ticket(ticket.pk, actor=person, resolution="x", signed_by="A", signature=PIXEL)


def test_a_new_priority_of_a_complaint_shortens_its_promise(person: User) -> None:
    add_target("usual", start_events=["ticket.received"], retarget_events=["ticket.prioritised"], amount=24)
    add_target(
        "urgent", position=1, priorities=["urgent"], start_events=["ticket.received"], amount=4,
        retarget_events=["ticket.prioritised"],
    )  # fmt: skip
    ticket = make_ticket()
    tickets.prioritise_ticket(ticket.pk, actor=person, priority="urgent")
    clock = Clock.objects.get(object_id=ticket.pk)
    assert (clock.target.code, clock.facts["priority"]) == ("urgent", "urgent")
    assert clock.due_at == clock.started_at + timedelta(hours=4)
    assert clock.tightened_from == clock.started_at + timedelta(hours=24)
    assert codes(ticket)[-1] == "ticket.prioritised"


@pytest.mark.parametrize("priority", ["normal", "whatever"])
def test_a_priority_that_is_none_or_the_same_is_refused(person: User, priority: str) -> None:
    ticket = make_ticket()
    with pytest.raises(Refused):
        tickets.prioritise_ticket(ticket.pk, actor=person, priority=priority)
    ticket.refresh_from_db()
    assert (ticket.priority, codes(ticket)) == ("normal", ["ticket.received"])
