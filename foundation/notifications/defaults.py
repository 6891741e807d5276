"""Messages that the house ships: rules and words in four languages each, loaded as rows that an administrator may change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models

from foundation.accounts.audiences import get_audience
from foundation.notifications.models import Rule, Template, TemplateVersion
from foundation.notifications.placeholders import names_about, names_for
from foundation.notifications.texts import strangers_in
from foundation.notifications.versions import Origin, last_numbers, version_of


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
    """One default rule and its texts by language; without an event, words that wait for their rule."""

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
    lasts: timedelta | None = None
    every_channel: bool = False
    about: type[models.Model] | None = None
    names: Mapping[str, Any] = field(default_factory=dict)

    def known_names(self) -> dict[str, Any]:
        """The placeholders that these words may use."""
        audience = get_audience(self.audience)
        is_staff = audience is not None and audience.kind == "staff"
        if self.event:
            return names_for(self.event, staff=is_staff)
        assert self.about is not None
        return {**names_about(self.about, staff=is_staff), **self.names}


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
    lasts: timedelta | None = None,
    every_channel: bool = False,
) -> None:
    """Ship a message: on `event`, tell `audience`, by the first of `channels` that reaches them (the inbox always).

    `texts` holds all four languages; a rule that shares the words of another names its key as `template` instead.
    `lasts` says how long after the event the words stay true: what is not out by then is called off.
    `attach` names papers (`subjects.register_papers`); `condition` is facts that must hold, a list meaning any of them.
    Raises ValueError for a text in fewer languages.
    """
    if not template:
        _demand_languages(key, texts or {})
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
        lasts,
        every_channel,
    )


def register_words(
    key: str,
    *,
    about: type[models.Model],
    texts: Mapping[str, Text],
    names: Mapping[str, Any] | None = None,
    audience: str = "customer_contact",
) -> None:
    """Ship words whose event is not recorded yet: colleagues can send them by hand, and a rule can follow.

    `names` are placeholders that the event will bring; until then whoever writes fills them in. Raises ValueError for a
    text in fewer than all languages.
    """
    _demand_languages(key, texts)
    _shipped[key] = ShippedMessage(key, "", audience, (), texts, key, about=about, names=names or {})


def _demand_languages(key: str, texts: Mapping[str, Text]) -> None:
    if missing := [code for code, _name in settings.LANGUAGES if code not in texts]:
        raise ValueError(f"Message {key!r} has no text in {', '.join(missing)}")


def shipped_messages() -> list[ShippedMessage]:
    """Everything registered, by key."""
    return [_shipped[key] for key in sorted(_shipped)]


def shipped_words(template: str) -> ShippedMessage | None:
    """The message whose words these are, or None for a template that an administrator made."""
    return next((one for one in _shipped.values() if one.template == template and one.texts), None)


def shipped_text(template: str, language: str) -> Text | None:
    """The words as the house ships them in one language, or None."""
    found = shipped_words(template)
    return found.texts.get(language) if found else None


def load_messages() -> int:
    """Add rules and templates that are missing; better our own words only where nobody has edited them. Returns the additions.

    Raises ValueError if shipped words use a placeholder that their event does not know.
    """
    rules = set(Rule.objects.values_list("key", flat=True))
    templates = {(row.key, row.language): row for row in Template.objects.all()}
    numbers = last_numbers({one.template for one in shipped_messages()})
    versions: list[TemplateVersion] = []
    added = 0
    for one in shipped_messages():
        if one.event and one.key not in rules:
            _rule(one).save()
            added += 1
        for language, text in one.texts.items():
            refuse_strangers(one, text, language)
            place = (one.template, language)
            row = templates.get(place) or Template(key=one.template, language=language, version=0)
            added += row.pk is None
            if _says_something_new(row, text, numbers.get(place, 0)):
                versions.append(version_of(row, origin=Origin.SHIPPED))
    TemplateVersion.objects.bulk_create(versions)
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
        lasts=one.lasts,
        shipped_lasts=one.lasts,
        attach=one.attach,
        is_urgent=one.urgent,
    )


def refuse_strangers(one: ShippedMessage, text: Text, language: str) -> None:
    """Raise ValueError naming every placeholder of the text that its event and audience do not know."""
    strangers = strangers_in(f"{text.subject}\n{text.body}\n{text.sms}", one.known_names())
    if strangers:
        raise ValueError(
            f"Message {one.key!r} ({language}) uses {', '.join(strangers)}, which {one.event!r} does not know"
        )


def _says_something_new(row: Template, text: Text, last: int) -> bool:
    """Make the row, or refresh one that still says what was shipped before; whether it says something new now."""
    digest = text.digest()
    if row.pk is not None:
        says = Text(row.subject, row.body, row.sms).digest()
        if row.shipped != says or says == digest:
            return False
    row.subject, row.body, row.sms, row.shipped = text.subject, text.body, text.sms, digest
    row.version = max(row.version, last) + 1
    row.save()
    return True
