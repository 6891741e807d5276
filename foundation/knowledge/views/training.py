"""My training, a colleague's, and the overview for those who plan it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.models import Team, User
from foundation.journal.machine import Refused
from foundation.knowledge.badges import STATES, state_badge, state_words
from foundation.knowledge.forms.training import AssessForm
from foundation.knowledge.models import Attendance, Course, LevelNeed
from foundation.knowledge.plan import lines_of, shares_of, staff
from foundation.knowledge.services.career import assess, career_of, grant_level, may_judge
from foundation.knowledge.services.training import MANAGE
from foundation.ui import parts
from foundation.ui.submissions import submit_once

MOST_SHOWN = 200


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What I have to learn, what I have completed, and where I stand."""
    return _person_page(request, request.user, _("My training"))


@login_required
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The same of a colleague, for their manager and for those who plan training."""
    who = _colleague(request, pk)
    return _person_page(request, who, _("Training of %(person)s") % {"person": who})


def _colleague(request: HttpRequest, pk: int) -> Any:
    who = get_object_or_404(User.objects.select_related("team", "manager"), pk=min(pk, 2**63 - 1))
    if who.pk != request.user.pk and not may_judge(request.user, who):
        raise Http404
    return who


def _person_page(request: HttpRequest, who: Any, title: str) -> HttpResponse:
    coming = (
        Attendance.objects.filter(person=who.pk, session__status="planned", session__ends_at__gte=timezone.now())
        .select_related("session__course", "session__trainer")
        .order_by("session__begins_at")[:20]
    )
    lines = [{"line": one, "badge": state_badge(one)} for one in lines_of([who])]
    career = career_of(who)
    context = {
        "title": title,
        "who": who,
        "is_me": who.pk == request.user.pk,
        "lines": lines,
        "coming": [one.session for one in coming],
        "career": career,
        "may_judge": may_judge(request.user, who),
        "may_manage": request.user.has_perm(MANAGE),
        "crumbs": [parts.Crumb(_("Knowledge base"), reverse("knowledge:articles"))],
    }
    return render(request, "knowledge/person.html", context)


@login_required
@submit_once
def judge(request: HttpRequest, pk: int, need_pk: int) -> HttpResponse:
    """A manager's judgement of one requirement."""
    who = _colleague(request, pk)
    if not may_judge(request.user, who):
        raise PermissionDenied
    need = get_object_or_404(LevelNeed.objects.select_related("level"), pk=need_pk, kind=LevelNeed.Kind.ASSESSMENT)
    bound = request.method == "POST"
    form = AssessForm(request.POST if bound else None)
    back = reverse("knowledge:person", args=[who.pk])
    if bound and form.is_valid():
        try:
            assess(who, need.pk, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The assessment is kept."))
            return redirect(back)
    context = {
        "form": form, "title": str(need), "lead": f"{who} · {need.level}", "cancel_url": back, "crumbs": [parts.Crumb(str(who), back)],
        "action": request.get_full_path(),
    }  # fmt: skip
    return render(request, "ui/form.html", context, status=422 if bound else 200)


@login_required
@require_POST
@submit_once
def promote(request: HttpRequest, pk: int, level_pk: int) -> HttpResponse:
    """Give the next level."""
    who = _colleague(request, pk)
    try:
        row = grant_level(who, level_pk, actor=request.user)
    except Refused as refusal:
        if refusal.reason == "permission":
            raise PermissionDenied from refusal
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(person)s is now: %(level)s.") % {"person": who, "level": row.level})
    return redirect("knowledge:person", who.pk)


# ---------------------------------------------------------------- the overview


@login_required
@permission_required(MANAGE, raise_exception=True)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Who has passed what, who is due or overdue; the figures count the very lines below them."""
    asked = request.GET
    people = staff()
    if asked.get("team", "").isdigit():
        people = people.filter(team=int(asked["team"][:9]))
    course_ids = [int(asked["course"][:9])] if asked.get("course", "").isdigit() else None
    every = lines_of(people, course_ids=course_ids)
    state = asked.get("state", "")
    lines = [one for one in every if one.state == state] if state in STATES else every
    lines.sort(key=lambda one: (list(STATES)[::-1].index(one.state), one.due_on or timezone.localdate()))
    shown = [
        {"line": one, "badge": state_badge(one), "url": reverse("knowledge:person", args=[one.person.pk])}
        for one in lines[:MOST_SHOWN]
    ]
    context = {
        "title": _("Training overview"),
        "lines": shown,
        "count": len(lines),
        "most": MOST_SHOWN,
        "shares": shares_of(every),
        "states": list(state_words().items()),
        "state": state,
        "teams": Team.objects.order_by("name"),
        "team": asked.get("team", ""),
        "courses": Course.objects.filter(is_active=True),
        "course": asked.get("course", ""),
        "crumbs": [parts.Crumb(_("Training"), reverse("knowledge:training"))],
    }
    return render(request, "knowledge/overview.html", context)
