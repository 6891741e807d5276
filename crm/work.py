"""What somebody before the sale has in hand."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from crm.models import AccountPlan, Call, Campaign, Customer, Inquiry, Reception, Visit
from crm.services.calls import hand_over_call
from crm.services.campaigns import hand_over_campaign
from crm.services.inquiries import hand_over_inquiry
from crm.services.ownership import hand_over_customer
from crm.services.receptions import hand_over_reception
from crm.services.visits import hand_over_visit
from foundation.accounts.work import WorkKind, reassign_owned, register_work


def register() -> None:
    """Offer inquiries, visits, receptions and customers for handing over."""
    _register_appointments()
    register_work(
        WorkKind(
            "inquiries",
            _("Inquiries"),
            lambda: Inquiry.objects.filter(status__in=Inquiry.OPEN),
            hand_over_inquiry,
            needs="crm.answer_inquiry",
            order=10,
            title=lambda one: f"{one.number} · {one.subject}",
        )
    )
    register_work(
        WorkKind(
            "calls",
            _("Calls"),
            lambda: Call.objects.open().select_related("customer"),
            hand_over_call,
            needs="crm.make_call",
            order=20,
            title=lambda one: f"{one.number} · {one.customer.name}",
        )
    )
    register_work(
        WorkKind(
            "campaigns",
            _("Campaigns"),
            lambda: Campaign.objects.filter(status__in=Campaign.OPEN),
            hand_over_campaign,
            needs="crm.plan_campaign",
            order=25,
            is_lasting=True,  # it would mean the customers of whoever stands in
        )
    )
    register_work(
        WorkKind(
            "customers",
            _("Customers"),
            lambda: Customer.objects.active(),
            hand_over_customer,
            needs="crm.change_customer",
            order=90,
            title=lambda one: f"{one.number} · {one.name}",
            is_lasting=True,
        )
    )


def _register_appointments() -> None:
    register_work(
        WorkKind(
            "account-plans",
            _("Account plans"),
            lambda: AccountPlan.objects.filter(status__in=AccountPlan.OPEN).select_related("customer"),
            partial(
                reassign_owned, AccountPlan, event="account_plan.reassigned", counter="version", closed=("archived",)
            ),
            needs="crm.plan_account",
            order=80,
            is_lasting=True,
        )
    )
    register_work(
        WorkKind(
            "visits",
            _("Visits"),
            lambda: Visit.objects.filter(status__in=Visit.OPEN),
            hand_over_visit,
            needs="crm.plan_visit",
            order=15,
            title=lambda one: f"{one.number} · {one.purpose}",
        )
    )
    register_work(
        WorkKind(
            "receptions",
            _("Receptions"),
            lambda: Reception.objects.filter(status__in=Reception.OPEN),
            hand_over_reception,
            needs="crm.hold_reception",
            order=16,
            title=lambda one: f"{one.number} · {one.purpose}",
        )
    )
