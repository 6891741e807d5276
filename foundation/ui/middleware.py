"""Answers for forms that a script sends from a dialog, and for addresses that are no pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase

from foundation.ui.errors import error_page


class DialogMiddleware:
    """Tells the script where to go instead of redirecting it.

    Following the redirect itself, the script would read the next page unseen, and with it the message that says what
    was done; nobody would ever see that message.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("X-Dialog") != "1" or not isinstance(response, HttpResponseRedirectBase):
            return response
        answer = HttpResponse(status=204, headers={"X-Location": response["Location"]})
        answer.cookies = response.cookies
        return answer


class ButtonAddressMiddleware:
    """Shows a page to whoever opens or reloads the address of a button: the empty 405 of Django leaves a browser blank."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        if request.method != "GET" or not request.accepts("text/html"):
            return response
        page = error_page(request, 405)
        page["Allow"] = response["Allow"]
        return page
