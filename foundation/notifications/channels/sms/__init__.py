"""Text messages through a gateway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from foundation.notifications.channels.base import Channel, Session
from foundation.notifications.channels.sms.gateways import Gateway, configured_gateway
from foundation.notifications.models import Message


class SmsSession(Session):
    """Hands messages to one gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def send(self, message: Message) -> str:
        return self.gateway.send(to=message.to_address, text=message.body, reference=message.message_id.strip("<>"))


class SmsChannel(Channel):
    code = "sms"
    label = _("Text message")
    gives_receipts = True

    @contextmanager
    def connect(self) -> Iterator[Session]:
        gateway = configured_gateway()
        try:
            yield SmsSession(gateway)
        finally:
            gateway.close()
