"""Whose a customer is: every change of the owner goes through here, and is remembered with how it came about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Customer, CustomerShare, OwnershipPolicy, OwnershipSpell
from crm.models.cadence import company_today, company_zone
from crm.services import changes
from crm.services.pool import set_returns
from foundation.accounts.models import User
from foundation.accounts.work import work_kind
from foundation.journal.machine import Refused
from foundation.journal.services import record
from foundation.ui import formats

How = OwnershipSpell.How
OWNED = ("owner", "owner_since", "returns_on", "protected_by", "kept_until", "version", "updated_at")


def begin_ownership(customer: Customer) -> None:
    """For a customer that is about to be saved for the first time."""
    if customer.owner_id is not None:
        customer.owner_since = timezone.now()
        set_returns(customer)


def note_ownership(customer: Customer) -> None:
    """The first time of ownership, once the customer is saved."""
    if customer.owner_id is not None:
        began = customer.owner_since or timezone.now()
        OwnershipSpell.objects.create(
            customer=customer, owner_id=customer.owner_id, began_at=began, began_by=How.CREATED
        )


def change_owner(customer: Customer, owner: Any, *, how: str, reason: str = "", save: bool = True) -> list[str]:
    """Give a locked customer to somebody, or to nobody; the caller records the event. Returns the fields that changed."""
    now = timezone.now()
    former_id = customer.owner_id
    if former_id is not None:
        ended = {"ended_at": now, "ended_by": how, "reason": reason[:500]}
        running = OwnershipSpell.objects.filter(customer=customer.pk, ended_at=None)
        if not running.update(**ended):  # it began before the history was kept
            began = customer.owner_since or customer.created_at
            OwnershipSpell.objects.create(
                customer=customer, owner_id=former_id, began_at=began, began_by=How.ASSIGNED, **ended
            )
    customer.owner = owner
    customer.owner_since = now if owner is not None else None
    customer.kept_until = None
    set_returns(customer)
    if owner is not None:
        OwnershipSpell.objects.create(customer=customer, owner=owner, began_at=now, began_by=how)
        CustomerShare.objects.filter(customer=customer.pk, user=owner.pk).delete()
    Customer.objects.filter(merged_into=customer.pk).update(
        owner=owner
    )  # what stayed behind is seen by the same people
    if save:
        customer.version += 1
        customer.save(update_fields=list(OWNED))
    return ["owner_since", "returns_on", "protected_by", "kept_until"]


def refuse_unless_standing(customer: Customer) -> None:
    """Raise Refused for a customer that is not one any more."""
    if customer.merged_into_id is not None:
        raise Refused(_("%(name)s was merged into another customer.") % {"name": customer})


@transaction.atomic
def hand_over_customer(pk: int, *, actor: Any, owner: Any, was_owner: int | None) -> Customer:
    """Give a customer to another colleague. Raises Refused when somebody else has it by now."""
    customer = changes.lock(Customer, pk)
    refuse_unless_standing(customer)
    if customer.owner_id != was_owner:
        raise Refused(
            _("%(record)s belongs to %(owner)s by now.") % {"record": customer, "owner": customer.owner or "–"}
        )
    change_owner(customer, owner, how=How.HANDED if was_owner is not None else How.ASSIGNED)
    facts = {"from_owner_id": was_owner}
    record("customer.reassigned", customer, actor=actor, facts=facts, private={"owner": str(owner)})
    return customer


@transaction.atomic
def hand_over_with_note(
    pk: int,
    *,
    actor: Any,
    owner: Any,
    note: str,
    was_owner: int | None,
    work: Sequence[tuple[str, int]] = (),
    tell_customer: bool = False,
) -> tuple[Customer, list[str]]:
    """Give a customer to a colleague with what they must know, and the open `work` (kind, key) with it.

    What its stage refuses stays, with the reason in the answer. Raises Refused, changing nothing, when somebody else has
    the customer by now or the colleague may not have customers.
    """
    changes.demand(actor, "crm.assign_customer")
    customer = changes.lock(Customer, pk)
    refuse_unless_standing(customer)
    _refuse_unfit(owner)
    if customer.owner_id != was_owner:
        raise Refused(
            _("%(record)s belongs to %(owner)s by now.") % {"record": customer, "owner": customer.owner or "–"}
        )
    if owner.pk == was_owner:
        raise Refused(_("Choose somebody else."), reason="input", field="owner")
    change_owner(customer, owner, how=How.HANDED if was_owner is not None else How.ASSIGNED, reason=note)
    moved, left = 0, []
    for code, key in work:
        refusal = _reassign(code, key, actor=actor, owner=owner, was_owner=was_owner)
        moved += not refusal
        if refusal:
            left.append(refusal)
    record(
        "customer.reassigned",
        customer,
        actor=actor,
        facts={
            "from_owner_id": was_owner,
            "tell_customer": tell_customer,
            "has_note": True,
            "moved": moved,
            "left": len(left),
        },
        private={"owner": str(owner), "note": note, **({"left_because": left} if left else {})},
    )
    return customer, left


def _reassign(code: str, key: int, *, actor: Any, owner: Any, was_owner: int | None) -> str:
    kind = work_kind(code)
    row = kind.open().filter(pk=key).first() if kind is not None else None
    if kind is None or row is None:
        return ""  # done meanwhile: there is nothing to move
    title = kind.title(row)
    if not kind.fits(owner):
        return _("%(title)s: %(name)s may not do this work.") % {"title": title, "name": owner}
    try:
        with transaction.atomic():
            kind.reassign(key, actor=actor, owner=owner, was_owner=was_owner)
    except Refused as refusal:
        return f"{title}: {refusal.message}"
    except PermissionDenied:
        return _("%(title)s: you do not have the right to do this.") % {"title": title}
    except ObjectDoesNotExist:
        return ""
    return ""


def _refuse_unfit(owner: Any) -> None:
    if not owner.is_active or not owner.has_perm("crm.change_customer"):
        raise Refused(_("%(name)s cannot have customers.") % {"name": owner}, reason="input", field="owner")


# ---------------------------------------------------------------- the pool


@transaction.atomic
def claim_customer(pk: int, *, actor: Any) -> Customer:
    """Take a customer out of the pool. Raises Refused when somebody was faster, or a limit is reached: which, and until when."""
    changes.demand(actor, "crm.claim_customer")
    User.objects.select_for_update(of=("self",)).only("pk").get(
        pk=actor.pk
    )  # one's own claims queue up, so limits hold
    customer = changes.lock(Customer, pk)
    refuse_unless_standing(customer)
    if customer.owner_id == actor.pk:
        raise Refused(_("%(name)s is yours already.") % {"name": customer})
    if customer.owner_id is not None or customer.archived_at is not None:
        raise Refused(
            _("%(name)s is not in the pool any more: it belongs to %(owner)s.")
            % {"name": customer, "owner": customer.owner or "–"}
        )
    if refusal := refusal_of_claim(actor, [pk]):
        raise Refused(refusal, reason="condition")
    change_owner(customer, actor, how=How.CLAIMED)
    record("customer.claimed", customer, actor=actor, private={"owner": str(actor)})
    return customer


def refusal_of_claim(actor: Any, customers: Iterable[int]) -> str:
    """Which limit forbids a claim now and when it is possible again; empty when none does. At most four queries."""
    policy = OwnershipPolicy.current()
    if not policy.is_on:
        return ""
    today, zone = company_today(), company_zone()
    claims = OwnershipSpell.objects.filter(owner=actor.pk, began_by=How.CLAIMED)
    monday = today - timedelta(days=today.weekday())
    for limit, first, again, words in (
        (policy.claims_a_day, today, today + timedelta(days=1), _("You have claimed %(count)s customers today, which is the limit. You can claim again on %(day)s.")),
        (policy.claims_a_week, monday, monday + timedelta(days=7), _("You have claimed %(count)s customers this week, which is the limit. You can claim again on %(day)s.")),
    ):  # fmt: skip
        since = datetime.combine(first, time(), zone)
        if limit is not None and claims.filter(began_at__gte=since).count() >= limit:
            return words % {"count": limit, "day": formats.day(again)}
    held = policy.most_held
    if held is not None and Customer.objects.active().filter(owner=actor.pk)[: held + 1].count() >= held:
        return _("You have %(count)s customers, which is the limit. Release one first.") % {"count": held}
    return _cooling(actor, customers, policy.cool_down_days)


def _cooling(actor: Any, customers: Iterable[int], days: int) -> str:
    since = timezone.now() - timedelta(days=days)
    spells = OwnershipSpell.objects.filter(customer__in=list(customers), owner=actor.pk, ended_at__gt=since)
    last = spells.filter(ended_by__in=(How.RETURNED, How.RELEASED)).order_by("-ended_at").first()
    if last is None or last.ended_at is None:
        return ""
    again = (last.ended_at + timedelta(days=days)).astimezone(company_zone()).date() + timedelta(days=1)
    return _("This customer was yours until %(last)s. You can claim it again on %(day)s; others can claim it now.") % {
        "last": formats.day(last.ended_at.astimezone(company_zone()).date()),
        "day": formats.day(again),
    }


@transaction.atomic
def release_customer(pk: int, *, actor: Any, reason: str) -> Customer:
    """Give a customer into the pool, with the reason: one's own, or anybody's for those who assign. Raises Refused."""
    customer = changes.lock(Customer, pk)
    refuse_unless_standing(customer)
    if customer.owner_id is None:
        raise Refused(_("%(name)s is in the pool already.") % {"name": customer})
    if actor is not None and customer.owner_id != actor.pk:
        changes.demand(actor, "crm.assign_customer")
    if not reason.strip():
        raise Refused(_("Say why, please."), reason="input", field="reason")
    former = customer.owner
    change_owner(customer, None, how=How.RELEASED, reason=reason)
    facts = {"former_owner_id": former.pk if former else None}
    record("customer.released", customer, actor=actor, facts=facts, private={"reason": reason, "owner": str(former)})
    return customer


def assign_from_pool(customers: Iterable[int], *, actor: Any, owner: Any) -> tuple[int, list[str]]:
    """A manager gives customers of the pool to somebody, each in its own transaction; how many, and why others were not."""
    changes.demand(actor, "crm.assign_customer")
    _refuse_unfit(owner)
    given, left = 0, []
    for pk in customers:
        try:
            hand_over_customer(pk, actor=actor, owner=owner, was_owner=None)
            given += 1
        except Refused as refusal:
            left.append(refusal.message)
        except Customer.DoesNotExist:
            continue
    return given, left
