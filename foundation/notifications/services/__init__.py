"""What people and the system do with messages, addresses and wishes."""

from foundation.notifications.services.messages import (
    cancel,
    change_address,
    mark_read,
    resend,
    send_message,
    write_to_customer,
)

__all__ = ["cancel", "change_address", "mark_read", "resend", "send_message", "write_to_customer"]
