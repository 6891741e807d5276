"""Visitors of a reception: who signed, and making a contact of somebody new by one click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.models import Reception, ReceptionVisitor
from crm.selectors import visible_receptions
from crm.services.receptions import may_lead
from crm.services.visitors import contact_of_visitor, contacts_of, known_contact
from foundation.journal.machine import Refused
from foundation.ui.submissions import submit_once


def visitors_context(
    reception: Reception, visitors: Sequence[ReceptionVisitor], request: HttpRequest
) -> dict[str, Any]:
    """Each with the contact that they are, and whether the reader may make contacts of the others. One query."""
    contacts = contacts_of(reception)
    for one in visitors:
        one.known = known_contact(one, contacts)  # type: ignore[attr-defined]
    may_add = request.user.has_perm("crm.add_contact") and request.user.has_perm("crm.hold_reception")
    return {"visitors": visitors, "may_add": may_add and may_lead(reception, request.user)}


@require_POST
@permission_required("crm.add_contact", raise_exception=True)
@submit_once
def make_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """A visitor who is new becomes a contact of the customer."""
    visible = visible_receptions(request.user)
    visitor = get_object_or_404(ReceptionVisitor.objects.select_related("reception"), pk=pk, reception__in=visible)
    try:
        contact = contact_of_visitor(visitor.pk, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(name)s is a contact now.") % {"name": contact.name})
    return redirect(visitor.reception.get_absolute_url())
