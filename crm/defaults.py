"""The questionnaires that an installation starts with. What people have changed or published stays as it is."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from crm.models import CallPolicy, Questionnaire
from crm.services.questionnaires import (
    SCRIPT,
    TEXTS,
    QuestionData,
    create_questionnaire,
    publish_version,
    save_question,
)
from crm.shipped_questions import QUESTIONNAIRES


def load() -> int:
    """The rules for calling, and each questionnaire that is not there yet, published."""
    CallPolicy.current()
    known = set(Questionnaire.objects.values_list("code", flat=True))
    missing = [one for one in QUESTIONNAIRES if one["code"] not in known]
    for one in missing:
        _make(one)
    return len(missing)


def by_column(texts: tuple[str, ...]) -> dict[str, str]:
    """English, simplified and traditional Chinese, German, under the names of their columns."""
    return dict(zip(TEXTS, texts, strict=True))


@transaction.atomic
def _make(one: dict[str, Any]) -> None:
    row = create_questionnaire(actor=None, names=by_column(one["name"]), purpose=one["purpose"], code=one["code"])
    draft = row.versions.get()
    words = [*one["opening"], *one["closing"]]
    for name, text in zip(SCRIPT, words, strict=True):
        setattr(draft, name, text)
    draft.save(update_fields=list(SCRIPT))
    made: dict[str, int] = {}
    for question in one["questions"]:
        on, operator, values = question.get("only_if", ("", "", ()))
        options = [
            {"code": code, "is_signal": code in question.get("signals", ()), **by_column(texts)}
            for code, texts in question.get("options", {}).items()
        ]
        data = QuestionData(
            kind=question["kind"],
            texts=by_column(question["text"]),
            meaning=question.get("meaning", ""),
            is_required=question.get("required", True),
            options=options,
            depends_on=made.get(on),
            operator=operator,
            values=values,
            code=question["code"],
        )
        made[question["code"]] = save_question(draft.pk, data, actor=None).pk
    publish_version(draft.pk, actor=None)
