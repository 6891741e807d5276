"""The words of messages for those who manage them: what there is and what is missing, the editor, the history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.accounts.models import Company
from foundation.journal.machine import Refused
from foundation.notifications import languages, trial, words
from foundation.notifications.catalogue import Cell, Line, line_of, overview
from foundation.notifications.channels.email.letter import html as letter_html
from foundation.notifications.difference import marked
from foundation.notifications.editing import WordsForm
from foundation.notifications.models import WORDS, Message, Template, TemplateVersion
from foundation.notifications.preview import Example, Preview, filled, find_example
from foundation.notifications.rule_words import said_of
from foundation.notifications.validation import names_of_template
from foundation.notifications.versions import history_of, words_of
from foundation.ui.parts import Tab

VIEW, CHANGE = "notifications.view_template", "notifications.change_template"
LETTER_HEADERS = {
    # The letter brings its own inline style, as mail programmes want it; nothing else may run or load.
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
}


@permission_required(VIEW, raise_exception=True)
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """Template by language and channel, with what is missing."""
    lines = overview()
    show = request.GET.get("show", "")
    tests = {
        "missing": lambda line: line.is_missing,
        "no-rule": lambda line: not line.rules,
        "edited": lambda line: any(cell.is_edited for cell in line.cells),
    }
    labels = (
        ("", _("All")),
        ("missing", _("Something missing")),
        ("no-rule", _("No rule yet")),
        ("edited", _("Own words")),
    )
    tabs = []
    for code, label in labels:
        count = sum(map(tests[code], lines)) if code else len(lines)
        tabs.append(Tab(label, f"?show={code}" if code else "?", count, code == (show if show in tests else "")))
    context = {
        "title": _("Message templates"),
        "tabs": tabs,
        "lines": [line for line in lines if show not in tests or tests[show](line)],
        "languages": [cell.language_label for cell in lines[0].cells] if lines else [],
    }
    return render(request, "notifications/templates.html", context)


# ---------------------------------------------------------------- the editor


@dataclass
class Pane:
    """One language of the editor."""

    cell: Cell
    form: WordsForm
    seen: int
    preview: Preview | None = None
    refusal: str = ""
    is_open: bool = False
    fields: list[Any] = field(default_factory=list)

    @property
    def said(self) -> dict[str, str]:
        """What stands in the fields, saved or not."""
        return said_in(self.form)


def said_in(form: WordsForm) -> dict[str, str]:
    """The words that stand in a form, whether they are valid or not."""
    return {name: str(form[name].value() or "").replace("\r\n", "\n").replace("\0", "") for name in WORDS}


def panes_of(line: Line, data: Any = None) -> list[Pane]:
    """One form per language, in the order of the house."""
    panes = []
    for cell in line.cells:
        row = cell.row or Template(key=line.key, language=cell.language, version=0)
        form = WordsForm(data, instance=row, prefix=cell.language)
        seen = row.version
        if data is not None:
            raw = data.get(f"{cell.language}-seen", "")
            seen = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else seen
        panes.append(Pane(cell, form, seen, fields=[form[name] for name in WORDS]))
    return panes


@permission_required(VIEW, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, key: str) -> HttpResponse:
    """All languages of one template, with a preview; saved together, each changed language a version of its own."""
    line = _line(key)
    if request.method != "POST":
        return _editor(request, line, panes_of(line))
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    panes = panes_of(line, request.POST)
    if "save" not in request.POST:
        return _editor(request, line, panes)
    if not _save(request, line, panes):
        return _editor(request, line, panes, status=422)
    messages.success(request, _("The words are saved. Messages from now on use them."))
    return redirect(f"{request.path}?language={_open(request, panes)}")


def _save(request: HttpRequest, line: Line, panes: list[Pane]) -> bool:
    """Save every changed language, or none. Untouched languages are left alone, even if somebody else changed them."""
    before = {(row.language, row.number): words_of(row) for row in TemplateVersion.objects.filter(key=line.key)}
    changed = [pane for pane in panes if _is_touched(pane, before)]
    refused = [
        pane for pane in changed if not pane.form.is_valid()
    ]  # every one is asked, so that each says what is wrong
    if refused:
        return False
    try:
        with transaction.atomic():
            for pane in changed:
                pane.refusal = _save_one(request, line.key, pane)
            if any(pane.refusal for pane in changed):
                raise Refused("")
    except Refused:
        return False
    return True


def _is_touched(pane: Pane, before: dict[tuple[str, int], dict[str, str]]) -> bool:
    """Whether the fields say something else than they said when they were opened."""
    row = pane.cell.row
    said = before.get((pane.cell.language, pane.seen))
    if said is None:
        said = words_of(row) if row is not None and row.version == pane.seen else dict.fromkeys(WORDS, "")
    return any(said[name].strip() != text.strip() for name, text in pane.said.items())


def _save_one(request: HttpRequest, key: str, pane: Pane) -> str:
    said = {name: pane.form.cleaned_data[name] for name in WORDS}
    try:
        words.save_words(key, pane.cell.language, said, actor=request.user, seen=pane.seen)
    except Refused as refusal:
        pane.seen = pane.cell.row.version if pane.cell.row else 0  # who saves again has seen the warning
        return refusal.message
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _editor(request: HttpRequest, line: Line, panes: list[Pane], status: int = 200) -> HttpResponse:
    number = number_in(request)
    example = find_example(line.key, request.user, number=number)
    opened = _open(request, panes)
    for pane in panes:
        pane.preview = filled(example, pane.cell.language, pane.said) if example else None
        pane.is_open = (
            pane.cell.language == opened or bool(pane.form.is_bound and pane.form.errors) or bool(pane.refusal)
        )
    names = sorted((name, str(label)) for name, label in names_of_template(line.key).items())
    context = {
        "title": line.title,
        "line": line,
        "panes": panes,
        "rules": [(rule, said_of(rule)) for rule in line.rules],
        "names": names,
        "number": number,
        "example": example,
        "language_reason": _language_reason(example, line),
        "is_wrong": status != 200,
        "can_change": request.user.has_perm(CHANGE),
    }
    return render(request, "notifications/template.html", context, status=status)


def _language_reason(example: Example | None, line: Line) -> str:
    """In which language the example's recipient would get these words, and why."""
    if example is None:
        return ""
    there = {cell.language for cell in line.cells if cell.row is not None}
    facts = example.event.facts if example.event is not None else {}
    step = next((one for one in languages.chain(example.recipient, facts) if one.language in there), None)
    return languages.reason(example.recipient, step) if step else ""


def number_in(request: HttpRequest) -> str:
    """The number of the record to preview with."""
    asked = request.POST.get("number") if request.method == "POST" else request.GET.get("number")
    return (asked or "").replace("\0", "").strip()[:60]


def _open(request: HttpRequest, panes: list[Pane]) -> str:
    """The language to show opened: the one asked for, else the reader's."""
    known = [pane.cell.language for pane in panes]
    asked = [request.POST.get("language"), request.GET.get("language"), get_language()]
    return next((code for code in asked if code in known), known[0])


@permission_required(CHANGE, raise_exception=True)
@require_POST
def preview_part(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """The preview of one language, redrawn while somebody types. Nothing is saved."""
    pane, example = _typed(request, key, language)
    pane.preview = filled(example, language, pane.said) if example else None
    context = {"pane": pane, "number": number_in(request), "example": example}
    return render(request, "notifications/_preview.html", context)


@permission_required(CHANGE, raise_exception=True)
@require_POST
def preview_letter(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """The email as mail programmes show it, made of what stands in the form."""
    pane, example = _typed(request, key, language)
    shown = filled(example, language, pane.said) if example else None
    said = pane.said if shown is None or shown.problem else {"subject": shown.subject, "body": shown.body}
    message = Message(language=language, subject_line=said["subject"], body=said["body"])
    return HttpResponse(letter_html(message, Company.current(), message.body), headers=LETTER_HEADERS)


@permission_required(CHANGE, raise_exception=True)
@require_POST
def send_trial(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Send what stands in the form to oneself, by email or text message."""
    pane, example = _typed(request, key, language)
    line = _line(key)
    channel = request.POST.get("by", "email")
    try:
        address = trial.send(key, language, pane.said, example, channel=channel, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("A trial is on its way to %(address)s.") % {"address": address})
    return _editor(request, line, panes_of(line, request.POST))


def _typed(request: HttpRequest, key: str, language: str) -> tuple[Pane, Example | None]:
    found = next((pane for pane in panes_of(_line(key), request.POST) if pane.cell.language == language), None)
    if found is None:
        raise Http404
    return found, find_example(key, request.user, number=number_in(request))


def _line(key: str) -> Line:
    found = line_of(key)
    if found is None:
        raise Http404
    return found


# ---------------------------------------------------------------- history


@permission_required(VIEW, raise_exception=True)
@require_safe
def history(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Every version of the words in one language: who, when, and what changed."""
    rows = history_of(key, language)
    line = line_of(key)
    cell = next((one for one in line.cells if one.language == language), None) if line else None
    if not rows and (cell is None or cell.row is None):
        raise Http404
    entries = []
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        said = words_of(before) if before else dict.fromkeys(WORDS, "")
        changes = [
            (TemplateVersion._meta.get_field(name).verbose_name, marked(said[name], getattr(row, name)))  # type: ignore[union-attr]
            for name in WORDS
            if said[name] != getattr(row, name)
        ]
        entries.append((row, changes))
    context = {
        "title": _("Versions of “%(template)s”") % {"template": line.title if line else key},
        "key": key,
        "line": line,
        "cell": cell,
        "language": language,
        "entries": entries,
        "is_shipped": words.defaults.shipped_text(key, language) is not None,
        "can_change": request.user.has_perm(CHANGE) and line is not None,
    }
    return render(request, "notifications/history.html", context)


@permission_required(CHANGE, raise_exception=True)
@require_POST
def put_back(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Put an earlier version back, or the words that the house ships."""
    raw = request.POST.get("number", "")
    try:
        if raw == "shipped":
            words.reset(key, language, actor=request.user)
        else:
            number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else 0
            words.restore(key, language, number, actor=request.user)
    except TemplateVersion.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, refusal.message)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The words are saved. Messages from now on use them."))
    return redirect("notifications:template-history", key=key, language=language)
