"""Words filled in with a real record, as its recipient would read them; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from foundation.accounts.audiences import Recipient, get_audience
from foundation.accounts.models import Company
from foundation.journal.models import Event
from foundation.notifications import defaults, subjects
from foundation.notifications.channels.sms.segments import Count, count
from foundation.notifications.models import Rule, Template
from foundation.notifications.placeholders import reading_as, values_for
from foundation.notifications.texts import UnknownPlaceholder, Value, block, fill, one_line
from foundation.notifications.versions import words_of


@dataclass(frozen=True)
class Example:
    """A record that words can be filled in with: what happened to it, and who would be told."""

    subject: Any
    recipient: Recipient
    event: Event | None
    names: Mapping[str, Any]  # placeholders that only an event to come will fill


@dataclass(frozen=True)
class Preview:
    """What one recipient would read about one record; `problem` names a placeholder that nobody fills."""

    record: str = ""
    recipient: str = ""
    subject: str = ""
    body: str = ""
    sms: str = ""
    cost: Count | None = None  # of the text message
    problem: str = ""


def preview(template: Template, user: Any, *, number: str = "") -> Preview | None:
    """Fill the template with the record of that number, else with the newest one; None while there is none."""
    example = find_example(template.key, user, number=number)
    return filled(example, template.language, words_of(template)) if example else None


def find_example(key: str, user: Any, *, number: str = "") -> Example | None:
    """The record of that number, else the newest one, of a kind that these words can be about and the user may see."""
    for rule in Rule.objects.filter(template_key=key).order_by("key"):
        event = _newest_event(rule.event, user, number) or _imagined_event(rule.event, user, number)
        if event is not None and event.subject is not None:
            return Example(event.subject, _recipient(rule.audience, event, event.subject), event, {})
    shipped = defaults.shipped_words(key)
    if shipped is None or shipped.about is None:
        return None
    found = _newest_record(shipped.about, user, number)
    if found is None:
        return None
    event = _unsaved_event("", found, user)
    return Example(found, _recipient(shipped.audience, event, found), None, shipped.names)


def filled(example: Example, language: str, words: Mapping[str, str]) -> Preview:
    """The words as the recipient would read them. Links that would need a token are made and taken back."""
    with transaction.atomic():
        shown = _filled(example, language, words)
        transaction.set_rollback(True)
    return shown


def _filled(example: Example, language: str, words: Mapping[str, str]) -> Preview:
    record, name = str(example.subject), example.recipient.name
    with reading_as(language, example.recipient.time_zone):
        values: dict[str, Value] = {label: f"‹{text}›" for label, text in example.names.items()}
        values.update(values_for(example.subject, example.recipient, event=example.event))
        try:
            line, body = one_line(fill(words["subject"], values)), block(fill(words["body"], values))
            sms = block(fill(words["sms"], values))
        except UnknownPlaceholder as unknown:
            return Preview(record, name, problem=unknown.name)
    return Preview(record, name, line, body, sms, _cost(sms))


def _cost(sms: str) -> Count:
    """What the text message costs; the marks of what is still to be filled in will not be there."""
    return count(sms.replace("‹", "").replace("›", ""))


def _newest_event(code: str, user: Any, number: str) -> Event | None:
    """The last event of this code; a record that the user may not see is passed over."""
    events = Event.objects.filter(code=code, **({"facts__number": number} if number else {}))
    found = events.select_related("actor").order_by("-pk").first()
    if found is None:
        return None
    kinds = [subjects.subject_type(model) for model in subjects.models_for_event(code)]
    doors = [kind.visible for kind in kinds if kind and kind.visible and _is_of(found, kind.model)]
    return found if all(visible(user).filter(pk=found.object_id).exists() for visible in doors) else None


def _is_of(event: Event, model: Any) -> bool:
    return event.content_type_id == ContentType.objects.get_for_model(model, for_concrete_model=False).pk


def _imagined_event(code: str, user: Any, number: str) -> Event | None:
    """The event as it would be recorded on the newest record that the user may see."""
    for model in subjects.models_for_event(code):
        found = _newest_record(model, user, number)
        if found is not None:
            return _unsaved_event(code, found, user)
    return None


def _newest_record(model: Any, user: Any, number: str) -> Any:
    kind = subjects.subject_type(model)
    rows = kind.visible(user) if kind and kind.visible else model._default_manager.none()
    if number:
        has_number = any(field.name == "number" for field in model._meta.concrete_fields)
        rows = rows.filter(number=number) if has_number else rows.none()
    return rows.order_by("-pk").first()


def _unsaved_event(code: str, subject: Any, user: Any) -> Event:
    content_type = ContentType.objects.get_for_model(subject, for_concrete_model=False)
    facts: dict[str, Any] = getattr(subject, "journal_facts", dict)()
    return Event(code=code, content_type=content_type, object_id=subject.pk, facts=facts, actor=user)


def _recipient(audience_code: str, event: Event, subject: Any) -> Recipient:
    """The first recipient, or a nameless one where the record has none."""
    audience = get_audience(audience_code)
    found = audience.find(event, subject) if audience else []
    kind = audience.kind if audience else "customer"
    return found[0] if found else Recipient("preview", "…", "en", Company.current().time_zone, kind)
