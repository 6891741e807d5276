"""Pages for what went wrong. They need no database, no session and no navigation, and carry a reference."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from foundation.ui.context import HTML_LANGUAGES, LANGUAGE_NAMES

logger = logging.getLogger("kontor.errors")

# What happened, and what to do about it.
SENTENCES: dict[int, tuple[Any, Any]] = {
    400: (_("We could not read that request"), _("Go back, check what you entered and send it again.")),
    403: (
        _("You may not do that"),
        _("Ask a manager or an administrator for the permission, if you need it for your work."),
    ),
    404: (_("There is nothing here"), _("The address may be wrong, or the record may not be yours to see.")),
    405: (
        _("This address is not a page"),
        _("It belongs to a button. Go back to the page that you came from and press it there."),
    ),
    409: (
        _("Somebody was faster"),
        _("The record has changed since you opened it. Look at it as it is now, then decide."),
    ),
    429: (_("Too many attempts"), _("Please wait a few minutes, then try again.")),
    500: (
        _("Something broke on our side"),
        _("Nothing was saved. Please try again; if it happens again, tell us the reference below."),
    ),
    503: (_("Kontor is being maintained"), _("We will be back in a few minutes. Nothing that you saved is lost.")),
}
EXPIRED = (
    _("This page was open for too long"),
    _("Go back, load the page again and send it once more. Your browser keeps what you typed."),
)
SENT = (
    _("This has already been sent"),
    _("Your first click is still being worked on. Look at the list before you send it again."),
)


def reference(request: HttpRequest | None) -> str:
    """A short id that ties the page to the log; kept on the request."""
    known = getattr(request, "reference", "")
    if not known:
        known = secrets.token_hex(4).upper()
        if request is not None:
            request.reference = known  # type: ignore[attr-defined]
    return known


def error_page(
    request: HttpRequest | None, status: int, *, sentences: tuple[Any, Any] | None = None, **context: Any
) -> HttpResponse:
    """The page for a status, in the reader's language with the others beneath it."""
    title, advice = sentences or SENTENCES[status]
    language = get_language() or "en"
    ref = reference(request)
    level = logging.ERROR if status >= 500 else logging.INFO
    logger.log(level, "Reference %s: %s on %s", ref, status, getattr(request, "path", "-"))
    content = render_to_string(
        "errors/error.html",
        {
            "status": status,
            "title": title,
            "advice": advice,
            "reference": ref,
            "lang": HTML_LANGUAGES.get(language, "en"),
            "others": [(code, HTML_LANGUAGES[code]) for code in LANGUAGE_NAMES if code != language],
            **context,
        },
    )
    return HttpResponse(content, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400"""
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403; a rate limit that was passed becomes 429."""
    if type(exception).__name__ == "Ratelimited":
        return too_many(request)
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404"""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500"""
    return error_page(request, 500)


def too_many(request: HttpRequest, retry_after: int = 300) -> HttpResponse:
    """429 with the seconds after which it is worth trying again."""
    response = error_page(request, 429)
    response["Retry-After"] = str(retry_after)
    return response


def maintenance(request: HttpRequest | None = None) -> HttpResponse:
    """503 while the house is being worked on."""
    response = error_page(request, 503)
    response["Retry-After"] = "300"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere."""
    return error_page(request, 403, sentences=EXPIRED)


def conflict(
    request: HttpRequest,
    *,
    message: Any = "",
    back_url: str = "",
    form: Any = None,
    already_sent: bool = False,
) -> HttpResponse:
    """409: ``message`` says who did what when; the reader's own input stays readable on the page.

    ``form`` is the bound form, or a plain mapping of label to text; without it the posted fields
    that people type are shown.
    """
    kept = _kept(request, form)
    sentences = SENT if already_sent else (SENTENCES[409][0], message or SENTENCES[409][1])
    return error_page(request, 409, sentences=sentences, kept=kept, back_url=back_url)


def _kept(request: HttpRequest, form: Any) -> list[tuple[str, str]]:
    """What the person had typed, as (label, text)."""
    if form is not None and hasattr(form, "visible_fields"):
        pairs = [(str(field.label), field.value()) for field in form.visible_fields()]
    elif form is not None:
        pairs = [(str(label), text) for label, text in form.items()]
    else:
        pairs = [
            (name.replace("_", " ").capitalize(), text) for name, text in request.POST.items() if not _is_ours(name)
        ]
    return [
        (label, gettext("yes") if text is True else str(text))
        for label, text in pairs
        if text not in (None, "", [], False)
    ]


def _is_ours(name: str) -> bool:
    return (
        name in {"csrfmiddlewaretoken", "submission", "next", "audience"} or "password" in name or "signature" in name
    )
