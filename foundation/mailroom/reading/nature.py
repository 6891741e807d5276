"""What kind of mail this is: written by a person, by a program, by a list, or the report of a mail server."""

from __future__ import annotations

import re
from collections.abc import Collection

from foundation.mailroom.reading.letter import Letter

_ROBOTS = re.compile(
    r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|donotreply|noreply-.*|bounces?([+=-].*)?|root|daemon|.*-(request|owner|bounces?)|owner-.*|listserv|majordomo)"
)
_SUBJECTS = re.compile(
    r"\s*(out of (the )?office|automatic reply|auto(matic)?[- ]?(reply|response)|autoreply|abwesenheits?(notiz|meldung|nachricht)?\b|automatische antwort"
    r"|自动回复|自動回覆|自动答复|自動回復|休假自动回复)",
    re.IGNORECASE,
)
_BULK = {"bulk", "list", "junk", "auto_reply"}
_FAILED = re.compile(
    r"\s*(undeliver(able|ed)|delivery (status notification|failure|has failed)|mail delivery (failed|subsystem)|returned mail|failure notice"
    r"|unzustellbar|nicht zustellbar|退信|系统退信|退件通知)",
    re.IGNORECASE,
)


def is_report(letter: Letter) -> bool:
    """Whether a mail server reports on a mail of ours."""
    if letter.notices or letter.report_type.lower() == "delivery-status":
        return True
    local = letter.sender.rpartition("@")[0]
    is_daemon = local in ("mailer-daemon", "postmaster") or is_null_sender(letter)
    return is_daemon and bool(_FAILED.match(letter.subject))


def is_null_sender(letter: Letter) -> bool:
    """Sent with the empty envelope sender, to which nothing may be answered."""
    return letter.return_path is not None and letter.return_path.strip("<> ") == ""


def why_automatic(letter: Letter, own: Collection[str]) -> str:
    """The code of the reason why nothing may be answered to this mail; empty when a person seems to have written it."""
    headers = letter.headers
    submitted = re.split(r"[;\s(]", headers.get("auto-submitted", "no").strip().lower())[0]
    precedence = headers.get("precedence", "").strip().lower()
    checks = {
        "auto_submitted": submitted not in ("no", ""),
        "precedence": precedence in _BULK,
        "list": any(
            name in headers for name in ("list-id", "list-unsubscribe", "list-post", "mailing-list", "x-mailing-list")
        ),
        "loop": "x-loop" in headers
        or "x-autoreply" in headers
        or "x-autorespond" in headers
        or "x-auto-reply-from" in headers,
        "suppressed": _asks_for_silence(headers.get("x-auto-response-suppress", "")),
        "null_sender": is_null_sender(letter),
        "report": letter.media_type == "multipart/report",
        "own_address": bool(letter.sender) and letter.sender in own,
        "robot": bool(_ROBOTS.fullmatch(letter.sender.rpartition("@")[0])),
        "absence": bool(_SUBJECTS.match(letter.subject)),
    }
    return next((code for code, holds in checks.items() if holds), "")


def _asks_for_silence(value: str) -> bool:
    """Exchange's header on every automatic answer of its own: it names what must not be answered."""
    named = {one.strip().lower() for one in value.split(",")}
    return bool(named & {"all", "oof", "autoreply"})


def is_permanent(status: str, action: str) -> bool:
    """Whether the report says never (5.x.x) rather than not now (4.x.x)."""
    return action == "failed" and not status.startswith("4")
