"""The list of incoming mail with its worklist, and the page of one mail: what it says and how it was judged."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from foundation.journal.attachments import HEADERS
from foundation.journal.models import Attachment, Event
from foundation.journal.registry import get_type
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.mailroom import selectors
from foundation.mailroom.models import IncomingMail
from foundation.mailroom.reading.charsets import readable
from foundation.mailroom.reading.letter import header_text
from foundation.mailroom.reasons import sentence
from foundation.mailroom.timeline import result_badge
from foundation.notifications.placeholders import record_link
from foundation.notifications.selectors import visible_messages
from foundation.notifications.timeline import headline
from foundation.ui import formats, html, parts
from foundation.ui.places import language_name

SHOWN_RAW = 2 * 2**20


def _tab(code: str, label: Any, *results: str) -> Tab:
    return Tab(code, label, lambda rows, request: rows.filter(result__in=results))


def _subject(mail: IncomingMail, page: ListPage) -> object:
    return html.link(str(mail), mail.get_absolute_url())


def _sender(mail: IncomingMail, page: ListPage) -> object:
    return html.two_lines(mail.sender_name or mail.sender, mail.sender if mail.sender_name else "")


class MailList(ListPage):
    """Incoming mail, what somebody must look at first."""

    model = IncomingMail
    title = gettext_lazy("Incoming mail")
    permission = "mailroom.view_incomingmail"
    has_search = False
    ordering = ("-received_at", "-pk")
    tabs = (
        _tab("review", gettext_lazy("To be sorted"), "review"),
        _tab("quarantined", gettext_lazy("Unreadable"), "quarantined"),
        _tab("placed", gettext_lazy("Joined and new"), "joined", "inquiry"),
        _tab("automatic", gettext_lazy("Automatic"), "automatic", "bounce"),
        Tab("all", gettext_lazy("All")),
    )
    fallbacks = ("quarantined", "placed", "all")
    columns = (
        Column("subject", gettext_lazy("Subject"), _subject, place="title", plain=lambda row, page: str(row)),
        Column("sender", gettext_lazy("Sender"), _sender, place="fact", plain=lambda row, page: row.sender),
        Column(
            "result", gettext_lazy("Result"), lambda row, page: html.two_lines(result_badge(row), sentence(row.reason)),
            place="end", plain=lambda row, page: row.get_result_display(),
        ),
        Column(
            "received", pgettext_lazy("at what time", "Received"), lambda row, page: html.when(row.received_at), place="fact",
            plain=lambda row, page: row.received_at.isoformat(),
        ),
    )  # fmt: skip

    def visible(self, user: Any) -> Any:
        return selectors.visible_mails(user).defer("text", "quoted", "references", "files")

    def actions(self) -> list[parts.Action]:
        return [parts.Action(_("Sent messages"), reverse("notifications:messages"))]

    def row_state(self, obj: IncomingMail) -> str:
        return "soon" if obj.result in IncomingMail.FOR_PEOPLE else ""


class MailPage(RecordPage):
    """One mail: its words as safe text, its files, how it was judged, and its header."""

    model = IncomingMail
    namespace = "mailroom"
    name = "mail"
    type_label = gettext_lazy("Incoming mail")
    list_label = gettext_lazy("Incoming mail")
    list_name = "mails"
    state = "no machine"
    permission = "mailroom.view_incomingmail"
    takes_notes = False

    def visible(self, user: Any) -> Any:
        return selectors.visible_mails(user).select_related("content_type", "handled_by", "original")

    def subtitle(self, obj: IncomingMail, request: HttpRequest) -> object:
        subject = obj.subject
        return html.link(subject, record_link(subject)) if subject is not None else ""

    def facts(self, obj: IncomingMail, request: HttpRequest) -> list[parts.Fact]:
        why = " ".join(part for part in (sentence(obj.reason), obj.detail) if part)
        return [
            parts.Fact(_("Result"), result_badge(obj)),
            *([parts.Fact(_("Reason"), why)] if why else []),
            *self._reported(obj, request),
            parts.Fact(_("Sender"), html.two_lines(obj.sender_name, obj.sender)),
            parts.Fact(pgettext("at what time", "Received"), html.when(obj.received_at)),
            parts.Fact(_("Language"), language_name(obj.language)),
            parts.Fact(_("Way in"), obj.get_source_display()),
            parts.Fact(_("Size"), formats.file_size(obj.size)),
            *([parts.Fact(_("Sorted by"), str(obj.handled_by))] if obj.handled_by else []),
            *([parts.Fact(_("Came before as"), html.link(obj.original, obj.original.get_absolute_url()))] if obj.original else []),
        ]  # fmt: skip

    def _reported(self, obj: IncomingMail, request: HttpRequest) -> list[parts.Fact]:
        """The message of ours that a delivery report is about, for those who may see it."""
        if obj.result != IncomingMail.Result.BOUNCE or not obj.in_reply_to:
            return []
        message = visible_messages(request.user).filter(message_id=obj.in_reply_to).first()
        return [parts.Fact(_("Message"), html.link(headline(message), message.get_absolute_url()))] if message else []

    def sections(self, obj: IncomingMail, request: HttpRequest) -> list[object]:
        raw = selectors.raw_of(obj)
        context = {
            "mail": obj,
            "language": html.HTML_LANG.get(obj.language, obj.language),
            "files": [{**one, "size": formats.file_size(one["size"])} for one in obj.files],
            "stored": [(one.title, one.get_absolute_url()) for one in self._stored(obj)],
            "header": header_text(raw),
            "raw_url": reverse("mailroom:raw", args=[obj.pk]),
        }
        return [
            parts.Section(_("Words of the mail"), render_to_string("mailroom/words.html", context), "words"),
            *([parts.Section(_("Files"), render_to_string("mailroom/files.html", context), "files")] if obj.files else []),
            parts.Section(_("As it came"), render_to_string("mailroom/header.html", context), "header"),
        ]  # fmt: skip

    def _stored(self, obj: IncomingMail) -> list[Attachment]:
        return list(Attachment.objects.filter(event=obj.event_id).order_by("pk")) if obj.event_id else []

    def timeline_filters(self, request: HttpRequest) -> list[parts.Tab]:
        return []

    def timeline_of(self, obj: IncomingMail, request: HttpRequest) -> list[parts.Entry]:
        """Its arrival, and what colleagues did with it."""
        found = [parts.Entry("system", _("Email received"), obj.received_at)]
        for event in Event.objects.about(obj).select_related("actor"):
            text = get_type(event.code).say(event.facts)
            found.append(parts.Entry("system", text, event.recorded_at, str(event.actor or "")))
        return sorted(found, key=lambda one: one.when, reverse=True)


mail_page = MailPage()


@require_safe
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail as it came, as plain text that no browser takes for anything else."""
    mail = get_object_or_404(selectors.visible_mails(request.user), pk=pk)
    data = selectors.raw_of(mail)[:SHOWN_RAW]
    text = readable(data.decode("utf-8", "replace"))
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=HEADERS)
