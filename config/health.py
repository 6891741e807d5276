"""Whether the house stands: for load balancers, for an outside dead-man check, and for `manage.py doctor`."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.tasks import SILENCE_ALLOWED_S, seconds_since_heartbeat


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _redis() -> bool:
    cache.set("health", 1, timeout=60)
    return cache.get("health") == 1


def _clock() -> bool:
    silent = seconds_since_heartbeat()
    return silent is not None and silent < SILENCE_ALLOWED_S


CHECKS: dict[str, Callable[[], bool]] = {"database": _database, "redis": _redis, "clock": _clock}


def results() -> dict[str, bool]:
    """Each check's answer; one that fails by an exception has failed."""
    answers = {}
    for name, check in CHECKS.items():
        try:
            answers[name] = check()
        except Exception:
            answers[name] = False
    return answers


@require_safe
@never_cache
@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """200 while web, database and Redis answer; 503 otherwise.

    A silent clock (beat or worker) is told but is no reason to take the web server out of service; `?strict` makes it one.
    """
    answers = results()
    needed = answers if "strict" in request.GET else {name: ok for name, ok in answers.items() if name != "clock"}
    return JsonResponse(answers, status=200 if all(needed.values()) else 503)
