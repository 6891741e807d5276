"""Doors for machines: a body that is bounded, and a signature over its id, its time and all of it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

TOLERANCE = timedelta(seconds=300)
LARGEST = 1024 * 1024  # bytes
LONGEST_ID = 120


class TurnedAway(Exception):
    """The request is not taken; `answer` says why, for whoever connects the other machine."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status

    @property
    def answer(self) -> JsonResponse:
        """What the other machine is told."""
        return JsonResponse({"error": str(self)}, status=self.status)


def door(view: Callable[..., HttpResponse], methods: Sequence[str] = ("POST",)) -> Any:
    """A page for machines: posted to, without a session, and every refusal is an answer in words."""

    @csrf_exempt
    @login_not_required
    @require_http_methods(methods)
    @wraps(view)
    def opened(request: HttpRequest, **values: str) -> HttpResponse:
        try:
            return view(request, **values)
        except TurnedAway as refusal:
            return refusal.answer

    return opened


def read_body(request: HttpRequest, largest: int = LARGEST) -> bytes:
    """All of the body. Raises TurnedAway before anything is read that is larger."""
    length = request.headers.get("Content-Length", "")
    if not (length.isascii() and length.isdigit()) or len(length) > 9:
        raise TurnedAway(411, "Content-Length is missing")
    if int(length) > largest:
        raise TurnedAway(413, f"at most {largest // 1024} KB")
    try:
        return bytes(request.body)
    except RequestDataTooBig as error:
        raise TurnedAway(413, "too large") from error
    except UnreadablePostError as error:
        raise TurnedAway(400, "the body did not arrive") from error


def signature(key: str, message_id: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over `id.timestamp.body`, in hexadecimal."""
    return hmac.new(key.encode(), f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def is_genuine(
    keys: Sequence[str], message_id: str, timestamp: str, body: bytes, given: str, *, now: datetime | None = None
) -> bool:
    """Whether one of our keys signed it, not more than five minutes ago or ahead."""
    if not (0 < len(message_id) <= LONGEST_ID and timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    moment = (now or timezone.now()).timestamp()
    is_fresh = abs(moment - int(timestamp)) <= TOLERANCE.total_seconds()
    signed = [signature(key, message_id, timestamp, body) for key in keys]
    return is_one_of(signed, given.removeprefix("sha256=")) and is_fresh


def is_one_of(expected: Sequence[str], given: str) -> bool:
    """Whether a secret is one of these; every one is compared, so that the time tells nothing of which one it was."""
    try:
        offered = given.encode("ascii")
    except UnicodeEncodeError:
        return False
    matches = [hmac.compare_digest(one.encode(), offered) for one in expected]
    return any(matches)


def read_signed(request: HttpRequest, keys: Sequence[str]) -> tuple[str, bytes]:
    """Id and body of a request that carries our three headers. Raises TurnedAway."""
    body = read_body(request)
    message_id, timestamp = request.headers.get("X-Kontor-Id", ""), request.headers.get("X-Kontor-Timestamp", "")
    if not is_genuine(keys, message_id, timestamp, body, request.headers.get("X-Kontor-Signature", "")):
        raise TurnedAway(401, "the signature or the time is wrong")
    return message_id, body
