"""The promises for managers: in words, one by one, and changed only after a look at what that would move."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.journal.machine import Refused
from foundation.sla import wording
from foundation.sla.escalation import set_steps
from foundation.sla.forms import StepFormSet, TargetForm, fingerprint, steps_in, steps_initial
from foundation.sla.models import Target
from foundation.sla.selectors.targets import changes_of, targets_by_metric
from foundation.sla.services.previewing import Preview, preview_of
from foundation.sla.services.targets import EDITED, changes_between, save_target

VIEW = "sla.view_target"


@login_required
@permission_required(VIEW, raise_exception=True)
@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    """Every promise in a sentence."""
    return render(request, "sla/targets.html", {"title": _("Promises"), "groups": targets_by_metric()})


@login_required
@permission_required(VIEW, raise_exception=True)
@require_safe
def target(request: HttpRequest, pk: int) -> HttpResponse:
    """One promise, and who changed what in it."""
    found = _find(pk)
    context = {
        "title": found.label,
        "target": found,
        "sentence": wording.sentence(found),
        "conditions": wording.conditions_text(found),
        "changes": changes_of(found),
    }
    return render(request, "sla/target.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Change a promise: first what it would move, then, with a second press, for good."""
    if not request.user.has_perm("sla.change_target" if pk else "sla.add_target"):
        raise PermissionDenied
    found = _find(pk) if pk else Target()
    if request.method != "POST":
        return _page(request, found, TargetForm(instance=found), StepFormSet(initial=steps_initial(found)))
    before = _find(pk) if pk else None
    form, steps = TargetForm(request.POST, instance=found), StepFormSet(request.POST, initial=steps_initial(found))
    found.revision = _number(request.POST.get("revision"), found.revision)
    if steps.is_valid():
        set_steps(found, steps_in(steps))
    form.full_clean()
    if not steps.is_valid():
        form.add_error(None, _("The steps of the escalation need your attention."))
    if not form.is_valid():
        return _page(request, found, form, steps)
    seen = fingerprint(found, EDITED)
    if before is not None and not (request.POST.get("save") and request.POST.get("seen") == seen):
        if not changes_between(before, found):
            form.add_error(None, _("Nothing was changed."))
            return _page(request, found, form, steps)
        return _page(request, found, form, steps, preview=preview_of(found), seen=seen)
    return _save(request, found, form, steps)


def _save(request: HttpRequest, found: Target, form: TargetForm, steps: Any) -> HttpResponse:
    try:
        saved = save_target(found, actor=request.user, spread=bool(request.POST.get("spread")))
    except Refused as refusal:
        form.add_error(None, refusal.message)
    except ValidationError as error:
        form.add_error(None, error)
    else:
        messages.success(request, _("“%(promise)s” is saved.") % {"promise": saved.label})
        return redirect("sla:target", pk=saved.pk)
    return _page(request, found, form, steps)


def _page(
    request: HttpRequest, found: Target, form: TargetForm, steps: Any, preview: Preview | None = None, seen: str = ""
) -> HttpResponse:
    context = {
        "title": _("Change the promise “%(promise)s”") % {"promise": found.label} if found.pk else _("New promise"),
        "target": found,
        "form": form,
        "steps": steps,
        "groups": _grouped(form),
        "preview": preview,
        "seen": seen,
    }
    return render(request, "sla/target_form.html", context)


def _grouped(form: TargetForm) -> list[tuple[str, str, list[Any]]]:
    """The fields in the order in which a person would tell it: heading, hint, fields."""
    rows = _("One event a row, by its code or its words; an empty row is none.")
    groups = [
        (_("Name"), "", ("name", "name_zh_hans", "name_zh_hant", "name_de", "code", "is_active")),
        (_("Time"), "", ("amount", "unit", "calendar", "anchor_fact", "anchor_side", "warning_percent")),
        (_("Events"), rows, Target.EVENT_FIELDS),
        (_("Only for"), _("Where nothing is chosen, it is for all."), tuple(Target.CONDITIONS)),
        (_("Measurement"), "", ("metric", "position")),
    ]
    return [(label, hint, [form[name] for name in names]) for label, hint, names in groups]


def _find(pk: int) -> Target:
    try:
        return Target.objects.select_related("calendar__current").get(pk=pk)
    except (Target.DoesNotExist, OverflowError):
        raise Http404 from None


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else otherwise
