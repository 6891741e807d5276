"""The house's addresses and, for the measurement alone, an empty view: what Django and the session cost without us."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from config.urls import handler400, handler403, handler404, handler429, handler500
from config.urls import urlpatterns as house

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]


def empty(request: HttpRequest) -> HttpResponse:
    """The divisor: session and user are read, a template says ok."""
    assert request.user.pk
    return HttpResponse(engines["django"].from_string("ok").render({}, request=None))


urlpatterns = [path("empty-view/", empty), *house]
