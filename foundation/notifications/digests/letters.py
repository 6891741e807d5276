"""The words of a digest, written at the moment when it leaves: what is over by then is left out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from foundation.accounts.audiences import staff_recipient
from foundation.accounts.models import User
from foundation.journal import standing
from foundation.journal.models import ClockTimestamp
from foundation.notifications.compose import draft_by
from foundation.notifications.digests.gathering import close
from foundation.notifications.digests.headings import heading
from foundation.notifications.digests.policy import DIGEST, EMAIL
from foundation.notifications.models import Digest, DigestLine, Message
from foundation.notifications.overtaken import EXPIRED, SWITCHED_OFF
from foundation.notifications.passing import SAID, passed_on
from foundation.notifications.placeholders import reading_as, record_link
from foundation.notifications.rules import plans_for, still_wanted
from foundation.notifications.texts import one_line
from foundation.ui import formats

log = logging.getLogger(__name__)
MOST_LINES = 100
# Kept in the row in English, shown to people in their language by `selectors.explain`.
NOTHING_LEFT = gettext_noop("All that this digest was to tell had been settled before it left.")
SENT_ITSELF = gettext_noop("Sent by itself after all.")
FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Item:
    """One line: what is said, where it leads, and until when it is to be done."""

    kind: str
    text: str
    link: str
    due: datetime | date | None
    since: datetime

    @property
    def soonest(self) -> tuple[datetime, datetime]:
        """What is due comes first, by its time; the rest as it came."""
        if self.due is None:
            return FAR, self.since
        if isinstance(self.due, datetime):
            return self.due, self.since
        return datetime.combine(self.due, datetime.max.time(), timezone.get_current_timezone()), self.since

    @property
    def due_text(self) -> str:
        """The deadline as the reader writes it."""
        if self.due is None:
            return ""
        return formats.exact(self.due) if isinstance(self.due, datetime) else formats.day(self.due)


@dataclass(frozen=True)
class Group:
    """Items of one kind under their heading."""

    title: str
    items: list[Item]


def write(row: Message) -> str:
    """Close a claimed digest and put its words in; why not, in English, where nothing is left to tell.

    Asked again after a failed attempt it looks again at what is over. Any other message stays as it is.
    """
    if row.template_key != DIGEST:
        return ""
    with transaction.atomic():
        digest = Digest.objects.select_for_update(of=("self",)).select_related("user").get(message=row)
        close(digest)
        lines = list(
            digest.lines.select_related("message__event").prefetch_related("message__subject").order_by("message__pk")
        )
        over = _over([line.message for line in lines])
        for line in lines:
            line.left_out = over.get(line.message_id, "")
        others = passed_on([line.message for line in lines if not line.left_out])
        for line in lines:
            line.left_out = line.left_out or (SAID if line.message_id in others else "")
        DigestLine.objects.bulk_update(lines, ["left_out"])
    told = [line.message for line in lines if not line.left_out]
    if not told:
        return NOTHING_LEFT
    _put(row, digest.user, told)
    return ""


def _over(rows: Sequence[Message]) -> dict[int, str]:
    """By message why it is left out, in English."""
    expired = set(
        Message.objects.filter(pk__in=[row.pk for row in rows], expires_at__lte=ClockTimestamp()).values_list(
            "pk", flat=True
        )
    )
    settled = _settled([row.event for row in rows if row.event is not None])
    found = {}
    for row in rows:
        why = settled.get(row.event_id or 0, "")
        if row.state != Message.State.SUPPRESSED:
            why = SENT_ITSELF
        elif row.pk in expired:
            why = EXPIRED
        elif row.event is not None and not still_wanted(row.event, row.rule_key):
            why = SWITCHED_OFF
        if why:
            found[row.pk] = why
    return found


def _settled(events: Sequence[Any]) -> dict[int, str]:
    """Where nobody can say whether something is settled, it is told."""
    try:
        with transaction.atomic():
            found = standing.settled(events)
    except Exception:
        log.exception("Nobody can say whether %d events still hold; they are told", len(events))
        return {}
    with translation.override("en"):
        return {pk: str(why) for pk, why in found.items()}


def _put(row: Message, user: User, told: Sequence[Message]) -> None:
    """Words in the reader's language and zone as they are now."""
    with reading_as(user.language, user.time_zone):
        items = sorted((_item(one, user) for one in told), key=lambda item: item.soonest)
        groups = grouped(items[:MOST_LINES])
        more = len(items) - MOST_LINES
        said = ngettext("%(count)s notification: %(first)s", "%(count)s notifications", len(items))
        subject_line = one_line(said % {"count": formats.number(len(items)), "first": items[0].text})
        rest = _rest(more) if more > 0 else ""
        body, markup = plain(groups, rest), rich(groups, rest)
    row.language, row.subject_line, row.body = user.language, subject_line, body
    row.to_address = row.to_address or user.email
    row.markup = markup  # type: ignore[attr-defined]
    mine = Message.objects.filter(pk=row.pk, state=Message.State.SENDING, lease_until=row.lease_until)
    mine.update(language=user.language, subject_line=subject_line, body=body)


def _rest(more: int) -> str:
    said = ngettext("And %(count)s more in your notifications.", "And %(count)s more in your notifications.", more)
    return said % {"count": formats.number(more)}


def _item(row: Message, user: User) -> Item:
    """What one message says; in the reader's language where that has changed since."""
    event, text = row.event, row.subject_line
    if row.language != user.language:
        text = _said_anew(row, user) or text
    link = record_link(row.subject, absolute=True) if row.subject is not None else ""
    return Item(event.code if event else "", text, link, _due(event), row.created_at)


def _said_anew(row: Message, user: User) -> str:
    plan = next((one for one in plans_for(row.event.code) if one.key == row.rule_key), None) if row.event else None
    if plan is None:
        return ""
    try:
        drafts = draft_by(row.event, row.subject, plan, staff_recipient(user), EMAIL)
    except Exception:
        log.exception("Message %s could not be worded in %s", row.pk, user.language)
        return ""
    return drafts.messages[0].subject_line if drafts.messages else ""


def _due(event: Any) -> datetime | date | None:
    """The deadline that an event speaks of, if any."""
    facts = event.facts if event is not None else {}
    try:
        if facts.get("due_at"):
            moment = datetime.fromisoformat(str(facts["due_at"]))
            return moment if timezone.is_aware(moment) else None
        return date.fromisoformat(str(facts["due_on"])) if facts.get("due_on") else None
    except ValueError:
        return None


def grouped(items: Sequence[Item]) -> list[Group]:
    """Items by kind; the group whose first is soonest comes first, and so within each."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.kind, []).append(item)
    return [Group(heading(kind), some) for kind, some in groups.items()]


def plain(groups: Sequence[Group], rest: str) -> str:
    """The digest as plain text."""
    parts = []
    for group in groups:
        lines = [f"{group.title} ({formats.number(len(group.items))})"]
        for item in group.items:
            due = _("Due: %(due)s") % {"due": item.due_text} if item.due_text else ""
            lines += [f"- {item.text}", *(f"  {one}" for one in (due, item.link) if one)]
        parts.append("\n".join(lines))
    if rest:
        parts.append(rest)
    return "\n\n".join([*parts, way_to_choose()])


def way_to_choose() -> str:
    """Where the reader says how often such an email comes."""
    return _("How often this email comes, you choose on your profile page: %(link)s") % {"link": address_of_wishes()}


def address_of_wishes() -> str:
    """The part of the profile page where digests are chosen."""
    return f"{settings.ORIGIN}{reverse('accounts:profile')}#digests"


def rich(groups: Sequence[Group], rest: str) -> SafeString:
    """The same as markup for the email's page."""
    context = {"groups": groups, "rest": rest, "wishes": address_of_wishes()}
    return SafeString(render_to_string("notifications/digests/email.html", context))
