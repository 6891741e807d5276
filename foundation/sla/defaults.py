"""The promises that an installation starts with."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from foundation.calendars.defaults import GUANGZHOU
from foundation.calendars.models import Calendar
from foundation.sla.models import Target

INQUIRY = {
    "metric": "first_response",
    "start_events": ["inquiry.received", "inquiry.reopened"],
    "stop_events": ["inquiry.answered", "inquiry.converted", "inquiry.closed"],
    "retarget_events": ["inquiry.prioritised"],
    "calendar": GUANGZHOU,
}
TICKET_START = ["ticket.received", "ticket.reopened"]
TICKET_END = ["ticket.resolved", "ticket.closed", "ticket.cancelled"]

# code, name, fields; a target without a calendar runs around the clock
TARGETS: list[tuple[str, Any, dict[str, Any]]] = [
    (
        "inquiry-first-response-urgent",
        _("First response, urgent"),
        {
            **INQUIRY,
            "position": 10,
            "priorities": ["urgent"],
            "amount": 30,
            "unit": "minutes",
            "warning_percent": [50, 80],
            "escalate_after": [30],
        },
    ),
    (
        "inquiry-first-response",
        _("First response"),
        {
            **INQUIRY,
            "position": 100,
            "amount": 2,
            "unit": "hours",
            "warning_percent": [50, 75, 90],
            "escalate_after": [60],
        },
    ),
    (
        "order-review",
        _("Order review"),
        {
            "metric": "order_review",
            "start_events": ["order.submitted"],
            "stop_events": ["order.confirmed", "order.returned", "order.cancelled"],
            "amount": 4,
            "unit": "hours",
            "calendar": GUANGZHOU,
            "warning_percent": [75],
            "escalate_after": [120],
        },
    ),
    (
        "pod-return",
        _("Proof of delivery back"),
        {
            "metric": "pod_return",
            "start_events": ["shipment.signed"],
            "stop_events": ["pod.archived", "shipment.archived"],
            "amount": 168,
            "unit": "hours",
            "warning_percent": [70, 90],
            "escalate_after": [24 * 60],
        },
    ),
    (
        "ticket-solution",
        _("Solution proposed"),
        {
            "metric": "solution",
            "start_events": TICKET_START,
            "stop_events": ["ticket.proposed", *TICKET_END],
            "amount": 24,
            "unit": "hours",
            "warning_percent": [50, 75, 90],
            "escalate_after": [4 * 60],
        },
    ),
    (
        "ticket-resolution",
        _("Complaint resolved"),
        {
            "metric": "resolution",
            "start_events": TICKET_START,
            "pause_events": ["ticket.waiting"],
            "resume_events": ["ticket.customer_replied"],
            "stop_events": TICKET_END,
            "amount": 3,
            "unit": "working_days",
            "calendar": GUANGZHOU,
            "warning_percent": [50, 75, 90],
            "escalate_after": [8 * 60],
        },
    ),
]


def load() -> int:
    """Add the targets that are not there yet."""
    known = set(Target.objects.values_list("code", flat=True))
    calendars = {calendar.code: calendar for calendar in Calendar.objects.all()}
    missing = [one for one in TARGETS if one[0] not in known]
    for code, name, fields in missing:
        calendar = calendars.get(fields.get("calendar", ""))
        target = Target(code=code, **{**fields, "calendar": calendar}, **_names(name))
        target.full_clean()
        target.save()
    return len(missing)


def _names(name: Any) -> dict[str, str]:
    names = {}
    for field, language in (
        ("name", "en"),
        ("name_zh_hans", "zh-hans"),
        ("name_zh_hant", "zh-hant"),
        ("name_de", "de"),
    ):
        with override(language):
            names[field] = str(name)
    return names
