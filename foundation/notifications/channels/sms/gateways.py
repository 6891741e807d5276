"""Gateways for text messages. The generic one speaks JSON over HTTP to `settings.SMS_URL`."""

from __future__ import annotations

import http.client
import json
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from foundation.notifications.channels.base import Postponed, Rejected, Unreachable

TIMEOUT = 15
BUSY = {408, 409, 423, 425, 429}


class Gateway(Protocol):
    """What a provider of text messages must offer."""

    def send(self, *, to: str, text: str, reference: str) -> str:
        """Hand over one text; `reference` stays the same when it is repeated. Returns the provider's ID."""

    def close(self) -> None:
        """Let go of the connection."""


class HttpGateway:
    """POSTs `{"to", "text", "id"}` and reads `{"id"}`, over one connection for a whole batch. Follows no redirect."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Unreachable("SMS_URL is not an address of the form https://host/path")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connection = kind(parts.hostname, parts.port, timeout=TIMEOUT)
        self.path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def send(self, *, to: str, text: str, reference: str) -> str:
        body = json.dumps({"to": to, "text": text, "id": reference}).encode()
        try:
            self.connection.request(
                "POST", self.path, body, {"Content-Type": "application/json", "Accept": "application/json"}
            )
            response = self.connection.getresponse()
            answer = response.read(65536)
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        judge(response.status, answer)
        return provider_id(answer)

    def close(self) -> None:
        self.connection.close()


def judge(status: int, answer: bytes) -> None:
    """Turn a status into one of the three refusals; 2xx passes."""
    if 200 <= status < 300:
        return
    text = f"{status} {answer[:200].decode('utf-8', 'replace')}"
    if status in (401, 403) or 300 <= status < 400:
        raise Unreachable(text)
    if status in BUSY or status >= 500:
        raise Postponed(text)
    raise Rejected(text)


def provider_id(answer: bytes) -> str:
    """The provider's own ID, or empty text if its answer has none."""
    try:
        data: Any = json.loads(answer)
    except ValueError:
        return ""
    return str(data.get("id") or "")[:200] if isinstance(data, dict) else ""


def configured_gateway() -> Gateway:
    """The gateway that the settings name. Raises Unreachable while there is none."""
    if not settings.SMS_URL:
        raise Unreachable("SMS_URL is empty: there is no gateway for text messages")
    return HttpGateway(settings.SMS_URL)
