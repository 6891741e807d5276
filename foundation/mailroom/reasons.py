"""Why a mail is where it is: codes in the rows, sentences for people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    "reply_address": _("It was sent to the record's own address for answers."),
    "thread": _("It answers a message of this record."),
    "number": _("Its subject names the record, and the sender belongs to its customer."),
    "again": _("The same sender asked the same before, and that is still open."),
    "by_hand": _("A colleague assigned it."),
    "new": _("It belongs to nothing that we know."),
    "auto_submitted": _("Its header says that a program sent it."),
    "precedence": _("Its header says that it is bulk mail."),
    "list": _("It comes from a mailing list."),
    "loop": _("Its header says that it is an automatic answer."),
    "suppressed": _("Its header asks for no automatic answers."),
    "null_sender": _("It has no sender to answer to."),
    "report": _("It is the report of a mail server."),
    "own_address": _("It comes from our own address."),
    "robot": _("Its sender's address belongs to a program."),
    "absence": _("Its subject says that it is an automatic answer."),
    "no_sender": _("It names no sender."),
    "rate": _("Too many mails came from this sender in a short time."),
    "dangerous": _("A file with it may be dangerous."),
    "staff_sender": _("The sender's address is a colleague's. Anybody can write that, so a person decides."),
    "unknown_sender": _("Its subject names a record, but the sender does not belong to its customer."),
    "refused": _("The record does not take it."),
    "nobody": _("No room of the house takes new mail."),
    "too_large": _("It is too large to be taken in: only its header is kept."),
    "unreadable": _("It cannot be read."),
    "error": _("Reading it failed."),
    "killed": _("Reading it stopped the program several times."),
    "failed": _("A mail of ours was not delivered."),
    "delayed": _("A mail of ours is late; the mail server goes on trying."),
    "delivered": _("A mail server reports that a mail of ours arrived."),
    "unknown_message": _("The report names no mail of ours."),
    "twice": _("The same mail came before."),
    "discarded": _("A colleague discarded it."),
}


def sentence(code: str) -> str:
    """The sentence in the active language; empty for an unknown code."""
    return str(SENTENCES.get(code, ""))
