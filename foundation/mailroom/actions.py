"""The buttons on a mail's page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.journal.machine import actions
from foundation.mailroom.forms import AssignForm, DiscardForm
from foundation.mailroom.models import IncomingMail
from foundation.mailroom.services import assign, discard, make_inquiry, retry
from foundation.mailroom.services.sorting import PERMISSION, SORTABLE

QUARANTINED = IncomingMail.Result.QUARANTINED


def can_sort(mail: IncomingMail, user: Any) -> bool:
    """It can be read, and nobody has decided yet."""
    return mail.result in SORTABLE


def register() -> None:
    """Called once, when the apps are ready."""
    add = actions.add
    add(
        IncomingMail, "assign", label=_("Give to a record"), service=assign, permission=PERMISSION, form=AssignForm, wants_context=True,
        available=can_sort, primary=True, done=_("The mail has joined the record."),
    )  # fmt: skip
    add(
        IncomingMail, "inquiry", label=_("Make an inquiry of it"), service=make_inquiry, permission=PERMISSION,
        available=lambda mail, user: can_sort(mail, user) and bool(mail.sender), done=_("The mail is an inquiry now."),
    )  # fmt: skip
    add(
        IncomingMail, "retry", label=pgettext_lazy("mail", "Look at it again"), service=retry, permission=PERMISSION,
        available=lambda mail, user: mail.result == QUARANTINED, primary=True, done=_("The mail has been looked at again."),
    )  # fmt: skip
    add(
        IncomingMail, "discard", label=_("Discard"), service=discard, permission=PERMISSION, form=DiscardForm,
        available=lambda mail, user: can_sort(mail, user) or mail.result == QUARANTINED, danger=True,
        done=_("The mail has been discarded."),
    )  # fmt: skip
