"""Courses and their sessions: lists, pages, forms, attendance."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.journal.machine import Refused
from foundation.knowledge.badges import state_badge
from foundation.knowledge.filters import CourseFilter, SessionFilter
from foundation.knowledge.forms.training import AttendanceForm, CourseForm, DutyForm, SessionForm
from foundation.knowledge.models import Course, Session
from foundation.knowledge.plan import lines_of, shares_of, staff
from foundation.knowledge.services import training
from foundation.knowledge.services.exams import attempts_left
from foundation.knowledge.services.training import MANAGE, published_exam
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import formats, html, parts
from foundation.ui.submissions import submit_once

SESSION_STATES = {"planned": "soon", "held": "done", "cancelled": "plain"}


class CourseList(ListPage):
    """What there is to learn."""

    model = Course
    title = gettext_lazy("Courses")
    permission = "knowledge.view_course"
    filterset_class = CourseFilter
    ordering = ("position", "title_en", "pk")
    columns = (
        Column("title", gettext_lazy("Course"), lambda c, page: html.link(c.title, c.get_absolute_url()), place="title", plain=lambda c, page: c.title),
        Column("duties", gettext_lazy("Who must take it"), lambda c, page: ", ".join(one.whom for one in c.duties.all()) or "–", place="fact"),
        Column("materials", gettext_lazy("Materials"), lambda c, page: formats.number(c.material_count), is_number=True),
        Column("exam", pgettext_lazy("of a course", "Test"), lambda c, page: _("yes") if c.exam_count else "–"),
        Column("sessions", gettext_lazy("Sessions"), lambda c, page: formats.number(c.session_count), is_number=True),
        Column("repeat", gettext_lazy("Repeat after months"), lambda c, page: formats.number(c.repeat_months) if c.repeat_months else "–", sort="repeat_months", is_number=True),
    )  # fmt: skip
    tabs = (
        Tab("active", pgettext_lazy("courses", "In use"), lambda rows, request: rows.filter(is_active=True)),
        Tab("all", gettext_lazy("All")),
    )

    def visible(self, user: Any) -> QuerySet[Any]:
        """Everybody sees what there is."""
        return Course.objects.all()

    def queryset(self) -> QuerySet[Any]:
        """With counts and who must take them."""
        return (
            self.visible(self.request.user)
            .annotate(
                material_count=Count("materials", distinct=True),
                exam_count=Count("exams", filter=Q(exams__published_at__isnull=False), distinct=True),
                session_count=Count("sessions", distinct=True),
            )
            .prefetch_related("duties__role", "duties__team", "duties__person")
        )

    def actions(self) -> list[parts.Action]:
        """My own; the overview and a new one for those who plan."""
        found = [parts.Action(_("My training"), reverse("knowledge:training"), icon="academic-cap")]
        if self.request.user.has_perm(MANAGE):
            found.append(parts.Action(_("Overview"), reverse("knowledge:overview"), icon="chart-bar"))
            new = parts.Action(_("New course"), reverse("knowledge:course-new"), icon="plus", style="primary")
            found.append(new)
        return found


class CoursePage(RecordPage):
    """One course: what is learnt, from what, by whom, when."""

    model = Course
    namespace = "knowledge"
    name = "course"
    type_label = gettext_lazy("Course")
    list_label = gettext_lazy("Courses")
    list_name = "courses"
    permission = "knowledge.view_course"
    takes_notes = False

    def visible(self, user: Any) -> QuerySet[Any]:
        """Everybody sees what there is."""
        return Course.objects.all()

    def edit_url(self, obj: Any, user: Any) -> str:
        """For those who plan training."""
        return reverse("knowledge:course-edit", args=[obj.pk]) if user.has_perm(MANAGE) else ""

    def subtitle(self, obj: Any, request: HttpRequest) -> object:
        """What is learnt."""
        return obj.about

    def _timeline(self, request: HttpRequest, obj: Any, note: str, error: str) -> Any:
        """Who took which test is for those who plan training."""
        return super()._timeline(request, obj, note, error) if request.user.has_perm(MANAGE) else None

    def facts(self, obj: Any, request: HttpRequest) -> list[parts.Fact]:
        """How it is completed, and how the reader stands."""
        exam = published_exam(obj)
        own = next(iter(lines_of([request.user], course_ids=[obj.pk])), None)
        months = formats.number(obj.repeat_months) if obj.repeat_months else _("once is enough")
        facts = [
            parts.Fact(_("You"), state_badge(own) if own else _("not on your plan")),
            parts.Fact(_("Repeat after months"), months),
            parts.Fact(_("Attendance"), _("needed") if obj.needs_attendance else _("not needed")),
        ]
        if exam is not None:
            facts.append(parts.Fact(_("Pass mark"), f"{exam.pass_percent} %"))
            if exam.minutes:
                facts.append(parts.Fact(_("Time limit"), formats.span(exam.minutes * 60)))
        return facts

    def sections(self, obj: Any, request: HttpRequest) -> list[object]:
        """Materials, the test, sessions, who must take it."""
        may_manage = request.user.has_perm(MANAGE)
        exam = published_exam(obj)
        context = {
            "course": obj,
            "exam": exam,
            "left": attempts_left(exam, request.user) if exam else None,
            "materials": list(obj.materials.published().select_related("current", "latest").order_by("position", "pk")),
            "sessions": list(obj.sessions.select_related("course", "trainer")[:10]),
            "duties": list(obj.duties.select_related("role", "team", "person")),
            "may_manage": may_manage,
        }
        found: list[object] = [
            parts.Section(_("Materials"), render_to_string("knowledge/_materials.html", context, request), "materials"),
            parts.Section(
                _("Sessions"), render_to_string("knowledge/_sessions.html", context, request), "sessions",
                parts.Action(_("Plan a session"), reverse("knowledge:session-new", args=[obj.pk])) if may_manage else None,
            ),
        ]  # fmt: skip
        if may_manage:
            shares = shares_of(lines_of(staff(), course_ids=[obj.pk]))
            body = render_to_string(
                "knowledge/_duties.html", {**context, "share": shares[0] if shares else None}, request
            )
            add = parts.Action(_("Add somebody"), reverse("knowledge:duty-new", args=[obj.pk]))
            found.append(parts.Section(_("Who must take it"), body, "duties", add))
        return found


def _form(
    request: HttpRequest, form: Any, title: str, lead: str, back: str, status: int, submit: str = ""
) -> HttpResponse:
    context = {
        "form": form, "title": title, "lead": lead, "submit": submit, "cancel_url": back, "action": request.get_full_path(),
        "crumbs": [parts.Crumb(lead or _("Courses"), back)],
    }  # fmt: skip
    return render(request, "ui/form.html", context, status=status)


def _say(form: Any, refusal: Refused) -> None:
    if refusal.reason == "permission":
        raise PermissionDenied from refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


@login_required
@permission_required(MANAGE, raise_exception=True)
@submit_once
def course_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A course, new or changed."""
    course = get_object_or_404(Course, pk=min(pk, 2**63 - 1)) if pk else None
    bound = request.method == "POST"
    form = CourseForm(request.POST if bound else None, course=course)
    if bound and form.is_valid():
        saved = training.save_course(
            pk, actor=request.user, values=form.values, materials=form.cleaned_data["materials"]
        )  # fmt: skip
        messages.success(request, _("The course is kept."))
        return redirect(saved.get_absolute_url())
    back = course.get_absolute_url() if course else reverse("knowledge:courses")
    title = _("Change the course") if course else _("New course")
    return _form(request, form, title, str(course or ""), back, 422 if bound else 200)


@login_required
@permission_required(MANAGE, raise_exception=True)
@submit_once
def duty_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody must take the course."""
    course = get_object_or_404(Course, pk=min(pk, 2**63 - 1))
    bound = request.method == "POST"
    form = DutyForm(request.POST if bound else None)
    if bound and form.is_valid():
        try:
            training.add_duty(course.pk, form.data_of, actor=request.user)
        except Refused as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("The plan is changed."))
            return redirect(f"{course.get_absolute_url()}#duties")
    return _form(request, form, _("Who must take it"), str(course), course.get_absolute_url(), 422 if bound else 200)


@login_required
@permission_required(MANAGE, raise_exception=True)
@require_POST
def duty_remove(request: HttpRequest, pk: int, duty_pk: int) -> HttpResponse:
    """They need not take it any more."""
    course = get_object_or_404(Course, pk=min(pk, 2**63 - 1))
    training.remove_duty(course.pk, duty_pk, actor=request.user)
    messages.success(request, _("The plan is changed."))
    return redirect(f"{course.get_absolute_url()}#duties")


@login_required
@require_POST
@submit_once
def confirm_read(request: HttpRequest, pk: int) -> HttpResponse:
    """“I have read the materials”."""
    course = get_object_or_404(Course, pk=min(pk, 2**63 - 1))
    try:
        training.confirm_read(course.pk, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Completed: %(course)s.") % {"course": course})
    return redirect(course.get_absolute_url())


# ---------------------------------------------------------------- sessions


class SessionList(ListPage):
    """When what is taught."""

    model = Session
    title = gettext_lazy("Training sessions")
    permission = "knowledge.view_course"
    filterset_class = SessionFilter
    ordering = ("-begins_at", "-pk")
    has_search = False
    columns = (
        Column("course", gettext_lazy("Course"), lambda s, page: html.link(s.course.title, s.get_absolute_url()), place="title", plain=lambda s, page: s.course.title),
        Column("begins", gettext_lazy("Begins"), lambda s, page: formats.exact(s.begins_at), sort="begins_at", place="fact", plain=lambda s, page: s.begins_at),
        Column("place", gettext_lazy("Place"), lambda s, page: s.place, place="fact"),
        Column("trainer", gettext_lazy("Trainer"), lambda s, page: str(s.trainer or s.outside_trainer or "–")),
        Column("people", gettext_lazy("Came / invited"), lambda s, page: f"{s.came} / {s.invited}", is_number=True),
        Column("status", gettext_lazy("Status"), lambda s, page: html.badge(s.get_status_display(), SESSION_STATES[s.status], quiet=True), place="end",
               plain=lambda s, page: s.get_status_display()),
    )  # fmt: skip
    tabs = (
        Tab("planned", pgettext_lazy("training sessions", "Planned"), lambda rows, request: rows.filter(status="planned")),
        Tab("mine", gettext_lazy("Mine"), lambda rows, request: rows.filter(Q(trainer=request.user.pk) | Q(attendances__person=request.user.pk)).distinct()),
        Tab("all", gettext_lazy("All")),
    )  # fmt: skip

    def visible(self, user: Any) -> QuerySet[Any]:
        """Everybody sees when something is taught."""
        return Session.objects.all()

    def queryset(self) -> QuerySet[Any]:
        """With course, trainer and counts."""
        rows = self.visible(self.request.user).select_related("course", "trainer")
        came = Count("attendances", filter=Q(attendances__state="attended"), distinct=True)
        return rows.annotate(came=came, invited=Count("attendances", distinct=True))


class SessionPage(RecordPage):
    """One session: when, where, who came."""

    model = Session
    namespace = "knowledge"
    name = "session"
    type_label = gettext_lazy("Training session")
    list_label = gettext_lazy("Training sessions")
    list_name = "sessions"
    permission = "knowledge.view_course"
    takes_notes = False

    def visible(self, user: Any) -> QuerySet[Any]:
        """Everybody sees when something is taught."""
        return Session.objects.select_related("course", "trainer")

    def edit_url(self, obj: Any, user: Any) -> str:
        """While it is planned."""
        may = user.has_perm(MANAGE) and obj.status == Session.Status.PLANNED
        return reverse("knowledge:session-edit", args=[obj.pk]) if may else ""

    def subtitle(self, obj: Any, request: HttpRequest) -> object:
        """The course."""
        return html.link(_("Open the course"), obj.course.get_absolute_url())

    def _timeline(self, request: HttpRequest, obj: Any, note: str, error: str) -> Any:
        """For those who plan training."""
        return super()._timeline(request, obj, note, error) if request.user.has_perm(MANAGE) else None

    def facts(self, obj: Any, request: HttpRequest) -> list[parts.Fact]:
        """When, where, by whom, in which language."""
        return [
            parts.Fact(_("Begins"), formats.exact(obj.begins_at)),
            parts.Fact(_("Ends"), formats.exact(obj.ends_at)),
            parts.Fact(_("Place"), obj.place),
            parts.Fact(_("Trainer"), str(obj.trainer or obj.outside_trainer)),
            parts.Fact(_("Language"), obj.get_language_display()),
            *([parts.Fact(_("Note"), obj.note)] if obj.note else []),
        ]

    def sections(self, obj: Any, request: HttpRequest) -> list[object]:
        """Who is invited, who came; the reasons of absences stay with those who plan."""
        may_tick = obj.status != Session.Status.CANCELLED and (
            request.user.has_perm(MANAGE) or obj.trainer_id == request.user.pk
        )
        rows = list(obj.attendances.select_related("person"))
        body = render_to_string("knowledge/_attendance.html", {"rows": rows, "may_tick": may_tick}, request)
        tick = (
            parts.Action(_("Tick who came"), reverse("knowledge:attendance", args=[obj.pk]))
            if may_tick and rows
            else None
        )
        return [parts.Section(_("Attendance"), body, "attendance", tick)]


@login_required
@permission_required(MANAGE, raise_exception=True)
@submit_once
def session_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a session of a course."""
    course = get_object_or_404(Course, pk=min(pk, 2**63 - 1))
    bound = request.method == "POST"
    must = (
        [line.person.pk for line in lines_of(staff(), course_ids=[course.pk]) if not line.is_passed]
        if not bound
        else []
    )
    first = {"people": must, "trainer": request.user.pk, "language": get_language()}
    form = SessionForm(request.POST if bound else None, initial=first)
    if bound and form.is_valid():
        try:
            session = training.plan_session(
                course.pk, actor=request.user, people=form.cleaned_data["people"], **form.values
            )  # fmt: skip
        except Refused as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("The session is planned; those invited are told."))
            return redirect(session.get_absolute_url())
    return _form(request, form, _("Plan a session"), str(course), course.get_absolute_url(), 422 if bound else 200)


@login_required
@permission_required(MANAGE, raise_exception=True)
@submit_once
def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Move it, or change what is said about it."""
    session = get_object_or_404(Session.objects.select_related("course"), pk=min(pk, 2**63 - 1))
    bound = request.method == "POST"
    form = SessionForm(request.POST if bound else None, session=session)
    if bound and form.is_valid():
        try:
            training.change_session(pk, actor=request.user, people=form.cleaned_data["people"], **form.values)
        except Refused as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("The session is changed."))
            return redirect(session.get_absolute_url())
    return _form(
        request, form, _("Change the session"), str(session), session.get_absolute_url(), 422 if bound else 200
    )


@login_required
@submit_once
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick who came."""
    session = get_object_or_404(Session.objects.select_related("course"), pk=min(pk, 2**63 - 1))
    if not (request.user.has_perm(MANAGE) or session.trainer_id == request.user.pk):
        raise PermissionDenied
    bound = request.method == "POST"
    form = AttendanceForm(request.POST if bound else None, session=session)
    if bound and form.is_valid():
        try:
            training.tick_attendance(pk, actor=request.user, ticks=form.ticks)
        except Refused as refusal:
            _say(form, refusal)
        else:
            messages.success(request, _("The attendance is kept."))
            return redirect(session.get_absolute_url())
    context = {
        "form": form, "title": _("Attendance"), "session": session, "cancel_url": session.get_absolute_url(),
        "crumbs": [parts.Crumb(str(session), session.get_absolute_url())],
    }  # fmt: skip
    return render(request, "knowledge/attendance.html", context, status=422 if bound else 200)
