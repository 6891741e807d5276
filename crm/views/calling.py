"""The call screen: what to say, what to ask, and what was said before, on one page. Nothing typed is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm import services
from crm.best_hours import best_hour_of
from crm.forms.answering import PREFIX, AnswersForm
from crm.forms.calls import ClosingForm
from crm.models import Call, CallPolicy, Contact, Customer
from crm.models.questionnaires import words_of
from crm.selectors import visible_calls
from crm.services.calls import local_now
from foundation.journal.machine import Refused
from foundation.journal.timeline import timeline
from foundation.knowledge.panels import draw_helping
from foundation.knowledge.situations import values_for
from foundation.lists.pages.naming import Named, names_of
from foundation.notifications.texts import fill, names_in
from foundation.ui import formats, html, parts
from foundation.ui.phones import e164, shown_phone
from foundation.ui.places import zone_name
from foundation.ui.submissions import submit_once

MAKE = "crm.make_call"
NOBODY = pgettext_lazy("caller", "nobody yet")
MOST_KEPT = 400  # fields of a draft


@dataclass(frozen=True)
class LocalClock:
    """What the customer's clock shows, and whether that is a time to leave them in peace."""

    words: str
    is_quiet: bool

    def badge(self) -> object:
        """The time; marked when it is quiet there."""
        if not self.is_quiet:
            return self.words
        return html.two_lines(self.words, html.badge(_("quiet hours there: better not now"), "late", quiet=True))


def local_clock(customer: Customer, at: datetime | None = None) -> LocalClock:
    """The customer's local time, now or then, with the day where it is another than the reader's."""
    local = local_now(customer, at)
    shown = f"{local.hour:02}:{local.minute:02} · {zone_name(customer.time_zone)}"
    words = shown if local.date() == timezone.localdate(at) else f"{formats.day(local.date())}, {shown}"
    return LocalClock(words, CallPolicy.current().is_quiet(local))


def agreed_hour(call: Call) -> str:
    """“9:00–11:00”, by the customer's clock, as it was agreed."""
    begin, end = (formats.clock_time(one) if one else "" for one in (call.best_from, call.best_until))
    return f"{begin}–{end}" if begin or end else ""


def best_hour(call: Call) -> str:
    """The hour that was agreed, else what former calls have shown. Two queries at most."""
    return agreed_hour(call) or str(best_hour_of(call.customer) or "")


def dialling(call: Call) -> tuple[Contact | None, object]:
    """Whom to ask for, and the number as a link that dials."""
    people = [call.contact] if call.contact else [one for one in call.customer.contacts.all() if one.left_at is None]
    person = people[0] if people else None
    number = (person.phone or person.mobile) if person else ""
    return person, html.phone(e164(number), shown_phone(number)) if number else ""


def about_of(call: Call) -> Named | None:
    """The record that the call is about, in words."""
    if call.about_type_id is None or call.about_id is None:
        return None
    return names_of([(call.about_type_id, call.about_id)]).get((call.about_type_id, call.about_id))


def _find(request: HttpRequest, pk: int) -> Call:
    rows = visible_calls(request.user).select_related(
        "customer__owner", "contact__customer", "questionnaire", "owner__team", "version"
    )
    try:
        call = rows.filter(pk=pk).first()
    except OverflowError:
        call = None
    if call is None:
        raise Http404
    return call


@login_required
@permission_required(MAKE, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
@submit_once
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, note and finish. Only whoever is on the telephone is here; others read the call's page."""
    call = _find(request, pk)
    is_mine = call.status == Call.Status.IN_CALL and call.owner_id == request.user.pk and call.version is not None
    if not is_mine and request.method != "POST":
        return redirect(call.get_absolute_url())
    if call.version is None:
        return redirect(call.get_absolute_url())
    questions = services.asks_of(call.version)
    language = _language_of(call)
    if request.method != "POST":
        form = AnswersForm(questions=questions, language=language, initial=_initial(call.draft, questions))
        return _show(request, call, form, ClosingForm(call=call, initial=_flat(call.draft)))
    form = AnswersForm(request.POST, request.FILES, questions=questions, language=language)
    closing = ClosingForm(request.POST, call=call)
    if not (form.is_valid() & closing.is_valid()):
        return _show(request, call, form, closing, status=422)
    try:
        done = services.finish_call(call.pk, actor=request.user, answers=form.answers, **closing.cleaned_data)
        return _finished(request, done)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _show(request, call, form, closing, status=409)


def _finished(request: HttpRequest, call: Call) -> HttpResponse:
    """Back to the call, or on to the inquiry that it became."""
    if call.has_project and request.POST.get("then") == "inquiry":
        inquiry = services.make_inquiry(call.pk, actor=request.user)
        messages.success(
            request, _("The call is kept, and its project is inquiry %(number)s.") % {"number": inquiry.number}
        )
        return redirect(inquiry.get_absolute_url())
    messages.success(request, _("The answers are kept as a service record."))
    return redirect(call.get_absolute_url())


def _language_of(call: Call) -> str:
    """What is read to the customer: their language where we have words in it, else the reader's."""
    spoken = (call.contact.spoken_language if call.contact else call.customer.language).lower()
    return spoken if spoken in ("en", "de", "zh-hans", "zh-hant") else get_language() or "en"


def spoken(text: str, call: Call, user: Any) -> str:
    """The words as they are said now: names in braces filled, `…` for what nobody knows and for names that do not exist."""
    values = values_for(call, user)
    known = {name: str(values.get(name) or "…") for name in names_in(text)}
    return fill(text, known)


def _show(request: HttpRequest, call: Call, form: Any, closing: Any, status: int = 200) -> HttpResponse:
    assert call.version is not None
    language = _language_of(call)
    person, number = dialling(call)
    context = {
        "title": _("Call to %(customer)s") % {"customer": call.customer.name},
        "call": call,
        "helps": draw_helping(call, request.user),
        "form": form,
        "closing": closing,
        "asked": form.asked(),
        "person": person,
        "number": number,
        "clock": local_clock(call.customer),
        "about": about_of(call),
        "language": html.HTML_LANG.get(language, language),
        "opening": spoken(words_of(call.version, "opening", language), call, request.user),
        "closing_words": spoken(words_of(call.version, "closing", language), call, request.user),
        "draft_at": call.draft_at.isoformat() if call.draft_at else "",
        "best_hour": best_hour(call),
        "history": parts.Timeline(list[Any](timeline(customer_id=call.customer_id))[:15]),
        "has_project_question": any(one.meaning == "project" for one in form.questions),
        "attempt_url": reverse("crm:call-do", args=[call.pk, "attempt"]),
        "refuse_url": reverse("crm:call-do", args=[call.pk, "refuse"]),
        "crumbs": [
            parts.Crumb(_("Calls"), reverse("crm:calls")),
            parts.Crumb(call.number, call.get_absolute_url()),
        ],
    }
    return render(request, "crm/calls/screen.html", context, status=status)


@login_required
@permission_required(MAKE, raise_exception=True)
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed so far; 409 when the call is somebody else's or over."""
    call = _find(request, pk)
    names = [name for name in request.POST if name.startswith(PREFIX) or name in ClosingForm.base_fields][:MOST_KEPT]
    values = {name: [one.replace("\0", "") for one in request.POST.getlist(name)] for name in names}
    if not services.save_draft(call.pk, actor=request.user, values=values):
        return JsonResponse({"kept": False}, status=409)
    return JsonResponse({"kept": True})


def _flat(kept: dict[str, Any]) -> dict[str, Any]:
    return {name: values[-1] for name, values in kept.items() if values and name in ClosingForm.base_fields}


def _initial(kept: dict[str, Any], questions: list[Any]) -> dict[str, Any]:
    """The draft as first values of the fields."""
    many = {f"{PREFIX}{one.code}" for one in questions if one.kind == "multiple"}
    return {name: values if name in many else values[-1] for name, values in kept.items() if values}
