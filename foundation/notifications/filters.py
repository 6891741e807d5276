"""What the list of messages can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.notifications import channels
from foundation.notifications.compose import NO_ADDRESS
from foundation.notifications.manners.kinds import NO_KIND, all_kinds
from foundation.notifications.manners.reasons import HELD_BACK, SENTENCES
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


def kind_choices() -> list[tuple[str, Any]]:
    """The kinds of messages, and that a message has none."""
    return [*((one.code, one.label) for one in all_kinds()), (NO_KIND, _("no kind"))]


class MessageFilter(django_filters.FilterSet):
    """Channel and kind, since when, and why it could not be sent or was held back."""

    channel = django_filters.ChoiceFilter(
        label=_("Channel"), choices=lambda: [(one.code, one.label) for one in channels.transports()]
    )
    reason = django_filters.ChoiceFilter(
        label=_("Reason"), choices=[(code, label) for code, (label, _rows) in REASONS.items()], method="because"
    )

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=kind_choices, method="of_kind")
    held = django_filters.ChoiceFilter(
        label=_("Held back because"),
        choices=[(reason, SENTENCES[reason]) for reason in HELD_BACK],
        method="held_because",
    )
    since = django_filters.DateFilter(
        label=_("Created since"),
        field_name="created_at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Message
        fields = ("channel",)

    def because(self, rows: MessageQuerySet, name: str, value: str) -> QuerySet[Message]:
        """Failures of one kind."""
        return rows.parked().filter(REASONS[value][1])

    def of_kind(self, rows: MessageQuerySet, name: str, value: str) -> QuerySet[Message]:
        """Messages of one kind, or of none."""
        return rows.filter(kind="" if value == NO_KIND else value)

    def held_because(self, rows: MessageQuerySet, name: str, value: str) -> QuerySet[Message]:
        """Messages that good manners kept back for this reason."""
        return rows.filter(state=Message.State.SUPPRESSED, last_error=value)
