"""What people do with a mail that waits: give it to a record, make an inquiry of it, discard it, have it looked at again."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.journal.machine import Refused
from foundation.journal.services import record
from foundation.mailroom import events
from foundation.mailroom.models import IncomingMail, RawMail
from foundation.mailroom.reading.letter import Unreadable, read
from foundation.mailroom.registry import targets
from foundation.mailroom.services import deciding
from foundation.mailroom.services.files import Files, judged
from foundation.notifications.subjects import subject_type

Result = IncomingMail.Result
SORTABLE = (Result.REVIEW, Result.AUTOMATIC)
PERMISSION = "mailroom.sort_incomingmail"


@transaction.atomic
def assign(pk: int, *, actor: Any, number: str) -> IncomingMail:
    """Let the mail join the record of this number. Raises Refused for one that the person does not see or that takes nothing."""
    mail = _locked(pk, actor, SORTABLE)
    subject = _record_of(number, actor)
    deciding.join(mail, subject, _files(mail), how="by_hand", actor=actor)
    return _sorted(mail, actor, events.ASSIGNED)


@transaction.atomic
def make_inquiry(pk: int, *, actor: Any) -> IncomingMail:
    """Make an inquiry of it. Raises Refused without a sender to answer."""
    mail = _locked(pk, actor, SORTABLE)
    if not mail.sender:
        raise Refused(_("This mail names no sender: give it to a record instead."))
    deciding.become(mail, _files(mail), how="by_hand")
    return _sorted(mail, actor, events.ASSIGNED)


@transaction.atomic
def discard(pk: int, *, actor: Any, reason: str) -> IncomingMail:
    """Nothing is to be done with it; the mail itself is kept."""
    mail = _locked(pk, actor, (*SORTABLE, Result.QUARANTINED))
    if not reason.strip():
        raise Refused(_("Say why."), reason="input", field="reason")
    deciding.settle(mail, Result.DISCARDED, "discarded", reason.strip())
    return _sorted(mail, actor, events.DISCARDED)


def retry(pk: int, *, actor: Any) -> IncomingMail:
    """Look at an unreadable mail again, after the program has become better."""
    from foundation.mailroom.services.intake import process

    with transaction.atomic():
        mail = _locked(pk, actor, (Result.QUARANTINED,))
        deciding.settle(mail, Result.STORED, "")
        mail.tries = 0
        mail.save(update_fields=["result", "reason", "detail", "tries"])
        record(events.RETRIED, mail, actor=actor)
    return process(pk)


def _locked(pk: int, actor: Any, results: tuple[str, ...]) -> IncomingMail:
    if not actor.has_perm(PERMISSION):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    mail = IncomingMail.objects.select_for_update(of=("self",)).get(pk=pk)
    if mail.result not in results:
        raise Refused(_("Too late: this mail is “%(state)s” by now.") % {"state": mail.get_result_display()})
    return mail


def _sorted(mail: IncomingMail, actor: Any, code: str) -> IncomingMail:
    mail.handled_by, mail.handled_at = actor, timezone.now()
    mail.save()
    record(code, mail, actor=actor)
    return mail


def _record_of(number: str, actor: Any) -> Any:
    wanted = number.strip().upper()
    for target in targets():
        kind = subject_type(target.model)
        if kind is None or kind.visible is None:
            continue
        found = kind.visible(actor).filter(number__iexact=wanted).first() if wanted else None
        if found is not None:
            return found
    raise Refused(_("You see no record of this number."), reason="input", field="number")


def _files(mail: IncomingMail) -> Files:
    try:
        return judged(read(bytes(RawMail.objects.values_list("data", flat=True).get(pk=mail.pk))))
    except Unreadable:
        return Files()
