"""What the clocks themselves, and whoever changes their targets, tell the journal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.journal.registry import event_type

WARNED = "sla.warned"
BREACHED = "sla.breached"
ESCALATED = "sla.escalated"
TARGET_ADDED = "target.added"
TARGET_CHANGED = "target.changed"
DUE_SET = "sla.due_set"
RESET = "sla.reset"


def register() -> None:
    """Make the codes known to the journal."""
    event_type(WARNED, _("%(promise)s: %(level)s %% of the time is used"))
    event_type(BREACHED, _("%(promise)s: missed"))
    event_type(DUE_SET, _("%(promise)s: due time set by hand"))
    event_type(RESET, _("%(promise)s: begun afresh"))
    event_type(ESCALATED, _("%(promise)s: escalated, step %(level)s"))
    event_type(TARGET_ADDED, _("Promise “%(promise)s” added"))
    event_type(TARGET_CHANGED, _("Promise “%(promise)s” changed"))
