"""The door through which shops, forms and trade platforms post inquiries. See docs/inquiries-api.md."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django_ratelimit.core import is_ratelimited
from redis.exceptions import RedisError

from crm.forms.posting import PostForm
from crm.models import InquirySource
from crm.services.posting import OtherWords, Posted, source_of, take_post, taken_before
from foundation.accounts.addresses import ratelimit_key
from foundation.ui.webhooks import LONGEST_ID, TurnedAway, door, read_body

log = logging.getLogger(__name__)
LARGEST = 128 * 1024
WRONG_KEYS = "20/m"  # from one address


def _post(request: HttpRequest) -> HttpResponse:
    """Take one inquiry. 201 made, 200 joined or known already, 401, 409, 413, 422 with errors by field, 429."""
    source = _source_of(request)
    body = read_body(request, LARGEST)
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 0 < len(key) <= LONGEST_ID or not key.isprintable():
        raise TurnedAway(400, "Idempotency-Key is missing, or longer than 120 characters")
    try:
        if known := taken_before(source, key, body):
            return _answer(known)
        values = _read(body)
        form = PostForm(values, source=source)
        if not form.is_valid():
            words = {name: [str(one) for one in errors] for name, errors in form.errors.items()}
            return JsonResponse({"error": _("The inquiry was not taken."), "errors": words}, status=422)
        return _answer(take_post(source, key, body, form.cleaned_data))
    except OtherWords as error:
        raise TurnedAway(409, "this Idempotency-Key came with another body before") from error


post_inquiry = door(_post)


def _source_of(request: HttpRequest) -> InquirySource:
    """Whose key it is. Raises TurnedAway: for wrong keys and for too many posts; 503 while nobody can count."""
    scheme, _space, raw = request.headers.get("Authorization", "").partition(" ")
    try:
        source = source_of(raw.strip()) if scheme.lower() == "bearer" else None
        if source is None:
            if is_ratelimited(request, "crm.api.wrong", key=ratelimit_key, rate=WRONG_KEYS, increment=True):
                raise TurnedAway(429, "too many wrong keys")
            raise TurnedAway(401, "the key is unknown or revoked: send Authorization: Bearer KEY")
        found: InquirySource = source

        def by_source(_group: str, _request: HttpRequest) -> str:
            return str(found.pk)

        if is_ratelimited(request, "crm.api", key=by_source, rate=f"{found.per_minute}/m", increment=True):
            raise TurnedAway(429, f"at most {found.per_minute} a minute")
    except (RedisError, ConnectionError) as error:
        log.exception("The counter is away: no inquiry is taken")
        raise TurnedAway(503, "try again in a few minutes") from error
    return found


def _read(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise TurnedAway(400, "the body is not JSON") from error
    if not isinstance(values, dict):
        raise TurnedAway(400, "the body must be a JSON object")
    return {name: one.replace("\0", "") if isinstance(one, str) else one for name, one in values.items()}


def _answer(posted: Posted) -> JsonResponse:
    """Number and state; nothing else of the inquiry leaves by this door."""
    status = 201 if posted.is_new else 200
    said = {"number": posted.inquiry.number, "joined": posted.was_joined, "new": posted.is_new}
    return JsonResponse(said, status=status)
