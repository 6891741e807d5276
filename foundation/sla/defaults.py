"""The promises that an installation starts with."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from foundation.calendars.defaults import GUANGZHOU
from foundation.calendars.models import Calendar
from foundation.sla.escalation import CHANNELS, Step, set_steps
from foundation.sla.models import FairnessPolicy, PauseReason, SoonPolicy, Target
from foundation.sla.sample_targets import SAMPLE_TARGETS

INQUIRY_END = ["inquiry.answered", "inquiry.converted", "inquiry.closed"]
INQUIRY = {
    "metric": "first_response",
    "start_events": ["inquiry.received", "inquiry.reopened"],
    "stop_events": INQUIRY_END,
    "retarget_events": ["inquiry.prioritised"],
    "calendar": GUANGZHOU,
}
TICKET_START = ["ticket.received", "ticket.reopened"]
TICKET_END = ["ticket.resolved", "ticket.closed", "ticket.cancelled"]
# A pause ends by itself with whatever the customer says.
TICKET_PAUSES = {
    "pause_events": ["ticket.waiting"],
    "resume_events": ["ticket.customer_replied", "ticket.accepted", "ticket.rejected"],
}
# Due at the end of the day that the customer was told.
PAYMENT = {
    "start_events": ["payment.requested"],
    "stop_events": ["payment.confirmed", "payment.waived", "payment.cancelled"],
    "amount": 0,
    "unit": "hours",
    "anchor_fact": "due_on",
    "warning_percent": [75, 90],
}
SHIPMENT_END = ["shipment.arrived", "shipment.signed", "shipment.archived", "shipment.cancelled"]


def _steps(*steps: tuple[int, tuple[str, ...]]) -> list[Step]:
    """Minutes and audiences; all of them by inbox and email."""
    return [Step(minutes, audiences, CHANNELS) for minutes, audiences in steps]


BOTH = ("owner", "owner_manager")
ABOVE = ("owner_manager", "team_lead")

# Customers whom we look after by a plan are answered first.
KEY_TIERS = ["key", "strategic", "group"]

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
            "steps": _steps((30, BOTH)),
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
            "steps": _steps((60, BOTH), (240, ABOVE)),
        },
    ),
    (
        "inquiry-first-response-key",
        _("First response, key accounts"),
        {
            **INQUIRY,
            "position": 50,
            "tiers": KEY_TIERS,
            "amount": 1,
            "unit": "hours",
            "warning_percent": [50, 75, 90],
            "steps": _steps((30, BOTH), (120, ABOVE)),
        },
    ),
    (
        "inquiry-promised-answer",
        _("Promised answer"),
        {
            "metric": "promised_answer",
            "start_events": ["inquiry.promised"],
            "stop_events": INQUIRY_END,
            "retarget_events": ["inquiry.promised"],
            "amount": 0,
            "unit": "hours",
            "anchor_fact": "promised_at",
            "warning_percent": [75],
            "steps": _steps((60, BOTH)),
        },
    ),
    (
        "visit-punctuality",
        pgettext_lazy("promise", "Visit punctuality"),
        {
            "metric": "punctuality",
            "start_events": ["visit.planned"],
            "stop_events": ["visit.arrived", "visit.cancelled", "visit.missed"],
            "retarget_events": ["visit.rescheduled"],
            "amount": 0,
            "unit": "minutes",
            "anchor_fact": "arrive_by",
            "warning_percent": [90],
            "steps": _steps((15, BOTH)),
        },
    ),
    (
        "reception-prepared",
        pgettext_lazy("promise", "Reception prepared"),
        {
            "metric": "preparation",
            "start_events": ["reception.planned"],
            "stop_events": ["reception.prepared", "reception.arrived", "reception.cancelled", "reception.missed"],
            "retarget_events": ["reception.rescheduled"],
            "amount": 0,
            "unit": "minutes",
            "anchor_fact": "planned_start",
            "warning_percent": [75],
            "steps": _steps((15, BOTH)),
        },
    ),
    (
        "completion-callback",
        _("Callback after completion"),
        {
            "metric": "callback",
            "start_events": ["call.scheduled", "call.reopened"],
            "stop_events": ["call.finished", "call.refused", "call.given_up", "call.cancelled"],
            "retarget_events": ["call.postponed"],
            "kinds": ["completion"],
            "amount": 1,
            "unit": "working_days",
            "calendar": GUANGZHOU,
            "anchor_fact": "due_at",
            "warning_percent": [75],
            "steps": _steps((8 * 60, BOTH)),
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
            "steps": _steps((120, BOTH)),
        },
    ),
    (
        "order-ready",
        _("Ready before the promised day"),
        {
            "metric": "readiness",
            "start_events": ["order.confirmed"],
            "stop_events": ["order.delivery_started", "order.delivered", "order.completed", "order.cancelled"],
            "retarget_events": ["order.updated"],
            "amount": 3,
            "unit": "working_days",
            "calendar": GUANGZHOU,
            "anchor_fact": "promised_on",
            "anchor_side": "before",
            "warning_percent": [75, 90],
            "steps": _steps((8 * 60, BOTH)),
        },
    ),
    (
        "deposit-due",
        _("Deposit paid"),
        {**PAYMENT, "metric": "deposit_due", "kinds": ["deposit"], "steps": _steps((60, BOTH), (48 * 60, ABOVE))},
    ),
    (
        "balance-due",
        _("Balance paid"),
        {**PAYMENT, "metric": "balance_due", "kinds": ["balance"], "steps": _steps((60, BOTH), (48 * 60, ABOVE))},
    ),
    (
        "document-check",
        _("Trade document checked"),
        {
            "metric": "document_check",
            "start_events": ["document.submitted"],
            "stop_events": ["document.approved", "document.returned"],
            "amount": 1,
            "unit": "working_days",
            "calendar": GUANGZHOU,
            "warning_percent": [75],
            "steps": _steps((4 * 60, BOTH)),
        },
    ),
    (
        "driver-check-in",
        _("Check-in with the driver"),
        {
            "metric": "check_in",
            "start_events": ["shipment.dispatched"],
            "restart_events": ["shipment.tracked", "shipment.departed"],
            "stop_events": SHIPMENT_END,
            "kinds": ["truck"],
            "amount": 12,
            "unit": "hours",
            "warning_percent": [90],
            "steps": _steps((120, BOTH)),
        },
    ),
    (
        "eta-overrun",
        _("Contingency plan after a passed arrival time"),
        {
            "metric": "eta_overrun",
            "start_events": ["shipment.dispatched"],
            "stop_events": SHIPMENT_END,
            "retarget_events": ["shipment.delayed", "shipment.rescheduled"],
            "amount": 48,
            "unit": "hours",
            "anchor_fact": "eta",
            "warning_percent": [90],
            "steps": _steps((60, BOTH)),
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
            "steps": _steps((24 * 60, BOTH)),
        },
    ),
    (
        "article-review",
        _("Article looked at again"),
        {
            "metric": "review",
            "start_events": ["article.published", "article.restored"],
            "restart_events": ["article.reviewed"],
            "retarget_events": ["article.published", "article.changed"],
            "stop_events": ["article.retired"],
            "amount": 0,
            "unit": "hours",
            "anchor_fact": "review_on",
            "warning_percent": [95],
            "steps": _steps((24 * 60, BOTH)),
        },
    ),
    (
        "ticket-solution",
        pgettext_lazy("promise", "Solution proposed"),
        {
            "metric": "solution",
            "start_events": TICKET_START,
            "stop_events": ["ticket.proposed", *TICKET_END],
            "retarget_events": ["ticket.prioritised"],
            "amount": 24,
            "unit": "hours",
            "warning_percent": [50, 75, 90],
            "steps": _steps((4 * 60, BOTH)),
        },
    ),
    (
        "ticket-solution-key",
        pgettext_lazy("promise", "Solution proposed, key accounts"),
        {
            "metric": "solution",
            "start_events": TICKET_START,
            "stop_events": ["ticket.proposed", *TICKET_END],
            "retarget_events": ["ticket.prioritised"],
            "position": 50,
            "tiers": KEY_TIERS,
            "amount": 12,
            "unit": "hours",
            "warning_percent": [50, 75, 90],
            "steps": _steps((2 * 60, BOTH)),
        },
    ),
    (
        "ticket-progress",
        _("News to the customer"),
        {
            "metric": "progress",
            "start_events": TICKET_START,
            "restart_events": ["message.written", "ticket.acknowledged", "ticket.investigated", "ticket.proposed"],
            **TICKET_PAUSES,
            "stop_events": TICKET_END,
            "amount": 8,
            "unit": "hours",
            "calendar": GUANGZHOU,
            "warning_percent": [75],
            "steps": _steps((4 * 60, BOTH)),
        },
    ),
    (
        "ticket-resolution",
        _("Complaint resolved"),
        {
            "metric": "resolution",
            "start_events": TICKET_START,
            **TICKET_PAUSES,
            "stop_events": TICKET_END,
            "retarget_events": ["ticket.prioritised"],
            "amount": 3,
            "unit": "working_days",
            "calendar": GUANGZHOU,
            "warning_percent": [50, 75, 90],
            "steps": _steps((8 * 60, BOTH), (24 * 60, ABOVE)),
        },
    ),
    *SAMPLE_TARGETS,
]
REASONS: list[tuple[str, Any]] = [
    ("photos", _("photos or samples of the defect")),
    ("details", _("details that we asked for")),
    ("decision", _("a decision on our proposal")),
    ("access", _("an appointment or access to the site")),
    ("goods", _("goods to be sent back")),
    ("payment", _("a payment")),
    ("colleague", _("an answer from a colleague")),
    ("other", _("something else")),
]


def load_reasons() -> int:
    """Add the reasons to wait that are not there yet."""
    known = set(PauseReason.objects.values_list("code", flat=True))
    for place, (code, name) in enumerate(REASONS, start=1):
        if code not in known:
            PauseReason(code=code, position=10 * place, **_names(name)).save()
    return len([code for code, _name in REASONS if code not in known])


def load_fairness() -> int:
    """Make the row that says what is fair, so that it can be changed."""
    return int(FairnessPolicy.objects.get_or_create(pk=1)[1])


def load_soon() -> int:
    """Make the row that says what is due soon, so that it can be changed."""
    return int(SoonPolicy.objects.get_or_create(pk=1)[1])


def load() -> int:
    """Add the targets that are not there yet."""
    known = set(Target.objects.values_list("code", flat=True))
    calendars = {calendar.code: calendar for calendar in Calendar.objects.all()}
    missing = [one for one in TARGETS if one[0] not in known]
    for code, name, fields in missing:
        calendar = calendars.get(fields.get("calendar", ""))
        plain = {key: value for key, value in fields.items() if key != "steps"}
        target = Target(code=code, **{**plain, "calendar": calendar}, **_names(name))
        set_steps(target, fields["steps"])
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
