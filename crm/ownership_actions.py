"""The buttons of ownership on a customer and on a request."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm import services
from crm.forms.ownership import AnswerForm, KeepForm, RefuseForm, ReleaseForm
from crm.models import Customer, OwnershipRequest
from foundation.journal.machine import actions


def is_in_pool(customer: Customer, user: Any) -> bool:
    """Nobody's."""
    return customer.owner_id is None and customer.archived_at is None


def can_release(customer: Customer, user: Any) -> bool:
    """One's own, or anybody's for those who assign."""
    mine = customer.owner_id == user.pk or user.has_perm("crm.assign_customer")
    return customer.owner_id is not None and mine


def goes_back(customer: Customer, user: Any) -> bool:
    """The pool waits for it."""
    return customer.returns_on is not None


def _hand_over(request: Any, customer: Customer) -> Any:
    from crm.views.ownership import HandOver

    return HandOver.as_view()(request, pk=customer.pk)


def _merge(request: Any, customer: Customer) -> Any:
    from crm.views.merging import merge_page

    return merge_page(request, customer)


def register() -> None:
    """Called once, when the apps are ready."""
    actions.add(
        Customer, "claim", label=pgettext_lazy("a customer", "Claim"), service=services.claim_customer,
        permission="crm.claim_customer", available=is_in_pool, done=_("The customer is yours now."),
        usual=True,
    )  # fmt: skip
    actions.add(
        Customer, "hand-over", label=_("Hand over"), service=services.hand_over_with_note,
        permission="crm.assign_customer", page=_hand_over,
    )  # fmt: skip
    actions.add(
        Customer, "keep", label=_("Keep from the pool"), service=services.keep_customer, permission="crm.keep_customer",
        form=KeepForm, wants_context=True, available=goes_back, done=_("The customer is kept."),
    )  # fmt: skip
    actions.add(
        Customer, "release", label=_("Release into the pool"), service=services.release_customer,
        permission="crm.change_customer", form=ReleaseForm, wants_context=True, available=can_release, danger=True,
        done=_("The customer is in the pool now."),
    )  # fmt: skip
    actions.add(
        Customer, "merge", label=_("Merge with another customer"), service=services.merge_customers,
        permission="crm.merge_customers", page=_merge, danger=True,
    )  # fmt: skip
    actions.register(
        OwnershipRequest, "share", service=services.share_requested, form=AnswerForm, wants_context=True,
        done=_("The colleague sees the customer now."),
    )  # fmt: skip
    actions.register(
        OwnershipRequest, "hand", service=services.hand_requested, form=AnswerForm, wants_context=True,
        done=_("The customer belongs to the colleague now."),
    )  # fmt: skip
    actions.register(
        OwnershipRequest, "refuse", service=services.refuse_requested, form=RefuseForm, wants_context=True,
        done=_("The request is refused."),
    )  # fmt: skip
