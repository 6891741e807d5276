"""Doors for receipts of text messages: signed by us and a gateway of any kind, by Twilio, or at Aliyun's secret address."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from foundation.notifications.channels.replies import value_at
from foundation.notifications.services.receipts import Blame, Outcome, Receipt, Result, is_first, take_receipt
from foundation.ui.webhooks import TurnedAway, door, is_one_of, read_body, read_signed

MOST_AT_ONCE = 1000
# How a gateway reports that was told nothing else.
USUAL: dict[str, Any] = {
    "id": "id", "provider_id": "provider_id", "state": "state", "detail": "detail",
    "delivered": ["delivered"], "failed": ["failed", "undelivered", "rejected", "expired"], "lasting": [],
}  # fmt: skip
TWILIO_DELIVERED, TWILIO_FAILED = {"delivered", "read"}, {"undelivered", "failed", "canceled"}
# Unknown destination, landline or unreachable carrier; the phone is off. Others do not speak against the number.
TWILIO_BLAME: dict[str, Blame] = {"30005": "lasting", "30006": "lasting", "30003": "passing"}


# ---------------------------------------------------------------- any gateway


@door
def generic(request: HttpRequest) -> HttpResponse:
    """One report or a list of them, with our three headers. The same notice again answers 200 and does nothing."""
    if not settings.SMS_RECEIPT_KEYS:
        raise Http404
    notice_id, body = read_signed(request, settings.SMS_RECEIPT_KEYS)
    names = _names()
    reports = [_report(one, names) for one in _items(body)]
    with transaction.atomic():
        results = _take(reports) if is_first(f"sms:{notice_id}") else []
    return JsonResponse({"taken": results.count("taken")})


def _names() -> dict[str, Any]:
    try:
        own = json.loads(settings.SMS_RECEIPT)
    except ValueError as error:
        raise TurnedAway(503, "SMS_RECEIPT is not JSON") from error
    if not isinstance(own, dict) or any(type(own.get(name, usual)) is not type(usual) for name, usual in USUAL.items()):
        raise TurnedAway(503, "SMS_RECEIPT names texts and lists in a JSON object")
    return {**USUAL, **own}


def _report(one: Any, names: dict[str, Any]) -> Receipt | None:
    """The report, or None for a state on the way. Raises TurnedAway."""
    said = {name: value_at(one, str(names[name])) for name in ("id", "provider_id", "state", "detail")}
    if not said["state"] or not (said["id"] or said["provider_id"]):
        raise TurnedAway(400, "a report needs the state and an ID of the message")
    outcome: Outcome = "delivered" if said["state"] in names["delivered"] else "failed"
    if outcome == "failed" and said["state"] not in names["failed"]:
        return None
    is_lasting = said["state"] in names["lasting"] or said["detail"] in names["lasting"]
    blame: Blame = "" if outcome == "delivered" else "lasting" if is_lasting else "passing"
    detail = " ".join(dict.fromkeys(filter(None, (said["state"], said["detail"]))))
    return Receipt("sms", outcome, said["provider_id"], said["id"].strip("<>"), detail, blame)


# ---------------------------------------------------------------- Twilio


@door
def twilio(request: HttpRequest) -> HttpResponse:
    """A form with the provider's signature over the address that we gave it and all fields."""
    parts = urlsplit(settings.SMS_URL)
    token = unquote(parts.password or "")
    if parts.scheme != "twilio" or not token:
        raise Http404
    body = read_body(request)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100, errors="strict")
    except ValueError as error:
        raise TurnedAway(400, "the body is no form") from error
    address = settings.ORIGIN + request.get_full_path()
    expected = [twilio_signature(key, address, pairs) for key in (token, *settings.SMS_RECEIPT_KEYS)]
    if not is_one_of(expected, request.headers.get("X-Twilio-Signature", "")):
        raise TurnedAway(401, "the signature is wrong")
    said = dict(pairs)
    if said.get("AccountSid") != unquote(parts.username or ""):
        raise TurnedAway(401, "another account")
    state, code = said.get("MessageStatus", ""), said.get("ErrorCode", "")
    if not state or not said.get("MessageSid"):
        raise TurnedAway(400, "MessageSid and MessageStatus are missing")
    if state not in TWILIO_DELIVERED | TWILIO_FAILED:
        return JsonResponse({"taken": 0})
    outcome: Outcome = "delivered" if state in TWILIO_DELIVERED else "failed"
    detail = " ".join(filter(None, (state, code, said.get("ErrorMessage", ""))))
    blame: Blame = TWILIO_BLAME.get(code, "") if outcome == "failed" else ""
    reference = request.GET.get("id", "")
    result = take_receipt(Receipt("sms", outcome, said["MessageSid"], reference, detail, blame))
    return JsonResponse({"taken": int(result == "taken")})


def twilio_signature(token: str, address: str, pairs: list[tuple[str, str]]) -> str:
    """HMAC-SHA1 over the address and the fields, sorted; the provider's interface asks for SHA-1."""
    signed = address + "".join(name + value for name, value in sorted(set(pairs)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


# ---------------------------------------------------------------- Aliyun


@door
def aliyun(request: HttpRequest, secret: str) -> HttpResponse:
    """A list of reports. The provider signs nothing, so the address itself is the secret, and our reference names the message."""
    if not settings.SMS_RECEIPT_KEYS:
        raise Http404
    if not is_one_of(settings.SMS_RECEIPT_KEYS, secret):
        raise TurnedAway(401, "the address is wrong")
    reports = [_aliyun_report(one) for one in _items(read_body(request))]
    with transaction.atomic():
        _take(reports)
    return JsonResponse({"code": 0, "msg": "OK"})


def _aliyun_report(one: Any) -> Receipt:
    said = {name: value_at(one, name) for name in ("biz_id", "out_id", "err_code", "err_msg")}
    if not isinstance(one, dict) or not isinstance(one.get("success"), bool):
        raise TurnedAway(400, "a report needs success: true or false")
    if not said["biz_id"] and not said["out_id"]:
        raise TurnedAway(400, "a report needs biz_id or out_id")
    detail = " ".join(filter(None, (said["err_code"], said["err_msg"])))
    if one["success"]:
        return Receipt("sms", "delivered", said["biz_id"], said["out_id"], detail)
    return Receipt("sms", "failed", said["biz_id"], said["out_id"], detail, "passing")


# ---------------------------------------------------------------- both


def _items(body: bytes) -> list[Any]:
    """The reports of a JSON body. Raises TurnedAway."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise TurnedAway(400, "the body is not JSON") from error
    items = data if isinstance(data, list) else [data]
    if len(items) > MOST_AT_ONCE:
        raise TurnedAway(413, f"at most {MOST_AT_ONCE} reports at once")
    return items


def _take(reports: list[Receipt | None] | list[Receipt]) -> list[Result]:
    """Take them in the order of our messages, so that two lists at once do not wait for each other crosswise."""
    found = [one for one in reports if one is not None]
    return [take_receipt(one) for one in sorted(found, key=lambda one: (one.reference, one.provider_id, one.outcome))]
