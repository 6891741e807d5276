"""Keeping on each customer when it goes back to the pool, in the transaction of what moves that day; and sending them back."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Customer, OwnershipPolicy, OwnershipSpell, PoolRule
from crm.models.cadence import company_today, company_zone
from crm.models.ownership import Rules
from crm.pool import day_of_return, deal_events, protection_of
from crm.services import changes
from foundation.journal.machine import Refused
from foundation.journal.models import Event
from foundation.journal.services import record
from foundation.ui.shelf import renew

BATCH = 500
ASKED = (
    "owner", "owner_since", "tier", "created_at", "last_contact_at", "last_deal_at", "last_touch__at", "kept_until",
    "archived_at", "returns_on", "protected_by",
)  # fmt: skip


def set_returns(customer: Customer, *, zone: zoneinfo.ZoneInfo | None = None) -> bool:
    """Set the day on the object, which the caller saves; whether it is another than before."""
    rules = Rules.current()
    rule = rules.rule_for(customer.tier, customer.owner_id) if customer.archived_at is None else None
    before = customer.returns_on
    customer.returns_on = None
    if rule is not None:
        touch = customer.last_touch
        since = customer.owner_since or (customer.created_at if customer.pk else timezone.now())
        customer.returns_on = day_of_return(
            contact_days=rule.contact_days,
            deal_days=rule.deal_days,
            since=since,
            started_on=rules.policy.started_on,
            contacts=(customer.last_contact_at, touch.at if touch is not None else None),
            deal=customer.last_deal_at,
            kept_until=customer.kept_until,
            zone=zone or company_zone(),
        )
    changed = customer.returns_on != before
    if changed:
        customer.protected_by = ""
    return changed


def reckon_return(customer: Customer) -> None:
    """Work the day out anew for a locked customer and keep it."""
    if set_returns(customer):
        kept = {"returns_on": customer.returns_on, "protected_by": customer.protected_by}
        Customer.objects.filter(pk=customer.pk).update(**kept)


@transaction.atomic
def note_deal(customer_id: int, at: datetime) -> None:
    """The customer has bought: the day moves with the order, in its transaction."""
    rows = Customer.objects.select_for_update(of=("self",)).select_related("last_touch")
    customer = rows.filter(pk=customer_id).first()
    if customer is None or (customer.last_deal_at is not None and customer.last_deal_at >= at):
        return
    customer.last_deal_at = at
    set_returns(customer)
    customer.save(update_fields=["last_deal_at", "returns_on", "protected_by"])


@transaction.atomic
def keep_customer(pk: int, *, actor: Any, until: date, reason: str) -> Customer:
    """A manager keeps a customer from going back until a day. Raises Refused for a day that is past."""
    changes.demand(actor, "crm.keep_customer")
    customer = changes.lock(Customer, pk)
    if until <= company_today():
        raise Refused(_("The day has to lie in the future."), reason="input", field="until")
    if not reason.strip():
        raise Refused(_("Say why the customer is kept."), reason="input", field="reason")
    customer.kept_until = until
    set_returns(customer)
    customer.save(update_fields=["kept_until", "returns_on", "protected_by"])
    record("customer.kept", customer, actor=actor, facts={"until_on": until}, private={"reason": reason})
    return customer


# ---------------------------------------------------------------- all customers


def apply_pool() -> int:
    """What is kept follows policy and rules that were changed; nothing is done where none was. Returns how many differ."""
    if not OwnershipPolicy.objects.filter(is_applied=False).update(is_applied=True):
        return 0
    renew(OwnershipPolicy)
    return reckon_pool()


def reckon_pool(*, mercy: bool = True) -> int:
    """Work out for every customer when it goes back; with `mercy` nobody's before they could have been warned."""
    after = changed = 0
    zone, today = company_zone(), company_today()
    while True:
        with transaction.atomic():
            rows = Customer.objects.select_for_update(of=("self",)).select_related("last_touch")
            rows = rows.filter(pk__gt=after, merged_into=None).filter(
                Q(owner__isnull=False) | Q(returns_on__isnull=False)
            )
            batch = list(rows.only(*ASKED).order_by("pk")[:BATCH])
            if not batch:
                return changed
            changed += _reckon_batch(batch, zone, today, mercy=mercy)
        after = batch[-1].pk


def _reckon_batch(batch: Sequence[Customer], zone: zoneinfo.ZoneInfo, today: date, *, mercy: bool) -> int:
    rules = Rules.current()
    deals = last_deals([one.pk for one in batch]) if rules.policy.is_on else {}
    changed = []
    for one in batch:
        before = (one.returns_on, one.last_deal_at)
        deal = deals.get(one.pk)
        if deal is not None and (one.last_deal_at is None or one.last_deal_at < deal):
            one.last_deal_at = deal
        set_returns(one, zone=zone)
        rule = rules.rule_for(one.tier, one.owner_id)
        if mercy and rule is not None and one.returns_on is not None and one.returns_on != before[0]:
            one.returns_on = max(one.returns_on, today + timedelta(days=max(rule.warn_days, 1)))
        if (one.returns_on, one.last_deal_at) != before:
            changed.append(one)
    return len(changed) and Customer.objects.bulk_update(changed, ["returns_on", "last_deal_at", "protected_by"])


def last_deals(customers: Sequence[int]) -> dict[int, datetime]:
    """When each of these customers last bought, as the journal knows it. One query, along its index."""
    rows = Event.objects.filter(customer_id__in=customers, code__in=deal_events()).order_by()
    return {pk: at for pk, at in rows.values_list("customer_id").annotate(Max("occurred_at")) if pk is not None}


def follow_pool(limit: int = 2000) -> tuple[int, int]:
    """Warn owners whose customers go back soon and take back those whose day has come; how many of each.

    Safe to repeat and to run twice at once: each customer is locked and looked at again in a transaction of its own.
    """
    apply_pool()
    rules = Rules.current()
    if not rules.policy.is_on:
        return 0, 0
    today = company_today()
    farthest = today + timedelta(days=max((one.warn_days for one in rules.by_tier.values()), default=0))
    unwarned = Q(warned_for=None) | ~Q(warned_for=F("returns_on"))
    soon = Customer.objects.filter(returns_on__lte=farthest).filter(Q(returns_on__lte=today) | unwarned)
    done = {"warned": 0, "returned": 0}
    for pk in list(soon.order_by("returns_on", "pk").values_list("pk", flat=True)[:limit]):
        if outcome := _look_at(pk, today):
            done[outcome] += 1
    return done["warned"], done["returned"]


@transaction.atomic
def _look_at(pk: int, today: date) -> str:
    rows = Customer.objects.select_for_update(of=("self",), skip_locked=True).select_related("owner", "last_touch")
    customer = rows.filter(pk=pk, returns_on__isnull=False).first()
    rule = Rules.current().rule_for(customer.tier, customer.owner_id) if customer is not None else None
    if customer is None or rule is None or customer.returns_on is None:
        return ""
    is_due = customer.returns_on <= today
    was_warned = customer.warned_for == customer.returns_on and not customer.protected_by
    if not is_due and (
        customer.warned_for == customer.returns_on or customer.returns_on > today + timedelta(rule.warn_days)
    ):
        return ""
    if code := protection_of(pk):
        later = today + timedelta(days=max(rule.warn_days, 1))
        _keep(customer, later if is_due else customer.returns_on, code)
        return ""
    if not was_warned and rule.warn_days:
        _keep(customer, max(customer.returns_on, today + timedelta(days=rule.warn_days)), "")
        facts = {"returns_on": customer.returns_on, "days_left": ((customer.returns_on or today) - today).days}
        record("customer.return_warned", customer, actor=None, facts=facts)
        return "warned"
    if not is_due:
        return ""
    _return(customer)
    return "returned"


def _keep(customer: Customer, day: date | None, code: str) -> None:
    customer.returns_on = customer.warned_for = day
    customer.protected_by = code
    customer.save(update_fields=["returns_on", "warned_for", "protected_by"])


def _return(customer: Customer) -> None:
    from crm.services.ownership import change_owner

    former, since = customer.owner, customer.last_contact_at
    change_owner(customer, None, how=OwnershipSpell.How.RETURNED)
    facts = {"former_owner_id": former.pk if former else None, "last_contact_at": since}
    record("customer.returned_to_pool", customer, actor=None, facts=facts, private={"owner": str(former)})


def load_pool_defaults() -> int:
    """The policy, switched off, and a rule for each group of tiers, where there are none at all. Returns how many."""
    if OwnershipPolicy.objects.exists():
        return 0
    OwnershipPolicy().save()
    for tier, contact, deal, warn in SHIPPED:
        PoolRule.objects.create(tier=tier, contact_days=contact, deal_days=deal, warn_days=warn)
    return 1 + len(SHIPPED)


# tier, days without contact, without a deal, days of warning
SHIPPED: list[tuple[str, int, int | None, int]] = [
    ("", 60, 180, 7),
    ("important", 90, 270, 10),
    ("key", 120, None, 14),
    ("strategic", 180, None, 14),
    ("group", 180, None, 14),
]
