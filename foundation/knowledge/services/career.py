"""The career: what a manager has assessed, and the level that somebody is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.journal.machine import Refused
from foundation.journal.services import record
from foundation.knowledge import events
from foundation.knowledge.models import Assessment, Certificate, Level, LevelNeed, Standing
from foundation.knowledge.services.training import MANAGE
from foundation.knowledge.words import in_all_languages


@dataclass(frozen=True)
class NeedState:
    """One requirement, and whether this person meets it."""

    need: LevelNeed
    is_met: bool
    since: date | None = None
    judgement: Assessment | None = None


@dataclass(frozen=True)
class LevelState:
    """One step of the career, as this person stands to it."""

    level: Level
    is_reached: bool
    is_next: bool
    since: date | None
    needs: list[NeedState]

    @property
    def missing(self) -> list[NeedState]:
        """What is still to be done for it."""
        return [one for one in self.needs if not one.is_met]


def may_judge(actor: Any, person: Any) -> bool:
    """Whoever plans training, and the person's own manager; never oneself."""
    return bool(actor.pk != person.pk and (actor.has_perm(MANAGE) or person.manager_id == actor.pk))


def career_of(person: Any, *, today: date | None = None) -> list[LevelState]:
    """Every step of the career with what it needs and what is missing. Five queries."""
    today = today or timezone.localdate()
    levels = list(Level.objects.filter(is_active=True).prefetch_related("needs__course"))
    standings = list(Standing.objects.filter(person=person).select_related("level").order_by("-pk"))
    held = {
        one.course_id: one
        for one in Certificate.objects.filter(person=person)
        .order_by("course_id", "-granted_on", "-pk")
        .distinct("course_id")
    }
    rows = Assessment.objects.filter(person=person).select_related("by").order_by("need_id", "-pk").distinct("need_id")
    judged = {one.need_id: one for one in rows}
    now = standings[0].level if standings else None
    since = _since(standings)
    found = []
    next_seen = False
    for level in levels:
        is_reached = now is not None and level.position <= now.position
        is_next = not is_reached and not next_seen
        begun_at = since if is_next else None  # time is counted on the level before
        needs = [_state(need, held, judged, begun_at, today) for need in level.needs.all()]
        next_seen = next_seen or is_next
        begun = next((one.since_on for one in reversed(standings) if one.level_id == level.pk), None)
        found.append(LevelState(level, is_reached, is_next, begun, needs))
    return found


def _since(standings: list[Standing]) -> date | None:
    """Since when they stand where they stand: a level granted twice counts from its first time."""
    if not standings:
        return None
    first = standings[0]
    for one in standings[1:]:
        if one.level_id != first.level_id:
            break
        first = one
    return first.since_on


def _state(need: LevelNeed, held: Any, judged: Any, since: date | None, today: date) -> NeedState:
    if need.kind == LevelNeed.Kind.COURSE:
        one = held.get(need.course_id)
        is_met = one is not None and (one.valid_until is None or one.valid_until >= today)
        return NeedState(need, is_met, one.granted_on if one is not None else None)
    if need.kind == LevelNeed.Kind.MONTHS:
        day = since + relativedelta(months=need.months or 0) if since else None
        return NeedState(need, day is not None and day <= today, day)
    judgement = judged.get(need.pk)
    is_met = judgement is not None and judgement.has_passed
    return NeedState(need, is_met, judgement.assessed_at.date() if judgement else None, judgement)


@transaction.atomic
def assess(person: Any, need_id: int, *, actor: Any, has_passed: bool, note: str = "") -> Assessment:
    """A manager's judgement of one requirement. Raises Refused for oneself, and without the right."""
    if not may_judge(actor, person):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    need = LevelNeed.objects.select_related("level").get(pk=need_id, kind=LevelNeed.Kind.ASSESSMENT)
    if not has_passed and not note.strip():
        raise Refused(_("Say what is still missing."), reason="input", field="note")
    row = Assessment.objects.create(need=need, person=person, has_passed=has_passed, note=note.strip(), by=actor)
    facts = {"need": in_all_languages(need, "title"), "has_passed": has_passed, "person_id": person.pk}
    record(events.ASSESSED, person, actor=actor, facts=facts)
    return row


@transaction.atomic
def grant_level(person: Any, level_id: int, *, actor: Any, note: str = "", since_on: date | None = None) -> Standing:
    """Give the next level. Raises Refused while something is missing, and for a level that is not the next one."""
    if actor is not None and not may_judge(actor, person):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    type(person)._default_manager.select_for_update().get(pk=person.pk)
    states = {one.level.pk: one for one in career_of(person)}
    wanted = states.get(level_id)
    if wanted is None or not wanted.is_next:
        raise Refused(_("This is not the next level."), reason="condition")
    if actor is not None and wanted.missing:
        missing = ", ".join(str(one.need) for one in wanted.missing)
        raise Refused(_("Still missing: %(what)s.") % {"what": missing}, reason="condition")
    row = Standing.objects.create(
        person=person, level=wanted.level, granted_by=actor, note=note, since_on=since_on or timezone.localdate()
    )
    record(events.PROMOTED, person, actor=actor, facts={"level": in_all_languages(wanted.level, "title")})
    return row
