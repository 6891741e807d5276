"""Where an action leads back to when it was begun elsewhere than on the record's page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

BACK = "back"


def back_of(request: HttpRequest) -> str:
    """The address of ours that `?back=` names, or empty text."""
    asked = request.GET.get(BACK, "")
    return asked if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


def with_back(url: str, request: HttpRequest) -> str:
    """The address of a form, which keeps where it was opened."""
    back = back_of(request)
    return f"{url}?{urlencode({BACK: back})}" if back else url
