"""What people can do: write to the customer from any record, and put right a message that failed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.journal.machine import actions
from foundation.notifications import composer_pages, drafting, services, subjects
from foundation.notifications.forms import AddressForm, OtherwiseForm
from foundation.notifications.models import Message
from foundation.notifications.writing import PERMISSION, can_write


def _in(*states: str) -> Any:
    def available(message: Message, user: Any) -> bool:
        return message.state in states

    return available


def register() -> None:
    """Offer them on the pages of messages and of every kind of record that can be written from."""
    change = "notifications.change_message"
    actions.add(
        Message,
        "resend",
        label=_("Send again"),
        service=services.resend,
        permission=change,
        available=lambda message, user: (
            message.state in ("failed", "unknown", "suppressed") and bool(message.to_address)
        ),
        primary=True,
        done=_("The message will be sent again."),
    )
    actions.add(
        Message,
        "confirm-sent",
        label=_("It was sent"),
        service=services.confirm_sent,
        permission=change,
        available=_in("unknown"),
        done=_("The message counts as sent."),
    )
    actions.add(
        Message,
        "change-address",
        label=_("Send to another address"),
        service=services.change_address,
        permission=change,
        form=AddressForm,
        wants_context=True,
        available=_in("failed", "unknown"),
        done=_("The message will be sent to the new address."),
    )
    actions.add(
        Message,
        "send-otherwise",
        label=_("Send by another channel"),
        service=services.send_otherwise,
        permission=change,
        form=OtherwiseForm,
        wants_context=True,
        available=_in("failed", "unknown"),
        done=_("A new message by the other channel is on its way."),
    )
    actions.add(
        Message,
        "cancel",
        label=_("Call off"),
        service=services.cancel,
        permission=change,
        available=_in("queued", "failed"),
        danger=True,
        done=_("The message has been called off."),
    )
    for kind in subjects.all_subject_types():
        offer_writing(kind.model)


def offer_writing(model: Any) -> None:
    """Put “Write to the customer” among the actions of a kind of record: a page of its own, the composer."""
    if can_write(model) and actions.get(model, "write") is None:
        actions.add(
            model,
            "write",
            label=_("Write to the customer"),
            service=drafting.send,
            permission=PERMISSION,
            page=composer_pages.compose,
            usual=True,
        )
