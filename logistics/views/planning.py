"""A new shipment, and the links that open the customer's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from foundation.journal.machine import Refused
from foundation.ui import parts
from foundation.ui.submissions import submit_once
from logistics.forms import PlanForm
from logistics.selectors import destination_of_order, open_lines, orders_to_combine, visible_shipments
from logistics.services import make_tracking_link, plan_shipment, revoke_tracking_links
from orders.models import Order
from orders.selectors import visible_orders


@submit_once
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a shipment of what remains of one confirmed order, and of its customer's other ones. `?order=` names it."""
    if not request.user.has_perm("logistics.add_shipment"):
        raise PermissionDenied
    asked = request.POST.get("order") or request.GET.get("order", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        raise Http404
    order = get_object_or_404(
        visible_orders(request.user).select_related("customer", "consignee_address"), pk=int(asked)
    )
    lines = open_lines([*orders_to_combine(order)])
    form = PlanForm(request.POST or None, lines=lines, first_order=order.pk, initial=_first_values(order))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                shipment = plan_shipment(actor=request.user, quantities=form.quantities(), **form.details())
            except Refused as refusal:
                if refusal.reason == "permission":
                    raise PermissionDenied from refusal
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
                status = 409
            else:
                messages.success(request, _("%(number)s is planned.") % {"number": shipment.number})
                return redirect(shipment.get_absolute_url())
    context = {
        "form": form,
        "title": _("Plan a shipment"),
        "lead": f"{order.number} · {order.customer.name}",
        "order": order,
        "submit": _("Plan the shipment"),
        "cancel_url": order.get_absolute_url(),
        "crumbs": [parts.Crumb(order.number, order.get_absolute_url())],
    }
    return render(request, "logistics/plan.html", context, status=status)


def _first_values(order: Order) -> dict[str, Any]:
    """What the order knows already need not be typed again."""
    place, country = destination_of_order(order)
    return {"destination_country": country, "destination": place}


@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a tracking link and show it once, to be copied."""
    shipment = _visible(request, pk)
    try:
        address = make_tracking_link(pk, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(shipment.get_absolute_url())
    context = {
        "title": _("Tracking link"),
        "shipment": shipment,
        "address": address,
        "crumbs": [parts.Crumb(shipment.number, shipment.get_absolute_url())],
    }
    return render(request, "logistics/link.html", context)


@require_POST
def unshare(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke every tracking link of the shipment."""
    shipment = _visible(request, pk)
    count = revoke_tracking_links(pk, actor=request.user)
    said = ngettext("%(count)s link revoked.", "%(count)s links revoked.", count) % {"count": count}
    messages.success(request, said if count else _("There was no link to revoke."))
    return redirect(shipment.get_absolute_url())


def _visible(request: HttpRequest, pk: int) -> Any:
    if not request.user.has_perm("logistics.share_tracking"):
        raise PermissionDenied
    return get_object_or_404(visible_shipments(request.user), pk=pk)
