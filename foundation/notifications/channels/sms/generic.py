"""Any gateway that takes a text over HTTP, described by the settings SMS_METHOD, SMS_FORMAT, SMS_BODY, SMS_HEADERS, SMS_ID_PATH."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from foundation.notifications.channels.base import Unreachable
from foundation.notifications.channels.outgoing import Caller
from foundation.notifications.channels.replies import judge, read_json, value_at
from foundation.notifications.channels.sms.gateways import Text

TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


class HttpGateway:
    """Fills the described body, over one connection for a whole batch."""

    def __init__(self, url: str) -> None:
        if settings.SMS_FORMAT not in TYPES:
            raise Unreachable("SMS_FORMAT must be json or form")
        if settings.SMS_METHOD not in ("POST", "PUT", "GET"):
            raise Unreachable("SMS_METHOD must be POST, PUT or GET")
        self.pattern = _object("SMS_BODY", settings.SMS_BODY)
        self.headers = {
            "Accept": "application/json",
            "Content-Type": TYPES[settings.SMS_FORMAT],
            **{name: str(value) for name, value in _object("SMS_HEADERS", settings.SMS_HEADERS or "{}").items()},
        }
        self.caller = Caller(url, is_local=settings.SMS_LOCAL)

    def send(self, text: Text) -> str:
        filled = put_in(self.pattern, {"to": text.to, "text": text.text, "id": text.reference})
        path, body = "", b""
        if settings.SMS_METHOD == "GET":
            joint = "&" if "?" in self.caller.path else "?"
            path = f"{self.caller.path}{joint}{urlencode(filled)}"
        else:
            body = (json.dumps(filled) if settings.SMS_FORMAT == "json" else urlencode(filled)).encode()
        status, answer = self.caller.call(settings.SMS_METHOD, body, self.headers, path)
        judge(status, answer)
        return value_at(read_json(answer), settings.SMS_ID_PATH)

    def close(self) -> None:
        self.caller.close()


def put_in(pattern: Any, values: dict[str, str]) -> Any:
    """The pattern with `{to}`, `{text}` and `{id}` filled in, in one pass: braces in a text stay what they are."""
    if isinstance(pattern, dict):
        return {name: put_in(value, values) for name, value in pattern.items()}
    if isinstance(pattern, list):
        return [put_in(value, values) for value in pattern]
    if not isinstance(pattern, str):
        return pattern
    parts = pattern.split("{")
    done = parts[0]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        done += values[name] + rest if brace and name in values else "{" + part
    return done


def _object(name: str, said: str) -> dict[str, Any]:
    try:
        data = json.loads(said)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise Unreachable(f"{name} is not a JSON object")
    return data
