"""Changing the words of a template: each change is a version that stays, so that a message can always show what it said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.journal.machine import Refused
from foundation.journal.services import record
from foundation.notifications import defaults, events
from foundation.notifications.models import WORDS, Template, TemplateVersion
from foundation.notifications.validation import check_words, names_of_template
from foundation.notifications.versions import Origin, last_numbers, version_of, words_of
from foundation.ui.places import language_name


@transaction.atomic
def save_words(
    key: str,
    language: str,
    words: Mapping[str, str],
    *,
    actor: Any,
    seen: int | None = None,
    origin: str = Origin.EDITED,
) -> Template:
    """Let a template say something else from now on, as a new version; the same words again change nothing.

    `words` holds subject, body and sms. `seen` is the version that the writer had before their eyes, 0 for a language that
    said nothing yet. Raises Refused if somebody else has changed the words since, and ValidationError by field for a
    placeholder that these words must not use; nothing has changed then.
    """
    check_words({name: words[name] for name in WORDS}, names_of_template(key))
    row = Template.objects.select_for_update().filter(key=key, language=language).first()
    if seen is not None and seen != (row.version if row else 0):
        raise Refused(_overtaken(key, language), reason="state")
    if row is None:
        row = Template(key=key, language=language, version=0)
    elif all(getattr(row, name) == words[name] for name in WORDS):
        return row
    for name in WORDS:
        setattr(row, name, words[name])
    row.version = max(row.version, last_numbers([key]).get((key, language), 0)) + 1
    row.save()
    version_of(row, origin=origin, actor=actor).save(force_insert=True)
    record(events.WORDS_CHANGED, row, actor=actor, facts={"origin": str(origin)})
    return row


@transaction.atomic
def save_approved_id(key: str, language: str, code: str, *, actor: Any) -> None:
    """Remember under which code the gateway has approved this text message; the same code again changes nothing."""
    row = Template.objects.select_for_update().get(key=key, language=language)
    if row.approved_id != code:
        row.approved_id = code
        row.save(update_fields=["approved_id", "updated_at"])
        record(events.WORDS_CHANGED, row, actor=actor, facts={"approved_id": code})


def restore(key: str, language: str, number: int, *, actor: Any, seen: int | None = None) -> Template:
    """Put the words of an earlier version back, as a new version. Raises Refused, ValidationError, DoesNotExist."""
    old = TemplateVersion.objects.get(key=key, language=language, number=number)
    return save_words(key, language, words_of(old), actor=actor, seen=seen, origin=Origin.RESTORED)


def reset(key: str, language: str, *, actor: Any, seen: int | None = None) -> Template:
    """Put the words back that the house ships. Raises Refused for a template that did not come with the house."""
    text = defaults.shipped_text(key, language)
    if text is None:
        raise Refused(_("These words did not come with the house."), reason="condition")
    with transaction.atomic():
        row = save_words(key, language, words_of(text), actor=actor, seen=seen, origin=Origin.RESET)
        if row.shipped != text.digest():  # from now on an upgrade may improve them again
            row.shipped = text.digest()
            row.save(update_fields=["shipped"])
    return row


def _overtaken(key: str, language: str) -> str:
    last = TemplateVersion.objects.filter(key=key, language=language).select_related("saved_by").first()
    values = {
        "language": language_name(language),
        "person": str(last.saved_by) if last and last.saved_by else _("the system"),
    }
    return (
        _("%(person)s has changed the words in %(language)s meanwhile. Yours are kept below; compare, then save again.")
        % values
    )
