"""The rules for those who manage them: which event sends which words to whom, and what that would have meant lately."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.journal.fact_words import fact_label, said_condition, value_label
from foundation.journal.models import Event
from foundation.notifications import events, facts
from foundation.notifications.catalogue import overview
from foundation.notifications.models import Rule
from foundation.notifications.rule_editing import RuleForm
from foundation.notifications.rule_words import said_of
from foundation.notifications.rules import save_rule
from foundation.notifications.trace import DAYS, trace

VIEW, ADD, CHANGE = "notifications.view_rule", "notifications.add_rule", "notifications.change_rule"


@permission_required(VIEW, raise_exception=True)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule in a sentence, with the words that it sends."""
    titles = {line.key: line.title for line in overview()}
    rows = [
        (rule, said_of(rule), titles.get(rule.template_key, rule.template_key), said_condition(rule.condition))
        for rule in Rule.objects.order_by("event", "key")
    ]
    return render(request, "notifications/rules.html", {"title": _("Message rules"), "rows": rows})


@permission_required(VIEW, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Look at a rule, change it, or make one; what it would have sent lately stands below."""
    found = _find(pk) if pk else Rule()
    if request.method != "POST":
        if not pk and not request.user.has_perm(ADD):
            raise PermissionDenied
        return _page(request, found, RuleForm(instance=found))
    if not request.user.has_perm(CHANGE if pk else ADD):
        raise PermissionDenied
    form = RuleForm(request.POST, instance=found)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    if "save" not in request.POST:
        return _page(request, found, form)
    saved = save_rule(found, actor=request.user)
    messages.success(request, _("The rule is saved."))
    return redirect("notifications:rule", pk=saved.pk)


def _page(request: HttpRequest, found: Rule, form: RuleForm, status: int = 200) -> HttpResponse:
    known = facts.known_facts(found.event) if found.event else {}
    changes = (
        Event.objects.filter(code=events.RULE_CHANGED).about(found).select_related("actor").order_by("-pk")[:10]
        if found.pk
        else []
    )
    context: dict[str, Any] = {
        "title": said_of(found) if found.pk else _("New message rule"),
        "rule": found,
        "form": form,
        "known": [
            (name, fact_label(name), [_shown(name, one) for one in values if one not in (None, "")])
            for name, values in known.items()
        ],
        "trace": trace(found) if found.event and status == 200 else None,
        "days": DAYS,
        "changes": changes,
        "can_change": request.user.has_perm(CHANGE if found.pk else ADD),
    }
    return render(request, "notifications/rule.html", context, status=status)


def _shown(name: str, value: Any) -> str:
    """What is typed for a value, and what it means where that is something else."""
    typed, said = facts.say_value(value), value_label(name, value)
    return typed if said == typed else f"{typed} ({said})"


def _find(pk: int) -> Rule:
    try:
        return Rule.objects.get(pk=pk)
    except (Rule.DoesNotExist, OverflowError):
        raise Http404 from None
