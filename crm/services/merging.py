"""Making one customer of two, and two of one again: in one transaction each, or not at all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import tax_numbers
from crm.models import Customer, CustomerKeys, CustomerMerge, DuplicatePair, OwnershipSpell
from crm.services import changes
from crm.services.cadence import reckon
from crm.services.keys import keep_keys
from crm.services.moving import mark_again, move_all, move_back
from crm.services.ownership import change_owner
from crm.services.pool import reckon_return
from foundation.journal.machine import Refused
from foundation.journal.services import record

# What somebody may choose from either side; the step and its day go together.
CHOSEN = (
    "name", "local_name", "kind", "tier", "country", "language", "time_zone", "industry", "source", "owner", "website",
    "tax_number", "remark", "next_step",
)  # fmt: skip
TOGETHER = {"next_step": ("next_step_on",), "website": ("domain",), "tax_number": ("tax_key",)}
LATEST = ("last_contact_at", "last_deal_at")
RESTING = (
    "archived_at", "merged_into", "tax_key", "owner", "owner_since", "touch_due_on", "touch_due_way", "returns_on", "protected_by", "version",
    "updated_at",
)  # fmt: skip
SHORT_WAIT = "800ms"  # less than the server waits before it breaks a deadlock: the merge gives way, not the sale


def merge_customers(
    winner_pk: int,
    loser_pk: int,
    *,
    actor: Any,
    take: Collection[str] = (),
    versions: tuple[int | None, int | None] = (None, None),
    reason: str = "",
) -> CustomerMerge:
    """Make the loser a part of the winner, which takes the fields named in `take` from it.

    `versions` are those that the form showed: Refused when somebody changed one of them since, when one of them was merged
    meanwhile, or when somebody is working on a record that would move. Nothing has changed then.
    """
    changes.demand(actor, "crm.merge_customers")
    try:
        with transaction.atomic():
            return _merge(winner_pk, loser_pk, actor, take, versions, reason)
    except OperationalError as error:
        raise _busy(error) from error


def _merge(
    winner_pk: int,
    loser_pk: int,
    actor: Any,
    take: Collection[str],
    versions: tuple[int | None, int | None],
    reason: str,
) -> CustomerMerge:
    winner, loser = _lock_both(winner_pk, loser_pk)
    for one, version in ((winner, versions[0]), (loser, versions[1])):
        if one.merged_into_id is not None or one.archived_at is not None:
            raise Refused(_("%(name)s was merged already, or is not in use any more.") % {"name": one})
        changes.refuse_if_changed(one, version, one)
    if unknown := set(take) - set(CHOSEN):
        raise TypeError(f"These fields are not chosen in a merge: {', '.join(sorted(unknown))}")
    merge = CustomerMerge(winner=winner, loser=loser, merged_by=actor, reason=reason[:500])
    merge.loser_before = _values(loser, [*RESTING, *CHOSEN, *LATEST])
    values = {name: getattr(loser, name) for field in take for name in (field, *TOGETHER.get(field, ()))}
    merge.winner_before = _values(
        winner, [*_fields_of(take), *LATEST, "former_names", "domain", "own", "service_owner"]
    )
    _rest(loser, winner, merge)
    moved, unmarked = move_all(loser.pk, winner.pk)
    merge.moved, merge.flags = moved, {**merge.flags, "unmarked": unmarked}
    _take_over(winner, loser, values)
    merge.winner_after = _values(winner, list(merge.winner_before))
    merge.save(force_insert=True)
    pair = DuplicatePair.objects.filter(first=min(winner.pk, loser.pk), second=max(winner.pk, loser.pk))
    pair.update(verdict=DuplicatePair.Verdict.MERGED, decided_by=actor, decided_at=timezone.now())
    facts = {
        "merge_id": merge.pk, "loser_id": loser.pk, "loser_number": loser.number, "taken": sorted(take),
        "moved": {label: len(keys) for label, keys in moved.items()},
    }  # fmt: skip
    record("customer.merged", winner, actor=actor, facts=facts, private={"loser": loser.name, "reason": reason})
    return merge


def _lock_both(one: int, other: int) -> tuple[Customer, Customer]:
    """Both rows, locked in the order of their keys, so that two merges of the same customers queue up."""
    if one == other:
        raise Refused(_("A customer cannot be merged with itself."), reason="input")
    rows = {pk: changes.lock(Customer, pk) for pk in sorted((one, other))}
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}'")
    return rows[one], rows[other]


def _busy(error: OperationalError) -> Exception:
    code = getattr(error.__cause__, "pgcode", "")
    if code not in ("55P03", "40P01"):
        return error
    return Refused(_("Somebody is working on a record of these customers right now. Try again in a moment."))


def _fields_of(take: Collection[str]) -> list[str]:
    return [name for field in take for name in (field, *TOGETHER.get(field, ()))]


def _values(customer: Customer, names: Collection[str]) -> dict[str, Any]:
    """Fields as JSON keeps them, foreign keys by their column."""
    attributes = {Customer._meta.get_field(name).attname for name in names}  # type: ignore[union-attr]
    return {name: _kept(getattr(customer, name)) for name in sorted(attributes)}


def _kept(value: Any) -> Any:
    """Moments and days to the last digit; everything else is a text or a number already."""
    return value.isoformat() if isinstance(value, date) else value


def _rest(loser: Customer, winner: Customer, merge: CustomerMerge) -> None:
    """From now on the loser is only a pointer to the winner, seen by the same people."""
    now = timezone.now()
    running = OwnershipSpell.objects.filter(customer=loser.pk, ended_at=None)
    merge.flags = {"spells": list(running.values_list("pk", flat=True))}
    running.update(ended_at=now, ended_by=OwnershipSpell.How.MERGED)
    loser.archived_at, loser.merged_into = now, winner
    loser.tax_key = loser.touch_due_way = loser.protected_by = ""
    loser.touch_due_on = loser.returns_on = None
    loser.owner_id, loser.owner_since = winner.owner_id, None
    loser.version += 1
    loser.save(update_fields=list(RESTING))
    CustomerKeys.objects.filter(customer=loser.pk).delete()


def _take_over(winner: Customer, loser: Customer, values: dict[str, Any]) -> None:
    """The chosen values, what happened last, and the names by which the loser was known."""
    is_owner_taken, owner = "owner" in values, values.pop("owner", None)
    for name, value in values.items():
        setattr(winner, name, value)
    if "tax_key" in values:
        winner.tax_key = tax_numbers.read(winner.tax_number, winner.country).key if winner.tax_number else ""
    for name in LATEST:
        seen = [at for at in (getattr(winner, name), getattr(loser, name)) if at is not None]
        setattr(winner, name, max(seen, default=None))
    names = [loser.number, loser.name, *([loser.number, loser.local_name] if loser.local_name else [])]
    former = [*winner.former_names.splitlines(), *names, *loser.former_names.splitlines()]
    winner.former_names = "\n".join(former)
    winner.domain = winner.domain or loser.domain
    winner.own = {**loser.own, **winner.own}
    winner.service_owner_id = winner.service_owner_id or loser.service_owner_id
    winner.version += 1
    winner.people = list(winner.contacts.all())
    winner.save()
    if is_owner_taken and owner != winner.owner:
        change_owner(winner, owner, how=OwnershipSpell.How.MERGED)
    reckon(winner)
    reckon_return(winner)
    keep_keys([winner])


# ---------------------------------------------------------------- back


def undo_merge(pk: int, *, actor: Any, reason: str = "") -> CustomerMerge:
    """Make two of one again, as they were, as far as nothing contradicts; `not_undone` says what could not be.

    Raises Refused when it is too late, when it is undone, or when the winner was merged in turn.
    """
    changes.demand(actor, "crm.merge_customers")
    try:
        with transaction.atomic():
            return _undo(pk, actor, reason)
    except OperationalError as error:
        raise _busy(error) from error


def _undo(pk: int, actor: Any, reason: str) -> CustomerMerge:
    known = CustomerMerge.objects.get(pk=pk)
    winner, loser = _lock_both(known.winner_id, known.loser_id)
    merge = CustomerMerge.objects.select_for_update(of=("self",)).get(pk=pk)
    if merge.undone_at is not None:
        raise Refused(_("This merge was undone already."))
    if not merge.can_be_undone:
        raise Refused(_("It is too late to undo this merge."), reason="condition")
    if winner.merged_into_id is not None or loser.merged_into_id != winner.pk:
        raise Refused(_("The customers were merged further since. Undo the later merge first."))
    problems = [_missing(label, count) for label, count in move_back(merge.moved, loser.pk, winner.pk).items()]
    mark_again(merge.flags.get("unmarked", {}), loser.pk)
    problems += _give_back(winner, merge)
    problems += _raise(loser, merge)
    for one in (winner, loser):
        one.people = list(one.contacts.all())
        one.save(update_fields=["name"])  # the words by which it is found
        reckon(one)
        reckon_return(one)
    keep_keys([winner, loser])
    merge.undone_at, merge.undone_by, merge.not_undone = timezone.now(), actor, problems
    merge.save(update_fields=["undone_at", "undone_by", "not_undone"])
    pair = DuplicatePair.objects.filter(first=min(winner.pk, loser.pk), second=max(winner.pk, loser.pk))
    pair.update(verdict=DuplicatePair.Verdict.OPEN, decided_by=None, decided_at=None)
    facts = {"merge_id": merge.pk, "winner_id": winner.pk, "winner_number": winner.number, "not_undone": len(problems)}
    record("customer.unmerged", loser, actor=actor, facts=facts, private={"winner": winner.name, "reason": reason})
    return merge


def _missing(label: str, count: int) -> str:
    from django.apps import apps

    app, model, _column = label.split(".")
    name = apps.get_model(app, model)._meta.verbose_name_plural
    return _("%(kind)s: %(count)s are gone or belong to somebody else by now.") % {"kind": name, "count": count}


def _give_back(winner: Customer, merge: CustomerMerge) -> list[str]:
    """The winner's own values, where nobody has changed them since."""
    problems, owner_before = [], None
    for name, before in merge.winner_before.items():
        field: Any = next(one for one in Customer._meta.concrete_fields if one.attname == name)
        if _kept(getattr(winner, name)) != merge.winner_after.get(name):
            if before != merge.winner_after.get(name):
                problems.append(_("%(field)s was changed since and stays.") % {"field": field.verbose_name})
        elif name == "owner_id":
            owner_before = before if before != winner.owner_id else None
        else:
            setattr(winner, name, field.to_python(before))
    winner.version += 1
    winner.save()
    if owner_before is not None:
        from foundation.accounts.models import User

        change_owner(winner, User.objects.get(pk=owner_before), how=OwnershipSpell.How.MERGED)
    return problems


def _raise(loser: Customer, merge: CustomerMerge) -> list[str]:
    """The loser is a customer again, with what it had."""
    problems = []
    for name, before in merge.loser_before.items():
        field: Any = next(one for one in Customer._meta.concrete_fields if one.attname == name)
        if name not in ("version", "updated_at"):
            setattr(loser, name, field.to_python(before))
    if loser.tax_key and Customer.objects.filter(tax_key=loser.tax_key).exclude(pk=loser.pk).exists():
        loser.tax_key = ""
        problems.append(_("Another customer has the tax number by now."))
    loser.version += 1
    loser.save()
    OwnershipSpell.objects.filter(pk__in=merge.flags.get("spells", [])).update(ended_at=None, ended_by="")
    return problems


# ---------------------------------------------------------------- afterwards


def follow_merges(days: int = 30) -> int:
    """Move what was put on a merged customer by whoever had its page open; returns how many rows. Safe to repeat."""
    since = timezone.now() - timedelta(days=days)
    total = 0
    for pk in list(CustomerMerge.objects.filter(undone_at=None, merged_at__gt=since).values_list("pk", flat=True)):
        try:
            total += _follow(pk)
        except (Refused, OperationalError):
            continue  # it is looked at again
    return total


@transaction.atomic
def _follow(pk: int) -> int:
    known = CustomerMerge.objects.get(pk=pk)
    winner, loser = _lock_both(known.winner_id, known.loser_id)
    merge = CustomerMerge.objects.select_for_update(of=("self",)).get(pk=pk)
    if merge.undone_at is not None or loser.merged_into_id != winner.pk:
        return 0
    moved, unmarked = move_all(loser.pk, winner.pk)
    for label, keys in moved.items():
        merge.moved.setdefault(label, []).extend(keys)
    known_marks = merge.flags.setdefault("unmarked", {})
    for label, keys in unmarked.items():
        known_marks.setdefault(label, []).extend(keys)
    if moved or unmarked:
        merge.save(update_fields=["moved", "flags"])
    return sum(len(keys) for keys in moved.values())


__all__ = ["CHOSEN", "follow_merges", "merge_customers", "undo_merge"]
