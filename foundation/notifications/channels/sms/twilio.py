"""Twilio: `twilio://ACCOUNT:TOKEN@api.twilio.com?from=+15550001111` (or `from=MG…`, a messaging service)."""

from __future__ import annotations

import base64
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from django.conf import settings

from foundation.notifications.channels.base import Unreachable
from foundation.notifications.channels.outgoing import Caller
from foundation.notifications.channels.replies import judge, read_json, value_at
from foundation.notifications.channels.sms.gateways import Text, address_of_provider


class TwilioGateway:
    """Its REST interface; the answer's `sid` is the provider's ID."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        account, token = unquote(parts.username or ""), unquote(parts.password or "")
        # A number begins with a plus, which parse_qsl would take for a space.
        options = dict(parse_qsl(parts.query.replace("+", "%2B")))
        self.sender = options.get("from", "")
        if not account or not token or not self.sender:
            raise Unreachable("SMS_URL for Twilio is twilio://ACCOUNT:TOKEN@api.twilio.com?from=NUMBER")
        self.caller = Caller(
            f"{address_of_provider(url)}/2010-04-01/Accounts/{account}/Messages.json", is_local=settings.SMS_LOCAL
        )
        self.headers = {
            "Authorization": "Basic " + base64.b64encode(f"{account}:{token}".encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def send(self, text: Text) -> str:
        fields = {"To": text.to, "Body": text.text}
        fields["MessagingServiceSid" if self.sender.startswith("MG") else "From"] = self.sender
        if settings.ORIGIN.startswith("https://"):
            # The signature of a receipt covers its address, and so our own reference in it.
            fields["StatusCallback"] = f"{settings.ORIGIN}/hooks/receipts/twilio/?{urlencode({'id': text.reference})}"
        status, answer = self.caller.call("POST", urlencode(fields).encode(), self.headers)
        judge(status, answer)
        return value_at(read_json(answer), "sid")

    def close(self) -> None:
        self.caller.close()
