"""Texts that were approved beforehand: which code a message goes out under, and what its variables are worth."""

from __future__ import annotations

import re
from typing import Any

from foundation.notifications.models import Message, Template, TemplateVersion
from foundation.notifications.texts import PLACE


def approved_text(message: Message) -> tuple[str, dict[str, str]]:
    """The gateway's code for the words of this message and the values that its placeholders have taken.

    Empty where nothing is approved, or where the message does not say what its template says (a colleague's own words).
    """
    template = Template.objects.filter(key=message.template_key, language=message.language).first()
    if template is None or not template.approved_id:
        return "", {}
    version = TemplateVersion.objects.filter(
        key=message.template_key, language=message.language, number=message.template_version
    ).first()
    values = values_in(message.body, (version or template).sms)
    return (template.approved_id, values) if values is not None else ("", {})


def values_in(said: str, words: str) -> dict[str, str] | None:
    """What stands in the places of `words`, read from the finished text; None if that text was not made from them."""
    pattern, seen = "", set()
    for number, part in enumerate(PLACE.split(words.strip())):
        if number % 2 == 0:
            pattern += re.escape(part)
        elif part in seen:
            pattern += f"(?P={part})"
        else:
            seen.add(part)
            pattern += f"(?P<{part}>.*?)"
    found: Any = re.fullmatch(pattern, said.strip(), re.DOTALL)
    return found.groupdict() if found else None
