"""Messages that the house ships: a rule and its words in four languages each, loaded as rows that an administrator may change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings

from foundation.accounts.audiences import get_audience
from foundation.notifications.models import Rule, Template
from foundation.notifications.placeholders import names_for
from foundation.notifications.texts import strangers_in


@dataclass(frozen=True)
class Text:
    """The words in one language. The inbox takes `subject` as its line and `sms` as its detail."""

    subject: str = ""
    body: str = ""
    sms: str = ""

    def digest(self) -> str:
        """What tells shipped words from those that somebody has edited."""
        return hashlib.sha256("\x00".join((self.subject, self.body, self.sms)).encode()).hexdigest()


@dataclass(frozen=True)
class ShippedMessage:
    """One default rule and its texts by language."""

    key: str
    event: str
    audience: str
    channels: tuple[str, ...]
    texts: Mapping[str, Text]
    template: str
    urgent: bool = False
    attach: str = ""
    condition: Mapping[str, Any] = field(default_factory=dict)
    delay: timedelta = timedelta(0)
    every_channel: bool = False


_shipped: dict[str, ShippedMessage] = {}


def register_message(
    key: str,
    *,
    event: str,
    audience: str,
    channels: Sequence[str] = ("email", "sms"),
    texts: Mapping[str, Text] | None = None,
    template: str | None = None,
    urgent: bool = False,
    attach: str | None = None,
    condition: Mapping[str, Any] | None = None,
    delay: timedelta = timedelta(0),
    every_channel: bool = False,
) -> None:
    """Ship a message: on `event`, tell `audience`, by the first of `channels` that reaches them (the inbox always).

    `texts` holds all four languages; a rule that shares the words of another names its key as `template` instead.
    `attach` names papers (`subjects.register_papers`); `condition` is facts that must hold, a list meaning any of them.
    Raises ValueError for a text in fewer languages.
    """
    missing = [code for code, _name in settings.LANGUAGES if code not in (texts or {})]
    if missing and not template:
        raise ValueError(f"Message {key!r} has no text in {', '.join(missing)}")
    _shipped[key] = ShippedMessage(
        key,
        event,
        audience,
        tuple(channels),
        texts or {},
        template or key,
        urgent,
        attach or "",
        condition or {},
        delay,
        every_channel,
    )


def shipped_messages() -> list[ShippedMessage]:
    """Everything registered, by key."""
    return [_shipped[key] for key in sorted(_shipped)]


def load_messages() -> int:
    """Add rules and templates that are missing; better our own words only where nobody has edited them. Returns the additions.

    Raises ValueError if shipped words use a placeholder that their event does not know.
    """
    rules = set(Rule.objects.values_list("key", flat=True))
    templates = {(row.key, row.language): row for row in Template.objects.all()}
    added = 0
    for one in shipped_messages():
        if one.key not in rules:
            _rule(one).save()
            added += 1
        for language, text in one.texts.items():
            refuse_strangers(one, text, language)
            added += _put(templates.get((one.template, language)), one.template, language, text)
    return added


def _rule(one: ShippedMessage) -> Rule:
    return Rule(
        key=one.key,
        event=one.event,
        audience=one.audience,
        template_key=one.template,
        channels=list(one.channels),
        every_channel=one.every_channel,
        condition=dict(one.condition),
        delay=one.delay,
        attach=one.attach,
        is_urgent=one.urgent,
    )


def refuse_strangers(one: ShippedMessage, text: Text, language: str) -> None:
    """Raise ValueError naming every placeholder of the text that its event and audience do not know."""
    audience = get_audience(one.audience)
    known = names_for(one.event, staff=audience is not None and audience.kind == "staff")
    strangers = strangers_in(f"{text.subject}\n{text.body}\n{text.sms}", known)
    if strangers:
        raise ValueError(
            f"Message {one.key!r} ({language}) uses {', '.join(strangers)}, which {one.event!r} does not know"
        )


def _put(row: Template | None, key: str, language: str, text: Text) -> int:
    """Make the row, or refresh one that still says what was shipped before; 1 if it was made."""
    digest = text.digest()
    if row is None:
        Template.objects.create(
            key=key, language=language, subject=text.subject, body=text.body, sms=text.sms, shipped=digest
        )
        return 1
    says = Text(row.subject, row.body, row.sms).digest()
    if row.shipped == says != digest:
        row.subject, row.body, row.sms, row.shipped, row.version = (
            text.subject,
            text.body,
            text.sms,
            digest,
            row.version + 1,
        )
        row.save()
    return 0
