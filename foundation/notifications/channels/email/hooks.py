"""The door for a mail provider's reports; django-anymail checks the signature and reads them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse

from foundation.notifications.channels.email.provider import is_signed, on_tracking, provider_name
from foundation.ui.webhooks import TurnedAway, door, read_body


def tracking(request: HttpRequest) -> HttpResponse:
    """Reports of the provider that the settings name. Closed while nothing tells them from forged ones."""
    if not is_signed():
        raise Http404
    if request.method == "HEAD":  # some look whether anybody is at home
        return HttpResponse()
    read_body(request)
    view = _view()
    view.setup(request)
    try:
        view.run_validators(request)
        events = view.parse_events(request)
    except SuspiciousOperation as error:
        raise TurnedAway(401, "the signature or the secret is wrong") from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise TurnedAway(400, "the body makes no sense") from error
    _send(view, events)
    return HttpResponse()


tracking_door = door(tracking, ("POST", "HEAD"))


def _view() -> Any:
    """The view of django-anymail for this provider. Raises Http404 where it has none."""
    from anymail.urls import urlpatterns

    names = (f"{provider_name()}_tracking_webhook", f"{provider_name()}_webhook")
    found = next((one for one in urlpatterns if one.name in names), None)
    if found is None:
        raise Http404
    callback: Any = found.callback
    return callback.view_class(**callback.view_initkwargs)


@transaction.atomic
def _send(view: Any, events: list[Any]) -> None:
    from anymail.signals import AnymailTrackingEvent
    from anymail.signals import tracking as signal

    signal.connect(on_tracking, dispatch_uid="notifications")
    for event in sorted(events, key=lambda one: str(getattr(one, "message_id", ""))):
        if isinstance(event, AnymailTrackingEvent):
            signal.send(sender=type(view), event=event, esp_name=view.esp_name)
