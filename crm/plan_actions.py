"""The services behind the buttons of account plans, and of customers that are given up."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.forms.plans import GiveUpForm, PersonForm, ReviewForm
from crm.models import AccountPlan, Customer
from crm.services import development, plans
from foundation.journal.machine import actions


def is_open(plan: AccountPlan, user: Any) -> bool:
    """Not archived."""
    return plan.status in AccountPlan.OPEN


def register() -> None:
    """Called once, when the apps are ready."""
    actions.register(AccountPlan, "activate", service=plans.activate_plan, done=_("The plan is in force."))
    actions.add(
        AccountPlan,
        "review",
        label=_("Note a review"),
        service=plans.review_plan,
        permission=plans.MAY,
        form=ReviewForm,
        wants_context=True,
        available=is_open,
        done=_("The review is noted."),
    )
    actions.add(
        AccountPlan,
        "person",
        label=_("Place somebody"),
        service=plans.place_person,
        permission=plans.MAY,
        form=PersonForm,
        wants_context=True,
        available=is_open,
        done=_("Kept."),
    )
    actions.add(
        AccountPlan,
        "next-year",
        label=_("Plan the next year"),
        service=plans.begin_next_year,
        permission=plans.MAY,
        done=_("The plan of the next year is a draft."),
    )
    actions.register(AccountPlan, "archive", service=plans.archive_plan, done=_("The plan is archived."))
    actions.add(
        Customer,
        "give-up",
        label=_("Give up"),
        service=development.give_up,
        permission="crm.change_customer",
        form=GiveUpForm,
        wants_context=True,
        danger=True,
        available=lambda one, user: not getattr(one, "is_given_up", False),
        done=_("Noted: nobody works at this customer any more."),
    )
    actions.add(
        Customer,
        "take-up",
        label=_("Take up again"),
        service=development.take_up_again,
        permission="crm.change_customer",
        available=lambda one, user: getattr(one, "is_given_up", False),
        done=_("This customer is being worked at again."),
    )
