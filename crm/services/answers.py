"""Keeping what a customer answered: structured, once, and in words for the service record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.asking import CHOICES, NUMBERS, kept, missing
from crm.models import Answer, CallPolicy, Contact, Customer, Question, QuestionnaireVersion, Response
from crm.services.questionnaires import asks_of
from foundation.journal.attachments import attach
from foundation.journal.machine import Refused


@dataclass(frozen=True)
class Taken:
    """A kept response: what it tells us (meanings), its words, and those about a coming project."""

    response: Response
    signals: set[str]
    words: str
    project_words: str


@transaction.atomic
def keep_answers(
    version: QuestionnaireVersion,
    customer: Customer,
    answers: Mapping[str, Any],
    *,
    actor: Any,
    contact: Contact | None = None,
    language: str = "en",
) -> Taken:
    """Write the answers that count; a file is an upload. Raises Refused, naming the question, for what is missing or wrong."""
    questions = asks_of(version)
    asks = [one.as_ask() for one in questions]
    if lacking := missing(asks, answers):
        raise Refused(_("This question has to be answered."), reason="input", field=f"q-{lacking[0]}")
    counted = kept(asks, answers)
    response = Response.objects.create(
        version=version,
        customer=customer,
        contact=contact,
        language=language,
        taken_by=actor if getattr(actor, "pk", None) else None,
    )
    rows = [row for one in questions if one.code in counted for row in _rows(response, one, counted[one.code], actor)]
    Answer.objects.bulk_create(rows)
    return Taken(response, _signals(rows), _words(questions, rows), _words(_about_project(questions), rows))


def _rows(response: Response, question: Question, value: Any, actor: Any) -> list[Answer]:
    """The rows of one answer. Raises Refused for a value that does not fit the question."""
    if question.kind in CHOICES:
        options = {one.code: one for one in question.options.all()}
        chosen = value if isinstance(value, (list, tuple)) else [value]
        if set(chosen) - set(options) or (question.kind == Question.Kind.SINGLE and len(chosen) > 1):
            raise _unfit(question)
        return [Answer(response=response, question=question, option=options[code]) for code in dict.fromkeys(chosen)]
    row = Answer(response=response, question=question)
    if question.kind in NUMBERS:
        row.number = Decimal(value)
        if question.kind == Question.Kind.SCALE and not 1 <= row.number <= question.scale_max:
            raise _unfit(question)
    elif question.kind == Question.Kind.DATE:
        if not isinstance(value, date):
            raise _unfit(question)
        row.day = value
    elif question.kind == Question.Kind.FILE:
        row.attachment = attach(response.customer, value, actor=actor, purpose="answer")
        row.text = row.attachment.title
    else:
        row.text = str(value)
    return [row]


def _unfit(question: Question) -> Refused:
    message = _("This answer does not fit the question any more. Please choose again.")
    return Refused(message, reason="input", field=f"q-{question.code}")


def _signals(rows: Sequence[Answer]) -> set[str]:
    """The meanings that were heard: a project, a visit, dissatisfaction."""
    found, bad = set(), CallPolicy.current().bad_percent
    for row in rows:
        question = row.question
        if row.option is not None and row.option.is_signal and question.meaning:
            found.add(question.meaning)
        is_rating = question.meaning == Question.Meaning.SATISFACTION and question.kind == Question.Kind.SCALE
        if is_rating and row.number is not None and row.number <= question.scale_max * bad / 100:
            found.add(question.meaning)
    return found


def _about_project(questions: Sequence[Question]) -> list[Question]:
    meanings = (Question.Meaning.PROJECT, Question.Meaning.PROJECT_WORDS)
    return [one for one in questions if one.meaning in meanings]


def _words(questions: Sequence[Question], rows: Sequence[Answer]) -> str:
    """Question and answer, line by line, in the active language."""
    lines = []
    for question in questions:
        said = [row.said for row in rows if row.question_id == question.pk]
        if said:
            lines.append(f"{question.text} {', '.join(said)}")
    return "\n".join(lines)
