"""Complaints, surveys, conversations and notes of the past."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from aftersales.models import AfterSalesPolicy, Solution, Survey, SurveyAnswer, SurveyQuestion, Ticket
from aftersales.services.tickets import warranty_end
from config.demo import care_words, words
from config.demo.customers import Client
from config.demo.deals import Deal
from config.demo.ledger import Ledger, Step
from config.demo.times import Times
from crm.models import ServiceRecord
from crm.services import add_service_record
from foundation.accounts.models import User
from foundation.documents.numbering import next_number
from foundation.sla import pauses

SCORES = (5, 4, 5, 5, 3, 4, 5, 5, 4, 5, 2, 5, 4, 5)
CHANNELS = ("portal", "email", "portal", "phone")
FAULTS = {"damage": "carrier", "quality": "ours", "shortage": "ours", "installation": "ours", "delay": "ours"}


def make_tickets(deals: list[Deal], staff: dict[str, User], times: Times, ledger: Ledger, rng: random.Random) -> None:
    """What went wrong, in the order in which it was reported; all of it is over by now."""
    cases = []
    for number, deal in enumerate(one for one in deals if any(d.signed for d in one.deliveries)):
        if number % 2 and deal.index % 7 != 1:
            continue
        signed = next(one.signed for one in deal.deliveries if one.signed)
        received = times.after_days(signed, rng.uniform(1, 9), rng)
        cases.append((received, deal))
    scores = iter(SCORES * 5)
    for number, (received, deal) in enumerate(sorted(cases, key=lambda one: one[0])):
        ticket = _ticket(deal, received, number, staff, times, ledger, rng)
        if ticket is not None and ticket.status == "closed":
            _survey(ticket, times, ledger, rng, next(scores))


def _kind(deal: Deal, number: int) -> str:
    kinds = care_words.fitting_kinds(deal.items[0][0].sku, deal.language)
    return kinds[number % len(kinds)]


def _steps(received: datetime, times: Times, rng: random.Random, slow: bool) -> dict[str, datetime]:
    """When each step was taken."""
    acknowledged = times.later(received, rng.uniform(0.2, 2.5))
    investigating = times.later(acknowledged, rng.uniform(0.5, 3))
    proposed = times.later(investigating, rng.uniform(8, 14) if slow else rng.uniform(0.5, 3.5))
    accepted = times.later(proposed, rng.uniform(1, 7))
    resolved = times.later(accepted, rng.uniform(14, 40) if slow else rng.uniform(2, 11))
    closed = times.later(resolved, rng.uniform(1, 9))
    return {
        "acknowledged": acknowledged, "investigating": investigating, "proposed": proposed, "accepted": accepted,
        "resolved": resolved, "closed": closed,
    }  # fmt: skip


def _ticket(
    deal: Deal,
    received: datetime,
    number: int,
    staff: dict[str, User],
    times: Times,
    ledger: Ledger,
    rng: random.Random,
) -> Ticket | None:
    at = _steps(received, times, rng, slow=number % 8 == 5)
    if at["resolved"] > times.now - timedelta(hours=6):
        return None
    kind, language, contact = _kind(deal, number), deal.language, deal.client.main
    subject, description, defect = care_words.COMPLAINTS[kind][language]
    withdrawn, is_closed = number % 12 == 3, at["closed"] < times.now - timedelta(hours=5)
    status = "cancelled" if withdrawn else "closed" if is_closed else "resolved"
    offered, done = care_words.SOLUTIONS[kind][1][language]
    order = deal.rows["order"]
    ticket = Ticket(
        number=next_number("ticket", at=received),
        status=status,
        customer=deal.client.row,
        contact=contact,
        order=order,
        shipment=deal.rows["shipments"][0],
        product=deal.items[0][0],
        channel=CHANNELS[number % 4],
        kind=kind,
        priority="urgent" if number % 9 == 4 else "normal",
        demand=care_words.SOLUTIONS[kind][0],
        subject=subject,
        description=description,
        defect=defect,
        language=language,
        complainant_name=contact.name,
        complainant_email=contact.email,
        order_reference=order.number,
        fault="unknown" if withdrawn else FAULTS[kind],
        warranty_until=warranty_end(order, AfterSalesPolicy.current()),
        owner=staff["jonas.keller" if language == "de" else "xiaoyan.feng"],
        received_at=received,
    )
    if not withdrawn:
        ticket.resolution, ticket.signed_by = done, contact.name
        ticket.signed_at = ticket.resolved_at = at["resolved"]
    ticket.closed_at = at["investigating"] if withdrawn else at["closed"] if is_closed else None
    ticket.save(force_insert=True)
    _tell_ticket(ticket, at, offered, times, ledger)
    return ticket


def _tell_ticket(ticket: Ticket, at: dict[str, datetime], offered: str, times: Times, ledger: Ledger) -> None:
    owner, received = ticket.owner, ticket.received_at
    assert owner is not None
    ledger.add("ticket.received", ticket, at=received, facts={"status": "received"})
    steps: list[Step] = [("ticket.acknowledged", at["acknowledged"], owner, "received", "acknowledged", None)]
    if ticket.status == "cancelled":
        why = {"reason": "Withdrawn by the customer: the parts were found on site."}
        steps.append(("ticket.cancelled", at["investigating"], owner, "acknowledged", "cancelled", why))
        ledger.clock("solution", ticket, start=received, stop=at["investigating"])
        ledger.clock("resolution", ticket, start=received, stop=at["investigating"])
        ledger.path(ticket, steps)
        return
    steps += [
        ("ticket.investigated", at["investigating"], owner, "acknowledged", "investigating", None),
        ("ticket.proposed", at["proposed"], owner, "investigating", "proposed", {"text": offered}),
        ("ticket.accepted", at["accepted"], None, "proposed", "accepted", {"by": ticket.signed_by}),
        ("ticket.resolved", at["resolved"], owner, "accepted", "resolved", {"signed_by": ticket.signed_by}),
    ]
    if ticket.closed_at:
        steps.append(("ticket.closed", ticket.closed_at, owner, "resolved", "closed", None))
    ledger.path(ticket, steps)
    Solution.objects.create(
        ticket=ticket,
        kind=ticket.demand,
        text=offered,
        ready_on=(at["accepted"] + timedelta(days=4)).date(),
        proposed_by=owner,
        proposed_at=at["proposed"],
        decision="accepted",
        decided_at=at["accepted"],
        decided_by=ticket.signed_by,
    )
    waits = [(at["proposed"], at["accepted"])] if ticket.pk % 3 == 0 else []
    for begin, end in waits:
        ledger.add("ticket.waiting", ticket, at=begin, actor=owner, facts=pauses.facts_of("decision"))
        ledger.add("ticket.customer_replied", ticket, at=end)
    ledger.clock("solution", ticket, start=received, stop=at["proposed"])
    ledger.clock("resolution", ticket, start=received, stop=at["resolved"], pauses=waits)


def _survey(ticket: Ticket, times: Times, ledger: Ledger, rng: random.Random, score: int) -> None:
    assert ticket.closed_at is not None
    answered = ticket.closed_at + timedelta(hours=rng.uniform(3, 80))
    is_answered = answered < times.now - timedelta(hours=6) and rng.random() < 0.8
    survey = Survey(
        number=next_number("survey", at=ticket.closed_at),
        status="answered" if is_answered else "requested",
        customer=ticket.customer,
        ticket=ticket,
        language=ticket.language,
        owner=ticket.owner,
        score=score if is_answered else None,
        requested_at=ticket.closed_at,
        answered_at=answered if is_answered else None,
    )
    survey.save(force_insert=True)
    facts = {"score": None, "status": "requested"}
    ledger.add("survey.requested", survey, at=ticket.closed_at, actor=ticket.owner, facts=facts)
    if not is_answered:
        return
    ledger.path(survey, [("survey.answered", answered, None, "requested", "answered", None)])
    column = f"text_{ticket.language.replace('-', '_')}"
    answers = []
    for question in SurveyQuestion.objects.filter(is_active=True):
        is_text = question.kind == "text"
        own = score if question.is_overall else min(5, max(1, score + rng.choice((-1, 0, 0, 1))))
        text = (
            rng.choice((care_words.PRAISE if score > 3 else care_words.SUGGESTIONS)[ticket.language]) if is_text else ""
        )
        if is_text and not text:
            continue
        wording = getattr(question, column, "") or question.text_en
        answers.append(
            SurveyAnswer(survey=survey, question=question, wording=wording, score=None if is_text else own, text=text)
        )
    SurveyAnswer.objects.bulk_create(answers)


# ---------------------------------------------------------------- conversations


def make_records(clients: list[Client], staff: dict[str, User], times: Times, rng: random.Random) -> None:
    """Calls, visits and greetings over the year, and what comes next with some customers."""
    planned = []
    for number, client in enumerate(clients):
        for turn in range(2 + number % 3):
            days = 8 + (number * 37 + turn * 113) % 320
            at = times.office(days_ago=days, rng=rng)
            if at > client.since:
                planned.append((at, client, number + turn))
    planned.sort(key=lambda one: one[0])
    last = {id(client): position for position, (_at, client, _turn) in enumerate(planned)}
    for position, (at, client, turn) in enumerate(planned):
        kind, channel, result, by_language = care_words.RECORDS[turn % len(care_words.RECORDS)]
        language = client.row.language
        subject, content, feedback = by_language[language]
        is_last = last[id(client)] == position and turn % 2 == 0
        step = care_words.NEXT_STEPS[language][turn % 3] if is_last else ""
        add_service_record(
            client.row.pk,
            actor=client.row.owner or staff["emily.carter"],
            subject=subject,
            content=content,
            feedback=feedback,
            type=ServiceRecord.Type(kind),
            channel=channel,
            result=result,
            contact=client.contacts[turn % len(client.contacts)],
            started_at=at,
            ended_at=at + timedelta(minutes=6 + turn % 30),
            next_step=step,
            next_step_on=times.today + timedelta(days=turn % 13 - 3) if step else None,
            imported=True,
        )


def make_notes(deals: list[Deal], staff: dict[str, User], times: Times, ledger: Ledger) -> None:
    """Internal notes on customers and orders."""
    authors = (staff["lijuan.huang"], staff["emily.carter"], staff["shuzhen.he"], staff["zhiqiang.li"])
    with_order = [one for one in deals if one.rows.get("order")]
    for number, deal in enumerate(with_order[::4]):
        text = words.NOTES[number % len(words.NOTES)]
        at = times.later(deal.ordered, 5 + number % 3)
        ledger.note(deal.rows["order"] if number % 2 else deal.client.row, text, at=at, actor=authors[number % 4])
