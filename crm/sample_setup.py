"""What samples and technical requests bring to the house: rows, words, buttons, places in the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm import sample_actions, sample_defaults, sample_events, sample_messages, sample_panels
from crm.models import Sample, TechnicalRequest
from crm.sample_selectors import drawings_waiting
from crm.services.samples import hand_over_sample
from crm.services.technical import hand_over_request
from foundation.accounts.defaults import register_defaults
from foundation.accounts.work import WorkKind, register_work
from foundation.mailroom.registry import register_target
from foundation.sla.dates import register_date
from foundation.sla.ends import register_withdrawals
from foundation.sla.pauses import register_words
from foundation.sla.values import register_values
from foundation.ui.nav import register_area, register_new

EVENTS = sample_events  # imported for its registrations


def register() -> None:
    """Called once, when the apps are ready."""
    register_defaults(52, "samples and drawings", sample_defaults.load)
    register_values("priorities", TechnicalRequest.Priority.choices)
    register_date("wanted_on", _("day by which it is wanted"))
    register_withdrawals(["sample.cancelled", "technical_request.abandoned"])
    register_words(
        customer=["technical_request.answered", "technical_request.approved", "technical_request.changes_asked"],
        ours=["technical_request.asked", "technical_request.sent"],
    )
    register_target(Sample)
    register_target(TechnicalRequest)
    sample_messages.register()
    sample_actions.register()
    sample_panels.register()
    register_area(
        "technical", _("Technical"), "wrench-screwdriver", "crm:technical-requests", 22,
        "crm.draw_technicalrequest", drawings_waiting,
    )  # fmt: skip
    register_new("sample", _("Sample request"), "archive-box", "crm:sample-new", 27, "crm.add_sample")
    register_new(
        "technical", _("Technical request"), "wrench-screwdriver", "crm:technical-request-new", 28,
        "crm.add_technicalrequest",
    )  # fmt: skip
    _register_work()


def _register_work() -> None:
    register_work(
        WorkKind(
            "samples",
            _("Samples"),
            lambda: Sample.objects.filter(status__in=Sample.OPEN),
            hand_over_sample,
            needs="crm.decide_sample",
            order=17,
            title=lambda one: f"{one.number} · {one.purpose}",
        )
    )
    register_work(
        WorkKind(
            "drawings",
            _("Technical requests"),
            lambda: TechnicalRequest.objects.filter(status__in=TechnicalRequest.OPEN),
            hand_over_request,
            needs="crm.draw_technicalrequest",
            order=18,
            title=lambda one: f"{one.number} · {one.subject}",
        )
    )
