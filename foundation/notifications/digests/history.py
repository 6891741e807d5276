"""What a message's page says of digests: where it was told, or what it told."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from foundation.notifications.digests.policy import DIGEST
from foundation.notifications.models import DigestLine, Message
from foundation.ui import html, parts

MOST = 200


def digest_facts(message: Message) -> list[parts.Fact]:
    """The digest that tells this message instead, and why it left it out, if it did."""
    line = DigestLine.objects.select_related("digest__message").filter(message=message).first()
    if line is None:
        return []
    letter = line.digest.message
    link = html.link(letter.subject_line or _("Digest"), letter.get_absolute_url())
    found = [parts.Fact(_("Told in"), link)]
    if line.left_out:
        found.append(parts.Fact(_("Left out"), _(line.left_out)))
    return found


def told_lines(message: Message) -> list[parts.Section]:
    """On the page of a digest: the messages that it took in, each with the way to it."""
    if message.template_key != DIGEST:
        return []
    rows = DigestLine.objects.select_related("message").filter(digest__message=message).order_by("pk")[:MOST]
    links = [
        html.two_lines(
            html.link(row.message.subject_line, row.message.get_absolute_url()),
            _("Left out: %(why)s") % {"why": _(row.left_out)} if row.left_out else "",
        )
        for row in rows
    ]
    if not links:
        return []
    body = format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((one,) for one in links)))
    return [parts.Section(_("Taken in"), body, "taken-in")]
