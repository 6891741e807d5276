"""Who would get an inquiry, and why: the rules tried out on a question that nobody sent."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import routing_words
from crm.forms.routing import TryForm
from crm.models import Inquiry
from crm.services.routing import choose_owner
from foundation.ui import parts


@login_required
@permission_required("crm.assign_inquiry", raise_exception=True)
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """Nothing is kept and nobody is told."""
    form = TryForm(request.GET if "language" in request.GET else None, user=request.user)
    choice = choose_owner(form.as_inquiry()) if form.is_bound and form.is_valid() else None
    edits = request.user.has_perm("crm.change_routingrule") and request.user.is_staff
    context = {
        "title": _("Who would get it?"),
        "form": form,
        "choice": choice,
        "lines": routing_words.lines(choice.verdicts) if choice else [],
        "rules_url": reverse("admin:crm_routingrule_changelist") if edits else "",
        "crumbs": [parts.Crumb(_("Inquiries"), reverse("crm:inquiries"))],
    }
    return render(request, "crm/inquiries/routing.html", context, status=422 if form.errors else 200)


def why_section(inquiry: Inquiry) -> parts.Section | None:
    """On the inquiry's page: why the one who was given it got it."""
    found = routing_words.lines(routing_words.last_verdicts(inquiry))
    if not found:
        return None
    body = render_to_string("crm/inquiries/_why.html", {"lines": found})
    return parts.Section(_("Why this colleague"), body, id="why")
