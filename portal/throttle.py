"""How often one address may send something, and what happens when nobody can count."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django_ratelimit import ALL, UNSAFE
from django_ratelimit.core import is_ratelimited
from redis.exceptions import RedisError

from foundation.accounts.addresses import ratelimit_key
from foundation.ui.errors import error_page, too_many

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]
READS = "60/m"
WRITES = "5/m"
MINUTE = 60
CLOSED = (
    _("This page is closed for a moment"),
    _("Please try again in a few minutes. Nothing was sent; your browser keeps what you typed when you go back."),
)


def customer_page(view: View) -> View:
    """A page that needs no sign-in: at most 60 looks and 5 sendings a minute from one address, then 429.

    The address is the real one (`KONTOR_PROXY_COUNT`). While the counter is away the page closes politely with 503
    rather than letting everybody through. Counts are kept for each page by itself.
    """
    group = f"{view.__module__}.{view.__qualname__}"

    @wraps(view)
    def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        for method, rate in ((UNSAFE, WRITES), (ALL, READS)):
            if is_ratelimited(request, group, key=ratelimit_key, rate=rate, method=method, increment=True):
                return too_many(request, MINUTE)
        return view(request, *args, **kwargs)

    return login_not_required(politely_closed(counted))


def politely_closed(view: View) -> View:
    """Close the page with 503 while the counter is away; `portal.urls` puts it around every page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (RedisError, ConnectionError):
            log.exception(
                "The counter is away: %s is closed", request.resolver_match and request.resolver_match.view_name
            )
            response = error_page(request, 503, sentences=CLOSED)
            response["Retry-After"] = "300"
            return response

    return guarded
