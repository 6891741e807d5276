"""Templates for a colleague who writes: which fit the record, and their words filled with its values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from foundation.accounts.audiences import Recipient, get_audience
from foundation.notifications import defaults, subjects
from foundation.notifications.models import Rule, Template
from foundation.notifications.placeholders import all_names, reading_as, values_for
from foundation.notifications.texts import block, fill, names_in, one_line
from foundation.notifications.versions import words_of

# What only the writer knows stands between these marks until it is written.
GAP = re.compile(r"‹[^‹›\n]{1,120}›")


def fitting(model: type[Any]) -> list[tuple[str, str]]:
    """Key and title of the templates for customers that are about records of this kind. Two queries."""
    keys = {one.key for one in defaults.shipped_messages() if one.about is not None and issubclass(model, one.about)}
    for rule in Rule.objects.all():
        audience = get_audience(rule.audience)
        kinds = subjects.models_for_event(rule.event)
        if audience is not None and audience.kind == "customer" and any(issubclass(model, kind) for kind in kinds):
            keys.add(rule.template_key)
    titles: dict[str, str] = {}
    for key, language, title in Template.objects.filter(key__in=keys).values_list("key", "language", "subject"):
        if title and (key not in titles or language == get_language()):
            titles[key] = title
    return sorted(titles.items(), key=lambda pair: pair[1])


def filled_in(key: str, subject: Any, recipient: Recipient, language: str) -> dict[str, str] | None:
    """The words of a template with the record's values; what nobody knows yet is marked as a gap. None for unknown words."""
    row = Template.objects.filter(key=key, language=language).first()
    if row is None:
        return None
    shipped = defaults.shipped_words(key)
    with reading_as(language, recipient.time_zone):
        said = with_values(words_of(row), subject, recipient, names=dict(shipped.names) if shipped else {})
    return {**said, "subject": one_line(said["subject"]), "body": block(said["body"]), "sms": block(said["sms"])}


def with_values(
    texts: Mapping[str, str], subject: Any, recipient: Recipient, *, names: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """Texts with the record's values in place of the names in braces, gaps for what nobody knows. In the active language."""
    meanings = {**all_names(), **(names or {})}
    values = dict(values_for(subject, recipient))
    for name in names_in("\n".join(texts.values())):
        values.setdefault(name, f"‹{meanings.get(name, name)}›")
    return {key: fill(text, values) for key, text in texts.items()}


def gaps_in(text: str) -> list[str]:
    """What is still to be written, marks included."""
    return list(dict.fromkeys(GAP.findall(text)))
