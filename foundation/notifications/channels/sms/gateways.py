"""Which gateway the settings name, and what all of them share: a text to send, and what a status means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from foundation.notifications.channels.base import Unreachable


@dataclass(frozen=True)
class Text:
    """One text message. `reference` stays the same when it is repeated; `approved` answers code and values of its template."""

    to: str
    text: str
    reference: str
    approved: Callable[[], tuple[str, dict[str, str]]] = field(default=lambda: ("", {}))


class Gateway(Protocol):
    """What a provider of text messages must offer."""

    def send(self, text: Text) -> str:
        """Hand over one text; returns the provider's ID, if it gave one."""

    def close(self) -> None:
        """Let go of the connection."""


def configured_gateway() -> Gateway:
    """The gateway that the settings name. Raises Unreachable while there is none, or where they make no sense."""
    from foundation.notifications.channels.sms.aliyun import AliyunGateway
    from foundation.notifications.channels.sms.generic import HttpGateway
    from foundation.notifications.channels.sms.twilio import TwilioGateway

    if not settings.SMS_URL:
        raise Unreachable("SMS_URL is empty: there is no gateway for text messages")
    kinds: dict[str, type[Any]] = {
        "http": HttpGateway,
        "https": HttpGateway,
        "aliyun": AliyunGateway,
        "twilio": TwilioGateway,
    }
    kind = kinds.get(urlsplit(settings.SMS_URL).scheme)
    if kind is None:
        raise Unreachable("SMS_URL must begin with https://, http://, aliyun:// or twilio://")
    gateway: Gateway = kind(settings.SMS_URL)
    return gateway


def address_of_provider(url: str) -> str:
    """`https://host:port` of an address like twilio://…; plain http only to a gateway in our own network."""
    host = urlsplit(url).netloc.rpartition("@")[2]
    return f"{'http' if settings.SMS_LOCAL else 'https'}://{host}"
