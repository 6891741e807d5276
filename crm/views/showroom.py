"""The showroom page on a tablet: steps ticked live, usual questions at hand, the visitor form with its signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm import services
from crm.forms.receptions import VisitorForm
from crm.models import Reception
from crm.services.receptions import may_lead
from crm.views.forms import FormPage
from crm.views.receptions import RIGHT, held_reception
from foundation.journal.machine import Refused
from foundation.knowledge.rendering import render as draw_words
from foundation.knowledge.selectors import usual_questions
from foundation.knowledge.words import words_of
from foundation.ui import parts
from foundation.ui.submissions import submit_once

LONGEST_SEARCH = 80


def floor(request: HttpRequest, pk: int) -> HttpResponse:
    """What the host needs at hand while the visitors are here. Asked again every twenty seconds for the minutes."""
    reception = held_reception(request, pk)
    steps = list(reception.steps.select_related("step"))
    words = " ".join(request.GET.get("q", "")[:LONGEST_SEARCH].split())
    questions = [(one.title, draw_words(words_of(one.current, "body"))) for one in usual_questions("showroom", words)]
    context = {
        "reception": reception,
        "steps": steps,
        "is_live": reception.status in Reception.OPEN,
        "is_here": reception.status in Reception.HERE,
        "has_ticks": any(one.began_at for one in steps),
        "minutes": sum(one.minutes() for one in steps),
        "planned": sum(one.planned_minutes for one in steps),
        "visitors": list(reception.visitors.all()),
        "questions": questions,
        "words": words,
        "may_act": may_lead(reception, request.user),
        "crumbs": [parts.Crumb(str(reception), reception.get_absolute_url())],
    }
    return render(request, "crm/receptions/floor.html", context)


@require_POST
@submit_once
def tick(request: HttpRequest, pk: int, step_pk: int) -> HttpResponse:
    """Begin the step, or end it when it runs."""
    held_reception(request, pk)
    to_end = {"begin": False, "end": True}.get(request.POST.get("do", ""))
    return _ticked(request, pk, lambda: services.tick_step(pk, step_pk, actor=request.user, to_end=to_end))


@require_POST
@submit_once
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last tick back."""
    held_reception(request, pk)
    return _ticked(request, pk, lambda: services.undo_tick(pk, actor=request.user))


def _ticked(request: HttpRequest, pk: int, change: Callable[[], Any]) -> HttpResponse:
    try:
        change()
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("crm:reception-floor", pk)


class SignVisitor(FormPage):
    """The visitor form, filled in and signed on the screen."""

    permission = RIGHT
    title = gettext_lazy("Visitor form")
    submit = gettext_lazy("Sign")

    def load(self, pk: int) -> None:
        self.object = held_reception(self.request, pk)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """The first visitor is likely the contact."""
        initial: dict[str, Any] = {"company": self.object.customer.name}
        person = self.object.contact
        if person is not None and not self.object.visitors.exists():
            initial.update(name=person.name, email=person.email, phone=str(person.mobile or person.phone or ""))
        return VisitorForm(data, files, initial=initial)

    def save(self, form: Any) -> HttpResponse:
        visitor = services.sign_visitor(self.object.pk, actor=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Thank you, %(name)s.") % {"name": visitor.name})
        return redirect("crm:reception-floor", self.object.pk)

    def cancel_url(self) -> str:
        return reverse("crm:reception-floor", args=[self.object.pk])
