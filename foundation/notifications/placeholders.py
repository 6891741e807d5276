"""Which `{names}` a text may use, and what they say: the common ones, those of the record, those of the event."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from foundation.accounts.audiences import Recipient
from foundation.accounts.models import Company
from foundation.journal import registry
from foundation.notifications import subjects
from foundation.notifications.texts import Value, one_line
from foundation.ui import formats
from foundation.ui.phones import shown_phone

Names = Mapping[str, Any]
Values = Mapping[str, Value]

COMMON: Names = {
    "recipient_name": _("Name of the person who gets the message"),
    "company_name": _("Our name"),
    "company_phone": _("Our telephone number"),
    "company_email": _("Our email address"),
    "company_website": _("Our website"),
    "company_address": _("Our address"),
    "emergency_contact": _("Whom to call outside working hours"),
    "emergency_phone": _("The number to call outside working hours"),
    "number": _("Number of the record"),
    "record": _("Name of the record"),
    "owner_name": _("The colleague in charge"),
    "today": _("Today's date"),
}
STAFF: Names = {
    "link": _("Address of the record's page"),
    "actor_name": _("Who did it"),
    "event_text": _("What happened, in one sentence"),
}


@dataclass(frozen=True)
class _Source:
    names: Names
    find: Callable[..., Values]
    internal: frozenset[str] = frozenset()  # for colleagues only


_of_models: dict[type[models.Model], _Source] = {}
_of_events: dict[str, _Source] = {}


def register_placeholders(
    model: type[models.Model],
    find: Callable[[Any, Recipient], Values],
    *,
    names: Names,
    internal: Collection[str] = (),
) -> None:
    """Offer `{names}` for messages about a record.

    `names` maps each placeholder to the words that explain it to the administrator; `find(subject, recipient)` returns
    their values, and runs with the recipient's language and time zone active. A value may be a function: it is called
    only if the text uses it (so a link's token is made only when it is sent). `internal` lists those of the names that no
    customer's text may use.
    """
    _of_models[model] = _Source(names, find, frozenset(internal))


def register_event_placeholders(
    prefix: str,
    find: Callable[[Any, Any, Recipient], Values],
    *,
    names: Names,
    internal: Collection[str] = (),
) -> None:
    """Offer `{names}` for all events whose code begins with `prefix`; `find(event, subject, recipient)` gives the values."""
    _of_events[prefix] = _Source(names, find, frozenset(internal))


def _sources(model: type[models.Model]) -> Iterator[_Source]:
    yield from (_of_models[parent] for parent in reversed(model.__mro__) if parent in _of_models)


def names_for(event_code: str, *, staff: bool) -> dict[str, Any]:
    """Every placeholder that a message of this event may use, with its explanation.

    Where the event may be recorded on several kinds of records, only what all of them know.
    """
    known = {**COMMON, **(STAFF if staff else {})}
    for prefix, source in _of_events.items():
        if event_code.startswith(prefix):
            known.update(_offered(source, staff=staff))
    offered = [_names_of(model, staff=staff) for model in subjects.models_for_event(event_code)]
    if offered:
        known.update({k: v for k, v in offered[0].items() if all(k in other for other in offered)})
    return known


def names_about(model: type[models.Model], *, staff: bool) -> dict[str, Any]:
    """Every placeholder that words about such a record may use while no event is known, with its explanation."""
    return {**COMMON, **(STAFF if staff else {}), **_names_of(model, staff=staff)}


def _names_of(model: type[models.Model], *, staff: bool) -> dict[str, Any]:
    return {name: label for source in _sources(model) for name, label in _offered(source, staff=staff).items()}


def _offered(source: _Source, *, staff: bool) -> dict[str, Any]:
    return {name: label for name, label in source.names.items() if staff or name not in source.internal}


def all_names(*, staff: bool = True) -> dict[str, Any]:
    """Every placeholder that anybody registered."""
    known = {**COMMON, **(STAFF if staff else {})}
    for source in [*_of_models.values(), *_of_events.values()]:
        known.update(_offered(source, staff=staff))
    return known


@contextmanager
def reading_as(language: str, time_zone: str) -> Iterator[None]:
    """Texts, dates and times as this reader has them."""
    try:
        zone = zoneinfo.ZoneInfo(time_zone or Company.current().time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = zoneinfo.ZoneInfo(settings.TIME_ZONE)
    with translation.override(language), timezone.override(zone):
        yield


def values_for(subject: Any, recipient: Recipient, *, event: Any = None) -> dict[str, Value]:
    """What the placeholders say to this recipient; call it inside `reading_as()`."""
    is_staff = recipient.kind == "staff"
    values: dict[str, Value] = {**_common(subject, recipient)}
    if is_staff:
        values.update(_staff(event, subject))
    found = [(source, source.find(subject, recipient)) for source in _sources(type(subject))]
    if event is not None:
        of_event = [source for prefix, source in _of_events.items() if event.code.startswith(prefix)]
        found += [(source, source.find(event, subject, recipient)) for source in of_event]
    for source, said in found:
        hidden = frozenset() if is_staff else source.internal
        values.update({name: value for name, value in said.items() if name not in hidden} if hidden else said)
    return values


def _common(subject: Any, recipient: Recipient) -> dict[str, Value]:
    company = Company.current()
    return {
        "recipient_name": one_line(recipient.name),
        "company_name": company.name,
        "company_phone": shown_phone(company.phone),
        "company_email": company.email or company.mail_from_address,
        "company_website": company.website,
        "company_address": company.address,
        "emergency_contact": company.emergency_contact,
        "emergency_phone": shown_phone(company.emergency_phone),
        "number": str(getattr(subject, "number", "") or ""),
        "record": lambda: str(subject),
        "owner_name": lambda: str(owner_of(subject) or ""),
        "today": lambda: formats.day(timezone.now()),
    }


def _staff(event: Any, subject: Any) -> dict[str, Value]:
    def sentence() -> str:
        return registry.get_type(event.code).say({**event.personal, **event.facts}) if event else ""

    return {
        "link": lambda: record_link(subject, absolute=True),
        "actor_name": lambda: str(event.actor) if event and event.actor else "",
        "event_text": sentence,
    }


def owner_of(subject: Any) -> Any:
    """The colleague in charge of a record, or None."""
    kind = subjects.subject_type(type(subject))
    if kind and kind.owner:
        return kind.owner(subject)
    return getattr(subject, "owner", None)


def record_link(subject: Any, *, absolute: bool = False) -> str:
    """The record's page, or empty text when it has none."""
    try:
        path = str(subject.get_absolute_url())
    except (AttributeError, NotImplementedError):
        return ""
    return f"{settings.ORIGIN}{path}" if absolute else path
