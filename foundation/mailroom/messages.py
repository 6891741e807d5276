"""What people are told about incoming mail: the colleague in charge, and whoever wrote outside working hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.audiences import Recipient, register_audience
from foundation.accounts.models import Company, User
from foundation.calendars.selectors import is_office_open, office_opens_at
from foundation.journal.registry import parse_iso_day
from foundation.mailroom import events
from foundation.mailroom.models import IncomingMail
from foundation.notifications.defaults import Text, register_message
from foundation.notifications.placeholders import register_event_placeholders
from foundation.notifications.subjects import subject_type
from foundation.notifications.texts import one_line
from foundation.sla.models import Clock
from foundation.sla.selectors.clocks import record_type
from foundation.ui import formats
from foundation.ui.phones import shown_phone

NAMES = {
    "mail_subject": _("Subject of the mail"),
    "mail_sender": _("Who wrote the mail"),
    "answer_line": _("By when we answer; empty when nothing is promised and no working hours are known"),
    "absence_line": _("Until when the colleague in charge is away and who stands in; empty while they are there"),
    "emergency_line": _("Whom to reach outside working hours; empty when no emergency contact is set"),
}


def emergency_line() -> str:
    """One sentence in the active language, or empty text."""
    company = Company.current()
    if not company.emergency_phone:
        return ""
    values = {"phone": shown_phone(company.emergency_phone), "name": company.emergency_contact}
    if company.emergency_contact:
        return gettext("If it cannot wait, call %(name)s: %(phone)s.") % values
    return gettext("If it cannot wait, call %(phone)s.") % values


def answer_line(subject: Any, team_id: int | None = None) -> str:
    """By when we answer, in the reader's zone and language: the soonest promise that runs, else when the office opens."""
    clocks = Clock.objects.open().filter(content_type=record_type(type(subject)), object_id=subject.pk)
    due = clocks.filter(due_at__isnull=False).order_by("due_at").values_list("due_at", flat=True).first()
    if due is not None:
        return gettext("You will hear from us by %(time)s.") % {"time": formats.exact(due)}
    opens = office_opens_at(team_id=team_id) if not is_office_open(team_id=team_id) else None
    return gettext("Our office opens again on %(time)s.") % {"time": formats.exact(opens)} if opens is not None else ""


def absence_line(event: Any) -> str:
    """Who is away until when, and who reads the mail meanwhile, by what the event remembers; the reason is nobody's business."""
    facts = event.facts if event is not None else {}
    last_day = parse_iso_day(str(facts.get("last_day") or ""))
    takers = [int(pk) for pk in facts.get("taker_ids") or []]
    names = User.objects.in_bulk([int(facts.get("owner_id") or 0), *takers])
    owner = names.get(int(facts.get("owner_id") or 0))
    if owner is None or last_day is None:
        return ""
    deputy = next((names[pk] for pk in takers if pk in names), None)
    values = {"name": owner, "day": formats.day(last_day), "deputy": deputy}
    if deputy is None:
        return gettext("%(name)s is out of the office up to and including %(day)s.") % values
    return (
        gettext("%(name)s is out of the office up to and including %(day)s; %(deputy)s stands in and has your message.")
        % values
    )


def mail_of(event: Any) -> IncomingMail | None:
    """The mail that an event is about."""
    pk = event.facts.get("mail_id") if event is not None else None
    return IncomingMail.objects.filter(pk=pk).first() if pk else None


def sender_of_mail(event: Any, subject: Any) -> list[Recipient]:
    """Whoever wrote, at the address that they wrote from, in the language that they wrote in; whoever they say they are."""
    mail = mail_of(event)
    if mail is None or not mail.sender:
        return []
    kind = subject_type(type(subject))
    known = kind.contact(subject) if kind and kind.contact else None
    is_known = known is not None and known.email.lower() == mail.sender
    person = Recipient(
        key=known.key if known and is_known else f"mail:{mail.pk}",
        name=(known.name if known and is_known else mail.sender_name) or mail.sender,
        language=known.language if known and is_known else mail.language,
        time_zone=known.time_zone if known else Company.current().time_zone,
        kind="customer",
        email=mail.sender,
        customer_id=mail.customer_id,
    )
    return [person]


def mail_values(event: Any, subject: Any, recipient: Recipient) -> Mapping[str, Any]:
    """What a message about a mail may say."""
    mail = mail_of(event)
    return {
        "mail_subject": one_line(mail.subject_line) if mail else "",
        "mail_sender": one_line(mail.sender_name or mail.sender) if mail else "",
        "answer_line": lambda: answer_line(subject, event.facts.get("team_id")),
        "absence_line": lambda: absence_line(event),
        "emergency_line": emergency_line,
    }


def register() -> None:
    """Called once, when the apps are ready."""
    register_audience("mail_sender", _("Whoever wrote the mail"), sender_of_mail, kind="customer")
    register_event_placeholders("mail.", mail_values, names=NAMES)
    register_message(
        "mail_after_hours", event=events.AFTER_HOURS, audience="mail_sender", channels=("email",), texts=AFTER_HOURS
    )
    register_message(
        "mail_owner_away",
        event=events.OWNER_AWAY,
        audience="mail_sender",
        channels=("email",),
        condition={"answers": True},
        texts=OWNER_AWAY,
    )
    register_message(
        "mail_for_deputy", event=events.OWNER_AWAY, audience="stand_in", channels=("inbox",), texts=RECEIVED
    )
    register_message("mail_received", event=events.RECEIVED, audience="owner", channels=("inbox",), texts=RECEIVED)


AFTER_HOURS = {
    "en": Text(
        "Re: {mail_subject}",
        "Dear {recipient_name},\n\nthank you for your message; it is with us. Our office is closed at the moment."
        " {answer_line} {absence_line}\n\n{emergency_line}\n\nKind regards\n{company_name}",
    ),
    "zh-hans": Text(
        "回复：{mail_subject}",
        "{recipient_name}，您好：\n\n您的来信已收到，谢谢。现在是非工作时间。{answer_line}{absence_line}\n\n{emergency_line}\n\n此致\n{company_name}",
    ),
    "zh-hant": Text(
        "回覆：{mail_subject}",
        "{recipient_name} 您好：\n\n您的來信已收到，謝謝。目前為非上班時間。{answer_line}{absence_line}\n\n{emergency_line}\n\n敬祝 商祺\n{company_name}",
    ),
    "de": Text(
        "Re: {mail_subject}",
        "Guten Tag {recipient_name},\n\nvielen Dank für Ihre Nachricht, sie ist bei uns eingegangen. Unser Büro ist im Moment"
        " geschlossen. {answer_line} {absence_line}\n\n{emergency_line}\n\nFreundliche Grüße\n{company_name}",
    ),
}
OWNER_AWAY = {
    "en": Text(
        "Re: {mail_subject}",
        "Dear {recipient_name},\n\nthank you for your message; it is with us. {absence_line} {answer_line}\n\n"
        "{emergency_line}\n\nKind regards\n{company_name}",
    ),
    "zh-hans": Text(
        "回复：{mail_subject}",
        "{recipient_name}，您好：\n\n您的来信已收到，谢谢。{absence_line}{answer_line}\n\n{emergency_line}\n\n此致\n{company_name}",
    ),
    "zh-hant": Text(
        "回覆：{mail_subject}",
        "{recipient_name} 您好：\n\n您的來信已收到，謝謝。{absence_line}{answer_line}\n\n{emergency_line}\n\n敬祝 商祺\n{company_name}",
    ),
    "de": Text(
        "Re: {mail_subject}",
        "Guten Tag {recipient_name},\n\nvielen Dank für Ihre Nachricht, sie ist bei uns eingegangen. {absence_line} {answer_line}\n\n"
        "{emergency_line}\n\nFreundliche Grüße\n{company_name}",
    ),
}
RECEIVED = {
    "en": Text("{record}: email from {mail_sender}", "{mail_subject}\n{link}", "{mail_subject}"),
    "zh-hans": Text("{record}：{mail_sender} 来信", "{mail_subject}\n{link}", "{mail_subject}"),
    "zh-hant": Text("{record}：{mail_sender} 來信", "{mail_subject}\n{link}", "{mail_subject}"),
    "de": Text("{record}: E-Mail von {mail_sender}", "{mail_subject}\n{link}", "{mail_subject}"),
}
