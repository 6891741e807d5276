"""Handing over all open work of somebody in one step, and giving it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from foundation.accounts.leaves import away_today, may_manage_absence, today_of
from foundation.accounts.models import HandedItem, HandOver, Leave, User
from foundation.accounts.work import WorkKind, work_kind, work_kinds
from foundation.journal.machine import Refused
from foundation.journal.services import record


def may_hand_over(actor: Any, person: User) -> bool:
    """Oneself, those above, and who has the right for everybody."""
    is_close = actor.pk == person.pk or may_manage_absence(actor, person)
    return is_close or bool(actor.has_perm("accounts.hand_over_work"))


def hand_over_work(
    person_id: int,
    *,
    actor: Any,
    to: Mapping[str, Sequence[User]],
    back_on: date | None = None,
    leave: Leave | None = None,
) -> HandOver:
    """Give the open work of the kinds in `to` to these colleagues, in turns where they are several.

    One transaction for each kind; a record that its stage refuses stays, with the reason. Of two hand-overs at once each
    record follows one. Raises Refused, changing nothing, for a colleague who is away or may not do such work, and for a
    day of return that is not to come. `actor` None is the system.
    """
    person = User.objects.select_related("team").get(pk=person_id)
    if actor is not None and not may_hand_over(actor, person):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    if back_on is not None and back_on <= today_of(person):
        raise Refused(_("The day of the return has to lie in the future."), reason="input", field="back_on")
    chosen = [(kind, list(to[kind.code])) for kind in work_kinds() if to.get(kind.code)]
    if not chosen:
        raise Refused(_("Choose to whom something goes."), reason="input")
    for kind, people in chosen:
        _refuse_unfit(kind, people, person)
    handover = HandOver.objects.create(person=person, made_by=actor, back_on=back_on, leave=leave)
    for kind, people in chosen:
        _hand_over_kind(handover, kind, people, actor)
    _tell_handed(handover, actor)
    return handover


def _refuse_unfit(kind: WorkKind, people: Sequence[User], person: User) -> None:
    away = away_today()
    for one in people:
        if one.pk == person.pk:
            raise Refused(_("Choose somebody else."), reason="input", field=f"to_{kind.code}")
        if one.pk in away:
            raise Refused(_("%(name)s is away today.") % {"name": one}, reason="input", field=f"to_{kind.code}")
        if not kind.fits(one):
            values = {"name": one, "kind": kind.label}
            raise Refused(
                _("%(name)s may not do this work: %(kind)s.") % values, reason="input", field=f"to_{kind.code}"
            )


@transaction.atomic
def _hand_over_kind(handover: HandOver, kind: WorkKind, people: Sequence[User], actor: Any) -> None:
    items = []
    for turn, row in enumerate(kind.of(handover.person_id)):
        taker = people[turn % len(people)]
        refusal = _try(kind, row.pk, actor=actor, owner=taker, was_owner=handover.person_id)
        state = HandedItem.State.REFUSED if refusal else HandedItem.State.GIVEN
        item = HandedItem(
            handover=handover, kind=kind.code, object_id=row.pk, label=kind.title(row)[:200], given_to=taker
        )
        item.state, item.reason = state, refusal[:300]
        items.append(item)
    HandedItem.objects.bulk_create(items)


def _try(kind: WorkKind, pk: int, *, actor: Any, owner: User, was_owner: int | None) -> str:
    """Reassign one record in a savepoint; the reason for which its stage refused, or an empty text."""
    try:
        with transaction.atomic():
            kind.reassign(pk, actor=actor, owner=owner, was_owner=was_owner)
    except Refused as refusal:
        return refusal.message
    except PermissionDenied:
        return _("You do not have the right to do this.")
    except ObjectDoesNotExist:
        return _("It does not exist any more.")
    return ""


def _tell_handed(handover: HandOver, actor: Any) -> None:
    given = list(handover.items.filter(state=HandedItem.State.GIVEN).select_related("given_to"))
    if given:
        takers = {item.given_to_id: str(item.given_to) for item in given}
        facts = {
            "handover_id": handover.pk,
            "count": len(given),
            "back_on": handover.back_on,
            "taker_ids": sorted(takers),
        }
        private = {"takers": ", ".join(takers.values())}
        record("user.work_handed", handover.person, actor=actor, facts=facts, private=private)


# ---------------------------------------------------------------- back


@transaction.atomic
def return_work(pk: int, *, actor: Any = None) -> HandOver:
    """Give back what is still open and still with whom it was given to. Once: a second call changes nothing."""
    handover = HandOver.objects.select_for_update(of=("self",)).select_related("person__team").get(pk=pk)
    if actor is not None and not may_hand_over(actor, handover.person):
        raise Refused(_("You do not have the right to do this."), reason="permission")
    if handover.returned_at is not None:
        return handover
    items = list(handover.items.filter(state=HandedItem.State.GIVEN).select_related("given_to"))
    returned = [item for item in items if _give_back(handover, item, actor)]
    HandedItem.objects.bulk_update(items, ["state", "reason"])
    handover.returned_at = timezone.now()
    handover.save(update_fields=["returned_at"])
    if returned:
        facts = {
            "handover_id": pk,
            "count": len(returned),
            "taker_ids": sorted({item.given_to_id for item in returned}),
        }
        record("user.work_returned", handover.person, actor=actor, facts=facts)
    return handover


def _give_back(handover: HandOver, item: HandedItem, actor: Any) -> bool:
    """Whether the record went back; otherwise the item says why it stays."""
    kind, item.state = work_kind(item.kind), HandedItem.State.KEPT
    row = kind.still_open(item.object_id) if kind is not None else None
    if kind is None or row is None:
        item.reason = _("It is done.")
        return False
    owner_id = kind.owner_of(row)
    if owner_id != item.given_to_id and not _is_lent_on(item, row.pk, owner_id):
        item.reason = _("It was given to somebody else meanwhile.")
        return False
    refusal = _try(kind, row.pk, actor=actor, owner=handover.person, was_owner=owner_id)
    if refusal:
        item.reason = refusal[:300]
        return False
    item.state = HandedItem.State.RETURNED
    return True


def _is_lent_on(item: HandedItem, pk: int, owner_id: int | None) -> bool:
    """Whether whoever had the record is away in turn, and lent it for that time to the one who has it now."""
    lent = HandedItem.objects.filter(kind=item.kind, object_id__in=[item.object_id, pk])
    return lent.filter(
        state=HandedItem.State.GIVEN,
        pk__gt=item.pk,
        given_to=owner_id,
        handover__person=item.given_to_id,
        handover__returned_at=None,
        handover__back_on__isnull=False,
    ).exists()


# ---------------------------------------------------------------- by itself


def follow_absences() -> tuple[int, int]:
    """Begin the absences of today and give back what is due back; how many of each. Safe to repeat and to run twice at once."""
    now = timezone.now()
    day = timedelta(days=1)
    soon = now.date() + day
    beginning = Leave.objects.standing().filter(begun_at=None, first_day__lte=soon, last_day__gte=now.date() - day)
    begun = sum(begin_leave(pk) for pk in beginning.order_by("first_day", "pk").values_list("pk", flat=True))
    due = HandOver.objects.filter(returned_at=None, back_on__lte=soon).select_related("person")
    returned = 0
    for handover in due.order_by("back_on", "pk"):
        away = handover.person_id in away_today()
        if handover.back_on is not None and handover.back_on <= today_of(handover.person, now) and not away:
            with override(handover.person.language):
                returned += return_work(handover.pk).returned_at is not None
    return begun, returned


@transaction.atomic
def begin_leave(pk: int) -> bool:
    """On its first day: all open work goes to the deputy, until the day after the last. False when it is not the time.

    Without a deputy nothing moves; one who is away too is waited for. What lasts (customers) and what the deputy may not do
    stays.
    """
    person = User.objects.select_for_update(of=("self",)).get(leaves=pk)
    leave = Leave.objects.select_for_update(of=("self",)).select_related("deputy").get(pk=pk)
    if leave.begun_at is not None or leave.cancelled_at is not None:
        return False
    if not leave.first_day <= today_of(person) <= leave.last_day:
        return False
    deputy = leave.deputy
    if deputy is not None and (not deputy.is_active or deputy.pk in away_today()):
        return False
    leave.begun_at = timezone.now()
    leave.save(update_fields=["begun_at"])
    to = {kind.code: [deputy] for kind in work_kinds() if kind.fits(deputy) and not kind.is_lasting} if deputy else {}
    if to:
        with override(person.language):
            back_on = leave.last_day + timedelta(days=1)
            hand_over_work(person.pk, actor=None, to=to, back_on=back_on, leave=leave)
    return True


def kinds_staying(leave: Leave) -> list[str]:
    """The kinds of open work that an absence leaves where they are, because its deputy may not do them."""
    deputy = leave.deputy
    if deputy is None:
        return []
    others = [kind for kind in work_kinds() if not kind.is_lasting and not kind.fits(deputy)]
    return [str(kind.label) for kind in others if kind.of(leave.person_id).exists()]


def handovers_of(person: User) -> Any:
    """The hand-overs of somebody's work that are still out, newest first; without those that found nothing to hand over."""
    moved = Exists(HandedItem.objects.filter(handover=OuterRef("pk"), state=HandedItem.State.GIVEN))
    return person.handovers.filter(Q(returned_at=None, back_on__isnull=False), moved).order_by(F("pk").desc())
