"""Calls of the demo company: some weeks of callbacks with their answers, a day's list of calls, tries that reached nobody."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation

from config.demo import call_words
from config.demo.customers import Client
from config.demo.present import Stage
from crm.models import (
    Answer,
    Call,
    CallAttempt,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    Response,
    ServiceRecord,
    VisitConsent,
)
from crm.services import add_service_record, finish_call, log_attempt, make_inquiry, plan_call, start_call
from crm.services.calls import RECORD_TYPES
from crm.services.questionnaires import asks_of
from foundation.documents.numbering import next_number
from foundation.journal.services import record

PERFORMANCE = ("well", "well", "fairly", "well", "well", "badly", "well", "none")
BUSINESS = ("fit-out", "trade", "user", "fit-out", "trade", "developer", "fit-out", "other")
SERVICE = (5, 4, 5, 3, 4, 5, 2, 5, 4, 5, 5, 4)
PRODUCT = (5, 5, 4, 4, 5, 2, 4, 5, 5, 3, 4, 5)
STYLES = (("modern",), ("natural", "modern"), ("undecided",), ("classic",), ("chinese", "natural"))
PAST = 22
# which of the customers is called today, at what hour of the office (when they are at work there), and why
TODAY = (
    ("Southern Cross", 10, "Callback: new showroom"),
    ("Thames", 17, "Presales callback after the sample parcel"),
    ("Pennine", 18, "Callback: reorder expected"),
    ("Lone Star", 23, "Callback after delivery"),
)


def play(stage: Stage) -> None:
    """What was asked and answered, and what is still to be asked."""
    presales = Questionnaire.objects.get(code="presales-callback")
    completion = Questionnaire.objects.get(code="completion-callback")
    clients = [one for one in stage.clients.values() if one.row.owner_id]
    for number in range(PAST):
        client = clients[(number * 5) % len(clients)]
        assert client.row.owner is not None
        with translation.override(client.row.owner.language):  # whoever calls notes it in their own language
            _past(stage, client, completion if number % 3 == 2 else presales, number)
    _today(stage, presales)
    _just_made(stage, presales)


def _past(stage: Stage, client: Client, questionnaire: Questionnaire, number: int) -> None:
    """A call that was made, the one before it in vain now and then; as imported history is kept."""
    version = questionnaire.versions.get(status="published")
    day = stage.times.today - timedelta(days=4 + number * 3)
    day -= timedelta(days=max(0, day.weekday() - 4))  # nobody calls on a Saturday
    zone = ZoneInfo(client.row.time_zone)
    began = datetime.combine(day, time(10 + number % 2, (number * 7) % 50), zone)
    owner = client.row.owner
    assert owner is not None
    call = Call.objects.create(
        number=next_number("call", at=began),
        customer=client.row,
        contact=client.main,
        questionnaire=questionnaire,
        reason=call_words.REASONS[owner.language][questionnaire.purpose == "completion"],
        owner=owner,
        due_at=began - timedelta(minutes=10),
        created_at=began - timedelta(days=3),
    )
    record("call.scheduled", call, actor=owner, occurred_at=call.created_at, imported=True)
    if number % 4 == 1:
        missed = began - timedelta(hours=19)
        CallAttempt.objects.create(call=call, result="no_answer", actor=owner, at=missed, call_again_at=began)
    ended = began + timedelta(minutes=4 + number % 5)
    response, signals = _answered(version, client, owner, ended, number)
    row = add_service_record(
        client.row.pk,
        actor=owner,
        subject=f"{questionnaire.name} · {call.reason}",
        content="\n".join(
            f"{one.question.text} {one.said}" for one in response.answers.select_related("question", "option")
        ),
        remark=call_words.REMARKS[client.row.language] if number % 5 == 0 else "",
        type=RECORD_TYPES.get(Questionnaire.Purpose(questionnaire.purpose), ServiceRecord.Type.CALL),
        contact=client.main,
        started_at=began,
        ended_at=ended,
        imported=True,
    )
    CallAttempt.objects.create(call=call, result="reached", actor=owner, at=began)
    kept = Call.objects.filter(pk=call.pk)
    kept.update(status="in_call", started_at=began, version=version)
    kept.update(
        status="done",
        ended_at=ended,
        response=response,
        service_record=row,
        attempts=2 if number % 4 == 1 else 1,
        visit_agreed="visit" in signals,
        has_project="project" in signals,
        is_dissatisfied="satisfaction" in signals,
    )
    call.refresh_from_db()
    record("call.finished", call, actor=owner, occurred_at=ended, imported=True, facts={"response_id": response.pk})
    if "visit" in signals:
        VisitConsent.objects.create(
            customer=client.row, contact=client.main, call=call, agreed_at=ended, recorded_by=owner
        )


def answers_of(version: QuestionnaireVersion, language: str, number: int) -> dict[str, Any]:
    """What this customer says; another number, another mood."""
    has_project = number % 3 != 1
    project = call_words.PROJECTS[language][number % 2]
    said: dict[str, Any] = {
        "performance": PERFORMANCE[number % len(PERFORMANCE)],
        "service": SERVICE[number % len(SERVICE)],
        "product": PRODUCT[number % len(PRODUCT)],
        "business": BUSINESS[number % len(BUSINESS)],
        "project": "yes" if has_project else "no",
        "style": list(STYLES[number % len(STYLES)]),
        "visit": "yes" if number % 2 == 0 else "no",
        "salesperson": SERVICE[(number + 3) % len(SERVICE)],
        "crew": PRODUCT[(number + 1) % len(PRODUCT)],
        "suggestions": call_words.SUGGESTIONS[language][number % 2] if number % 2 else None,
    }
    if has_project:
        said |= {"project-details": project, "floor-plan": "yes" if number % 4 else "no"}
    if said["product"] <= 2:
        said["fault"] = call_words.FAULTS[language]
    asked = {one.code for one in asks_of(version)}
    return {code: value for code, value in said.items() if code in asked and value is not None}


def _answered(
    version: QuestionnaireVersion, client: Client, owner: Any, at: datetime, number: int
) -> tuple[Response, set[str]]:
    said = answers_of(version, client.row.language, number)
    response = Response.objects.create(
        version=version,
        customer=client.row,
        contact=client.main,
        language=client.row.language,
        answered_at=at,
        taken_by=owner,
    )
    rows = [row for one in asks_of(version) if one.code in said for row in _rows(response, one, said[one.code])]
    Answer.objects.bulk_create(rows)
    signals = {row.question.meaning for row in rows if row.option is not None and row.option.is_signal}
    if any(row.number is not None and row.number <= 2 for row in rows):
        signals.add("satisfaction")
    return response, signals


def _rows(response: Response, question: Question, value: Any) -> list[Answer]:
    if question.kind in ("single", "multiple"):
        options = {one.code: one for one in question.options.all()}
        chosen = value if isinstance(value, list) else [value]
        return [Answer(response=response, question=question, option=options[code]) for code in chosen]
    if question.kind == "scale":
        return [Answer(response=response, question=question, number=Decimal(value))]
    return [Answer(response=response, question=question, text=str(value))]


def _today(stage: Stage, questionnaire: Questionnaire) -> None:
    """Emily's list of the day; one customer has not answered yet, one is Katharina's."""
    emily = stage.staff["emily.carter"]
    for name, hour, reason in TODAY:
        due = datetime.combine(stage.times.today, time(hour), stage.times.zone)
        call = _plan(stage, name, questionnaire, emily, due, reason)
        if name == "Lone Star":
            log_attempt(call.pk, actor=emily, result="no_answer")
    day = stage.times.weekday(stage.times.today + timedelta(days=1))
    for name, who, reason in (
        ("Bodenwelt", "katharina.brandt", "Nachfassen nach der Messe"),
        ("Shengyang", "yiting.lin", "樣品回訪"),
    ):
        due = stage.times.there(day, 10, stage.client(name).row.time_zone)
        _plan(stage, name, questionnaire, stage.staff[who], due, reason)


def _just_made(stage: Stage, questionnaire: Questionnaire) -> None:
    """This minute, through the real services: a project was heard of and has become an inquiry."""
    jiahao = stage.staff["jiahao.wu"]
    call = _plan(stage, "Guangzhou Huazhu", questionnaire, jiahao, stage.times.now, "季度回访")
    start_call(call.pk, actor=jiahao)
    call.refresh_from_db()
    assert call.version is not None
    with translation.override(jiahao.language):
        finish_call(call.pk, actor=jiahao, answers=answers_of(call.version, "zh-hans", 0), contact=call.contact)
        make_inquiry(call.pk, actor=jiahao)


def _plan(stage: Stage, name: str, questionnaire: Questionnaire, owner: Any, due: datetime, reason: str) -> Call:
    client = stage.client(name)
    return plan_call(
        client.row.pk,
        actor=stage.staff["guohua.liang"],
        questionnaire=questionnaire,
        owner=owner,
        due_at=due,
        reason=reason,
        contact=client.main,
    )
