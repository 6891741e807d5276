"""What people and the system do with messages, addresses and wishes."""

from foundation.notifications.services.messages import (
    BULK,
    bounced,
    cancel,
    change_address,
    confirm_sent,
    many,
    mark_read,
    resend,
    send_message,
    send_otherwise,
)

__all__ = [
    "BULK",
    "bounced",
    "cancel",
    "change_address",
    "confirm_sent",
    "many",
    "mark_read",
    "resend",
    "send_message",
    "send_otherwise",
]
