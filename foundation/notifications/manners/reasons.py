"""Why a message waits, or is not sent: codes kept in the rows, and the sentences that people read."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.ui import formats

QUIET_HOURS, WORKING_DAY, MORE_NEWS = "quiet hours", "working day", "more news"
DEAD_ADDRESS, UNWANTED, TOO_MANY, SAME_TEXT = "dead address", "unwanted", "too many", "same text"
OPTED_OUT = "opted out"
IN_DIGEST = "in a digest"
PASSED_ON = "passed on"
WORKER_DIED = "worker died"

SENTENCES = {
    OPTED_OUT: _("The recipient does not want these messages."),
    DEAD_ADDRESS: _("Earlier messages to this address came back."),
    UNWANTED: _("The recipient has declined messages of this kind."),
    TOO_MANY: _("This person has got as much marketing as one may get at the moment."),
    SAME_TEXT: _("This customer has got the same text before."),
    IN_DIGEST: _("Told together with others in one email."),
    PASSED_ON: _("The record changed hands before this was told: its new owner is told instead."),
    WORKER_DIED: _("The program that sends stopped in the middle of this message."),
}


# Why a message is not sent at all.
HELD_BACK = (OPTED_OUT, UNWANTED, TOO_MANY, SAME_TEXT, IN_DIGEST, PASSED_ON)


def waiting_text(waits_for: str, moment: datetime, zone: ZoneInfo) -> str:
    """Until when a message waits, on the recipient's own clock."""
    wall = moment.astimezone(zone)
    values = {"time": f"{wall:%H:%M}", "day": formats.day(wall.date())}
    if waits_for == WORKING_DAY:
        return gettext("Waits until %(day)s, %(time)s (a working day where the recipient lives).") % values
    if waits_for == MORE_NEWS:
        return gettext("Takes in more news until %(day)s, %(time)s.") % values
    return gettext("Waits until %(time)s (recipient's morning).") % values
