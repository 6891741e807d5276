"""Text messages through a gateway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.notifications.channels.base import Channel, Session
from foundation.notifications.channels.sms.approved import approved_text
from foundation.notifications.channels.sms.gateways import Gateway, Text, configured_gateway
from foundation.notifications.models import Message


class SmsSession(Session):
    """Hands messages to one gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def send(self, message: Message) -> str:
        reference = message.message_id.strip("<>")
        return self.gateway.send(Text(message.to_address, message.body, reference, lambda: approved_text(message)))


class SmsChannel(Channel):
    code = "sms"
    label = _("Text message")

    @property
    def gives_receipts(self) -> bool:
        """Twilio is given our address with each text; others are told it once, and sign with our keys."""
        if settings.SMS_URL.startswith("twilio:"):
            return settings.ORIGIN.startswith("https:")
        return bool(settings.SMS_RECEIPT_KEYS)

    @contextmanager
    def connect(self) -> Iterator[Session]:
        gateway = configured_gateway()
        try:
            yield SmsSession(gateway)
        finally:
            gateway.close()
