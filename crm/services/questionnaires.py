"""Building questionnaires: a draft is edited freely, publishing it replaces the version before, and nothing changes after that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from crm.asking import CHOICES, Fault, faults
from crm.models import Option, Question, Questionnaire, QuestionnaireVersion
from crm.services import changes
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record

TEXTS = ("en", "zh_hans", "zh_hant", "de")
SCRIPT = tuple(f"{part}_{column}" for part in ("opening", "closing") for column in TEXTS)
MOST_QUESTIONS = 60
COPIED = ("code", "position", "kind", "meaning", "is_required", "scale_max", "operator", "values")


@dataclass(frozen=True)
class QuestionData:
    """A question as a form gives it: texts by column, options as texts by column with `code` and `is_signal`."""

    kind: str
    texts: dict[str, str]
    meaning: str = ""
    is_required: bool = True
    scale_max: int = 5
    options: Sequence[dict[str, Any]] = field(default_factory=list)
    depends_on: int | None = None
    operator: str = ""
    values: Sequence[str] = ()
    code: str = ""


@transaction.atomic
def create_questionnaire(*, actor: Any, names: dict[str, str], purpose: str, code: str = "") -> Questionnaire:
    """A questionnaire with an empty draft. Raises Refused when the code is taken."""
    base = slugify(code or names["en"])[:50] or "questionnaire"
    chosen = base
    for number in range(2, 1000):
        if not Questionnaire.objects.filter(code=chosen).exists():
            break
        if code:
            raise Refused(_("There is a questionnaire of this code already."), reason="input", field="code")
        chosen = f"{base}-{number}"
    row = Questionnaire(code=chosen, purpose=purpose, **{f"name_{key}": value for key, value in names.items()})
    row.save(force_insert=True)
    QuestionnaireVersion.objects.create(questionnaire=row, number=1)
    record("questionnaire.created", row, actor=actor)
    return row


@transaction.atomic
def update_questionnaire(pk: int, *, actor: Any, **values: Any) -> Questionnaire:
    """Change its names, its purpose, or whether it is in use; what is asked stays."""
    row = changes.lock(Questionnaire, pk)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, values[name])
        row.save(update_fields=changed)
        record("questionnaire.updated", row, actor=actor, facts={"fields": sorted(changed)})
    return row


@transaction.atomic
def begin_version(pk: int, *, actor: Any) -> QuestionnaireVersion:
    """A draft to work on: the one that is there, or a copy of the version in use."""
    row = changes.lock(Questionnaire, pk)
    draft = row.versions.filter(status=QuestionnaireVersion.Status.DRAFT).first()
    if draft is not None:
        return draft
    last = row.versions.order_by("-number").first()
    script = {name: getattr(last, name) for name in SCRIPT} if last else {}
    draft = QuestionnaireVersion.objects.create(questionnaire=row, number=(last.number if last else 0) + 1, **script)
    if last is not None:
        _copy_questions(last, draft)
    record("questionnaire.begun", row, actor=actor, facts={"version": draft.number})
    return draft


def _copy_questions(source: QuestionnaireVersion, target: QuestionnaireVersion) -> None:
    copies: dict[int, Question] = {}
    for old in source.questions.prefetch_related("options"):
        values = {name: getattr(old, name) for name in (*COPIED, *(f"text_{column}" for column in TEXTS))}
        parent = copies[old.depends_on_id] if old.depends_on_id else None
        copies[old.pk] = Question.objects.create(version=target, depends_on=parent, **values)
        names = ("code", "position", "is_signal", *(f"text_{column}" for column in TEXTS))
        Option.objects.bulk_create(
            Option(question=copies[old.pk], **{name: getattr(one, name) for name in names}) for one in old.options.all()
        )


@transaction.atomic
def write_script(version_id: int, *, actor: Any, **texts: str) -> QuestionnaireVersion:
    """What the caller says first and last, by columns such as `opening_de`."""
    draft = _draft(version_id)
    for name, value in texts.items():
        setattr(draft, name, value)
    draft.save(update_fields=list(texts))
    record("questionnaire.edited", draft.questionnaire, actor=actor, facts={"version": draft.number})
    return draft


@transaction.atomic
def save_question(version_id: int, data: QuestionData, *, actor: Any, pk: int | None = None) -> Question:
    """Add a question at the end, or change one. Raises Refused, naming the field, for what could never work."""
    draft = _draft(version_id)
    if pk is None and draft.questions.count() >= MOST_QUESTIONS:
        raise Refused(_("A questionnaire has at most %(count)s questions.") % {"count": MOST_QUESTIONS}, reason="input")
    question = draft.questions.filter(pk=pk).first() if pk else _new_question(draft, data)
    if question is None:
        raise Refused(_("Somebody has removed this question meanwhile."))
    has_condition = bool(data.depends_on and data.operator)
    for column, value in data.texts.items():
        setattr(question, f"text_{column}", value)
    question.kind, question.meaning, question.is_required = data.kind, data.meaning, data.is_required
    question.scale_max = data.scale_max
    question.depends_on = draft.questions.filter(pk=data.depends_on or 0).first() if has_condition else None
    question.operator = data.operator if question.depends_on else ""
    question.values = list(data.values) if question.depends_on else []
    question.save()
    _save_options(question, data.options if data.kind in CHOICES else [])
    _refuse_faulty(draft, question.code)
    record("questionnaire.edited", draft.questionnaire, actor=actor, facts={"version": draft.number})
    return question


def _new_question(draft: QuestionnaireVersion, data: QuestionData) -> Question:
    """At the end; its code has not been used in any version of the questionnaire."""
    used = set(Question.objects.filter(version__questionnaire=draft.questionnaire_id).values_list("code", flat=True))
    code = data.code or next(f"q{number}" for number in range(1, len(used) + 2) if f"q{number}" not in used)
    last = draft.questions.order_by("-position").first()
    return Question(version=draft, code=code, position=(last.position if last else 0) + 1)


def _save_options(question: Question, wanted: Sequence[dict[str, Any]]) -> None:
    """As listed, in this order; options keep their codes, so that answers of all versions count together."""
    known = {one.code: one for one in question.options.all()}
    used = set(known) | {
        str(code)
        for code in Option.objects.filter(
            question__code=question.code, question__version__questionnaire=question.version.questionnaire_id
        ).values_list("code", flat=True)
    }
    kept = set()
    for position, values in enumerate(wanted, 1):
        code = values.get("code") or next(f"o{n}" for n in range(1, len(used) + 2) if f"o{n}" not in used)
        used.add(code)
        kept.add(code)
        option = known.get(code) or Option(question=question, code=code)
        option.position, option.is_signal = position, bool(values.get("is_signal"))
        for column in TEXTS:
            setattr(option, f"text_{column}", values.get(column, ""))
        option.save()
    question.options.exclude(code__in=kept).delete()
    question.__dict__.pop("_prefetched_objects_cache", None)


@transaction.atomic
def remove_question(version_id: int, pk: int, *, actor: Any) -> None:
    """Take a question out of the draft. Refused while another one depends on it."""
    draft = _draft(version_id)
    question = draft.questions.filter(pk=pk).first()
    if question is None:
        return
    dependent = draft.questions.filter(depends_on=question).first()
    if dependent is not None:
        raise Refused(_("“%(question)s” depends on it: change that question first.") % {"question": dependent.text})
    question.delete()
    record("questionnaire.edited", draft.questionnaire, actor=actor, facts={"version": draft.number})


def move_question(version_id: int, pk: int, *, actor: Any, by: int) -> None:
    """One place up (-1) or down (+1). Refused where a question would come before the one it depends on."""

    def moved(keys: list[int]) -> list[int]:
        place = keys.index(pk) if pk in keys else -1
        other = place + by
        if place >= 0 and 0 <= other < len(keys):
            keys[place], keys[other] = keys[other], keys[place]
        return keys

    _reorder(version_id, moved, actor=actor)


def order_questions(version_id: int, keys: Sequence[int], *, actor: Any) -> None:
    """The questions in this order; those that are not named follow behind, as they were."""

    def ordered(present: list[int]) -> list[int]:
        named = [key for key in dict.fromkeys(keys) if key in present]
        return [*named, *(key for key in present if key not in named)]

    _reorder(version_id, ordered, actor=actor)


@transaction.atomic
def _reorder(version_id: int, arrange: Callable[[list[int]], list[int]], *, actor: Any) -> None:
    draft = _draft(version_id)
    questions = {one.pk: one for one in draft.questions.all()}
    before = list(questions)
    after = arrange(list(before))
    if after == before:
        return
    for position, key in enumerate(after, 1):
        questions[key].position = position
    Question.objects.bulk_update(questions.values(), ["position"])
    _refuse_faulty(draft)
    record("questionnaire.edited", draft.questionnaire, actor=actor, facts={"version": draft.number})


@transaction.atomic
def publish_version(version_id: int, *, actor: Any) -> QuestionnaireVersion:
    """Ask it like this from now on, in place of the version before. Raises Refused for an empty or a faulty one."""
    draft = _draft(version_id)
    if not draft.questions.exists():
        raise Refused(_("There is no question in it yet."), reason="condition")
    _refuse_faulty(draft)
    former = draft.questionnaire.versions.filter(status=QuestionnaireVersion.Status.PUBLISHED).first()
    if former is not None:
        perform(QuestionnaireVersion, former.pk, "retire", actor=actor)
    by = actor if getattr(actor, "pk", None) else None
    return perform(QuestionnaireVersion, draft.pk, "publish", actor=actor, at=timezone.now(), by=by)


@transaction.atomic
def discard_draft(version_id: int, *, actor: Any) -> None:
    """Throw the draft away. Refused where nothing else is left."""
    draft = _draft(version_id)
    if not draft.questionnaire.versions.exclude(pk=draft.pk).exists():
        raise Refused(_("It is the only version: edit it, or take the questionnaire out of use."))
    record("questionnaire.discarded", draft.questionnaire, actor=actor, facts={"version": draft.number})
    draft.questions.all().delete()
    draft.delete()


def asks_of(version: QuestionnaireVersion) -> list[Question]:
    """The questions of a version in order, with their options and what they depend on: two queries."""
    return list(version.questions.select_related("depends_on").prefetch_related("options"))


def _draft(version_id: int) -> QuestionnaireVersion:
    """The draft, locked with its questionnaire. Raises Refused when it has been published or is gone."""
    draft = QuestionnaireVersion.objects.select_for_update().filter(pk=version_id).first()
    if draft is None or draft.status != QuestionnaireVersion.Status.DRAFT:
        raise Refused(_("This version is in use: it never changes. Begin a new version."))
    return draft


def _refuse_faulty(draft: QuestionnaireVersion, code: str = "") -> None:
    """Raise Refused with the first fault, that of question `code` before others."""
    questions = asks_of(draft)
    found: list[Fault] = faults([one.as_ask() for one in questions])
    if not found:
        return
    fault = next((one for one in found if one.code == code), found[0])
    if fault.code == code:
        raise Refused(fault.message, reason="input", field=fault.field)
    text = next(one.text for one in questions if one.code == fault.code)
    raise Refused(_("“%(question)s”: %(fault)s") % {"question": text, "fault": fault.message}, reason="input")
