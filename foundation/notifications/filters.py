"""What the list of messages can be narrowed by."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.notifications import channels
from foundation.notifications.compose import NO_ADDRESS
from foundation.notifications.models import Message, MessageQuerySet

REASONS = {
    "address": (_("No address"), Q(last_error=NO_ADDRESS)),
    "refused": (
        _("Refused by the provider"),
        Q(state="failed") & ~Q(last_error__in=(NO_ADDRESS, "")) & Q(strikes__lt=5),
    ),
    "unclear": (_("Handed over without an answer"), Q(state="unknown")),
    "fault": (_("Set aside after a fault"), Q(state="failed", strikes__gte=5)),
}


class MessageFilter(django_filters.FilterSet):
    """Channel, and why it could not be sent."""

    channel = django_filters.ChoiceFilter(
        label=_("Channel"), choices=lambda: [(one.code, one.label) for one in channels.transports()]
    )
    reason = django_filters.ChoiceFilter(
        label=_("Reason"), choices=[(code, label) for code, (label, _rows) in REASONS.items()], method="because"
    )

    class Meta:
        model = Message
        fields = ("channel",)

    def because(self, rows: MessageQuerySet, name: str, value: str) -> QuerySet[Message]:
        """Failures of one kind."""
        return rows.parked().filter(REASONS[value][1])
