"""What an error of the mail server means for the message: wait all together, wait alone, or never."""

from __future__ import annotations

import smtplib
import ssl
from typing import Literal

from foundation.notifications.channels.email.provider import judge_answer

Verdict = Literal["unreachable", "postponed", "rejected", "unclear"]
# The server wants a sign-in or refuses ours: nothing is wrong with the message.
SIGN_IN = {530, 534, 535, 538}
CLOSING = {421}


def judge(error: Exception) -> tuple[Verdict | None, str]:
    """The verdict and a line for the log; None for an error that only the message itself can have caused."""
    if (answer := judge_answer(error)) is not None:
        return answer
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return by_code(code), f"{code} {_text(said)}"
    if isinstance(error, smtplib.SMTPResponseException):
        code = error.smtp_code
        at_the_door = isinstance(
            error, smtplib.SMTPConnectError | smtplib.SMTPHeloError | smtplib.SMTPAuthenticationError
        )
        return ("unreachable" if at_the_door else by_code(code)), f"{code} {_text(error.smtp_error)}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "rejected", str(error)
    if isinstance(error, smtplib.SMTPException | OSError | ssl.SSLError):
        return "unreachable", f"{type(error).__name__}: {error}"
    return None, f"{type(error).__name__}: {error}"


def fell_silent(error: Exception) -> bool:
    """Whether the server hung up or answered no more, as it may do over one message; not if it turned us away with a reason."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code in CLOSING for code, _said in error.recipients.values())
    return getattr(error, "smtp_code", None) in {None, *CLOSING}


def by_code(code: int) -> Verdict:
    """4xx heals, 5xx does not; a server that closes or wants a sign-in turns everybody away."""
    if code in SIGN_IN or code in CLOSING or code < 400:
        return "unreachable"
    return "postponed" if code < 500 else "rejected"


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
