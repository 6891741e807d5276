"""Aliyun: `aliyun://KEY:SECRET@dysmsapi.aliyuncs.com?sign=NAME`. It sends nothing but texts that it has approved."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from django.conf import settings

from foundation.notifications.channels.base import Postponed, Rejected, Unclear, Unreachable
from foundation.notifications.channels.outgoing import Caller
from foundation.notifications.channels.replies import judge, read_json, value_at
from foundation.notifications.channels.sms.gateways import Text, address_of_provider

# Of the account, not of the message: everything waits until somebody has put it right.
OF_THE_ACCOUNT = (
    "InvalidAccessKeyId", "SignatureDoesNotMatch", "IncompleteSignature", "InvalidTimeStamp", "Forbidden",
    "isv.AMOUNT_NOT_ENOUGH", "isv.OUT_OF_SERVICE", "isv.ACCOUNT_ABNORMAL", "isv.SMS_SIGNATURE_ILLEGAL",
)  # fmt: skip
OF_THE_MOMENT = ("isv.BUSINESS_LIMIT_CONTROL", "isp.", "Throttling", "ServiceUnavailable", "InternalError")


class AliyunGateway:
    """SendSms of the interface of 2017-05-25; the answer's `BizId` is the provider's ID."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        self.key, self.secret = unquote(parts.username or ""), unquote(parts.password or "")
        self.sign, self.own_words = options.get("sign", ""), options.get("template", "")
        if not (self.key and self.secret and self.sign):
            raise Unreachable("SMS_URL for Aliyun is aliyun://KEY:SECRET@dysmsapi.aliyuncs.com?sign=NAME")
        self.caller = Caller(address_of_provider(url), is_local=settings.SMS_LOCAL)

    def send(self, text: Text) -> str:
        code, values = text.approved()
        if not code and self.own_words:  # an approved text that is nothing but the variable ${text}
            code, values = self.own_words, {"text": text.text}
        if not code:
            raise Rejected("no approved template: these words have no code that the gateway knows")
        fields = {
            "Action": "SendSms",
            "Version": "2017-05-25",
            "Format": "JSON",
            "PhoneNumbers": text.to.removeprefix("+86").removeprefix("+"),
            "SignName": self.sign,
            "TemplateCode": code,
            "TemplateParam": json.dumps(values, ensure_ascii=False),
            "OutId": text.reference,
            "AccessKeyId": self.key,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": uuid.uuid4().hex,
            "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        fields["Signature"] = signature("POST", fields, self.secret)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        status, answer = self.caller.call("POST", urlencode(fields).encode(), headers)
        return self._taken(status, answer)

    def close(self) -> None:
        self.caller.close()

    def _taken(self, status: int, answer: bytes) -> str:
        data = read_json(answer)
        code, said = value_at(data, "Code"), value_at(data, "Message")
        if code == "OK":
            return value_at(data, "BizId")
        if code.startswith(OF_THE_ACCOUNT):
            raise Unreachable(f"{code} {said}")
        if code.startswith(OF_THE_MOMENT):
            raise Postponed(f"{code} {said}")
        judge(status, answer)
        if not code:
            raise Unclear(f"{status} {answer[:200].decode('utf-8', 'replace')}")
        raise Rejected(f"{code} {said}")


def signature(method: str, fields: dict[str, str], secret: str) -> str:
    """The provider's signature over all parameters, sorted and percent-encoded after RFC 3986."""
    query = "&".join(f"{encoded(name)}={encoded(fields[name])}" for name in sorted(fields))
    signed = f"{method}&%2F&{encoded(query)}"
    # The provider's interface asks for SHA-1 here; as HMAC it is not broken.
    return base64.b64encode(hmac.new(f"{secret}&".encode(), signed.encode(), hashlib.sha1).digest()).decode()


def encoded(text: str) -> str:
    """As RFC 3986 wants it: everything but letters, digits and -_.~ is escaped."""
    return quote(text, safe="~")
