"""The composer of every record: whom, how, in which language, what, with which files and when, and ten seconds to undo."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.journal.machine import Refused
from foundation.lists.pages.record import page_of
from foundation.notifications import drafting, filling, languages, saved_words
from foundation.notifications.channels.sms.segments import count
from foundation.notifications.forms import OTHER, WriteForm
from foundation.notifications.models import Message, MessageDraft
from foundation.notifications.placeholders import record_link
from foundation.ui import formats, parts
from foundation.ui.submissions import FIELD, new_token


def compose(request: HttpRequest, subject: Any) -> HttpResponse:
    """Write to the customer about a record that the reader may see: keep, fill, send."""
    draft = drafting.draft_of(subject)
    if request.method != "POST":
        form = WriteForm.shown(subject, _initial(subject, draft, request.user), request.user)
        return _page(request, subject, form if draft else _asked(request, subject, form), draft)
    form = WriteForm(request.POST, request.FILES, instance=subject, actor=request.user)
    if "typed" in request.POST:
        return _typed(request, subject, form)
    if "keep" in request.POST:
        return _keep(request, subject, form, draft)
    if "fill" in request.POST:
        return _fill(request, subject, form, draft)
    if "discard" in request.POST:
        drafting.discard(subject)
        messages.success(request, _("The draft is thrown away."))
        return redirect(subject.get_absolute_url())
    return _send(request, subject, form, draft)


def _initial(subject: Any, draft: MessageDraft | None, actor: Any) -> dict[str, Any]:
    """The draft over what the record itself suggests."""
    first = WriteForm(instance=subject, actor=actor).initial
    kept = dict(draft.fields) if draft else {}
    known = {**first, **kept}
    if known.get("recipient") not in WriteForm(instance=subject).people and not known.get("other_address"):
        known["recipient"] = first["recipient"]
    return known


def _send(request: HttpRequest, subject: Any, form: WriteForm, draft: MessageDraft | None) -> HttpResponse:
    if not form.is_valid():
        return _kept(request, subject, form, draft, status=422)
    values, person = form.cleaned_data, form.person()
    if person is None:
        form.add_error("recipient", _("Nobody is known here who could be written to."))
        return _kept(request, subject, form, draft, status=422)
    try:
        message = drafting.send(
            subject,
            actor=request.user,
            recipient=person,
            channel=values["channel"],
            subject_line=values["subject_line"],
            body=values["body"],
            language=values["language"] or languages.chain(person)[0].language,
            template_key=values["template_key"],
            papers=values["papers"],
            uploads=values["uploads"],
            at=values["send_at"],
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _kept(request, subject, form, draft, status=409)
    return redirect(f"{subject.get_absolute_url()}?sent={message.pk}")


def _kept(request: HttpRequest, subject: Any, form: WriteForm, draft: MessageDraft | None, status: int) -> HttpResponse:
    """The page again, and what was typed in the draft: nobody writes it twice."""
    try:
        draft = drafting.save_draft(subject, _fields(form), actor=request.user, seen=_seen(request))
    except Refused as refusal:
        form.add_error(None, refusal.message)
    return _page(request, subject, form, draft, status=status)


def _keep(request: HttpRequest, subject: Any, form: WriteForm, draft: MessageDraft | None) -> HttpResponse:
    """Keep the draft and stay; a colleague's later words are not written over."""
    try:
        draft = drafting.save_draft(subject, _fields(form), actor=request.user, seen=_seen(request))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, subject, form, draft, status=409)
    messages.success(request, _("The draft is kept. Colleagues who write from this record see it."))
    return _page(
        request, subject, WriteForm.shown(subject, _initial(subject, draft, request.user), request.user), draft
    )


def _fill(request: HttpRequest, subject: Any, form: WriteForm, draft: MessageDraft | None) -> HttpResponse:
    """Put the words of the chosen template into the fields, and into the draft."""
    filled = _filled(subject, form, request.user)
    try:
        draft = drafting.save_draft(subject, filled, actor=request.user, seen=_seen(request))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, subject, form, draft, status=409)
    return _page(request, subject, WriteForm.shown(subject, filled, request.user), draft)


def _asked(request: HttpRequest, subject: Any, form: WriteForm) -> WriteForm:
    """The form as the link asks for it: `?channel=`, and the words of `?template=`."""
    asked: dict[str, Any] = {"channel": request.GET.get("channel"), "template_key": request.GET.get("template")}
    found = {name: value for name, value in asked.items() if value and form.fields[name].valid_value(value)}  # type: ignore[attr-defined]
    if not found:
        return form
    form.initial.update(found)
    return (
        WriteForm.shown(subject, _filled(subject, form, request.user), request.user)
        if "template_key" in found
        else form
    )


def _filled(subject: Any, form: WriteForm, actor: Any) -> dict[str, Any]:
    """The fields with the chosen words, a template's or kept ones, for the chosen person; a subject stays if they have none."""
    fields, person = _fields(form), form.person()
    if person is not None and (key := fields["template_key"]):
        language = fields["language"] or languages.chain(person)[0].language
        if saved_words.is_saved(key):
            said = saved_words.filled_in(key, subject, person, language, actor)
        else:
            said = filling.filled_in(key, subject, person, language)
        if said is not None:
            text = said["sms"] if fields["channel"] == "sms" and said["sms"] else said["body"] or said["sms"]
            fields |= {"subject_line": said["subject"] or fields["subject_line"], "body": text, "language": language}
    return fields


def _typed(request: HttpRequest, subject: Any, form: WriteForm) -> HttpResponse:
    """While somebody types: keep the draft, say what would happen. Nothing is sent."""
    seen, refusal = _seen(request), ""
    try:
        draft = drafting.save_draft(subject, _fields(form), actor=request.user, seen=seen)
        seen = draft.revision
    except Refused as refused:
        draft, refusal = None, refused.message
    context = {**_status(form), "draft": draft, "seen": seen, "refusal": refusal, "is_swapped": True}
    return render(request, "notifications/_compose_status.html", context)


def _page(
    request: HttpRequest,
    subject: Any,
    form: WriteForm,
    draft: MessageDraft | None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_status(form),
        "title": _("Write to the customer"),
        "object": subject,
        "crumbs": [parts.Crumb(str(subject), record_link(subject))],
        "form": form,
        "draft": draft,
        "others": draft if draft and draft.updated_by_id != request.user.pk else None,
        "seen": draft.revision if draft else 0,
        "note_url": f"{record_link(subject)}note/",
        "token_field": FIELD,
        "note_token": new_token(),
    }
    return render(request, "notifications/compose.html", context, status=status)


def _status(form: WriteForm) -> dict[str, Any]:
    """In which language and why, how many parts, and when that is for the customer; of the fields as they stand."""
    person = form.person()
    chosen = str(form["language"].value() or "")
    found: dict[str, Any] = {"person": person, "is_other": str(form["recipient"].value()) == OTHER}
    if person is not None and not chosen:
        found["reason"] = languages.reason(person, languages.chain(person)[0])
    text = str(form["body"].value() or "")
    if form["channel"].value() == "sms":
        found["cost"] = count(text)
    found["there"] = _there(form, person)
    return found


def _there(form: WriteForm, person: Any) -> str:
    """The chosen moment as the customer's clock shows it, or empty text."""
    try:
        moment = form.fields["send_at"].clean(form["send_at"].value())
        zone = zoneinfo.ZoneInfo(person.time_zone) if person and person.time_zone else None
    except Exception:  # not typed to its end yet, or a zone that is none
        return ""
    return formats.exact_in(moment, zone, get_language() or "en") if moment and zone else ""


def _fields(form: WriteForm) -> dict[str, Any]:
    """What stands in the form, without files."""
    found = {name: form[name].value() for name in drafting.KEPT}
    found["papers"] = [one for one in found["papers"] or [] if str(one).isdigit()][:20]
    return {name: one if name == "papers" else str(one or "")[:20_000].replace("\0", "") for name, one in found.items()}


def _seen(request: HttpRequest) -> int:
    raw = request.POST.get("seen", "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else 0


# ---------------------------------------------------------------- the ten seconds after Send


def sent_notice(*, subject: Any, request: HttpRequest, **_context: Any) -> SafeString | None:
    """Above the record from which one has just written: what leaves when, and the way to take it back."""
    asked = request.GET.get("sent", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 16):
        return None
    message = Message.objects.about(subject).filter(pk=int(asked), actor_id=request.user.pk).first()
    if message is None:
        return None
    waits = message.state == Message.State.QUEUED and message.next_attempt_at > timezone.now()
    is_later = message.next_attempt_at - message.created_at > 2 * drafting.UNDO
    context = {"message": message, "waits": waits, "is_later": is_later, "seconds": int(drafting.UNDO.total_seconds())}
    return SafeString(render_to_string("notifications/_sent.html", context, request))


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo: the message does not leave, its words are a draft again."""
    try:
        message = drafting.take_back(pk, actor=request.user)
    except Message.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("notifications:message", pk=pk)
    subject = message.subject
    page = page_of(subject._meta.label_lower) if subject is not None else None
    draft = drafting.draft_of(subject) if subject is not None else None
    if subject is None or page is None or draft is None or draft.fields.get("body") != message.body:
        messages.success(request, _("The message was not sent. Its words are kept here."))
        return redirect("notifications:message", pk=pk)
    messages.success(request, _("The message was not sent. Its words are a draft again."))
    return redirect(page.url(f"{page.name}-do", pk=subject.pk, action="write"))
