"""What came of meeting a customer, on the road or in the showroom: what follows, or why nothing does, and its service record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import ServiceRecord
from crm.services.recordings import Agreed
from crm.services.records import add_service_record
from foundation.journal.machine import Refused
from foundation.todos.due import Due, zone_of
from foundation.todos.services.tasks import Wish, create_task

NEXT_TASK, NEXT_VISIT, NEXT_NONE = "task", "visit", "none"


@dataclass(frozen=True)
class Next:
    """What follows: one of the kinds above, in words, with its day; or the reason why nothing does."""

    kind: str = NEXT_TASK
    step: str = ""
    on: date | None = None
    reason: str = ""

    @property
    def is_something(self) -> bool:
        """Whether the matter goes on."""
        return self.kind != NEXT_NONE

    @property
    def kept_reason(self) -> str:
        """The reason to keep with the meeting."""
        return "" if self.is_something else self.reason.strip()

    def refuse_endless(self) -> None:
        """A next step needs its day; without one there must be a reason. Raises Refused."""
        if not self.is_something:
            if not self.reason.strip():
                raise Refused(_("Say why nothing follows."), reason="input", field="no_next_step_reason")
            return
        if not self.step.strip():
            raise Refused(_("Say what comes next."), reason="input", field="next_step")
        if self.on is None:
            raise Refused(_("A next step needs its day."), reason="input", field="next_step_on")
        if self.on < timezone.localdate():
            raise Refused(_("The next step lies in the past."), reason="input", field="next_step_on")


def write_down(
    meeting: Any,
    next_: Next,
    *,
    actor: Any,
    kind: str,
    discussed: str,
    feedback: str,
    ended_at: datetime,
    recording: Agreed | None = None,
    is_recorded: bool = False,
) -> ServiceRecord:
    """The service record of a visit or a reception, which is kept for good."""
    goes_on = next_.is_something
    return add_service_record(
        meeting.customer_id,
        actor=actor,
        subject=meeting.purpose,
        content=discussed,
        feedback=feedback,
        remark="" if goes_on else _("No next step: %(reason)s") % {"reason": next_.reason},
        type=kind,
        channel=ServiceRecord.Channel.MEETING,
        contact=meeting.contact,
        started_at=meeting.arrived_at,
        ended_at=ended_at,
        next_step=next_.step if goes_on else "",
        next_step_on=next_.on if goes_on else None,
        recording=recording,
        is_recorded=is_recorded,
    )


def who_goes_on(meeting: Any, actor: Any) -> Any:
    """Whoever the meeting belongs to; whoever writes it down where that person has left."""
    return meeting.owner if meeting.owner is not None and meeting.owner.is_active else actor


def ask_for_next(meeting: Any, next_: Next, *, actor: Any) -> None:
    """The task that comes next, if one does."""
    if not next_.is_something or next_.on is None:
        return
    person = who_goes_on(meeting, actor)
    wish = Wish(next_.step, due=Due(next_.on, None, zone_of(person)))
    create_task(wish, actor=actor, person=person, subject=meeting.customer)
