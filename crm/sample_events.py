"""The facts of samples and technical requests."""

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

SAMPLE_REQUESTED = event_type("sample.requested", _("Sample %(number)s requested: %(purpose)s"))
SAMPLE_UPDATED = event_type("sample.updated", _("Sample %(number)s changed"))
SAMPLE_PREPARED = event_type("sample.prepared", _("Sample %(number)s is ready"))
SAMPLE_SENT = event_type("sample.sent", _("Sample %(number)s sent by %(courier)s"))
SAMPLE_RECEIVED = event_type("sample.received", _("The customer has sample %(number)s"))
SAMPLE_DECISION_ASKED = event_type("sample.decision_asked", _("Customer asked for the decision on sample %(number)s"))
SAMPLE_FOLLOWED_UP = event_type("sample.followed_up", _("Customer asked about sample %(number)s, not decided yet"))
SAMPLE_APPROVED = event_type("sample.approved", _("Customer approves sample %(number)s"))
SAMPLE_REJECTED = event_type("sample.rejected", _("Customer rejects sample %(number)s"))
SAMPLE_CANCELLED = event_type("sample.cancelled", _("Sample %(number)s cancelled"))
SAMPLE_REASSIGNED = event_type("sample.reassigned", _("Sample %(number)s handed over to %(owner)s"))

TECHNICAL_SUBMITTED = event_type("technical_request.submitted", _("Technical request %(number)s: %(subject)s"))
TECHNICAL_UPDATED = event_type("technical_request.updated", _("Technical request %(number)s changed"))
TECHNICAL_PRIORITISED = event_type(
    "technical_request.prioritised", _("Priority of technical request %(number)s changed")
)
TECHNICAL_ASSIGNED = event_type("technical_request.assigned", _("Technical request %(number)s is being drawn"))
TECHNICAL_REASSIGNED = event_type(
    "technical_request.reassigned", _("Technical request %(number)s handed over to %(owner)s")
)
TECHNICAL_ASKED = event_type("technical_request.asked", _("Waiting for an answer %(waits_for)s"))
TECHNICAL_ANSWERED = event_type("technical_request.answered", _("Question about technical request %(number)s answered"))
TECHNICAL_DRAWN = event_type("technical_request.drawn", _("Drawings %(number)s, revision %(revision)s, submitted"))
TECHNICAL_RELEASED = event_type("technical_request.released", _("Drawings %(number)s, revision %(revision)s, released"))
TECHNICAL_RETURNED = event_type("technical_request.returned", _("Drawings %(number)s, revision %(revision)s, returned"))
TECHNICAL_SENT = event_type(
    "technical_request.sent", _("Drawings %(number)s, revision %(revision)s, sent to the customer")
)
TECHNICAL_APPROVAL_ASKED = event_type(
    "technical_request.approval_asked", _("Customer asked again about drawings %(number)s")
)
TECHNICAL_APPROVED = event_type(
    "technical_request.approved", _("Customer approves drawings %(number)s, revision %(revision)s")
)
TECHNICAL_CHANGES_ASKED = event_type(
    "technical_request.changes_asked",
    _("Customer wants changes to drawings %(number)s, revision %(revision)s"),
)
TECHNICAL_FINISHED = event_type("technical_request.finished", _("Technical request %(number)s done"))
TECHNICAL_ABANDONED = event_type("technical_request.abandoned", _("Technical request %(number)s given up"))
