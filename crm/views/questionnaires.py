"""Questionnaires: the list, the page on which one is built, its questions, and how it looks in each language."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import services
from crm.forms.answering import AnswersForm, condition_words, scale_word
from crm.forms.questionnaires import (
    EditNamesForm,
    NamesForm,
    QuestionForm,
    ScriptForm,
    option_forms,
    options_in,
)
from crm.models import Question, Questionnaire, QuestionnaireVersion
from crm.models.questionnaires import COLUMNS, words_of
from crm.views.forms import FormPage
from foundation.journal.machine import Refused
from foundation.lists.pages import Column, ListPage, Tab
from foundation.ui import html, parts
from foundation.ui.places import language_name
from foundation.ui.submissions import submit_once

VIEW, CHANGE = "crm.view_questionnaire", "crm.change_questionnaire"
STATES = {"draft": "soon", "published": "in-time", "retired": "paused"}
WORDS_OF_DRAG = re.compile(r"\d{1,18}")


class QuestionnaireList(ListPage):
    """Every questionnaire of the house."""

    model = Questionnaire
    title = gettext_lazy("Questionnaires")
    permission = VIEW
    ordering = ("name_en", "pk")
    columns = (
        Column("name", gettext_lazy("Name"), lambda one, page: html.link(one.name, one.get_absolute_url()), sort="name_en",
               place="title", plain=lambda one, page: one.name),
        Column("purpose", gettext_lazy("Purpose"), lambda one, page: one.get_purpose_display(), sort="purpose", place="fact"),
        Column("version", gettext_lazy("Version in use"), lambda one, page: one.in_use or "–", is_number=True, place="fact"),
        Column("questions", gettext_lazy("Questions"), lambda one, page: one.question_count or 0, is_number=True),
        Column("answered", gettext_lazy("Answered"), lambda one, page: one.answered or 0, is_number=True, place="fact"),
    )  # fmt: skip
    tabs = (
        Tab("active", gettext_lazy("In use"), lambda rows, request: rows.filter(is_active=True)),
        Tab("all", gettext_lazy("All")),
    )

    def visible(self, user: Any) -> QuerySet[Questionnaire]:
        return Questionnaire.objects.all() if user.has_perm(VIEW) else Questionnaire.objects.none()

    def queryset(self) -> QuerySet[Questionnaire]:
        versions = QuestionnaireVersion.objects.filter(questionnaire=OuterRef("pk")).order_by()
        current = versions.filter(status=QuestionnaireVersion.Status.PUBLISHED)
        counted = versions.values("questionnaire")
        return (
            super()
            .queryset()
            .annotate(
                in_use=Subquery(current.values("number")[:1]),
                question_count=Subquery(current.annotate(n=Count("questions")).values("n")[:1]),
                answered=Subquery(counted.annotate(n=Count("responses")).values("n")[:1]),
            )
        )

    def actions(self) -> list[parts.Action]:
        if not self.request.user.has_perm(CHANGE):
            return []
        return [parts.Action(_("New questionnaire"), reverse("crm:questionnaire-new"), icon="plus", style="primary")]


class NewQuestionnaire(FormPage):
    """A questionnaire without questions yet."""

    permission = CHANGE
    title = gettext_lazy("New questionnaire")

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return NamesForm(data, files)

    def save(self, form: Any) -> HttpResponse:
        purpose = form.cleaned_data["purpose"]
        row = services.create_questionnaire(actor=self.request.user, names=form.names, purpose=purpose)
        return self.saved(row, _("The questionnaire is created. Now add its questions."))

    def cancel_url(self) -> str:
        return reverse("crm:questionnaires")


class EditQuestionnaire(FormPage):
    """Its names, its purpose, and whether it is in use."""

    permission = CHANGE
    title = gettext_lazy("Edit questionnaire")

    def load(self, pk: int) -> None:
        self.object = get_object_or_404(Questionnaire, pk=pk)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        initial = {name: getattr(self.object, name) for name in EditNamesForm.base_fields}
        return EditNamesForm(data, files, initial=initial)

    def save(self, form: Any) -> HttpResponse:
        row = services.update_questionnaire(self.object.pk, actor=self.request.user, **form.cleaned_data)
        return self.saved(row, _("Saved."))


class EditScript(FormPage):
    """What the caller says first and last."""

    permission = CHANGE
    title = gettext_lazy("Words of the call")

    def load(self, pk: int) -> None:
        drafts = QuestionnaireVersion.objects.select_related("questionnaire")
        self.version = get_object_or_404(drafts, pk=pk, status=QuestionnaireVersion.Status.DRAFT)
        self.object = self.version.questionnaire

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        return ScriptForm(data, files, version=self.version)

    def save(self, form: Any) -> HttpResponse:
        services.write_script(self.version.pk, actor=self.request.user, **form.cleaned_data)
        return self.saved(self.object, _("Saved."))


# ---------------------------------------------------------------- the page on which it is built


@login_required
@permission_required(VIEW, raise_exception=True)
@require_safe
def questionnaire(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft, or else the version in use, or the one asked for by `?version=`."""
    return _page(request, _find(pk))


def _find(pk: int) -> Questionnaire:
    try:
        return get_object_or_404(Questionnaire, pk=pk)
    except OverflowError:
        raise Http404 from None


def _page(request: HttpRequest, row: Questionnaire, *, error: str = "", status: int = 200) -> HttpResponse:
    versions = list(row.versions.select_related("published_by"))
    asked = request.GET.get("version", "")
    version = next((one for one in versions if str(one.number) == asked), None) or _first(versions)
    questions = services.asks_of(version) if version else []
    is_draft = version is not None and version.status == QuestionnaireVersion.Status.DRAFT
    context = {
        "title": row.name,
        "row": row,
        "version": version,
        "versions": [(one, html.badge(one.get_status_display(), STATES[one.status], quiet=True)) for one in versions],
        "lines": _lines(questions),
        "script": _script(version),
        "may_edit": is_draft and request.user.has_perm(CHANGE),
        "may_begin": not is_draft and request.user.has_perm(CHANGE),
        "has_draft": any(one.status == QuestionnaireVersion.Status.DRAFT for one in versions),
        "languages": [(code, language_name(code)) for code, _name in settings.LANGUAGES],
        "error": error,
        "crumbs": [parts.Crumb(_("Questionnaires"), reverse("crm:questionnaires"))],
    }
    return render(request, "crm/questionnaires/page.html", context, status=status)


def _first(versions: list[QuestionnaireVersion]) -> QuestionnaireVersion | None:
    order = [QuestionnaireVersion.Status.DRAFT, QuestionnaireVersion.Status.PUBLISHED]
    return next(
        (one for status in order for one in versions if one.status == status), versions[0] if versions else None
    )


def _lines(questions: list[Question]) -> list[dict[str, Any]]:
    """The questions as the page lists them: kind, condition, options, and the languages that are missing."""
    numbers = {one.pk: number for number, one in enumerate(questions, 1)}
    by_pk = {one.pk: one for one in questions}
    found = []
    for question in questions:
        on = by_pk.get(question.depends_on_id or 0)
        found.append(
            {
                "question": question,
                "number": numbers[question.pk],
                "kind": scale_word(question),
                "only_if": condition_words(question, on, numbers[on.pk]) if on else "",
                "options": [(one.text, one.is_signal) for one in question.options.all()],
                "meaning": question.get_meaning_display() if question.meaning else "",
                "missing": [language_name(code) for code in question.missing],
            }
        )
    return found


def _script(version: QuestionnaireVersion | None) -> dict[str, Any]:
    if version is None:
        return {}
    lacking = [
        language_name(code)
        for column, code in COLUMNS.items()
        if not (getattr(version, f"opening_{column}") and getattr(version, f"closing_{column}"))
    ]
    return {"opening": words_of(version, "opening"), "closing": words_of(version, "closing"), "missing": lacking}


@login_required
@permission_required(VIEW, raise_exception=True)
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the caller sees, in one language; nothing that is typed here is kept."""
    version = get_object_or_404(QuestionnaireVersion.objects.select_related("questionnaire"), pk=pk)
    codes = [code for code, _name in settings.LANGUAGES]
    language = request.GET.get("language", "")
    language = language if language in codes else codes[0]
    form = AnswersForm(questions=services.asks_of(version), language=language)
    context = {
        "title": _("Preview of %(name)s") % {"name": version.questionnaire.name},
        "version": version,
        "form": form,
        "asked": form.asked(),
        "language": html.HTML_LANG.get(language, language),
        "opening": words_of(version, "opening", language),
        "closing": words_of(version, "closing", language),
        "tabs": [parts.Tab(language_name(code), f"?language={code}", None, code == language) for code in codes],
        "crumbs": [parts.Crumb(version.questionnaire.name, version.get_absolute_url())],
    }
    return render(request, "crm/questionnaires/preview.html", context)


@login_required
@permission_required(CHANGE, raise_exception=True)
@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Begin, publish or throw away a version; move or remove a question; order them all."""
    row = _find(pk)
    try:
        done = _done(request, row, action)
    except Refused as refusal:
        if request.headers.get("X-Order"):
            return HttpResponse(refusal.message, status=409, content_type="text/plain; charset=utf-8")
        return _page(request, row, error=refusal.message, status=409)
    if request.headers.get("X-Order"):
        return HttpResponse(status=204)
    if done:
        messages.success(request, done)
    return redirect(f"{row.get_absolute_url()}{'#questions' if not done else ''}")


def _done(request: HttpRequest, row: Questionnaire, action: str) -> str:
    """Do it; what is said about it."""
    actor = request.user
    if action == "begin":
        services.begin_version(row.pk, actor=actor)
        return _("A new version is begun. Nobody is asked by it until it is published.")
    draft = row.versions.filter(status=QuestionnaireVersion.Status.DRAFT).first()
    if draft is None:
        raise Refused(_("This version is in use: it never changes. Begin a new version."))
    question = (
        int(request.POST.get("question", "0")) if WORDS_OF_DRAG.fullmatch(request.POST.get("question", "")) else 0
    )
    if action == "publish":
        version = services.publish_version(draft.pk, actor=actor)
        return _("Version %(number)s is in use.") % {"number": version.number}
    if action == "discard":
        services.discard_draft(draft.pk, actor=actor)
        return _("The draft is thrown away.")
    if action == "remove":
        services.remove_question(draft.pk, question, actor=actor)
        return _("The question is removed.")
    if action in ("up", "down"):
        services.move_question(draft.pk, question, actor=actor, by=-1 if action == "up" else 1)
        return ""
    if action == "order":
        keys = [int(key) for key in WORDS_OF_DRAG.findall(request.POST.get("order", ""))]
        services.order_questions(draft.pk, keys, actor=actor)
        return ""
    raise Http404


# ---------------------------------------------------------------- one question


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@submit_once
def edit_question(request: HttpRequest, pk: int, question_pk: int | None = None) -> HttpResponse:
    """Add a question to the draft (`pk` is the version), or change one."""
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    version = get_object_or_404(QuestionnaireVersion.objects.select_related("questionnaire"), pk=pk)
    if version.status != QuestionnaireVersion.Status.DRAFT:
        return _page(request, version.questionnaire, error=_("This version is in use: it never changes. Begin a new version."), status=409)  # fmt: skip
    others = services.asks_of(version)
    question = next((one for one in others if one.pk == question_pk), None)
    if question_pk is not None and question is None:
        raise Http404
    if request.method != "POST":
        form = QuestionForm(others=others, question=question)
        return _question_page(request, version, question, form, option_forms(question=question))
    form = QuestionForm(request.POST, others=others, question=question)
    more = 3 if "add_option" in request.POST else 0
    options = option_forms(request.POST, question=question, more=more)
    if more or not (form.is_valid() & options.is_valid()):
        return _question_page(request, version, question, form, options, status=200 if more else 422)
    try:
        services.save_question(version.pk, form.data_of(options_in(options)), actor=request.user, pk=question_pk)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _question_page(request, version, question, form, options, status=422)
    messages.success(request, _("The question is saved."))
    return redirect(f"{version.get_absolute_url()}#questions")


def _question_page(
    request: HttpRequest,
    version: QuestionnaireVersion,
    question: Question | None,
    form: Any,
    options: Any,
    status: int = 200,
) -> HttpResponse:
    headings = [_("Wording"), _("Kind of answer"), _("When it is asked")]
    groups = [
        (heading, [form[name] for name in names]) for heading, names in zip(headings, QuestionForm.GROUPS, strict=True)
    ]
    context = {
        "title": _("Edit question") if question else _("New question"),
        "version": version,
        "form": form,
        "groups": groups,
        "options": options,
        "cancel_url": version.get_absolute_url(),
        "crumbs": [parts.Crumb(version.questionnaire.name, version.get_absolute_url())],
    }
    return render(request, "crm/questionnaires/question.html", context, status=status)
