"""Inquiries that come by mail, and mails that answer an inquiry."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Contact, Inquiry, InquiryPolicy
from crm.services import changes
from crm.services.inquiries import receive_inquiry
from crm.services.repeats import count_again, earlier_of, lock_sender
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.mailroom.registry import Arrival
from foundation.mailroom.services.remembering import remember

_PREFIX = re.compile(r"\s*((re|aw|fw|fwd|wg|antw|sv|回复|回覆|答复|转发|轉寄)\s*(\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)


def inquiry_from_mail(arrival: Arrival) -> tuple[Inquiry, bool]:
    """The inquiry that a mail becomes, and whether it is new.

    The same sender with the same subject within some hours asks again, as does one with the same words within some days.
    """
    topic = topic_of(arrival.subject)
    since = timezone.now() - timedelta(hours=InquiryPolicy.current().same_subject_hours)
    mine = Inquiry.objects.filter(email=arrival.sender, channel=Inquiry.Channel.EMAIL, received_at__gt=since).exclude(
        status=Inquiry.Status.CLOSED
    )
    for earlier in mine.order_by("-pk")[:20]:
        if topic and topic_of(earlier.subject) == topic:
            return earlier, False
    lock_sender(email=arrival.sender, phone="")
    if (same := earlier_of(email=arrival.sender, phone="", subject=arrival.subject, text=arrival.text)) is not None:
        return count_again(same.pk), False  # the mail itself is kept by whoever asks
    made = receive_inquiry(
        actor=None,
        may_join=False,
        contact_name=arrival.sender_name or arrival.sender.partition("@")[0][:120],
        email=arrival.sender,
        subject=(arrival.subject or _("Mail without a subject"))[:200],
        text=arrival.text or arrival.subject or "–",
        language=arrival.language,
        channel=Inquiry.Channel.EMAIL,
        request_key=f"mail:{arrival.mail_id}",
        files=arrival.files,
    )
    return made, True


def topic_of(subject: str) -> str:
    """A subject without what mail programs put before it."""
    return _PREFIX.sub("", subject, count=1).strip().casefold()[:200]


def join_inquiry(pk: int, arrival: Arrival) -> Event:
    """A further mail about an inquiry. Raises Refused when it is closed: whoever sorts mail decides what it is then."""
    inquiry = changes.lock(Inquiry, pk)
    if inquiry.status == Inquiry.Status.CLOSED:
        raise Refused(_("%(number)s is closed.") % {"number": inquiry.number})
    return remember(inquiry, arrival)


def addresses_of_customer(customer_id: int) -> set[str]:
    """From where the customer's people write, in lower case."""
    people = Contact.objects.filter(Q(customer=customer_id), left_at=None).values_list("email", "other_email")
    return {one.lower() for pair in people for one in pair if one}
