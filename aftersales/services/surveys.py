"""Surveys: asked once, answered once."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.models import AfterSalesPolicy, Survey, SurveyAnswer, SurveyQuestion, Ticket
from foundation.documents.numbering import next_number
from foundation.journal.machine import perform
from foundation.journal.services import record


@transaction.atomic
def request_survey(ticket: Ticket, *, actor: Any = None) -> Survey:
    """Ask the ticket's customer how we did; the message with the link follows from the event."""
    survey = Survey.objects.create(
        number=next_number("survey"),
        customer=ticket.customer,
        ticket=ticket,
        language=ticket.language,
        owner=ticket.owner,
    )
    record("survey.requested", survey, actor=actor)
    return survey


@transaction.atomic
def answer_survey(pk: int, *, answers: dict[SurveyQuestion, int | str]) -> Survey:
    """Take the customer's answers. Refused when the survey was answered before; a bad score opens a ticket (AFT-11)."""
    overall = next((value for question, value in answers.items() if question.is_overall), None)
    scores = [value for value in answers.values() if isinstance(value, int)]
    score = overall if isinstance(overall, int) else round(sum(scores) / len(scores)) if scores else None
    survey = perform(Survey, pk, "answer", actor=None, at=timezone.now(), score=score, facts={"score": score})
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            survey=survey,
            question=question,
            wording=question.text,
            score=value if isinstance(value, int) else None,
            text=value if isinstance(value, str) else "",
        )
        for question, value in answers.items()
    )
    if score is not None and score <= AfterSalesPolicy.current().bad_score:
        _open_ticket(survey, answers)
    return survey


def _open_ticket(survey: Survey, answers: dict[SurveyQuestion, int | str]) -> None:
    from aftersales.services.tickets import Complaint, receive_ticket

    words = [value for value in answers.values() if isinstance(value, str) and value.strip()]
    before = survey.ticket
    receive_ticket(
        Complaint(
            subject=_("Dissatisfied: survey %(number)s, %(score)s of 5")
            % {"number": survey.number, "score": survey.score},
            description="\n\n".join(words) or _("The customer gave a bad score and no words. Please call."),
            channel=Ticket.Channel.SURVEY,
            kind=Ticket.Kind.SERVICE,
            language=survey.language,
            customer=survey.customer,
            contact=before.contact if before else None,
            order=before.order if before else None,
        ),
        owner=survey.owner,
    )
