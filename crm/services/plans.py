"""Account plans: written, put into force, looked at again, carried into the next year."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import AccountPlan, Contact, Customer, PlanPerson
from crm.models.cadence import company_today
from crm.services import changes
from foundation.journal.machine import Refused, perform
from foundation.journal.services import record

EDITABLE = ("owner", "goals", "volume_goal", "potential", "currency", "competitors", "risks", "review_on")
MAY = "crm.plan_account"
BATCH = 200


@transaction.atomic
def create_plan(customer_id: int, *, actor: Any, year: int, **values: Any) -> AccountPlan:
    """The plan of a customer for a year, as a draft. Raises Refused when there is one already."""
    if unknown := set(values) - set(EDITABLE):
        raise TypeError(f"An account plan is not made with {', '.join(sorted(unknown))}")
    customer = changes.lock(Customer, customer_id)
    return _made(customer, actor, year, values)


def _made(
    customer: Customer, actor: Any, year: int, values: dict[str, Any], previous: AccountPlan | None = None
) -> AccountPlan:
    changes.demand(actor, MAY)
    plan = AccountPlan(customer=customer, year=year, previous=previous, **values)
    plan.owner = plan.owner or customer.owner
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            _("There is a plan for %(year)s already.") % {"year": year}, reason="input", field="year"
        ) from error
    record("account_plan.created", plan, actor=actor)
    return plan


@transaction.atomic
def update_plan(pk: int, *, actor: Any, version: int | None = None, **values: Any) -> AccountPlan:
    """Change what is given. Refused for an archived plan, and when somebody saved since `version`."""
    if unknown := set(values) - set(EDITABLE):
        raise TypeError(f"These fields of an account plan are not for editing: {', '.join(sorted(unknown))}")
    changes.demand(actor, MAY)
    plan = _open(pk)
    changes.refuse_if_changed(plan, version, plan)
    changed = changes.apply(plan, values)
    if not changed:
        return plan
    plan.version += 1
    plan.save(update_fields=[*changed, "version"])
    record(
        "account_plan.updated",
        plan,
        actor=actor,
        facts={"changed": sorted(changed)},
        private={"changes": changes.before_and_after(changed)},
    )
    return plan


def activate_plan(pk: int, *, actor: Any) -> AccountPlan:
    """Put it into force."""
    return perform(AccountPlan, pk, "activate", actor=actor, at=timezone.now())


def archive_plan(pk: int, *, actor: Any) -> AccountPlan:
    """The year is over."""
    return perform(AccountPlan, pk, "archive", actor=actor, at=timezone.now())


@transaction.atomic
def review_plan(pk: int, *, actor: Any, outcome: str, review_on: date | None) -> AccountPlan:
    """Somebody has looked at it again: what came out, and when next."""
    changes.demand(actor, MAY)
    plan = _open(pk)
    plan.review_on = review_on
    plan.version += 1
    plan.save(update_fields=["review_on", "version"])
    record("account_plan.reviewed", plan, actor=actor, private={"text": outcome})
    return plan


@transaction.atomic
def place_person(
    pk: int, *, actor: Any, contact: Contact, influence: str, attitude: str, remark: str = ""
) -> PlanPerson:
    """Say what somebody at the customer means for the plan; said again, the last word counts."""
    changes.demand(actor, MAY)
    plan = _open(pk)
    if contact.customer_id != plan.customer_id:
        raise Refused(_("This contact belongs to another customer."), reason="input", field="contact")
    values = {"influence": influence, "attitude": attitude, "remark": remark}
    person, _is_new = PlanPerson.objects.update_or_create(plan=plan, contact=contact, defaults=values)
    facts = {"influence": influence, "attitude": attitude, "contact_id": contact.pk}
    record("account_plan.placed", plan, actor=actor, facts=facts, private={"name": contact.name})
    return person


@transaction.atomic
def remove_person(pk: int, contact_pk: int, *, actor: Any) -> None:
    """Nobody who matters for the plan."""
    changes.demand(actor, MAY)
    plan = _open(pk)
    person = PlanPerson.objects.filter(plan=plan, contact=contact_pk).select_related("contact").first()
    if person is not None:
        person.delete()
        facts = {"contact_id": contact_pk}
        record("account_plan.unplaced", plan, actor=actor, facts=facts, private={"name": person.contact.name})


@transaction.atomic
def begin_next_year(pk: int, *, actor: Any) -> AccountPlan:
    """A draft for the year after, with everything that this plan says but its goals' volume; pressed twice, one is made."""
    plan = AccountPlan.objects.select_for_update(of=("self",)).select_related("customer", "owner").get(pk=pk)
    following = AccountPlan.objects.filter(customer=plan.customer_id, year=plan.year + 1).first()
    if following is not None:
        return following
    kept = {name: getattr(plan, name) for name in EDITABLE if name != "review_on"}
    new = _made(plan.customer, actor, plan.year + 1, kept, plan)
    PlanPerson.objects.bulk_create(
        [
            PlanPerson(plan=new, contact_id=one.contact_id, influence=one.influence, attitude=one.attitude, remark=one.remark)
            for one in plan.people.filter(contact__left_at=None)
        ]
    )  # fmt: skip
    return new


def _open(pk: int) -> AccountPlan:
    """The plan, locked. Raises Refused when it is archived."""
    plan = changes.lock(AccountPlan, pk)
    if plan.status == AccountPlan.Status.ARCHIVED:
        raise Refused(_("This plan is archived: nobody changes it any more."))
    return plan


def tell_reviews() -> int:
    """Tell the owners of plans whose day of review has come, each once for each day that was set."""
    today = company_today()
    due = AccountPlan.objects.to_review(today).exclude(told_of=F("review_on"))
    return sum(_tell(pk, today) for pk in due.order_by("pk").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _tell(pk: int, today: date) -> bool:
    rows = AccountPlan.objects.select_for_update(of=("self",), skip_locked=True)
    plan = rows.to_review(today).filter(pk=pk).first()
    if plan is None or plan.told_of == plan.review_on:
        return False
    plan.told_of = plan.review_on
    plan.save(update_fields=["told_of"])
    record("account_plan.review_due", plan, actor=None)
    return True
