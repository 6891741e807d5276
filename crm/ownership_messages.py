"""What is said of ownership: warnings, returns, requests, hand-overs; to colleagues, and to the customer where somebody wants it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.models import OwnershipRequest
from crm.ownership_words import TEXTS
from crm.selectors import visible_requests
from foundation.accounts.audiences import Recipient, register_audience, staff_recipient
from foundation.accounts.models import User
from foundation.accounts.routing import staff_in_role
from foundation.journal.registry import parse_iso_day
from foundation.notifications.defaults import register_message
from foundation.notifications.placeholders import register_event_placeholders, register_placeholders
from foundation.notifications.subjects import register_subject
from foundation.notifications.texts import one_line
from foundation.ui import formats

ANSWERER = "crm.answer_ownershiprequest"


def _user(pk: Any) -> list[Recipient]:
    person = User.objects.filter(pk=pk, is_active=True).first() if pk else None
    return [staff_recipient(person)] if person is not None else []


def former_owner(event: Any, subject: Any) -> list[Recipient]:
    """Whoever had the customer before."""
    return _user(event.facts.get("former_owner_id") or event.facts.get("from_owner_id"))


def asker(event: Any, subject: Any) -> list[Recipient]:
    """Whoever asked for the customer."""
    return _user(event.facts.get("asker_id"))


def answerers(event: Any, subject: Any) -> list[Recipient]:
    """The owner's manager or the lead of their team, if they may answer; otherwise all managers."""
    owner = subject.customer.owner
    close = (
        [one for one in (owner.manager, owner.team.lead if owner.team else None) if one is not None] if owner else []
    )
    fit = [one for one in close if one.is_active and one.has_perm(ANSWERER)][:1]
    return [staff_recipient(one) for one in fit or staff_in_role("manager").order_by("pk")]


def request_values(request: OwnershipRequest, recipient: Recipient) -> dict[str, Any]:
    """What a message about a request may say; whoever asked reads what they entered, and not the customer's name."""
    is_asker = recipient.user_id == request.asker_id and request.status in ("open", "refused")
    return {
        "asker_name": str(request.asker),
        "request_note": request.note,
        "request_answer": request.reason,
        "requested_customer": one_line((request.typed or "–") if is_asker else request.customer.name),
    }


REQUEST_NAMES = {
    "asker_name": _("Who asks for the customer"),
    "request_note": _("Why the customer is asked for"),
    "request_answer": _("What the manager answered"),
    "requested_customer": _("The customer that is asked for"),
}


def return_values(event: Any, subject: Any, recipient: Recipient) -> dict[str, Any]:
    """When the customer goes back."""
    day = parse_iso_day(str(event.facts.get("returns_on") or ""))
    return {"return_day": formats.day(day) if day else "", "days_left": str(event.facts.get("days_left", ""))}


def handover_values(event: Any, subject: Any, recipient: Recipient) -> dict[str, Any]:
    """What the former owner or the manager wrote for the new one."""
    private = getattr(event, "private", None)
    return {"handover_note": (private.data if private is not None else {}).get("note", "")}


def register() -> None:
    """Called once, when the apps are ready."""
    register_audience("former_owner", _("Whoever had the customer before"), former_owner, is_named_by_event=True)
    register_audience("ownership_asker", _("Whoever asked for the customer"), asker, is_named_by_event=True)
    register_audience(
        "ownership_answerers", _("Whoever answers requests for customers"), answerers, is_named_by_event=True
    )
    register_subject(
        OwnershipRequest, owner=lambda one: one.customer.owner, visible=visible_requests, nouns=("ownership",),
        composer=False,
    )  # fmt: skip
    register_placeholders(OwnershipRequest, request_values, names=REQUEST_NAMES, internal=tuple(REQUEST_NAMES))
    register_event_placeholders(
        "customer.return_warned", return_values,
        names={"return_day": _("The day on which the customer goes back"), "days_left": _("How many days are left")},
        internal=("return_day", "days_left"),
    )  # fmt: skip
    register_event_placeholders(
        "customer.reassigned", handover_values, names={"handover_note": _("What the new owner must know")},
        internal=("handover_note",),
    )  # fmt: skip
    for key, event, audience, condition in MESSAGES:
        register_message(
            key, event=event, audience=audience, condition=condition, texts=TEXTS[key],
            channels=("email",) if audience == "customer_contact" else ("inbox", "email"),
        )  # fmt: skip


MESSAGES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("customer.return_warned", "customer.return_warned", "owner", {}),
    ("customer.returned_to_pool", "customer.returned_to_pool", "former_owner", {}),
    ("customer.handed_over", "customer.reassigned", "owner", {"has_note": True}),
    ("customer.introduced", "customer.reassigned", "customer_contact", {"tell_customer": True}),
    ("ownership.requested", "ownership.requested", "ownership_answerers", {}),
    ("ownership.shared", "ownership.shared", "ownership_asker", {}),
    ("ownership.handed", "ownership.handed", "ownership_asker", {}),
    ("ownership.refused", "ownership.refused", "ownership_asker", {}),
    ("ownership.taken", "ownership.handed", "former_owner", {}),
]
