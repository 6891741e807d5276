"""What became of a campaign: one word for each customer, counted and listed by the same query."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Campaign, CampaignRecipient
from foundation.notifications.compose import NO_ADDRESS
from foundation.notifications.manners import reasons
from foundation.notifications.models import Message, OptOut

Held, State = CampaignRecipient.Held, Message.State
# Who declines within so many days after it was sent has, as far as anybody can tell, declined because of it.
BECAUSE_OF_IT = timedelta(days=14)
RESULTS: dict[str, Any] = {
    "queued": _("Waiting to leave"),
    "sent": pgettext_lazy("result of a campaign", "Sent"),
    "delivered": pgettext_lazy("result of a campaign", "Delivered"),
    "bounced": _("Came back"),
    "failed": _("Could not be sent"),
    "unknown": _("Fate unknown"),
    "cancelled": pgettext_lazy("result of a campaign", "Called off"),
    "declined": _("Declined afterwards"),
    **dict(Held.choices),
}
LEFT = ("sent", "delivered", "bounced", "unknown", "declined")
MARKS = {
    "queued": "plain", "sent": "done", "delivered": "done", "bounced": "late", "failed": "late", "unknown": "soon",
    "cancelled": "paused", "declined": "soon",
}  # fmt: skip
# Good manners look again when a message leaves; what they held back then is the same to the reader as before.
AT_THE_DOOR = {
    reasons.SAME_TEXT: Held.SAME_TEXT,
    reasons.TOO_MANY: Held.TOO_MANY,
    reasons.UNWANTED: Held.NO_CONSENT,
    reasons.OPTED_OUT: Held.NO_CONSENT,
    reasons.DEAD_ADDRESS: Held.DEAD_ADDRESS,
    NO_ADDRESS: Held.NO_ADDRESS,
}


def with_result(rows: QuerySet[CampaignRecipient]) -> QuerySet[CampaignRecipient]:
    """Adds `result`, a key of RESULTS."""
    declined = OptOut.objects.filter(
        Q(kind=OuterRef("campaign__kind")) | Q(kind=""),
        person_key=OuterRef("message__recipient_key"),
        is_withdrawal=False,
        created_at__gt=OuterRef("message__sent_at"),
        created_at__lt=OuterRef("message__sent_at") + BECAUSE_OF_IT,
    )
    door = [
        When(message__state__in=[State.SUPPRESSED, State.FAILED], message__last_error=code, then=Value(held))
        for code, held in AT_THE_DOOR.items()
    ]
    return rows.annotate(
        result=Case(
            When(~Q(held_back=""), then=F("held_back")),
            When(message=None, then=Value("queued")),
            When(message__state__in=[State.QUEUED, State.SENDING], then=Value("queued")),
            When(Q(message__state__in=[State.SENT, State.DELIVERED]) & Exists(declined), then=Value("declined")),
            *door,
            When(message__state=State.FAILED, message__sent_at__isnull=False, then=Value("bounced")),
            When(message__state=State.SUPPRESSED, then=Value("failed")),
            default=F("message__state"),
            output_field=CharField(),
        )
    )


def counts_of(campaign: Campaign) -> dict[str, int]:
    """How many customers by result, in the order of RESULTS, those that there are. One query."""
    rows: Any = with_result(CampaignRecipient.objects.filter(campaign=campaign))
    found = {row["result"]: row["number"] for row in rows.values("result").annotate(number=Count("pk")).order_by()}
    return {code: found[code] for code in RESULTS if code in found}
