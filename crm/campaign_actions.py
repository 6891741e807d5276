"""What the house knows of campaigns: the services behind their buttons, where they are found."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm import services
from crm.forms.campaigns import CallOffForm, GapsForm, ScheduleForm, TrialForm
from crm.models import Campaign
from crm.segments import CustomerSource, register_customer_source
from crm.selectors import visible_campaigns
from foundation.journal.machine import actions
from foundation.lists.pages.asking import rows_of, said_of
from foundation.lists.search import register_search
from foundation.notifications.subjects import register_subject
from foundation.ui.nav import register_below


def is_draft_with_gaps(campaign: Campaign, user: Any) -> bool:
    """The template left something open."""
    return campaign.status == Campaign.Status.DRAFT and bool(campaign.gaps)


def can_be_tried(campaign: Campaign, user: Any) -> bool:
    """It says something already, and has not been sent."""
    return campaign.status in Campaign.BEFORE and bool(campaign.languages)


def register() -> None:
    """Called once, when the apps are ready."""
    from crm.views.customers import CustomerList

    register_below("customers", "/campaigns/")
    register_customer_source(
        "customers",
        CustomerSource(
            _("Customers"),
            "crm:customers",
            rows=lambda user, query: rows_of(CustomerList, user, query),
            said=lambda user, query: said_of(CustomerList, user, query),
        ),
    )
    register_subject(Campaign, owner=lambda one: one.owner, visible=visible_campaigns, composer=False)
    register_search(
        "campaigns",
        _("Campaigns"),
        visible=visible_campaigns,
        title=lambda one: f"{one.number} · {one.name}",
        subtitle=lambda one: one.get_status_display(),
        icon="megaphone",
        permission="crm.view_campaign",
        order=38,
        list_url_name="crm:campaigns",
    )
    _register_actions()


def _register_actions() -> None:
    actions.add(
        Campaign,
        "fill",
        label=_("Fill in the gaps"),
        service=services.fill_gaps,
        permission="crm.plan_campaign",
        form=GapsForm,
        wants_context=True,
        available=is_draft_with_gaps,
        primary=True,
        done=_("The gaps are filled."),
    )
    for name, service, form, done in (
        (
            "schedule",
            services.schedule_campaign,
            ScheduleForm,
            _("It is scheduled. Until it leaves you can take it back."),
        ),
        ("unschedule", services.unschedule_campaign, None, _("It is a draft again.")),
        ("resume", services.resume_campaign, None, _("It goes on.")),
        ("reopen", services.reopen_campaign, None, _("It is a draft again.")),
        ("call_off", services.call_off_campaign, CallOffForm, _("Called off. What has not left stays here.")),
    ):
        actions.register(Campaign, name, service=service, form=form, wants_context=form is not None, done=done)
    actions.add(
        Campaign,
        "trial",
        label=_("Send it to me"),
        service=services.send_trial,
        permission="crm.plan_campaign",
        form=TrialForm,
        wants_context=True,
        available=can_be_tried,
        done=_("The trial is on its way to you."),
    )
