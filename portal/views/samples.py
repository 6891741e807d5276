"""Samples and drawings on the customer's own page: looked at, approved or not. The link is the key; a visit changes nothing."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.models import DecidedBy, DrawingFile, DrawingRevision, Sample, TechnicalRequest
from crm.sample_papers import lines_of
from crm.services import drawings, samples, technical
from foundation.journal.attachments import file_response
from foundation.journal.machine import Refused
from foundation.ui import formats
from foundation.ui.submissions import submit_once
from portal.forms.samples import (
    AnswerForm,
    ApproveDrawingsForm,
    ApproveSampleForm,
    ChangesForm,
    RejectSampleForm,
)
from portal.reading import closed, opened, public, read_as
from portal.throttle import customer_page

VIA = DecidedBy.LINK
PICTURES = ("image/png", "image/jpeg", "image/webp")
SAMPLES = Sample.objects.select_related("customer", "contact", "owner").exclude(status__in=Sample.TO_SEND)
REQUESTS = TechnicalRequest.objects.select_related("customer", "contact", "salesperson", "kind")


def _language(record: Any) -> str:
    return record.contact.language or record.customer.language if record.contact else record.customer.language


# ---------------------------------------------------------------- samples


@customer_page
@require_http_methods(["GET", "HEAD", "POST"])
@submit_once
def sample(request: HttpRequest, raw: str) -> HttpResponse:
    """What is in the parcel and where it is; a POST with `answer` notes the receipt or the decision. Six queries to show."""
    found = opened(samples.TOKEN, raw, Sample, SAMPLES)
    if found is None:
        return closed(request)
    one = found[1]
    read_as(request, _language(one), one.customer.time_zone)
    lines = lines_of(one, get_language() or "en")
    if request.method != "POST":
        return _sample_page(request, one, lines)
    answer = request.POST.get("answer")
    if answer == "received":
        return _received(request, one, lines)
    return _reject(request, one, lines) if answer == "reject" else _approve(request, one, lines)


def _received(request: HttpRequest, one: Sample, lines: list[dict[str, Any]]) -> HttpResponse:
    name = one.contact.name if one.contact else ""
    try:
        samples.receive_sample(one.pk, actor=None, received_by=name, via=VIA)
    except Refused:
        return _sample_page(request, SAMPLES.get(pk=one.pk), lines, status=409)
    return redirect(request.path)


def _approve(request: HttpRequest, one: Sample, lines: list[dict[str, Any]]) -> HttpResponse:
    form = ApproveSampleForm(request.POST, lines=lines)
    if not form.is_valid():
        return _sample_page(request, one, lines, approve=form, status=422)
    try:
        samples.approve_sample(one.pk, actor=None, via=VIA, **form.cleaned_data)
    except Refused as refused:
        return _sample_overtaken(request, one, refused)
    return redirect(request.path)


def _reject(request: HttpRequest, one: Sample, lines: list[dict[str, Any]]) -> HttpResponse:
    form = RejectSampleForm(request.POST, lines=lines)
    if not form.is_valid():
        return _sample_page(request, one, lines, reject=form, status=422)
    try:
        samples.reject_sample(one.pk, actor=None, via=VIA, **form.cleaned_data)
    except Refused as refused:
        return _sample_overtaken(request, one, refused)
    return redirect(request.path)


def _sample_overtaken(request: HttpRequest, one: Sample, refused: Refused) -> HttpResponse:
    """Decided already, or called off: show how it stands. Names of our people stay inside."""
    one = SAMPLES.get(pk=one.pk)
    return _sample_page(request, one, lines_of(one, get_language() or "en"), status=409)


def _sample_page(
    request: HttpRequest,
    one: Sample,
    lines: list[dict[str, Any]],
    *,
    approve: ApproveSampleForm | None = None,
    reject: RejectSampleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    is_open = one.status in Sample.WITH_CUSTOMER
    name = {"name": one.contact.name if one.contact else ""}
    context = {
        "sample": one,
        "lines": lines,
        "headline": _sample_headline(one),
        "is_open": is_open,
        "is_on_the_way": one.status == Sample.Status.SENT,
        "is_told_again": status == 409,
        "sent_on": formats.day(one.sent_on) if one.sent_on else "",
        "approve_form": approve or ApproveSampleForm(lines=lines, initial=name, auto_id="approve-%s"),
        "reject_form": reject or RejectSampleForm(lines=lines, initial=name, auto_id="reject-%s"),
        "is_rejecting": reject is not None,
        "form": approve or reject,
    }
    return public(request, "portal/sample.html", context, status=status)


def _sample_headline(one: Sample) -> str:
    """One sentence that says how the samples stand."""
    sentences = {
        "sent": _("Your samples are on their way. Tell us whether they suit you once you have seen them."),
        "received": _("You have our samples. Do they suit you?"),
        "approved": _("You have approved these samples. Thank you! We go on from here."),
        "rejected": _("You have told us that these samples do not suit you. Thank you, we will come back to you."),
        "cancelled": _("These samples have been called off."),
    }
    return str(sentences[one.status])


# ---------------------------------------------------------------- drawings


@customer_page
@require_http_methods(["GET", "HEAD", "POST"])
@submit_once
def drawing(request: HttpRequest, raw: str) -> HttpResponse:
    """The drawings that wait for the customer's word, or the question that we have. Seven queries to show."""
    found = opened(technical.TOKEN, raw, TechnicalRequest, REQUESTS)
    if found is None:
        return closed(request)
    one = found[1]
    read_as(request, _language(one), one.customer.time_zone)
    if request.method != "POST":
        return _drawing_page(request, raw, one)
    answers = {"answer": _answer, "changes": _changes}
    return answers.get(request.POST.get("answer", ""), _approve_drawing)(request, raw, one)


@customer_page
@require_safe
def drawing_file(request: HttpRequest, raw: str, pk: int) -> HttpResponse:
    """One drawing of a revision that was sent to the customer."""
    found = opened(technical.TOKEN, raw, TechnicalRequest, REQUESTS)
    if found is None:
        return closed(request)
    files = DrawingFile.objects.filter(revision__request=found[1].pk, revision__sent_at__isnull=False)
    one = files.select_related("attachment").filter(pk=pk).first()
    return cast(HttpResponse, file_response(one.attachment)) if one is not None else closed(request)


def _approve_drawing(request: HttpRequest, raw: str, one: TechnicalRequest) -> HttpResponse:
    form = ApproveDrawingsForm(request.POST)
    if not form.is_valid():
        return _drawing_page(request, raw, one, approve=form, status=422)
    values = form.cleaned_data
    try:
        drawings.approve_drawings(
            one.pk, actor=None, name=values["name"], remark=values["remark"], via=VIA, digest=values["digest"]
        )
    except Refused:
        return _drawing_page(request, raw, REQUESTS.get(pk=one.pk), status=409)
    return redirect(request.path)


def _changes(request: HttpRequest, raw: str, one: TechnicalRequest) -> HttpResponse:
    form = ChangesForm(request.POST)
    if not form.is_valid():
        return _drawing_page(request, raw, one, changes=form, status=422)
    try:
        drawings.ask_changes(one.pk, actor=None, via=VIA, **form.cleaned_data)
    except Refused:
        return _drawing_page(request, raw, REQUESTS.get(pk=one.pk), status=409)
    return redirect(request.path)


def _answer(request: HttpRequest, raw: str, one: TechnicalRequest) -> HttpResponse:
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _drawing_page(request, raw, one, answer=form, status=422)
    if not one.questions.filter(answered_at=None, to="customer").exists():
        return _drawing_page(request, raw, one, status=409)
    try:
        technical.answer_question(one.pk, actor=None, via=VIA, **form.cleaned_data)
    except Refused as refused:
        if refused.reason == "input":
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            return _drawing_page(request, raw, one, answer=form, status=422)
        return _drawing_page(request, raw, REQUESTS.get(pk=one.pk), status=409)
    return redirect(request.path)


def _drawing_page(
    request: HttpRequest,
    raw: str,
    one: TechnicalRequest,
    *,
    approve: ApproveDrawingsForm | None = None,
    changes: ChangesForm | None = None,
    answer: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Only what was sent to the customer is shown: a revision in the making, or one that was returned, stays inside."""
    sent = one.revisions.filter(sent_at__isnull=False).prefetch_related("files__attachment").first()
    is_open = one.status == TechnicalRequest.Status.SENT and sent is not None
    question = None
    if one.status == TechnicalRequest.Status.WAITING:
        question = one.questions.filter(answered_at=None, to="customer").first()
    first = {"name": one.contact.name if one.contact else "", "digest": sent.digest if sent else ""}
    context = {
        "drawing": one,
        "revision": sent,
        "files": _files(sent) if sent is not None else [],
        "headline": _drawing_headline(one, sent, question),
        "is_open": is_open,
        "is_told_again": status == 409,
        "question": question,
        "raw": raw,
        "approve_form": approve or ApproveDrawingsForm(initial=first, auto_id="approve-%s"),
        "changes_form": changes or ChangesForm(initial=first, auto_id="changes-%s"),
        "answer_form": answer or AnswerForm(initial=first),
        "is_changing": changes is not None,
        "form": approve or changes or answer,
    }
    return public(request, "portal/drawings.html", context, status=status)


def _files(revision: DrawingRevision) -> list[dict[str, Any]]:
    return [
        {
            "pk": one.pk,
            "title": one.attachment.title,
            "is_picture": one.attachment.media_type in PICTURES,
            "size": formats.file_size(one.attachment.size),
        }
        for one in revision.files.all()
    ]


def _drawing_headline(one: TechnicalRequest, sent: DrawingRevision | None, question: Any) -> str:
    """One sentence that says how the request stands."""
    if question is not None:
        return _("We have a question before we go on.")
    if one.status == "sent":
        return _("Please look at the drawings, and approve them or tell us what should be different.")
    if one.status in ("approved", "done"):
        return _("You have approved these drawings. Thank you! We go on from here.")
    if one.status == "abandoned":
        return _("This request is closed.")
    if sent is not None and sent.outcome == DrawingRevision.Outcome.CHANGES:
        return _("Thank you, we have your wishes. The next revision is being drawn; we will write to you.")
    return _("We are working on your drawings and will write to you when they are ready.")
