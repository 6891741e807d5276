"""Keeping on each customer the last touch and when the next one is due, in the transaction of what touched them."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.cadence import WAY_OF_CHANNEL, Rule, next_due, owed_by, rules_for
from crm.models import CadenceRule, Customer, CustomerTouch, ServiceRecord, Way
from crm.models.cadence import company_zone
from crm.services.pool import set_returns
from foundation.notifications.models import Message
from foundation.ui.inserts import insert
from foundation.ui.prepared import prepared
from foundation.ui.shelf import renew

BATCH = 500
LEFT = (Message.State.SENT, Message.State.DELIVERED)
KEPT = ("last_touch", "touch_due_on", "touch_due_way", "returns_on", "protected_by")
ASKED = ("owner", "owner_since", "last_contact_at", "last_deal_at", "kept_until", "archived_at")


def begin_cadence(customer: Customer) -> None:
    """Say on a customer that is about to be saved for the first time when they are to hear from us."""
    rules = rules_for(CadenceRule.current(), customer.tier, customer.kind)
    if due := next_due(rules, timezone.now(), {}, company_zone()):
        customer.touch_due_on, customer.touch_due_way = due


def touch_by_record(
    customer: Customer, row: ServiceRecord, *, before: ServiceRecord | None = None, also: Sequence[str] = ()
) -> CustomerTouch | None:
    """A conversation touches the customer, who is locked: not where nobody was reached.

    A correction of `before` is no further touch; it takes the place of the one that was noted where way or time differ.
    `also` names fields of the customer that were set before and are written with the rest.
    """
    touch = _touch_of(row)
    if before is not None:
        noted = _touch_of(before)
        if (noted and (noted.way, noted.at)) == (touch and (touch.way, touch.at)):
            _write(customer, also)
            return None
        chain = CustomerTouch.objects.filter(Q(record=row.corrects_id) | Q(record__corrects=row.corrects_id))
        for former in chain.filter(undone_at=None):
            former.undone_at = timezone.now()
            former.save(update_fields=["undone_at"])
            if touch is not None:
                touch.by_id = former.by_id
        if touch is None:
            _reckon(customer, _last_touches(customer), also)
            return None
    if touch is None:
        _write(customer, also)
        return None
    return _touch(customer, touch, also)


def _touch_of(row: ServiceRecord) -> CustomerTouch | None:
    way = WAY_OF_CHANNEL.get(row.channel)
    if way is None or row.result == ServiceRecord.Result.NOT_REACHED:
        return None
    return CustomerTouch(way=way, at=row.started_at, by=row.author, record=row)


@transaction.atomic
def touch_by_message(message: Message) -> None:
    """A colleague's message, or a campaign's, that has just left touches its customer."""
    if not is_touch(message):
        return
    customer = Customer.objects.select_for_update(of=("self",)).filter(pk=message.customer_id).first()
    if customer is not None:
        _touch(
            customer,
            CustomerTouch(way=message.channel, at=timezone.now(), by_id=message.actor_id, message=message),
        )


def is_touch(message: Message) -> bool:
    """Somebody wrote it to a customer; notices that the house sends by itself count for nothing."""
    to_customer = message.customer_id is not None and message.user_id is None
    return to_customer and message.actor_id is not None and message.channel in Way.values


def _touch(customer: Customer, touch: CustomerTouch, also: Sequence[str] = ()) -> CustomerTouch:
    last = _last_touches(customer)
    seen = {way: one.at for way, one in last.items() if one.at < touch.at}
    rules = rules_for(CadenceRule.current(), customer.tier, customer.kind)
    touch.customer = customer
    _judge(touch, rules, customer.created_at, seen, company_zone())
    insert(touch)
    if touch.way not in last or last[touch.way].at <= touch.at:
        last[touch.way] = touch
    _reckon(customer, last, also)
    return touch


def _judge(
    touch: CustomerTouch, rules: Sequence[Rule], since: datetime, last: dict[str, datetime], zone: zoneinfo.ZoneInfo
) -> None:
    """Keep by when it had been due, whatever becomes of the rules later."""
    touch.due_on = owed_by(rules, touch.way, since, last, zone)
    touch.is_on_time = touch.at.astimezone(zone).date() <= touch.due_on if touch.due_on else None


def reckon(customer: Customer) -> None:
    """Work out anew what is kept on a locked customer: the tier, the rules or the touches have changed."""
    _reckon(customer, _last_touches(customer))


def _reckon(customer: Customer, last: dict[str, CustomerTouch], also: Sequence[str] = ()) -> None:
    _write(customer, [*also, *(KEPT if _set(customer, last, company_zone()) else ())])


def _write(customer: Customer, fields: Sequence[str]) -> None:
    if fields:
        Customer.objects.filter(pk=customer.pk).update(**{name: getattr(customer, name) for name in fields})


def _set(customer: Customer, last: dict[str, CustomerTouch], zone: zoneinfo.ZoneInfo) -> bool:
    """Set the columns on the object; whether one of them is another than before."""
    rules = rules_for(CadenceRule.current(), customer.tier, customer.kind)
    due = next_due(rules, customer.created_at, {way: one.at for way, one in last.items()}, zone)
    latest = max(last.values(), key=lambda one: (one.at, one.pk), default=None)
    before = (customer.last_touch_id, customer.touch_due_on, customer.touch_due_way)
    customer.last_touch = latest
    customer.touch_due_on, customer.touch_due_way = due or (None, "")
    return set_returns(customer, zone=zone) or before != (
        customer.last_touch_id,
        customer.touch_due_on,
        customer.touch_due_way,
    )


def _last_touches(customer: Customer) -> dict[str, CustomerTouch]:
    return {row.way: row for row in _last_of_one(customer.pk)}


@prepared
def _last_of_one(customer_id: int) -> QuerySet[CustomerTouch]:
    rows = CustomerTouch.objects.filter(customer=customer_id, undone_at=None)
    return rows.order_by("way", "-at", "-pk").distinct("way")


def _last_of(customers: Sequence[int]) -> dict[int, dict[str, CustomerTouch]]:
    """The last touch of each customer by each way. One query, along an index."""
    rows = CustomerTouch.objects.filter(customer__in=customers, undone_at=None)
    found: dict[int, dict[str, CustomerTouch]] = {}
    for row in rows.order_by("customer", "way", "-at", "-pk").distinct("customer", "way"):
        found.setdefault(row.customer_id, {})[row.way] = row
    return found


# ---------------------------------------------------------------- all customers


def apply_rules() -> int:
    """What is kept on the customers follows the rules that were changed; nothing is done where none was."""
    if not CadenceRule.objects.filter(is_applied=False).update(is_applied=True):
        return 0
    renew(CadenceRule)
    return reckon_all()


def reckon_all() -> int:
    """Work out for every customer what is due, after rules have changed. Returns how many differ; again: none."""
    return sum(_in_batches(_reckon_batch))


def rebuild_touches() -> int:
    """Make the touches that conversations and messages of before have left, and work out what is due.

    Returns how many touches were made; what is there stays as it is, so that it can be run again.
    """
    return sum(_in_batches(_rebuild_batch))


def _in_batches(work: Any) -> Iterable[int]:
    after = 0
    while True:
        with transaction.atomic():
            rows = Customer.objects.select_for_update(of=("self",)).filter(pk__gt=after).order_by("pk")
            batch = list(rows.only("pk", "tier", "kind", "created_at", *KEPT, *ASKED)[:BATCH])
            if not batch:
                return
            yield work(batch)
        after = batch[-1].pk


def _reckon_batch(batch: Sequence[Customer]) -> int:
    last, zone = _last_of([one.pk for one in batch]), company_zone()
    changed = [one for one in batch if _set(one, last.get(one.pk, {}), zone)]
    return len(changed) and Customer.objects.bulk_update(changed, KEPT)


def _rebuild_batch(batch: Sequence[Customer]) -> int:
    customers = {one.pk: one for one in batch}
    missing = [*_of_records(customers), *_of_messages(customers)]
    _judge_in_order(customers, missing)
    CustomerTouch.objects.bulk_create(missing)
    _reckon_batch(batch)
    return len(missing)


def _of_records(customers: Iterable[int]) -> Iterable[CustomerTouch]:
    rows = ServiceRecord.objects.filter(customer__in=customers, touch=None, corrects=None)
    rows = rows.exclude(result=ServiceRecord.Result.NOT_REACHED).filter(channel__in=WAY_OF_CHANNEL)
    for row in rows:
        yield CustomerTouch(
            customer_id=row.customer_id,
            way=WAY_OF_CHANNEL[row.channel],
            at=row.started_at,
            by_id=row.author_id,
            record=row,
        )


def _of_messages(customers: Iterable[int]) -> Iterable[CustomerTouch]:
    rows = Message.objects.filter(customer_id__in=customers, user=None, channel__in=Way.values, state__in=LEFT)
    rows = rows.exclude(Q(actor=None) | Q(sent_at=None))
    known = CustomerTouch.objects.filter(message__in=rows.values("pk"))
    for row in rows.exclude(pk__in=known.values("message")):
        if row.customer_id is None or row.sent_at is None:
            continue
        yield CustomerTouch(
            customer_id=row.customer_id, way=row.channel, at=row.sent_at, by_id=row.actor_id, message=row
        )


def _judge_in_order(customers: dict[int, Customer], missing: list[CustomerTouch]) -> None:
    """Go through the touches of each customer in their order, and say of the new ones when they had been due."""
    rules, zone = CadenceRule.current(), company_zone()
    known = CustomerTouch.objects.filter(customer__in=customers, undone_at=None)
    last: dict[int, dict[str, datetime]] = {}
    for one in sorted([*known, *missing], key=lambda touch: touch.at):
        customer, seen = customers[one.customer_id], last.setdefault(one.customer_id, {})
        if one.pk is None and (seen or one.at >= customer.created_at):
            own = rules_for(rules, customer.tier, customer.kind)
            _judge(one, own, customer.created_at, seen, zone)
        seen[one.way] = one.at
