"""Email through the interface of a provider (django-anymail): what its errors mean, and what it reports of a letter."""

from __future__ import annotations

import re
import sys
from typing import Any, Literal

from django.conf import settings

from foundation.notifications.models import Message, OptOut
from foundation.notifications.services.receipts import Blame, Receipt, message_of, take_receipt
from foundation.notifications.services.wishes import decline_all

BACKEND = re.compile(r"anymail\.backends\.(\w+)\.EmailBackend")
# Settings that tell the provider's reports from anybody else's.
SECRETS = re.compile(r"(WEBHOOK_SECRET|WEBHOOK_KEY|SIGNING_KEY|SIGNING_SECRET|VERIFICATION_KEY)$")
LASTING = re.compile(r"\b5\d\d\b|\b5\.\d{1,3}\.\d{1,3}\b")
PASSING = re.compile(r"\b4\d\d\b|\b4\.\d{1,3}\.\d{1,3}\b")


def provider_name() -> str:
    """The provider that the settings name (`postmark`), or empty for a mail server."""
    found = BACKEND.fullmatch(settings.EMAIL_BACKEND)
    return found[1] if found else ""


def is_signed() -> bool:
    """Whether its reports can be told from forged ones; without that their door is closed."""
    return bool(provider_name()) and any(value and SECRETS.search(name) for name, value in settings.ANYMAIL.items())


def judge_answer(error: Exception) -> tuple[Literal["unreachable", "postponed", "rejected", "unclear"], str] | None:
    """Verdict and text for an error of a provider's interface; None for any other error."""
    ours = sys.modules.get("anymail.exceptions")
    if ours is None or not isinstance(error, ours.AnymailError):
        return None
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        text = f"{status} {getattr(error.response, 'text', '')}"[:500]
        if status in (401, 403):
            return "unreachable", text
        return ("postponed" if status in (408, 429) or status >= 500 else "rejected"), text
    said = f"{type(error).__name__}: {str(error.args[0] if error.args else '')}"
    cause = error.__cause__
    if cause is None:
        return "rejected", said
    return ("unclear" if _was_handed_over(cause) else "unreachable"), f"{said} {type(cause).__name__}"


def _was_handed_over(cause: BaseException) -> bool:
    """Whether the request may have reached the provider: everything but a connection that never came about."""
    from requests import exceptions

    if isinstance(cause, exceptions.ConnectTimeout | exceptions.SSLError | exceptions.ProxyError):
        return False
    if isinstance(cause, exceptions.ReadTimeout):
        return True
    reason = getattr(cause.args[0] if cause.args else None, "reason", None)
    return isinstance(cause, exceptions.ConnectionError) and reason is None


def provider_id_of(letter: Any) -> str:
    """What the provider calls a letter that it has taken."""
    status = getattr(letter, "anymail_status", None)
    found = getattr(status, "message_id", None)
    return found[:200] if isinstance(found, str) else ""


# ---------------------------------------------------------------- reports


def on_tracking(sender: Any, event: Any, esp_name: str, **_more: Any) -> None:
    """Receiver of django-anymail's signal: one report about one letter."""
    provider_id = str(event.message_id or "")
    if not provider_id:
        return
    detail = " ".join(filter(None, (event.mta_response or event.description or "", event.reject_reason or "")))
    reference = provider_id.strip("<>")
    if event.event_type == "delivered":
        take_receipt(Receipt("email", "delivered", provider_id, reference))
    elif event.event_type in ("bounced", "rejected", "failed"):
        take_receipt(Receipt("email", "failed", provider_id, reference, f"{event.event_type} {detail}", _blame(event)))
    elif event.event_type in ("complained", "unsubscribed"):
        row = message_of("email", provider_id, reference)
        if row is not None:
            _decline(row, event.event_type)


def _blame(event: Any) -> Blame:
    """Whether the address takes nothing for good, for now, or is not to blame (policy, spam, an old wish)."""
    if event.event_type == "failed" or event.reject_reason not in (None, "bounced", "invalid", "timed_out"):
        return ""
    said = str(event.mta_response or "")
    if LASTING.search(said) or event.reject_reason == "invalid":
        return "lasting"
    if PASSING.search(said) or event.reject_reason == "timed_out":
        return "passing"
    return "lasting" if event.reject_reason == "bounced" else "passing"


def _decline(row: Message, event_type: str) -> None:
    """Who complains of a letter, or leaves by the provider's link, gets no marketing any more."""
    if row.user_id is None:
        decline_all(row, how=OptOut.How.COMPLAINT if event_type == "complained" else OptOut.How.LINK)
