"""What a letter to whoever asked begins with: its subject, and a salutation and a closing in their language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext


def frame_language(code: str) -> str:
    """The language of ours that a sender of this language is written to in."""
    known = [language for language, _name in settings.LANGUAGES]
    return code if code in known else next((one for one in known if one.split("-")[0] == code.split("-")[0]), "en")


def beginning(inquiry: Any, actor: Any) -> dict[str, str]:
    """Subject and body, with room between salutation and closing for the words themselves."""
    with translation.override(frame_language(inquiry.language)):
        greeting = gettext("Dear %(name)s,") % {"name": inquiry.contact_name}
        closing = gettext("Kind regards")
    return {
        "subject_line": f"Re: {inquiry.subject}"[:200],
        "body": f"{greeting}\n\n\n\n{closing}\n{actor or ''}",
    }
