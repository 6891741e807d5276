"""The promises about samples and technical requests that an installation starts with."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.calendars.defaults import GUANGZHOU
from foundation.sla.escalation import CHANNELS, Step

BOTH = ("owner", "owner_manager")
TEAM = ("technical_team", "owner_manager")
DRAWINGS = {
    "metric": "drawings",
    "start_events": ["technical_request.submitted", "technical_request.changes_asked"],
    "stop_events": ["technical_request.released", "technical_request.sent", "technical_request.abandoned"],
    "pause_events": ["technical_request.asked"],
    "resume_events": ["technical_request.answered"],
    "retarget_events": ["technical_request.prioritised"],
    "unit": "working_days",
    "calendar": GUANGZHOU,
    "warning_percent": [50, 75, 90],
}

SAMPLE_TARGETS: list[tuple[str, Any, dict[str, Any]]] = [
    (
        "sample-sent",
        _("Sample sent"),
        {
            "metric": "sample_sent",
            "start_events": ["sample.requested"],
            "stop_events": ["sample.sent", "sample.cancelled"],
            "amount": 3,
            "unit": "working_days",
            "calendar": GUANGZHOU,
            "warning_percent": [75],
            "steps": [Step(8 * 60, BOTH, CHANNELS)],
        },
    ),
    (
        "sample-follow-up",
        _("Customer asked about a sample"),
        {
            "metric": "sample_follow_up",
            "start_events": ["sample.received"],
            "stop_events": [
                "sample.decision_asked",
                "sample.followed_up",
                "sample.approved",
                "sample.rejected",
                "sample.cancelled",
            ],
            "amount": 5,
            "unit": "working_days",
            "calendar": GUANGZHOU,
            "warning_percent": [75],
            "steps": [Step(8 * 60, BOTH, CHANNELS)],
        },
    ),
    (
        "technical-first-answer",
        _("Technical request taken up"),
        {
            "metric": "technical_answer",
            "start_events": ["technical_request.submitted"],
            "stop_events": ["technical_request.assigned", "technical_request.abandoned"],
            "amount": 1,
            "unit": "working_days",
            "calendar": GUANGZHOU,
            "warning_percent": [75],
            "steps": [Step(4 * 60, TEAM, CHANNELS)],
        },
    ),
    (
        "technical-drawings-urgent",
        _("Drawings, urgent"),
        {**DRAWINGS, "position": 10, "priorities": ["urgent"], "amount": 2, "steps": [Step(4 * 60, BOTH, CHANNELS)]},
    ),
    (
        "technical-drawings",
        _("Drawings delivered"),
        {**DRAWINGS, "position": 100, "amount": 5, "steps": [Step(8 * 60, BOTH, CHANNELS)]},
    ),
]
