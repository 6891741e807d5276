"""A template filled in with a real record, as its recipient would read it; nothing is written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from foundation.accounts.audiences import Recipient, get_audience
from foundation.accounts.models import Company
from foundation.journal.models import Event
from foundation.notifications import subjects
from foundation.notifications.models import Rule, Template
from foundation.notifications.placeholders import reading_as, values_for
from foundation.notifications.texts import UnknownPlaceholder, block, fill, one_line

# GSM 03.38: texts of these characters go out in parts of 160 (153 when there are several), all others in 70 (67).
_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = set("^{}\\[~]|€")


@dataclass(frozen=True)
class Preview:
    """What one recipient would read about one record; `problem` names a placeholder that nobody fills."""

    record: str = ""
    recipient: str = ""
    subject: str = ""
    body: str = ""
    sms: str = ""
    sms_parts: int = 0
    problem: str = ""


def sms_parts(text: str) -> int:
    """How many paid parts a text message takes."""
    if set(text) <= _GSM | _GSM_DOUBLE:
        size, whole, part = len(text) + sum(char in _GSM_DOUBLE for char in text), 160, 153
    else:
        size, whole, part = len(text.encode("utf-16-le")) // 2, 70, 67
    return 0 if not size else 1 if size <= whole else math.ceil(size / part)


def preview(template: Template, user: Any, *, number: str = "") -> Preview | None:
    """Fill the template with the record of that number, else with the newest one; None while there is none.

    Links that would need a token are made and taken back.
    """
    for rule in Rule.objects.filter(template_key=template.key).order_by("key"):
        event = _newest_event(rule.event, number) or _imagined_event(rule.event, user, number)
        if event is None or event.subject is None:
            continue
        with transaction.atomic():
            shown = _filled(template, rule, event)
            transaction.set_rollback(True)
        return shown
    return None


def _newest_event(code: str, number: str) -> Event | None:
    events = Event.objects.filter(code=code, **({"facts__number": number} if number else {}))
    return events.select_related("actor").order_by("-pk").first()


def _imagined_event(code: str, user: Any, number: str) -> Event | None:
    """The event as it would be recorded on the newest record that the user may see."""
    for model in subjects.models_for_event(code):
        kind = subjects.subject_type(model)
        rows = kind.visible(user) if kind and kind.visible else model._default_manager.none()
        if number:
            has_number = any(field.name == "number" for field in model._meta.concrete_fields)
            rows = rows.filter(number=number) if has_number else rows.none()
        found = rows.order_by("-pk").first()
        if found is not None:
            content_type = ContentType.objects.get_for_model(found, for_concrete_model=False)
            facts: dict[str, Any] = getattr(found, "journal_facts", dict)()
            return Event(code=code, content_type=content_type, object_id=found.pk, facts=facts, actor=user)
    return None


def _filled(template: Template, rule: Rule, event: Event) -> Preview:
    subject = event.subject
    recipient = _recipient(rule, event, subject)
    with reading_as(template.language, recipient.time_zone):
        values = values_for(subject, recipient, event=event)
        try:
            line, body = one_line(fill(template.subject, values)), block(fill(template.body, values))
            sms = block(fill(template.sms, values))
        except UnknownPlaceholder as unknown:
            return Preview(str(subject), recipient.name, problem=unknown.name)
    return Preview(str(subject), recipient.name, line, body, sms, sms_parts(sms))


def _recipient(rule: Rule, event: Event, subject: Any) -> Recipient:
    """The rule's first recipient, or a nameless one where the record has none."""
    audience = get_audience(rule.audience)
    found = audience.find(event, subject) if audience else []
    kind = audience.kind if audience else "customer"
    return found[0] if found else Recipient("preview", "…", "en", Company.current().time_zone, kind)
