"""The list of shipments and the page of one."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.selectors import unit_symbol
from foundation.journal.attachments import attachments_of
from foundation.journal.machine import Action
from foundation.journal.models import Event
from foundation.journal.path import why_skipped
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.ui import formats, html, parts
from foundation.ui.places import country_name
from logistics.filters import ShipmentFilter
from logistics.journey import NINE_STEPS, proofs, reached
from logistics.models import ProofOfDelivery, Shipment, ShipmentLine
from logistics.selectors import visible_shipments
from orders.models import Order

STATE_COLOURS = {
    "planned": "plain",
    "picked": "plain",
    "dispatched": "in-time",
    "in_transit": "in-time",
    "arrived": "soon",
    "signed": "soon",
    "archived": "done",
    "cancelled": "paused",
}
ARRIVING_DAYS = 3


def state_badge(shipment: Shipment) -> SafeString:
    """The state as a word with its mark; late goods say so."""
    if shipment.is_late:
        return html.badge(_t("%(state)s, overdue") % {"state": shipment.get_status_display()}, "late")
    return html.badge(shipment.get_status_display(), STATE_COLOURS[shipment.status])


def shown_quantity(line: ShipmentLine) -> str:
    """How much, with the unit as people write it."""
    return formats.quantity(line.quantity, unit_symbol(line.unit))


def order_links(orders: list[Order]) -> SafeString:
    """The orders in a shipment, each a link."""
    return mark_safe(", ".join(html.link(order.number, order.get_absolute_url(), css="nr") for order in orders))


def number_cell(shipment: Shipment, page: ListPage) -> SafeString:
    """The shipment, and beneath it the orders that it carries: no links there, a second target would be too close."""
    orders = ", ".join(order.number for order in page.extra["orders"][shipment.pk])
    return html.two_lines(html.link(shipment.number, shipment.get_absolute_url(), css="nr"), orders)


def state_cell(shipment: Shipment, page: ListPage) -> SafeString:
    """The state; of what is signed for, also how it stands with the paper."""
    badge = html.badge(shipment.get_status_display(), STATE_COLOURS[shipment.status])
    pod = getattr(shipment, "pod", None)
    return html.two_lines(badge, pod_badge(pod)) if pod is not None and shipment.status == "signed" else badge


def eta_cell(shipment: Shipment, page: ListPage) -> SafeString:
    """When it is expected, and whether that is past; once it is there, when it came."""
    if shipment.arrived_at:
        return html.two_lines(formats.day(shipment.arrived_at), _t("arrived"))
    return html.two_lines(
        html.when(shipment.eta), html.badge(_t("overdue"), "late", quiet=True) if shipment.is_late else ""
    )


def on_the_way(rows: Any, request: HttpRequest) -> QuerySet[Shipment]:
    """Left, and not there yet."""
    found: QuerySet[Shipment] = rows.on_the_way()
    return found


def arriving(rows: Any, request: HttpRequest) -> QuerySet[Shipment]:
    """Expected within the next days."""
    found: QuerySet[Shipment] = rows.arriving(before=timezone.now() + timedelta(days=ARRIVING_DAYS))
    return found


def overdue(rows: Any, request: HttpRequest) -> QuerySet[Shipment]:
    """Expected before now, and not there."""
    found: QuerySet[Shipment] = rows.overdue(at=timezone.now())
    return found


def without_pod(rows: Any, request: HttpRequest) -> QuerySet[Shipment]:
    """Signed for, and the paper is not filed."""
    found: QuerySet[Shipment] = rows.without_pod()
    return found


class ShipmentList(ListPage):
    """What is on the way, what arrives next, what is overdue, and whose paper is missing."""

    model = Shipment
    title = _("On the way")
    permission = "logistics.view_shipment"
    filterset_class = ShipmentFilter
    ordering = ("eta", "pk")
    columns = (
        Column("number", _("Shipment"), number_cell, sort="pk", place="title",
               plain=lambda s, page: s.number),
        Column("status", _("State"), state_cell, place="end",
               plain=lambda s, page: s.get_status_display()),
        Column("customer", _("Customer"), lambda s, page: html.link(s.customer.name, s.customer.get_absolute_url()),
               sort="customer__name", place="fact", plain=lambda s, page: s.customer.name),
        Column("eta", _("Expected arrival"), eta_cell, sort="eta", place="fact",
               plain=lambda s, page: s.eta.isoformat() if s.eta else ""),
        Column("destination", pgettext_lazy("way of goods", "To"), lambda s, page: destination_of(s)),
        Column("carrier", _("Carrier"), lambda s, page: html.two_lines(s.carrier or "–", s.waybill_number),
               sort="carrier__name", plain=lambda s, page: f"{s.carrier or ''} {s.waybill_number}".strip()),
    )  # fmt: skip
    tabs = (
        Tab("way", _("On the way"), on_the_way),
        Tab("arriving", _("Arriving"), arriving),
        Tab("overdue", _("Overdue"), overdue),
        Tab("unload", _("Arrived"), lambda rows, request: rows.filter(status="arrived")),
        Tab("pod", _("POD missing"), without_pod),
        Tab("ready", _("To dispatch"), lambda rows, request: rows.filter(status__in=("planned", "picked"))),
        Tab("all", _("All")),
    )

    def visible(self, user: Any) -> QuerySet[Any]:
        """Shipments behind this person's door."""
        return visible_shipments(user)

    def queryset(self) -> QuerySet[Any]:
        """Shipments with customer, carrier and paper."""
        return self.visible(self.request.user).select_related("customer", "carrier", "pod")

    def _order(self) -> tuple[str, ...]:
        if not self.sort and self.tab is not None and self.tab.code in ("all", "ready"):
            return ("-pk",)
        if not self.sort and self.tab is not None and self.tab.code == "pod":
            return ("signed_at", "pk")
        return super()._order()

    def prepare(self, rows: list[Any]) -> None:
        """The orders in each shipment, in one query."""
        found: dict[int, list[Order]] = defaultdict(list)
        pks = [row.pk for row in rows]
        orders = Order.objects.filter(lines__shipment_lines__shipment__in=pks).annotate(
            shipment_pk=F("lines__shipment_lines__shipment")
        )
        for order in orders.order_by("pk").distinct():
            found[order.shipment_pk].append(order)
        self.extra["orders"] = found

    def row_state(self, obj: Any) -> str:
        """Overdue goods mark their row."""
        return "late" if obj.is_late else ""


def pod_badge(pod: ProofOfDelivery) -> SafeString:
    """The paper's state; overdue papers say since when."""
    if pod.status == ProofOfDelivery.Status.ARCHIVED:
        return html.badge(pod.get_status_display(), "done", quiet=True)
    if pod.due_on and pod.due_on < timezone.localdate():
        return html.badge(_t("overdue since %(day)s") % {"day": formats.day(pod.due_on)}, "late", quiet=True)
    if pod.status == ProofOfDelivery.Status.EXPECTED and pod.due_on:
        return html.badge(_t("due on %(day)s") % {"day": formats.day(pod.due_on)}, "in-time", quiet=True)
    return html.badge(pod.get_status_display(), "soon", quiet=True)


def destination_of(shipment: Shipment) -> str:
    """Place and country."""
    names = [shipment.destination, country_name(shipment.destination_country) if shipment.destination_country else ""]
    return ", ".join(name for name in names if name)


class ShipmentPage(RecordPage):
    """One shipment: its nine steps, its papers, what is in it, where it was seen."""

    model = Shipment
    namespace = "logistics"
    name = "shipment"
    type_label = _("Shipment")
    list_label = _("On the way")
    list_name = "shipments"
    permission = "logistics.view_shipment"

    def visible(self, user: Any) -> QuerySet[Any]:
        """The door, with everything that has one row per shipment."""
        return visible_shipments(user).select_related("customer", "carrier", "owner", "pod__scan", "pod__signature")

    def get_object(self, request: HttpRequest, pk: int) -> Any:
        """The shipment; its lines and orders are read once for the whole page."""
        shipment = super().get_object(request, pk)
        shipment.loaded_lines = list(shipment.lines.select_related("order_line__order__contact__customer"))
        shipment.shown_orders = list(
            {line.order_line.order_id: line.order_line.order for line in shipment.loaded_lines}.values()
        )
        return shipment

    def title(self, obj: Any) -> str:
        """Number and customer."""
        return f"{obj.number} · {obj.customer.name}"

    def subtitle(self, obj: Any, request: HttpRequest) -> object:
        """Whose goods, from which orders, to where."""
        shown = [html.link(obj.customer.name, obj.customer.get_absolute_url())]
        if obj.shown_orders:
            shown.append(order_links(obj.shown_orders))
        if place := destination_of(obj):
            shown.append(html.esc(place))
        return mark_safe(" · ".join(shown))

    def facts(self, obj: Any, request: HttpRequest) -> list[parts.Fact]:
        """Who carries it, under which numbers, and when it comes."""
        carrier: object = html.two_lines(obj.carrier, html.phone(obj.carrier.phone)) if obj.carrier else ""
        driver = (
            html.two_lines(obj.driver_name, html.phone(obj.driver_phone)) if obj.driver_name or obj.driver_phone else ""
        )
        expected: object = ""
        if obj.eta:
            late = html.badge(_t("overdue"), "late", quiet=True) if obj.is_late else obj.get_delay_reason_display()
            expected = html.two_lines(formats.exact(obj.eta), late)
        waybill: object = html.link(obj.waybill_number, obj.carrier_tracking_url) if obj.waybill_number else ""
        found = [
            parts.Fact(_("Expected arrival"), expected),
            parts.Fact(_("Carrier"), carrier),
            parts.Fact(_("Waybill number"), waybill),
            parts.Fact(_("Container number"), obj.container_number),
            parts.Fact(_("Vehicle or vessel"), obj.vehicle),
            parts.Fact(_("Driver"), driver),
            parts.Fact(
                _("Mode"),
                f"{obj.get_mode_display() or '–'} · {obj.incoterm}" if obj.incoterm else obj.get_mode_display(),
            ),
            parts.Fact(_("Owner"), str(obj.owner or "")),
        ]
        if obj.appointment_at:
            found.insert(1, parts.Fact(_("Unloading appointment"), formats.exact(obj.appointment_at)))
        return found

    def steps(self, obj: Any) -> list[parts.Step]:
        """The nine steps of order and shipment, with who proved each of them and when; one without proof is not ticked."""
        seen = proofs(obj, obj.shown_orders)
        is_off = obj.status == Shipment.Status.CANCELLED
        here = reached(obj, obj.shown_orders, seen)
        steps = []
        for index, (code, is_order, label) in enumerate(NINE_STEPS[: here + 1] if is_off else NINE_STEPS):
            event = seen.get(code) if index <= here else None
            is_passed = index < here or is_off
            if event is not None:
                state, note = "done" if is_passed else "current", self._proved(event)
            elif is_passed:
                is_known = any(one.startswith("order." if is_order else "shipment.") for one in seen)
                state, note = "skipped", why_skipped(is_known=is_known)
            else:
                state, note = "current" if index == here else "future", ""
            steps.append(parts.Step(label, state, note))
        return [*steps, parts.Step(obj.get_status_display(), "left")] if is_off else steps

    def _proved(self, event: Event) -> str:
        day, by = formats.day(event.occurred_at), str(event.actor or "")
        return f"{day}\u00a0· {by}" if by else day

    def sections(self, obj: Any, request: HttpRequest) -> list[object]:
        """What is in it, where it was seen, its paper, and the customer's page."""
        events = list(obj.tracking_events.order_by("-at", "-id")[:20]) if obj.has_left else []
        rows = [(line, shown_quantity(line)) for line in obj.loaded_lines]
        lines = render_to_string("logistics/_lines.html", {"rows": rows})
        found: list[object] = [
            parts.Section(_("Goods"), lines, "lines"),
        ]
        if obj.has_left:
            body = render_to_string("logistics/_tracking.html", {"events": events, "shipment": obj})
            found.append(parts.Section(_("Tracking"), body, "tracking"))
        if hasattr(obj, "pod") and obj.status in ("arrived", "signed", "archived"):
            files = list(attachments_of(obj)) if obj.status != "arrived" else []
            context = {"pod": obj.pod, "badge": pod_badge(obj.pod), "files": files, "shipment": obj}
            found.append(parts.Section(_("Proof of delivery"), render_to_string("logistics/_pod.html", context), "pod"))
        if request.user.has_perm("logistics.share_tracking") and obj.status != "cancelled":
            body = render_to_string("logistics/_share.html", {"shipment": obj}, request=request)
            found.append(parts.Section(_("The customer's tracking page"), body, "share"))
        return found

    def _form_page(self, request: HttpRequest, obj: Any, action: Action, form: Any, status: int = 200) -> HttpResponse:
        """The signature has a page of its own, made for a phone at the customer's door."""
        if action.name != "sign":
            return super()._form_page(request, obj, action, form, status)
        context = {
            "form": form,
            "title": action.label,
            "shipment": obj,
            "lines": [(line, shown_quantity(line)) for line in obj.loaded_lines],
            "action": reverse("logistics:shipment-do", args=[obj.pk, "sign"]),
            "cancel_url": obj.get_absolute_url(),
            "crumbs": [parts.Crumb(self.title(obj), obj.get_absolute_url())],
        }
        return render(request, "logistics/sign.html", context, status=status)
