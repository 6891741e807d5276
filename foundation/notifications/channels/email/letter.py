"""How an email of ours looks: plain text, the same as HTML, and headers that nobody can add to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.defaultfilters import urlize
from django.template.loader import render_to_string
from django.utils.encoding import punycode

from foundation.accounts.models import Company
from foundation.notifications.channels.base import Rejected
from foundation.notifications.manners.links import ways_out
from foundation.notifications.models import Message
from foundation.notifications.texts import one_line
from foundation.ui.html import HTML_LANG


@dataclass(frozen=True)
class Dress:
    """What a letter is given besides its words: another subject, an address for answers, headers; empty changes nothing."""

    subject: str = ""
    reply_to: str = ""
    headers: dict[str, str] = field(default_factory=dict)


_dresser: list[Callable[[Message], Dress]] = []
_outlook: list[Callable[[Sequence[Message]], None]] = []


def dress_letters(dress: Callable[[Message], Dress], *, look: Callable[[Sequence[Message]], None]) -> None:
    """Let the room for incoming mail head our letters so that answers find their record.

    `look(messages)` reads for a whole batch what `dress` will ask for.
    """
    _dresser[:], _outlook[:] = [dress], [look]


def look_ahead(messages: Sequence[Message]) -> None:
    """Before a batch leaves: read at once what its letters need."""
    for look in _outlook:
        look(messages)


def letter(message: Message, connection: Any) -> EmailMultiAlternatives:
    """The email, ready to be sent. Its Message-ID is the row's, so that a repeat is known as one."""
    company = Company.current()
    dressed = _dresser[0](message) if _dresser else Dress()
    headers = {"Message-ID": message.message_id}
    if message.actor_id is None:
        headers["Auto-Submitted"] = "auto-generated"
    headers.update(dressed.headers)
    name, address = answer_to(message, company)
    way_out, last_words = ways_out(message)
    headers.update(way_out)
    body = f"{message.body}\n\n{last_words}" if last_words else message.body
    built = EmailMultiAlternatives(
        subject=one_line(dressed.subject or message.subject_line),
        body=body,
        from_email=mailbox(
            company.mail_from_name or company.name, company.mail_from_address or settings.DEFAULT_FROM_EMAIL
        ),
        to=[mailbox(message.to_name, message.to_address)],
        reply_to=[mailbox(name, dressed.reply_to or address)],
        headers=headers,
        connection=connection,
    )
    built.attach_alternative(html(message, company, body), "text/html")
    for one in message.attachments.all():
        with one.attachment.file.open("rb") as file:
            built.attach(file_name(one.attachment), file.read(), one.attachment.media_type)
    return built


def answer_to(message: Message, company: Company) -> tuple[str, str]:
    """Who gets the answer: the colleague who wrote, or the company."""
    if message.actor is not None and message.actor.email:
        return str(message.actor), message.actor.email
    return company.name, company.email or company.mail_from_address or settings.DEFAULT_FROM_EMAIL


def mailbox(name: str, address: str) -> str:
    """`Name <address>`, encoded; a name with line ends or quotes in it cannot break out.

    Raises Rejected for an address that no mail server takes.
    """
    try:
        local, at, domain = address.rpartition("@")
        address = local + at + punycode(domain)
        return formataddr((one_line(name, 120), address))
    except UnicodeError as error:
        raise Rejected(f"{address}: mail servers do not take these letters in an address") from error


def file_name(attachment: Any) -> str:
    """A name for the file that no system stumbles over, with the ending that its content has."""
    stem = one_line(attachment.title, 100).replace("/", "-").replace("\\", "-").replace('"', "") or "file"
    ending = attachment.extension
    return stem if stem.lower().endswith(ending) else stem + ending


def html(message: Message, company: Company, body: str) -> str:
    """The same words as HTML, escaped, with web addresses made into links; a digest brings markup of its own."""
    markup = getattr(message, "markup", "")
    parts = [] if markup else [part.strip() for part in body.split("\n\n")]
    context = {
        "lang": HTML_LANG.get(message.language, message.language or "en"),
        "subject": message.subject_line,
        "company": company,
        "paragraphs": [urlize(part, autoescape=True) for part in parts if part],
        "body": markup,
    }
    return render_to_string("ui/email.html", context)
