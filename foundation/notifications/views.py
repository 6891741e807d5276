"""The inbox, the list of messages with its worklist of failures, and the page that shows what was sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from foundation.journal.models import Event
from foundation.journal.registry import get_type
from foundation.lists.pages import Column, ListPage, RecordPage, Tab
from foundation.notifications import events, selectors, services
from foundation.notifications.channels import get_channel
from foundation.notifications.digests.history import digest_facts, told_lines
from foundation.notifications.digests.policy import DIGEST
from foundation.notifications.digests.stacks import stacked
from foundation.notifications.filters import MessageFilter
from foundation.notifications.manners.kinds import kind_label
from foundation.notifications.models import Message, MessageStep
from foundation.notifications.placeholders import record_link
from foundation.notifications.timeline import MARKS, headline, state_badge
from foundation.ui import formats, html, parts
from foundation.ui.ahead import Wish
from foundation.ui.places import language_name
from foundation.ui.submissions import submit_once

PAGE_SIZE = 50
MOST_AT_ONCE = 200


# ---------------------------------------------------------------- inbox


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """A colleague's own notices, newest first, a page at a time."""
    only_unread = request.GET.get("view") == "unread"
    items = selectors.inbox_of(request.user).select_related("event")
    if only_unread:
        items = items.filter(read_at=None)
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 6 else 1
    start = max(number - 1, 0) * PAGE_SIZE
    rows = list(items[start : start + PAGE_SIZE + 1])
    view = "view=unread&" if only_unread else ""
    context = {
        "title": _("Notifications"),
        "items": stacked(rows[:PAGE_SIZE]),
        "tabs": [
            parts.Tab(_("All"), "?", None, not only_unread),
            parts.Tab(_("Unread"), "?view=unread", None, only_unread),
        ],
        "pager": parts.Pager(
            number=number,
            previous_url=f"?{view}page={number - 1}" if number > 1 else "",
            next_url=f"?{view}page={number + 1}" if len(rows) > PAGE_SIZE else "",
            shown=f"{start + 1}–{start + len(rows[:PAGE_SIZE])}" if rows else "",
        ),
        "unread": selectors.unread_count(request.user),
        "empty": parts.Empty(
            "nothing",
            _("Nothing is unread") if only_unread else _("No notifications yet"),
            _("What is yours, late or about to be late is reported here."),
        ),
    }
    return render(request, "notifications/inbox.html", context)


@require_POST
def open_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read and go to its record."""
    item = get_object_or_404(selectors.inbox_of(request.user), pk=pk)
    services.mark_read(request.user, item.pk)
    inside = url_has_allowed_host_and_scheme(item.link, allowed_hosts=None)
    return redirect(item.link if item.link and inside else "notifications:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all notices as read, or those that are named."""
    asked = [int(pk) for pk in request.POST.getlist("pk")[:PAGE_SIZE] if pk.isascii() and pk.isdigit() and len(pk) < 16]
    count = services.mark_read(request.user, *asked)
    done = ngettext("%(count)s notification marked as read.", "%(count)s notifications marked as read.", count)
    messages.success(request, done % {"count": count})
    return redirect("notifications:inbox")


# ---------------------------------------------------------------- messages


def _when(message: Message, page: ListPage) -> object:
    return html.when(message.created_at)


def _what(message: Message, page: ListPage) -> object:
    return html.link(headline(message), message.get_absolute_url())


def _why(message: Message, page: ListPage) -> object:
    return html.two_lines(state_badge(message), selectors.explain(message)[:160] if message.state != "sent" else "")


class MessageList(ListPage):
    """Messages, those that somebody must look at first."""

    model = Message
    title = gettext_lazy("Messages")
    permission = "notifications.view_message"
    has_search = False
    ordering = ("-created_at", "-pk")
    filterset_class = MessageFilter
    tabs = (
        Tab("failed", gettext_lazy("Failed"), lambda rows, request: rows.filter(state__in=Message.PARKED)),
        Tab("waiting", gettext_lazy("Waiting"), lambda rows, request: rows.filter(state__in=Message.OPEN)),
        Tab("all", gettext_lazy("All")),
    )
    columns = (
        Column("what", gettext_lazy("Message"), _what, place="title", plain=lambda row, page: headline(row)),
        Column("state", gettext_lazy("State"), _why, place="end", plain=lambda row, page: row.get_state_display()),
        Column("address", gettext_lazy("Address"), lambda row, page: row.to_address or "–", place="fact"),
        Column("attempts", gettext_lazy("Attempts"), lambda row, page: row.attempts, is_number=True),
        Column(
            "created", gettext_lazy("Created"), _when, place="fact", plain=lambda row, page: row.created_at.isoformat()
        ),
    )

    def visible(self, user: Any) -> Any:
        return selectors.visible_messages(user)

    def actions(self) -> list[parts.Action]:
        return [parts.Action(gettext_lazy("Not sent, by reason"), reverse("notifications:held-back"))]

    def row_state(self, obj: Message) -> str:
        return "late" if obj.state in Message.PARKED else ""

    def bulk(self) -> list[parts.Action]:
        if not self.request.user.has_perm("notifications.change_message"):
            return []
        asked = self.request.GET.urlencode()
        labels = {"resend": _("Send again"), "confirm-sent": _("It was sent"), "cancel": _("Call off")}
        return [
            parts.Action(label, f"{reverse('notifications:messages-bulk', args=[name])}?{asked}")
            for name, label in labels.items()
        ]


@require_POST
@submit_once
def bulk(request: HttpRequest, action: str) -> HttpResponse:
    """Send again or call off what has been ticked; says how many, and how many it was too late for."""
    if not request.user.has_perm("notifications.change_message"):
        raise PermissionDenied
    if action not in services.BULK:
        raise Http404
    asked = [
        int(pk) for pk in request.POST.getlist("pk")[:MOST_AT_ONCE] if pk.isascii() and pk.isdigit() and len(pk) < 16
    ]
    pks = list(selectors.visible_messages(request.user).filter(pk__in=asked).values_list("pk", flat=True))
    done, refused = services.many(action, pks, actor=request.user)
    if done:
        text = {
            "resend": ngettext("%(count)s message will be sent again.", "%(count)s messages will be sent again.", done),
            "confirm-sent": ngettext("%(count)s message counts as sent.", "%(count)s messages count as sent.", done),
            "cancel": ngettext("%(count)s message called off.", "%(count)s messages called off.", done),
        }[action]
        messages.success(request, text % {"count": done})
    if refused:
        text = ngettext(
            "%(count)s message could not: its state does not allow it.",
            "%(count)s messages could not: their state does not allow it.",
            refused,
        )
        messages.error(request, text % {"count": refused})
    if not pks:
        messages.error(request, _("Select messages first."))
    return redirect(f"{reverse('notifications:messages')}?{request.GET.urlencode()}")


class MessagePage(RecordPage):
    """What exactly was sent, to whom, when, and what became of it."""

    model = Message
    namespace = "notifications"
    name = "message"
    type_label = gettext_lazy("Message")
    list_label = gettext_lazy("Messages")
    list_name = "messages"
    state = "state"
    takes_notes = False

    def visible(self, user: Any) -> Any:
        return selectors.visible_messages(user).select_related("actor", "content_type", "instead_of", "fallback_of")

    def title(self, obj: Message) -> str:
        return headline(obj)

    def subtitle(self, obj: Message, request: HttpRequest) -> object:
        subject = obj.subject
        return html.link(subject, record_link(subject)) if subject is not None else ""

    def facts(self, obj: Message, request: HttpRequest) -> list[parts.Fact]:
        channel = get_channel(obj.channel)
        template = self._words_of(obj, request) if obj.template_key else _("Unknown")
        told = digest_facts(obj)
        return [
            parts.Fact(_("State"), html.badge(obj.get_state_display(), MARKS[obj.state])),
            parts.Fact(pgettext("recipient of a message", "To"), html.two_lines(obj.to_name, obj.to_address)),
            parts.Fact(pgettext("channel of a message", "By"), channel.label if channel else obj.channel),
            parts.Fact(_("Language"), language_name(obj.language)),
            parts.Fact(_("Written by"), str(obj.actor) if obj.actor else template),
            parts.Fact(_("Attempts"), obj.attempts),
            *([parts.Fact(_("Kind"), kind_label(obj.kind))] if obj.kind else []),
            *(
                [parts.Fact(_("Reason"), selectors.explain(obj))]
                if obj.last_error or obj.waits_for and obj.is_open
                else []
            ),
            *_related(obj),
            *told,
            *([parts.Fact(_("Next attempt"), html.when(obj.next_attempt_at))] if obj.is_open else []),
            *([parts.Fact(_("True until"), html.when(obj.expires_at))] if obj.expires_at else []),
            *_others(obj),
            parts.Fact(_("Message ID"), obj.message_id.strip("<>")),
        ]

    def _words_of(self, obj: Message, request: HttpRequest) -> object:
        """The version of the template that it was made of, with the way there for those who may see it."""
        if obj.template_key == DIGEST:
            return _("Digest")
        values = {"template": obj.template_key, "number": obj.template_version}
        said = _("Template %(template)s, version %(number)s") % values
        if not request.user.has_perm("notifications.view_template"):
            return said
        address = reverse("notifications:template-history", args=[obj.template_key, obj.language])
        return html.link(said, f"{address}#version-{obj.template_version}")

    def sections(self, obj: Message, request: HttpRequest) -> list[object]:
        files = [
            (one.attachment.title, one.attachment.get_absolute_url())
            for one in obj.attachments.select_related("attachment")
        ]
        context = {"message": obj, "language": html.HTML_LANG.get(obj.language, obj.language), "files": files}
        title = _("Words of the message") if obj.sent_at is None else _("What was sent")
        return [parts.Section(title, render_to_string("notifications/words.html", context), "words"), *told_lines(obj)]

    def timeline_filters(self, request: HttpRequest) -> list[parts.Tab]:
        return []

    def timeline_of(self, obj: Message, request: HttpRequest) -> list[parts.Entry]:
        """Its own stations, and what colleagues did with it."""
        entry = parts.Entry
        author = str(obj.actor) if obj.actor else ""
        found = [entry("system", _("Put into the outbox"), obj.created_at, author)]
        for step in obj.steps.all():
            found.append(entry("system", _step_text(step), step.at, _("Attempt %(number)s") % {"number": step.attempt}))
        by_hand = Event.objects.filter(
            content_type=obj.content_type_id,
            object_id=obj.object_id,
            code__in=(events.RESENT, events.CONFIRMED_SENT, events.READDRESSED, events.CANCELLED, events.REROUTED),
            facts__message=obj.pk,
        )
        for event in by_hand.select_related("actor"):
            found.append(
                entry("system", get_type(event.code).say(event.facts), event.recorded_at, str(event.actor or ""))
            )
        return sorted(found, key=lambda one: one.when, reverse=True)


def _step_text(step: MessageStep) -> str:
    """“Failed (anna@example.com): 550 No such user”."""
    names = {"queued": _("To be tried again"), "sent": _("Taken by the provider")}
    text = names.get(step.state) or step.get_state_display()
    to = f" ({step.to_address})" if step.to_address else ""
    why = selectors.explain_step(step) or step.provider_id
    return f"{text}{to}: {why}" if why else f"{text}{to}"


def _others(obj: Message) -> list[parts.Fact]:
    """The message that this one takes over from, and the one that takes over from it."""
    after = Message.objects.filter(instead_of=obj).first()
    pairs = ((_("Instead of"), obj.instead_of), (_("Sent instead"), after))
    return [parts.Fact(label, html.link(headline(one), one.get_absolute_url())) for label, one in pairs if one]


def _related(message: Message) -> list[parts.Fact]:
    """The message that this one stands in for, and the one that stands in for it."""
    instead = Message.objects.filter(fallback_of=message).first()
    found = [(_("Sent instead of"), message.fallback_of), (_("Sent in its stead"), instead)]
    return [parts.Fact(label, html.link(headline(one), one.get_absolute_url())) for label, one in found if one]


message_page = MessagePage()


# ---------------------------------------------------------------- my day


def day_wishes(user: Any) -> list[Wish]:
    """What `failures_panel` is about to ask."""
    return [selectors.failures_wish(user)] if user.has_perm("notifications.change_message") else []


def failures_panel(*, request: HttpRequest, **_context: Any) -> parts.Section | None:
    """On the first page: messages that could not be sent, while there are any."""
    if not request.user.has_perm("notifications.change_message"):
        return None
    count = selectors.failures_of(request.user)
    if not count:
        return None
    text = ngettext("%(count)s message could not be sent.", "%(count)s messages could not be sent.", count)
    return parts.Section(
        _("Messages"),
        html.badge(text % {"count": formats.number(count)}, "late"),
        "failed-messages",
        parts.Action(_("Look at them"), reverse("notifications:messages")),
    )
